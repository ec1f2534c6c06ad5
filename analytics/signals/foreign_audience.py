"""Pages that declare no country and advertise where none of those who run them is."""

from __future__ import annotations

import polars as pl

from analytics.signals.case import Case
from analytics.signals.foreign_admins import admin_countries
from analytics.signals.trait import Trait, measure

TRAIT = Trait(
    name="foreign_audience",
    sentence="{k} of {n} Pages that declare no country ({share}) aim most of their ads at countries in which"
    " none of their administrators is; elsewhere {background} do",
)


def foreign_audience(case: Case) -> pl.DataFrame:
    """Measure it; returns columns `MEASURED`.

    Pages that declare a country are left to `foreign_admins`: an audience at home is not a second fact.
    """
    pages = case.of_kind("page").filter(pl.col("country").is_null())
    homes = admin_countries(case, pages).group_by("asset").agg(homes=pl.col("admin_country").unique())
    aimed = (
        case.population.ads.filter(pl.col("countries").list.len() > 0)
        .join(homes, on="asset")
        .with_columns(
            abroad=pl.col("countries").list.set_intersection("homes").list.len() == 0,
        )
    )
    values = aimed.group_by("asset").agg(has=pl.col("abroad").mean() > 0.5).sort("asset")
    return measure(TRAIT, values, case)
