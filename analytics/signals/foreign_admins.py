"""Pages run from another country than the one they declare."""

from __future__ import annotations

import polars as pl

from analytics.signals.case import Case
from analytics.signals.trait import Trait, measure

TRAIT = Trait(
    name="foreign_admins",
    sentence="{k} of {n} Pages ({share}) are run mostly from another country than they declare;"
    " elsewhere {background} are",
)


def foreign_admins(case: Case) -> pl.DataFrame:
    """Measure it, from the administrators where known, else from Page Transparency; columns `MEASURED`."""
    pages = case.of_kind("page").filter(pl.col("country").is_not_null())
    values = (
        admin_countries(case, pages)
        .join(pages.select("asset", "country"), on="asset")
        .group_by("asset")
        .agg(
            abroad=pl.col("count").filter(pl.col("admin_country") != pl.col("country")).sum(),
            all=pl.col("count").sum(),
        )
        .select("asset", has=pl.col("abroad") * 2 > pl.col("all"))
    )
    return measure(TRAIT, values, case)


def admin_countries(case: Case, pages: pl.DataFrame) -> pl.DataFrame:
    """Return `asset`, `admin_country`, `count` of those who run Pages, as far as anybody knows.

    Args:
        case: Its administrators with a country count first.
        pages: Of assets; of those without such administrators what Page Transparency shows.
    """
    home = case.population.assets.select(account="asset", admin_country="country").drop_nulls()
    known = case.population.admins.join(home, on="account").select(
        "asset", "admin_country", count=pl.lit(1, pl.Int64)
    )
    shown = (
        pages.select("asset", admin_country="admin_countries", count="admin_country_counts")
        .drop_nulls()
        .join(known, on="asset", how="anti")
        .explode("admin_country", "count")
    )
    return pl.concat([known, shown.select(known.columns)]).join(pages.select("asset"), on="asset", how="semi")
