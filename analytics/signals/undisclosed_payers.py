"""Advertisers that do not say who pays."""

from __future__ import annotations

import polars as pl

from analytics.signals.case import Case
from analytics.signals.disclosed_payers import disclosure
from analytics.signals.trait import Trait, measure

TRAIT = Trait(
    name="undisclosed_payers",
    owners=True,
    sentence="{k} of {n} advertisers ({share}) name no payer on most ads; elsewhere {background} do not",
)


def undisclosed_payers(case: Case) -> pl.DataFrame:
    """Measure it; returns columns `MEASURED`."""
    tells = pl.col("tells")
    # Data in which no ad names a payer do not know of payers at all.
    values = disclosure(case).select("asset", has=pl.when(tells.max() > 0).then(tells < 0.5))
    return measure(TRAIT, values, case)
