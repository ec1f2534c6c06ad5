"""The population: all that signals look at, read once from the graph and the action log into columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import polars as pl

from analytics.acting import ACTS, LANGUAGES, read_activity, read_acts, read_languages
from analytics.bearing import words_of
from analytics.coacting import public_assets
from analytics.hands import MOST_FRONTS, hands
from analytics.hours import days
from analytics.layers.pictures import MOST_COPIES, alike
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
TIES = pl.Schema({"asset": pl.String(), "ties": pl.Int64()})
TIED = pl.Schema({"account": pl.String(), "type": pl.String(), "other": pl.String()})


def _empty(schema: pl.Schema) -> Callable[[], pl.DataFrame]:
    return lambda: pl.DataFrame(schema=schema)


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
        acts: `asset`, `acts`: posts and reactions.
        ties: `asset`, `ties` of accounts that have any: friends, Groups, and what they like or follow.
        tied: `account`, `type`, `other`: these ties, of accounts in communities; a friend from one end.
        languages: `asset`, `language`, `posts`: how often each asset posts in which language.
    """

    assets: pl.DataFrame
    admins: pl.DataFrame
    identifiers: pl.DataFrame
    ads: pl.DataFrame
    activity: pl.DataFrame
    acts: pl.DataFrame = field(default_factory=_empty(ACTS))
    ties: pl.DataFrame = field(default_factory=_empty(TIES))
    tied: pl.DataFrame = field(default_factory=_empty(TIED))
    languages: pl.DataFrame = field(default_factory=_empty(LANGUAGES))

    @cached_property
    def days(self) -> pl.DataFrame:
        """The day of each asset that posts enough, as `analytics.hours.days` tells it."""
        return days(self.activity)

    @cached_property
    def words(self) -> pl.DataFrame:
        """The words of each asset's name: `asset`, `kind`, `word`."""
        return words_of(self.assets)

    @cached_property
    def pictures(self) -> pl.DataFrame:
        """Profile pictures that could be one's own: `asset`, `platform`, `picture`.

        Not what more than `MOST_COPIES` assets show, a default picture or one from stock, and no copy of what
        everybody knows: a fan shows the star's picture in the open. Of these, hashes count that are near: a
        picture differs by a few bits wherever it was cut or saved again.
        """
        shown = self.assets.select("asset", "platform", "picture").drop_nulls()
        few = shown.filter(pl.len().over("picture") <= MOST_COPIES)
        copied = few.filter(pl.len().over("platform", "picture") > 1)["picture"]
        known = public_assets(self.assets).select("asset", known=pl.lit(value=True))
        others = shown.select("asset", other="picture").join(known, on="asset", how="left")
        many = (
            alike(copied, shown["picture"])
            .join(others, on="other")
            .group_by(picture="one")
            .agg(assets=pl.col("asset").n_unique(), known=pl.col("known").any())
            .filter((pl.col("assets") > MOST_COPIES) | pl.col("known"))
        )
        return few.join(many, on="picture", how="anti", maintain_order="left")

    @cached_property
    def hands(self) -> pl.DataFrame:
        """In whose hands assets are, `asset`, `hand`, as `analytics.hands` tells it."""
        fronts = self.assets.filter(pl.col("kind").is_in(("page", "group"))).select("asset")
        return hands(self.admins, self.identifiers, fronts)

    @cached_property
    def in_one_hand(self) -> pl.DataFrame:
        """The pairs `asset`, `other` of assets that are in one hand, both ways."""
        few = self.hands.filter(pl.len().over("hand") <= MOST_FRONTS)
        pairs = few.join(few.select("hand", other="asset"), on="hand")
        return pairs.select("asset", "other").filter(pl.col("asset") != pl.col("other")).unique()

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


def read_population(graph: Graph, actions_dir: Path, suspects: pl.Series) -> Population:
    """Read the population.

    Args:
        graph: The graph.
        actions_dir: The action log.
        suspects: Assets of which more is read, since they are in communities.
    """
    activity = read_activity(actions_dir)
    return Population(
        assets=graph.read_frame("operations/assets", ASSETS),
        admins=graph.read_frame("operations/admins", ADMINS),
        identifiers=graph.read_frame("operations/identifiers", IDENTIFIERS),
        ads=graph.read_frame("operations/ads", ADS),
        activity=activity,
        acts=read_acts(actions_dir, activity),
        ties=graph.read_frame("operations/ties", TIES),
        tied=graph.read_frame("operations/ties_of", TIED, keys=suspects.unique().sort().to_list()),
        languages=read_languages(actions_dir),
    )
