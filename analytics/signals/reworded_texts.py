"""Accounts that post what others post in other words, as who evades a search for copies does."""

from __future__ import annotations

from typing import Final

import polars as pl

from analytics.layers.edges import both_ways
from analytics.signals.case import Case
from analytics.signals.trait import Trait, measure

#: Texts that two accounts both put in their own words: petitions that ask for that come in a few rounds.
LEAST_TEXTS: Final = 4

TRAIT = Trait(
    name="reworded_texts",
    formative=True,
    sentence="{k} of {n} active accounts ({share}) reword text after text of other members, and copy from"
    " nobody; in other communities {background} do so with anybody",
)


def reworded_texts(case: Case) -> pl.DataFrame:
    """Measure it; returns columns `MEASURED`.

    Who passes on a greeting or a petition copies it. Pages are left out: the weather, times of prayer and
    jobs are texts made after a template.
    """
    copying = both_ways(case.edges.filter(pl.col("layer") == "co_text")).select("source")
    again = (pl.col("layer") == "co_similar_text") & (pl.col("objects") >= LEAST_TEXTS)
    reworded = both_ways(case.edges.filter(again)).join(copying, on="source", how="anti")
    inside = case.fellows(reworded)
    accounts = case.population.activity.join(case.of_kind("account"), on="asset", how="semi")
    values = accounts.select("asset", has=pl.col("asset").is_in(reworded["source"].unique().implode()))
    return measure(TRAIT, values, case, inside)
