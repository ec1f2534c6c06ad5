"""Accounts and Pages that lay still for a year or more and then woke."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import polars as pl

from analytics.signals.case import Case
from analytics.signals.trait import Trait, measure

ASLEEP: Final = timedelta(days=365)
#: Whoever is first seen in this first part of the record may have been active before it began.
BEFORE: Final = 0.25
FEWEST_POSTS: Final = 5

TRAIT = Trait(
    name="sleepers",
    sentence="{k} of {n} active members ({share}) first did something a year or more after they were made,"
    " while others were active; elsewhere {background} did",
)


def sleepers(case: Case) -> pl.DataFrame:
    """Measure it; returns columns `MEASURED`."""
    activity = case.population.activity
    begin, end = activity["first_at"].min(), activity["last_at"].max()
    late = (
        pl.lit(begin, activity.schema["first_at"])
        + (pl.lit(end, activity.schema["first_at"]) - pl.lit(begin, activity.schema["first_at"])) * BEFORE
    )
    values = (
        activity.filter(pl.col("posts") >= FEWEST_POSTS)
        .join(case.population.assets.select("asset", "created_at"), on="asset")
        .select(
            "asset",
            has=(pl.col("first_at") >= late) & (pl.col("first_at") - pl.col("created_at") >= ASLEEP),
        )
    )
    return measure(TRAIT, values, case)
