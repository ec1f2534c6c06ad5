"""Advertisers that do not say who pays, or pay in another country's money."""

from __future__ import annotations

import polars as pl
from babel.numbers import get_territory_currencies

from analytics.signals.case import Case
from analytics.signals.trait import Trait, measure

UNDISCLOSED = Trait(
    name="undisclosed_payers",
    prior=0.2,
    sentence="{k} of {n} advertisers ({share}) name no payer on most ads; elsewhere {background} do not",
)
FOREIGN = Trait(
    name="foreign_currency",
    prior=0.05,
    sentence="{k} of {n} advertisers with a known country ({share}) paid mostly in another country's money;"
    " elsewhere {background} did",
)


def undisclosed_payers(case: Case) -> pl.DataFrame:
    """Measure ads without a stated payer; returns columns `MEASURED`."""
    values = case.population.ads.group_by("asset").agg(
        has=(pl.col("payer").is_null() & pl.col("disclaimer").is_null()).mean() > 0.5
    )
    return measure(UNDISCLOSED, values, case)


def foreign_currency(case: Case) -> pl.DataFrame:
    """Measure ads in money that is not legal tender in the Page's country; returns columns `MEASURED`."""
    paid = (
        case.population.ads.select("asset", "currency")
        .drop_nulls()
        .join(case.population.assets.select("asset", "country").drop_nulls(), on="asset")
    )
    pairs = paid.select("country", "currency").unique()
    foreign = pairs.with_columns(
        foreign=pl.Series(
            [currency not in get_territory_currencies(country) for country, currency in pairs.iter_rows()],
            dtype=pl.Boolean,
        )
    )
    values = (
        paid.join(foreign, on=["country", "currency"])
        .group_by("asset")
        .agg(has=pl.col("foreign").mean() > 0.5)
    )
    return measure(FOREIGN, values, case)
