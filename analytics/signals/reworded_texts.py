"""Accounts that post what others post in other words, as who evades a search for copies does."""

from __future__ import annotations

import polars as pl

from analytics.layers.edges import both_ways
from analytics.signals.case import Case
from analytics.signals.trait import Trait, measure

TRAIT = Trait(
    name="reworded_texts",
    formative=True,
    sentence="{k} of {n} active accounts ({share}) reword what other members post, and copy from nobody;"
    " in other communities {background} do so with anybody",
)


def reworded_texts(case: Case) -> pl.DataFrame:
    """Measure it; returns columns `MEASURED`.

    Who passes on a greeting or a petition copies it. Pages are left out: the weather, times of prayer and
    jobs are texts made after a template.
    """
    ends = both_ways(case.edges)
    copying = ends.filter(pl.col("layer") == "co_text").select("source")
    reworded = ends.filter(pl.col("layer") == "co_similar_text").join(copying, on="source", how="anti")
    inside = case.fellows(reworded)
    accounts = case.population.activity.join(case.of_kind("account"), on="asset", how="semi")
    values = accounts.select("asset", has=pl.col("asset").is_in(reworded["source"].unique().implode()))
    return measure(TRAIT, values, case, inside)
