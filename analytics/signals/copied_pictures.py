"""Members of one platform that show the same profile picture."""

from __future__ import annotations

import polars as pl

from analytics.signals.case import Case
from analytics.signals.trait import Trait, measure

TRAIT = Trait(
    name="copied_pictures",
    sentence="{k} of {n} members with a picture of their own ({share}) show the same one as another member on"
    " the platform; elsewhere {background} share one with anybody",
)


def copied_pictures(case: Case) -> pl.DataFrame:
    """Measure it; returns columns `MEASURED`.

    Who shows his picture on two platforms is one person in the open, so copies count within a platform.
    """
    shown = case.population.pictures.with_columns(copies=pl.len().over("platform", "picture"))
    inside = (
        shown.join(case.members, on="asset")
        .with_columns(fellows=pl.len().over("platform", "picture", "community"))
        .filter(pl.col("fellows") > 1)
    )
    values = shown.select("asset", has=pl.col("copies") > 1)
    return measure(TRAIT, values, case, inside)
