"""Pages run from another country than the one they declare."""

from __future__ import annotations

import polars as pl

from analytics.signals.case import Case
from analytics.signals.trait import Trait, measure

TRAIT = Trait(
    name="foreign_admins",
    sentence="{k} of {n} Pages ({share}) are run mostly from another country than they declare;"
    " elsewhere {background} are",
    # An agency's staff run the Pages of a few clients abroad.
    minority=0.5,
)


def foreign_admins(case: Case) -> pl.DataFrame:
    """Measure it, from Page Transparency where it shows a Page, else from what administrators claim.

    Returns:
        Columns `MEASURED`.
    """
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
        case: Its administrators with a country count for Pages of which Page Transparency shows nothing:
            what an account says of itself is part of the pretence, where it logs in from the platform sees.
        pages: Of assets.
    """
    home = case.population.assets.select(account="asset", admin_country="country").drop_nulls()
    shown = (
        pages.select("asset", admin_country="admin_countries", count="admin_country_counts")
        .drop_nulls()
        .filter(pl.col("admin_country").list.len() > 0)
        .explode("admin_country", "count")
    )
    claimed = (
        case.population.admins.join(home, on="account")
        .join(pages.select("asset"), on="asset", how="semi")
        .join(shown, on="asset", how="anti")
        .select("asset", "admin_country", count=pl.lit(1, pl.Int64))
    )
    return pl.concat([shown, claimed])
