"""Advertisers that run the same ad texts, landing pages or audiences more than chance allows."""

from __future__ import annotations

import polars as pl

from analytics.layers.edges import both_ways
from analytics.signals.case import Case
from analytics.signals.trait import Trait, measure

TRAIT = Trait(
    name="copied_ads",
    sentence="{k} of {n} advertisers ({share}) share ad texts, landing pages or audiences with another"
    " member more than chance allows; elsewhere {background} do so with anybody",
)


def copied_ads(case: Case) -> pl.DataFrame:
    """Measure it; returns columns `MEASURED`."""
    ends = both_ways(case.edges.filter(pl.col("layer") == "shared_creative"))
    inside = case.fellows(ends)
    advertisers = case.population.ads.select(pl.col("asset").unique())
    values = advertisers.select(
        "asset",
        has=pl.col("asset").is_in(ends["source"].unique().implode()),
    )
    return measure(TRAIT, values, case, inside)
