"""What a signal gets to look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import polars as pl

from analytics.attachment import components
from analytics.bearing import one_name
from analytics.coacting import SHARED, together
from analytics.layers.edges import both_ways
from analytics.population import Population

#: What has one owner, who pays for all that it reaches, and reads what their sites count.
OWNERS_KINDS: Final = ("analytics_tag", "payment")


@dataclass(frozen=True)
class Case:
    """The population and the communities in it.

    Attributes:
        population: Every asset, inside and outside of communities.
        members: `asset`, `community`; while candidates are compared an asset may be in several. Communities
            with numbers below zero are there to be compared with, and nothing else.
        edges: Coordinated edges: `source`, `target`, `layer`, `objects`, `q_value`, ...
        suspected: Assets that no background is made of, since they are under suspicion themselves.
        traced: Communities that only a trace joins, without an edge.
        shared: What assets in communities do to the same objects, as `analytics.coacting` tells it.
        patient: Whether they are candidates of the patient look, in whose windows all act in step.
    """

    population: Population
    members: pl.DataFrame
    edges: pl.DataFrame
    suspected: pl.Series
    traced: pl.Series = field(default_factory=lambda: pl.Series([], dtype=pl.Int64))
    shared: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SHARED))
    patient: bool = False

    @cached_property
    def formed(self) -> pl.DataFrame:
        """The members of communities that edges made, `asset`, `community`."""
        return self.members.filter(~pl.col("community").is_in(self.traced.implode()))

    @cached_property
    def in_step(self) -> pl.DataFrame:
        """The ends of temporal edges, as `analytics.layers.edges.both_ways` gives them."""
        return both_ways(self.edges.filter(pl.col("layer").str.starts_with("co_")))

    @cached_property
    def together(self) -> pl.DataFrame:
        """What members who have a temporal edge with a fellow member do together; `coacting.TOGETHER`."""
        return together(self.shared, self.fellows(self.in_step))

    @cached_property
    def as_one(self) -> pl.DataFrame:
        """What each member counts as, `asset`, `community`, `as_one`: who bears one name counts as one."""
        return one_name(self.members, self.population.words)

    @cached_property
    def owners(self) -> pl.DataFrame:
        """Which members one owner has, `asset`, `community`, `owner`: one tag or card reaches them."""
        owned = (
            self.population.identifiers.filter(pl.col("kind").is_in(OWNERS_KINDS))
            .select("asset", "identifier")
            .join(self.members.select("asset", "community"), on="asset")
            .unique()
            .with_columns(first=pl.col("asset").min().over("identifier", "community"))
        )
        node = pl.concat_str("community", pl.lit(" "), "asset")
        first = pl.concat_str("community", pl.lit(" "), "first")
        nodes = owned.select("asset", "community", node=node).unique(maintain_order=True).sort("node")
        ends = owned.select(a=node, b=first)
        part = components(nodes["node"], ends["a"], ends["b"])
        return nodes.select("asset", "community").with_columns(owner=part.cast(pl.String))

    def elsewhere(self, values: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of assets that are not under suspicion: what a background is made of."""
        return values.filter(~pl.col("asset").is_in(self.suspected.implode()))

    def of_kind(self, *kinds: str) -> pl.DataFrame:
        """Return the assets of these kinds."""
        return self.population.assets.filter(pl.col("kind").is_in(kinds))

    def colleagues(self) -> pl.DataFrame:
        """Return the pairs `asset`, `other` of accounts that administer a Page or Group together."""
        runs = self.population.admins
        pairs = runs.join(runs.select(other="account", asset="asset"), on="asset")
        return pairs.select("other", asset="account").filter(pl.col("asset") != pl.col("other")).unique()

    def fellows(self, ends: pl.DataFrame) -> pl.DataFrame:
        """Return the `asset` and `community` of members that an edge joins with a fellow member.

        Args:
            ends: `source`, `target` of edges, from either end.
        """
        return (
            ends.select("source", "target")
            .unique()
            .join(self.members, left_on="source", right_on="asset")
            .join(self.members.select(target="asset", community="community"), on=["target", "community"])
            .select("community", asset="source")
            .unique()
        )
