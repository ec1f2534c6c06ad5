"""What a signal gets to look at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from analytics.population import Population


@dataclass(frozen=True)
class Case:
    """The population and the communities in it.

    Attributes:
        population: Every asset, inside and outside of communities.
        members: `asset`, `community`.
        edges: Coordinated edges: `source`, `target`, `layer`, `objects`, `q_value`, ...
        actions_dir: The action log.
    """

    population: Population
    members: pl.DataFrame
    edges: pl.DataFrame
    actions_dir: Path

    def of_kind(self, *kinds: str) -> pl.DataFrame:
        """Return the assets of these kinds."""
        return self.population.assets.filter(pl.col("kind").is_in(kinds))
