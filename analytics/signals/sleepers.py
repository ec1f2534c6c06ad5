"""Accounts and Pages that lay still for a year or more and then woke."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Final

import polars as pl

from analytics.signals.case import Case
from analytics.signals.trait import Trait, measure

ASLEEP: Final = timedelta(days=365)
#: Whoever is first seen in this first part of the record may have been active before it began.
BEFORE: Final = 0.25
FEWEST_POSTS: Final = 5
#: Whoever posts once a fortnight is still that long by chance: so rare must the silence be at his own pace.
CHANCE: Final = 0.01

TRAIT = Trait(
    name="sleepers",
    sentence="{k} of {n} active members ({share}) first did something a year or more after they were made,"
    " while others were active; elsewhere {background} did",
)


def sleepers(case: Case) -> pl.DataFrame:
    """Measure it; returns columns `MEASURED`.

    An asset that makes n posts in the time t from its first one to the record's end is silent for s before,
    at that pace, with probability exp(-n s / t) (a Poisson process).
    """
    activity = case.population.activity
    moment = activity.schema["first_at"]
    begin = pl.lit(activity["first_at"].min(), moment)
    end = pl.lit(activity["last_at"].max(), moment)
    late = begin + (end - begin) * BEFORE
    silent, seen = pl.col("first_at") - begin, end - pl.col("first_at")
    unlikely = pl.col("posts") * silent.dt.total_seconds() >= -math.log(CHANCE) * seen.dt.total_seconds()
    values = (
        activity.filter(pl.col("posts") >= FEWEST_POSTS)
        .join(case.population.assets.select("asset", "created_at"), on="asset")
        .select(
            "asset",
            has=(pl.col("first_at") >= late)
            & (pl.col("first_at") - pl.col("created_at") >= ASLEEP)
            & unlikely,
        )
    )
    return measure(TRAIT, values, case)
