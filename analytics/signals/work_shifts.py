"""Members who post in working hours only and rest at weekends: somebody's job."""

from __future__ import annotations

from typing import Final

import polars as pl

from analytics.signals.case import Case
from analytics.signals.trait import Trait, measure

IN_SHIFT: Final = 0.95
#: Two days of seven are 29% of a week.
AT_WEEKENDS: Final = 0.08

TRAIT = Trait(
    name="work_shifts",
    sentence="{k} of {n} members who post much ({share}) do so within nine hours of the day and hardly ever"
    " at weekends; elsewhere {background} do",
)


def work_shifts(case: Case) -> pl.DataFrame:
    """Measure it; returns columns `MEASURED`."""
    in_shift = (pl.col("busy") >= IN_SHIFT) & (pl.col("weekend") <= AT_WEEKENDS)
    return measure(TRAIT, case.population.days.select("asset", has=in_shift), case)
