"""The population: all that signals look at, read once from the graph and the action log into columns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl

from analytics.hours import days
from analytics.layers.log import open_database
from cypher.session import Graph

_TIME = pl.Datetime("us", "UTC")
_TEXTS = pl.List(pl.String)

ASSETS = pl.Schema(
    {
        "asset": pl.String(),
        "platform": pl.String(),
        "kind": pl.String(),
        "id": pl.String(),
        "name": pl.String(),
        "handle": pl.String(),
        "category": pl.String(),
        "created_at": _TIME,
        "country": pl.String(),
        "language": pl.String(),
        "followers": pl.Int64(),
        "members": pl.Int64(),
        "verified": pl.Boolean(),
        "confirmed_owner": pl.String(),
        "picture": pl.String(),
        "admin_countries": _TEXTS,
        "admin_country_counts": pl.List(pl.Int64),
        "history_events": _TEXTS,
        "url": pl.String(),
    }
)
ADMINS = pl.Schema({"account": pl.String(), "asset": pl.String()})
IDENTIFIERS = pl.Schema({"asset": pl.String(), "identifier": pl.String(), "kind": pl.String()})
ADS = pl.Schema(
    {
        "asset": pl.String(),
        "ad": pl.String(),
        "payer": pl.String(),
        "currency": pl.String(),
        "spend_lower": pl.Float64(),
        "spend_upper": pl.Float64(),
        "started_at": _TIME,
        "stopped_at": _TIME,
        "disclaimer": pl.String(),
        "countries": _TEXTS,
    }
)
ACTIVITY = pl.Schema(
    {
        "asset": pl.String(),
        "posts": pl.Int64(),
        "first_at": _TIME,
        "last_at": _TIME,
        "hours": pl.List(pl.Int64()),
        "weekend": pl.Int64(),
    }
)


@dataclass(frozen=True)
class Population:
    """Everything known of every asset, one frame a kind of fact.

    Attributes:
        assets: One row an asset; null where not known.
        admins: `account`, `asset`: who administers what.
        identifiers: `asset`, `identifier`, `kind`.
        ads: One row a Page and ad, with `payer` (key, null: none stated), currency, spend, times and
            the `countries` of its audience.
        activity: `asset`, `posts`, `first_at`, `last_at`, `hours` (posts in each hour of the day, UTC) and
            `weekend` (posts on Saturdays and Sundays), from the action log.
    """

    assets: pl.DataFrame
    admins: pl.DataFrame
    identifiers: pl.DataFrame
    ads: pl.DataFrame
    activity: pl.DataFrame

    @cached_property
    def days(self) -> pl.DataFrame:
        """The day of each asset that posts enough, as `analytics.hours.days` tells it."""
        return days(self.activity)

    @cached_property
    def likeness(self) -> pl.DataFrame:
        """`asset`, `like`: assets alike in kind, platform and size are each other's background."""
        followers = pl.col("followers")
        size = (
            pl.when(followers.is_null() | (pl.col("kind") == "account"))
            .then(pl.lit(""))
            .when(followers < 1_000)
            .then(pl.lit("small"))
            .when(followers < 100_000)
            .then(pl.lit("middling"))
            .otherwise(pl.lit("large"))
        )
        return self.assets.select("asset", like=pl.concat_str("platform", "kind", size, separator=" "))


def read_population(graph: Graph, actions_dir: Path) -> Population:
    """Read the population."""
    return Population(
        assets=graph.read_frame("operations/assets", ASSETS),
        admins=graph.read_frame("operations/admins", ADMINS),
        identifiers=graph.read_frame("operations/identifiers", IDENTIFIERS),
        ads=graph.read_frame("operations/ads", ADS),
        activity=_activity(actions_dir),
    )


def _activity(actions_dir: Path) -> pl.DataFrame:
    files = sorted(str(path) for path in actions_dir.glob("posts-*.parquet"))
    if not files:
        return pl.DataFrame(schema=ACTIVITY)
    by_hour = ", ".join(f"count(*) FILTER (hour = {hour})" for hour in range(24))
    query = (
        'WITH told AS (SELECT DISTINCT actor, post, "at", hour("at") AS hour FROM read_parquet($files))'  # noqa: S608 - hours are numbers
        ' SELECT actor AS asset, count(DISTINCT post) AS posts, min("at") AS first_at, max("at") AS last_at,'
        f' [{by_hour}] AS hours, count(*) FILTER (isodow("at") > 5) AS weekend'
        " FROM told GROUP BY actor ORDER BY actor"
    )
    with open_database() as database:
        found = database.sql(query, params={"files": files}).to_arrow_table()
    return pl.DataFrame(found).cast(ACTIVITY)
