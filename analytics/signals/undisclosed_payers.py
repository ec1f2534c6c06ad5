"""Advertisers that do not say who pays."""

from __future__ import annotations

import polars as pl

from analytics.signals.case import Case
from analytics.signals.trait import Trait, measure

TRAIT = Trait(
    name="undisclosed_payers",
    owners=True,
    sentence="{k} of {n} advertisers ({share}) name no payer on most ads; elsewhere {background} do not",
)


def undisclosed_payers(case: Case) -> pl.DataFrame:
    """Measure it; returns columns `MEASURED`."""
    silent = pl.col("payer").is_null() & pl.col("disclaimer").is_null()
    # Data in which no ad names a payer do not know of payers at all.
    told = ~silent.all()
    ads = case.population.ads.with_columns(silent=pl.when(told).then(silent))
    values = ads.group_by("asset").agg(has=pl.col("silent").mean() > 0.5)
    return measure(TRAIT, values, case)
