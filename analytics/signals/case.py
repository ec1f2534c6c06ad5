"""What a signal gets to look at."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from analytics.population import Population


@dataclass(frozen=True)
class Case:
    """The population and the communities in it.

    Attributes:
        population: Every asset, inside and outside of communities.
        members: `asset`, `community`.
        edges: Coordinated edges: `source`, `target`, `layer`, `objects`, `q_value`, ...
        suspected: Assets that no background is made of, since they are under suspicion themselves.
    """

    population: Population
    members: pl.DataFrame
    edges: pl.DataFrame
    suspected: pl.Series

    def elsewhere(self, values: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of assets that are not under suspicion: what a background is made of."""
        return values.filter(~pl.col("asset").is_in(self.suspected.implode()))

    def of_kind(self, *kinds: str) -> pl.DataFrame:
        """Return the assets of these kinds."""
        return self.population.assets.filter(pl.col("kind").is_in(kinds))

    def fellows(self, ends: pl.DataFrame) -> pl.Series:
        """Return the assets that an edge joins with a fellow member.

        Args:
            ends: `source`, `target` of edges, from either end.
        """
        return (
            ends.join(self.members, left_on="source", right_on="asset")
            .join(self.members, left_on="target", right_on="asset", suffix="_target")
            .filter(pl.col("community") == pl.col("community_target"))["source"]
            .unique()
        )
