"""What speaks against an operation: fronts that are verified or whose owner is confirmed."""

from __future__ import annotations

from typing import Final

import polars as pl

from analytics.signals.case import Case
from analytics.signals.trait import MEASURED
from analytics.weights import WEIGHTS

NAME: Final = "open_ownership"
#: Bits against, where every front is open about who runs it.
CAP: Final = WEIGHTS[NAME].cap


def open_ownership(case: Case) -> pl.DataFrame:
    """Measure the share of open fronts (of accounts, where there is no front); columns `MEASURED`."""
    assets = case.population.assets.with_columns(
        open=pl.col("verified").fill_null(value=False) | pl.col("confirmed_owner").is_not_null(),
        stated=pl.col("verified").is_not_null() | pl.col("confirmed_owner").is_not_null(),
        front=pl.col("kind") == "page",
    )
    overall = assets.group_by("front").agg(background=pl.col("open").filter("stated").mean().fill_null(0.0))
    return (
        case.members.join(assets.select("asset", "open", "stated", "front"), on="asset")
        .with_columns(has_front=pl.col("front").any().over("community"))
        .filter(pl.col("front") == pl.col("has_front"))
        .group_by("community", "front")
        .agg(
            eligible=pl.len(),
            known=pl.col("stated").sum(),
            k=(pl.col("open") & pl.col("stated")).sum(),
        )
        .join(overall, on="front")
        .with_columns(
            name=pl.lit(NAME),
            # Of all of them: one verified member, where nothing is said of the others, clears nobody else.
            value=pl.col("k") / pl.col("eligible"),
            noun=pl.when("front").then(pl.lit("Pages")).otherwise(pl.lit("accounts")),
        )
        .with_columns(
            bits=-(pl.col("value") * CAP).round(2),
            why=pl.format("{} of {} {} are verified or have a confirmed owner", "k", "eligible", "noun"),
        )
        .select(list(MEASURED))
        .cast(MEASURED)
        .sort("community")
    )
