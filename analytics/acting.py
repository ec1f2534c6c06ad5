"""What the action log tells of each asset: when it posts, and how much it does."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from analytics.layers.log import open_database

_TIME: Final = pl.Datetime("us", "UTC")

ACTIVITY: Final = pl.Schema(
    {
        "asset": pl.String(),
        "posts": pl.Int64(),
        "first_at": _TIME,
        "last_at": _TIME,
        "hours": pl.List(pl.Int64()),
        "weekend": pl.Int64(),
    }
)
ACTS: Final = pl.Schema({"asset": pl.String(), "acts": pl.Int64()})
LANGUAGES: Final = pl.Schema({"asset": pl.String(), "language": pl.String(), "posts": pl.Int64()})

_ACTIVITY: Final = """
WITH told AS (SELECT DISTINCT actor, post, "at", hour("at") AS hour FROM read_parquet($files))
SELECT actor AS asset, count(DISTINCT post) AS posts, min("at") AS first_at, max("at") AS last_at,
       [{by_hour}] AS hours, count(*) FILTER (isodow("at") > 5) AS weekend
FROM told GROUP BY actor ORDER BY actor
"""
_REACTIONS: Final = """
SELECT actor AS asset, count(*) AS reactions
FROM (SELECT DISTINCT actor, object, "at" FROM read_parquet($files) WHERE kind = 'reaction')
GROUP BY actor ORDER BY actor
"""
_LANGUAGES: Final = """
SELECT actor AS asset, lower(language) AS language, count(DISTINCT post) AS posts
FROM read_parquet($files) WHERE language <> '' GROUP BY ALL ORDER BY ALL
"""


def read_activity(actions_dir: Path) -> pl.DataFrame:
    """Return the posts of each asset that posts, by hour of the day; columns `ACTIVITY`.

    Args:
        actions_dir: Holds `posts-*.parquet`; may hold none.
    """
    by_hour = ", ".join(f"count(*) FILTER (hour = {hour})" for hour in range(24))
    return _read(actions_dir, "posts", _ACTIVITY.format(by_hour=by_hour), ACTIVITY)


def read_acts(actions_dir: Path, activity: pl.DataFrame) -> pl.DataFrame:
    """Return how many posts and reactions each asset made that made any; columns `ACTS`.

    Args:
        actions_dir: Holds `actions-*.parquet`; may hold none.
        activity: What `read_activity` gave.
    """
    schema = pl.Schema({"asset": pl.String(), "reactions": pl.Int64()})
    reactions = _read(actions_dir, "actions", _REACTIONS, schema)
    both = activity.select("asset", "posts").join(reactions, on="asset", how="full", coalesce=True)
    acts = pl.col("posts").fill_null(0) + pl.col("reactions").fill_null(0)
    return both.select("asset", acts=acts).sort("asset").cast(ACTS)


def read_languages(actions_dir: Path) -> pl.DataFrame:
    """Return in which languages each asset posts, as the source spells them; columns `LANGUAGES`.

    Args:
        actions_dir: Holds `posts-*.parquet`; may hold none.
    """
    return _read(actions_dir, "posts", _LANGUAGES, LANGUAGES)


def _read(actions_dir: Path, table: str, query: str, schema: pl.Schema) -> pl.DataFrame:
    files = sorted(str(path) for path in actions_dir.glob(f"{table}-*.parquet"))
    if not files:
        return pl.DataFrame(schema=schema)
    with open_database() as database:
        found = database.sql(query, params={"files": files}).to_arrow_table()
    return pl.DataFrame(found).cast(schema)
