"""What speaks against an operation: advertisers that say who pays."""

from __future__ import annotations

from typing import Final

import polars as pl

from analytics.signals.case import Case
from analytics.signals.trait import MEASURED
from analytics.weights import WEIGHTS

NAME: Final = "disclosed_payers"
#: Bits against, where every advertiser names the payer on most of its ads.
CAP: Final = WEIGHTS[NAME].cap


def disclosed_payers(case: Case) -> pl.DataFrame:
    """Measure it; returns columns `MEASURED`."""
    told = pl.col("payer").is_not_null() | pl.col("disclaimer").is_not_null()
    values = case.population.ads.group_by("asset").agg(tells=told.mean() > 0.5)
    overall = values["tells"].mean() if values.height else None
    return (
        case.members.select("asset", "community")
        .join(values, on="asset")
        .group_by("community")
        .agg(eligible=pl.len(), known=pl.len(), k=pl.col("tells").sum())
        .with_columns(
            name=pl.lit(NAME),
            value=pl.col("k") / pl.col("known"),
            background=pl.lit(overall, pl.Float64),
            bits=-(pl.col("k") / pl.col("known") * CAP).round(2),
            why=pl.format("{} of {} advertisers name who pays for most of their ads", "k", "known"),
        )
        .select(list(MEASURED))
        .cast(MEASURED)
        .sort("community")
    )
