"""Accounts that post at every hour of the day: nobody sleeps there."""

from __future__ import annotations

from typing import Final

import polars as pl

from analytics.signals.case import Case
from analytics.signals.trait import Trait, measure

#: Round the clock a quarter of the posts falls into any six hours; of people who sleep nearly none.
AWAKE: Final = 0.15

TRAIT = Trait(
    name="no_break",
    sentence="{k} of {n} members who post much ({share}) do so round the clock without a night;"
    " elsewhere {background} do",
)


def no_break(case: Case) -> pl.DataFrame:
    """Measure it; returns columns `MEASURED`."""
    return measure(TRAIT, case.population.days.select("asset", has=pl.col("quiet") >= AWAKE), case)
