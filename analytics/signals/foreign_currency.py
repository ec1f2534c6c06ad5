"""Advertisers that pay in the money of a country that is not their audience's, and do not say who pays."""

from __future__ import annotations

import polars as pl
from babel.numbers import get_territory_currencies

from analytics.signals.case import Case
from analytics.signals.disclosed_payers import SOME, disclosure
from analytics.signals.trait import Trait, measure

TRAIT = Trait(
    name="foreign_currency",
    owners=True,
    sentence="{k} of {n} advertisers with a known country ({share}) paid mostly in another country's money,"
    " and did not say who pays on nearly all ads; elsewhere {background} did so",
)


def foreign_currency(case: Case) -> pl.DataFrame:
    """Measure ads in money that is legal tender nowhere in their audience; returns columns `MEASURED`.

    The audience's countries are those that the ad names, else the Page's own. Money of which nearly all ads
    say whose it is hides nothing: an agency abroad pays for its clients in its own.
    """
    open_about_it = disclosure(case).filter(pl.col("tells") > SOME)
    home = case.population.assets.select("asset", "country")
    paid = (
        case.population.ads.select("asset", "currency", "countries")
        .join(home, on="asset")
        .with_columns(
            audience=pl.when(pl.col("countries").list.len() > 0)
            .then("countries")
            .otherwise(pl.concat_list("country"))
            .list.drop_nulls()
        )
        .filter(pl.col("currency").is_not_null() & (pl.col("audience").list.len() > 0))
    )
    seen = paid.select("currency", audience=pl.col("audience")).unique()
    foreign = seen.with_columns(
        foreign=pl.Series(
            [
                not any(currency in get_territory_currencies(country) for country in audience)
                for currency, audience in seen.iter_rows()
            ],
            dtype=pl.Boolean,
        )
    )
    values = (
        paid.join(foreign, on=["currency", "audience"])
        .group_by("asset")
        .agg(has=pl.col("foreign").mean() > 0.5)
        .with_columns(pl.col("has") & ~pl.col("asset").is_in(open_about_it["asset"].implode()))
    )
    return measure(TRAIT, values, case)
