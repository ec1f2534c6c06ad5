"""Members that show the same profile picture."""

from __future__ import annotations

import polars as pl

from analytics.layers.pictures import MOST_COPIES
from analytics.signals.case import Case
from analytics.signals.trait import Trait, measure

TRAIT = Trait(
    name="copied_pictures",
    sentence="{k} of {n} members with a picture of their own ({share}) show the same one as another member;"
    " elsewhere {background} share one with anybody",
)


def copied_pictures(case: Case) -> pl.DataFrame:
    """Measure it; returns columns `MEASURED`."""
    shown = (
        case.population.assets.select("asset", "picture")
        .drop_nulls()
        .with_columns(copies=pl.len().over("picture"))
        .filter(pl.col("copies") <= MOST_COPIES)
    )
    inside = (
        shown.join(case.members, on="asset")
        .with_columns(fellows=pl.len().over("picture", "community"))
        .filter(pl.col("fellows") > 1)
    )
    values = shown.select("asset", has=pl.col("copies") > 1)
    return measure(TRAIT, values, case, inside)
