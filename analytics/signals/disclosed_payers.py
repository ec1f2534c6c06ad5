"""What speaks against an operation: advertisers that say who pays."""

from __future__ import annotations

from typing import Final

import polars as pl

from analytics.signals.case import Case
from analytics.signals.trait import MEASURED
from analytics.weights import WEIGHTS

NAME: Final = "disclosed_payers"
#: Bits against, where advertisers name the payer of all of their ads.
CAP: Final = WEIGHTS[NAME].cap
#: Who buys ads for others leaves a few unsaid; up to this share of its ads an operation says, too.
SOME: Final = 0.85
#: From this share of advertisers among Pages on they are what the community is.
MANY: Final = 0.5


def disclosure(case: Case) -> pl.DataFrame:
    """Return `asset` and `tells`, the share of its ads that name who pays, of all who advertise."""
    told = pl.col("payer").is_not_null() | pl.col("disclaimer").is_not_null()
    return case.population.ads.group_by("asset").agg(tells=told.mean())


def disclosed_payers(case: Case) -> pl.DataFrame:
    """Measure it; returns columns `MEASURED`.

    Every advertiser counts the same, and less where few of the Pages advertise.
    """
    values = disclosure(case)
    overall = values["tells"].mean() if values.height else None
    pages = case.members.join(case.of_kind("page"), on="asset", how="semi").group_by("community")
    beyond = ((pl.col("tells") - SOME) / (1 - SOME)).clip(0.0, 1.0)
    many = (pl.col("known") / pl.col("pages") / MANY).clip(0.0, 1.0)
    return (
        case.members.select("asset", "community")
        .join(values, on="asset")
        .group_by("community")
        .agg(pl.col("tells").mean().round(12), eligible=pl.len(), known=pl.len())
        .join(pages.agg(pages=pl.len()), on="community", how="left")
        .with_columns(pages=pl.max_horizontal(pl.col("pages").fill_null(0), "known"))
        .with_columns(
            name=pl.lit(NAME),
            value=pl.col("tells"),
            background=pl.lit(overall, pl.Float64),
            bits=-(beyond * many * CAP).round(2),
            why=pl.format(
                "{} who pays for {}% of their ads",
                pl.when(pl.col("known") == 1)
                .then(pl.lit("1 advertiser names"))
                .otherwise(pl.format("{} advertisers name", "known")),
                (pl.col("tells") * 100).round(0).cast(pl.Int64),
            ),
        )
        .select(list(MEASURED))
        .cast(MEASURED)
        .sort("community")
    )
