"""Members whose posts and reactions coincide with other members' more than chance allows."""

from __future__ import annotations

import polars as pl

from analytics.signals.case import Case
from analytics.signals.trait import Trait, measure

TRAIT = Trait(
    name="coordinated_activity",
    formative=True,
    sentence="{k} of {n} active members ({share}) act in step with other members more than chance allows;"
    " in other communities {background} do so with anybody",
)


def coordinated_activity(case: Case) -> pl.DataFrame:
    """Measure it; returns columns `MEASURED`."""
    inside = case.fellows(case.in_step)
    values = case.population.acts.select(
        "asset",
        has=pl.col("asset").is_in(case.in_step["source"].unique().implode()),
    )
    return measure(TRAIT, values, case, inside)
