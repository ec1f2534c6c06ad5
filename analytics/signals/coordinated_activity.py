"""Members whose posts coincide with other members' more than chance allows."""

from __future__ import annotations

import polars as pl

from analytics.layers.edges import both_ways
from analytics.signals.case import Case
from analytics.signals.trait import Trait, measure

TRAIT = Trait(
    name="coordinated_activity",
    formative=True,
    sentence="{k} of {n} active members ({share}) post in step with other members more than chance allows;"
    " in other communities {background} do so with anybody",
)


def coordinated_activity(case: Case) -> pl.DataFrame:
    """Measure it; returns columns `MEASURED`."""
    ends = both_ways(case.edges.filter(pl.col("layer").str.starts_with("co_")))
    inside = case.fellows(ends)
    values = case.population.activity.select(
        "asset",
        has=pl.col("asset").is_in(ends["source"].unique().implode()),
    )
    return measure(TRAIT, values, case, inside)
