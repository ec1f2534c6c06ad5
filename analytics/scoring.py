"""Scoring: the sum of an operation's signals, less what searching for it costs."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from analytics.signals import SIGNALS
from analytics.signals.case import Case
from analytics.signals.trait import MEASURED

#: Name of the line that pays for having looked at many communities.
SEARCH: Final = "search"


def measure_signals(case: Case, looked_at: int) -> pl.DataFrame:
    """Return every signal of every community and the correction for the search, in `MEASURED` and `place`.

    Of M communities looked at, the best one is expected to show log2(M) bits by chance alone (a Bonferroni
    correction in bits), so each pays that much.

    Args:
        case: The communities, and all there is to compare them with.
        looked_at: Communities that the search went through, M.
    """
    measured = pl.concat([signal(case).with_columns(place=pl.lit(i)) for i, signal in enumerate(SIGNALS)])
    communities = case.members["community"].unique().sort()
    cost = round(float(np.log2(looked_at)), 2) if looked_at else 0.0
    search = pl.DataFrame({"community": communities}).with_columns(
        name=pl.lit(SEARCH),
        value=pl.lit(float(looked_at)),
        background=pl.lit(None, pl.Float64),
        bits=pl.lit(-cost),
        known=pl.lit(1, pl.Int64),
        eligible=pl.lit(1, pl.Int64),
        why=pl.lit(
            f"{looked_at} communities were looked at; the best of so many shows {cost} bits by chance"
        ),
    )
    search = search.select(list(MEASURED)).cast(MEASURED)
    return pl.concat([measured, search.with_columns(place=pl.lit(len(SIGNALS)))]).sort("community", "place")


def score(measured: pl.DataFrame) -> pl.DataFrame:
    """Return one row a community: `score` (sum of the bits shown), `completeness`, `why` (strongest reasons).

    Completeness is the share of the facts that signals asked for and found: of all members that could have
    shown a trait, those of whom it is known.
    """
    strongest = (
        # Many signals reach their cap: of those the rarest trait elsewhere tells most.
        measured.filter(pl.col("bits") > 0)
        .with_columns(lift=pl.col("value") / pl.col("background"))
        .sort(["community", "bits", "lift", "place"], descending=[False, True, True, False])
        .group_by("community", maintain_order=True)
        .agg(why=pl.col("why").head(2).str.join("; "))
    )
    asked = pl.col("name") != SEARCH
    return (
        measured.group_by("community")
        .agg(
            score=pl.col("bits").sum().round(2),
            completeness=(pl.col("known").filter(asked).sum() / pl.col("eligible").filter(asked).sum()).round(
                3
            ),
        )
        .join(strongest, on="community", how="left")
        .with_columns(pl.col("why").fill_null("nothing speaks for it"))
        .sort("community")
    )
