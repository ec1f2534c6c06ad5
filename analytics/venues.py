"""Venues: sites and Groups that hardly anybody but suspects ever brings up.

Cells of one operation may share nothing that outsiders see, neither a time nor a text, but the site that all
of them push or the Groups in which they all post. What the public visits too says nothing; a venue whose
visitors are nearly all under suspicion is the suspects' own, and ties them to each other and to it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from scipy.stats import binom

from analytics.attachment import POSTS_IN, VISITS, components
from analytics.layers.log import log_of_folder, open_database, read_parquet

#: Fewest suspects that visit a venue, and their least share of all who do.
VISITORS: Final = 3
OWN: Final = 0.9
#: Level at which a venue must be no accident, over all venues that so many suspects visit (Bonferroni).
LEVEL: Final = 0.05
#: An asset that nobody suspects comes along if it was at such venues at least so many times, and more often
#: than at all others of their sort.
DEVOTED: Final = 3

_SCHEMA: Final = pl.Schema(
    {"source": pl.String(), "target": pl.String(), "type": pl.String(), "strength": pl.Float64()}
)
_VISITED: Final = """
CREATE TABLE visited AS
SELECT sort, venue, asset, count(DISTINCT post) AS times FROM (
    SELECT 'site' AS sort, 'site:' || object AS venue, actor AS asset, post FROM acted WHERE kind = 'domain'
    UNION ALL
    SELECT 'group' AS sort, surface AS venue, actor AS asset, post FROM {posts}
    WHERE surface IS NOT NULL AND surface <> actor
) GROUP BY ALL
"""
_COUNTED: Final = """
SELECT sort, venue, count(*) AS visitors, count(s.asset) AS suspects
FROM visited LEFT JOIN suspects s USING (asset) GROUP BY sort, venue
"""
_OF_OWN: Final = """
WITH every AS (SELECT asset, sort, sum(times) AS in_all FROM visited GROUP BY asset, sort)
SELECT sort, venue, asset, s.asset IS NOT NULL AS suspect, visitors,
       sum(times) OVER (PARTITION BY asset, sort) AS in_own, in_all
FROM visited JOIN own USING (sort, venue) JOIN every USING (asset, sort) LEFT JOIN suspects s USING (asset)
"""
_PAGES: Final = """
SELECT DISTINCT own.venue, site.actor AS asset, page.object AS page
FROM acted site JOIN own ON own.venue = 'site:' || site.object JOIN acted page USING (post)
WHERE site.kind = 'domain' AND page.kind = 'url' AND contains(page.object, site.object)
"""


def own_venues(actions_dir: Path, suspects: pl.Series, known: pl.Series) -> pl.DataFrame:
    """Return the links of suspects, and of who goes where only they go, to venues of their own.

    Args:
        actions_dir: The action log.
        suspects: Assets of suspected communities.
        known: All assets; a Group that is not among them cannot come along.

    Returns:
        `source`, `target` (`site:<registered domain>`, with a number where its visitors have no page of it in
        common, or a Group's key), `type` and `strength`, sorted.
    """
    posts = sorted(actions_dir.glob("posts-*.parquet"))
    if suspects.is_empty() or not posts:
        return pl.DataFrame(schema=_SCHEMA)
    with open_database() as database:
        log_of_folder(database, actions_dir)
        database.register("suspects", suspects.unique().sort().to_frame("asset").to_arrow())
        database.execute(_VISITED.format(posts=read_parquet(posts)))
        counted = pl.DataFrame(database.sql(_COUNTED).to_arrow_table())
        database.register("own", _own(counted).to_arrow())
        own = pl.DataFrame(database.sql(_OF_OWN).to_arrow_table())
        pages = pl.DataFrame(database.sql(_PAGES).to_arrow_table())
    own = own.join(_parts(pages), on=["venue", "asset"], how="left")
    # A site that is several, each with visitors of its own.
    own = own.filter((pl.col("sort") != "site") | pl.col("part").is_not_null()).with_columns(
        venue=pl.when(pl.col("part") > 0).then(pl.format("{} {}", "venue", "part")).otherwise("venue"),
        visitors=pl.when(pl.col("sort") == "site").then(pl.len().over("venue", "part")).otherwise("visitors"),
    )
    kept = own.filter(
        pl.col("suspect") | ((pl.col("in_own") >= DEVOTED) & (2 * pl.col("in_own") > pl.col("in_all")))
    )
    strength = 2.0 / (2 + pl.col("visitors")).log()
    ties = kept.select(source="asset", target="venue", type=pl.lit(VISITS), strength=strength)
    posted = kept.filter(
        pl.col("suspect") & (pl.col("sort") == "group") & pl.col("venue").is_in(known.implode())
    ).select(source="asset", target="venue", type=pl.lit(POSTS_IN), strength=strength / pl.col("visitors"))
    return pl.concat([ties, posted]).cast(_SCHEMA).sort("source", "target", "type")


def _own(venues: pl.DataFrame) -> pl.DataFrame:
    """Return `sort`, `venue`, `visitors` of those that are the suspects' own.

    Null model: each visitor is a suspect with the chance that visitors of this sort of venue are. Where
    suspects are much of the data, a few of them meet anywhere.

    Args:
        venues: `sort`, `venue`, `visitors`, `suspects` of all.
    """
    share = pl.col("suspects").sum().over("sort") / pl.col("visitors").sum().over("sort")
    able = venues.with_columns(share=share).filter(pl.col("suspects") >= VISITORS)
    chance = binom.sf(able["suspects"].to_numpy() - 1, able["visitors"].to_numpy(), able["share"].to_numpy())
    return able.filter(
        (pl.Series(np.asarray(chance)) * able.height <= LEVEL)
        & (pl.col("suspects") >= OWN * pl.col("visitors"))
    ).select("sort", "venue", "visitors")


def _parts(pages: pl.DataFrame) -> pl.DataFrame:
    """Return `venue`, `asset`, `part`: who has pages of a site in common, one with the next, is of one part.

    Strangers are guests of one platform, each with pages of their own; cells of one operation push the same.

    Args:
        pages: `venue`, `asset`, `page`.
    """
    visits = pages.with_columns(
        visitor=pl.concat_str("venue", pl.lit("\n"), "asset"),
        page=pl.concat_str("venue", pl.lit("\n"), "page"),
    )
    nodes = pl.concat([visits["visitor"], visits["page"].alias("visitor")]).unique().sort()
    part = pl.DataFrame({"visitor": nodes, "number": components(nodes, visits["visitor"], visits["page"])})
    first = pl.col("asset").min().over("venue", "number")
    return (
        visits.select("venue", "asset", "visitor")
        .unique()
        .join(part, on="visitor")
        .select("venue", "asset", part=(first.rank("dense").over("venue") - 1).cast(pl.Int64))
    )
