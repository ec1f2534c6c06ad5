"""Members who do little but act in step with other members."""

from __future__ import annotations

from typing import Final

import polars as pl

from analytics.signals.case import Case
from analytics.signals.trait import Trait, measure

#: From this share of what somebody does on, it is what he is there for.
MOSTLY: Final = 0.5
#: Of fewer acts no share can be told.
FEWEST_ACTS: Final = 5

TRAIT = Trait(
    name="mostly_coordinated",
    formative=True,
    sentence="{k} of {n} members who do something ({share}) do most of it in step with other members;"
    " in other communities {background} do",
)


def mostly_coordinated(case: Case) -> pl.DataFrame:
    """Measure the share of each member's posts and reactions that coincide; returns columns `MEASURED`.

    Reworded texts do not count, so the share is at least what is told.
    """
    acts = case.population.acts.filter(pl.col("acts") >= FEWEST_ACTS)
    inside = (
        case.together.group_by("asset", "community")
        .agg(together=pl.struct("post", "at").n_unique())
        .join(acts, on="asset")
        .filter(pl.col("together") >= MOSTLY * pl.col("acts"))
        .select("asset", "community")
    )
    values = acts.select("asset", has=pl.col("asset").is_in(inside["asset"].unique().implode()))
    return measure(TRAIT, values, case, inside)
