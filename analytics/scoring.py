"""Scoring: the sum of an operation's signals, less what the search costs and what is not independent."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from analytics.agreement import FORMING
from analytics.corrections import corrections, lines_of
from analytics.signals import SIGNALS
from analytics.signals.case import Case
from analytics.signals.shape import shape
from analytics.weights import ALERT_THRESHOLD, LEAST_SEARCH, WEIGHTS

#: Name of the line that pays for having looked at many communities.
SEARCH: Final = "search"


def measure_signals(case: Case, looked_at: int, *others: Case) -> pl.DataFrame:
    """Return every signal of every community and the corrections of their sum, in `SHOWN` and `place`.

    Of M communities looked at, the best one is expected to show log2(M) bits by chance alone, and k of them
    log2(M / k) each. So each pays log2(M / k), where k is the most communities that reach the alert threshold
    at that price (Benjamini-Hochberg in bits; Wang and Ramdas 2022, section 4), and `LEAST_SEARCH` at the
    least. Signals of one kind speak of the same acts: together they count up to their kind's cap. A kind
    that speaks of other members than the leading one adds little or nothing (`analytics.agreement`). Of what
    all have beyond `MOST_OF_ONE_KIND` the share counts that the second kind has of `LEAST_OF_A_KIND`; that
    members belong together (`RELATED`) is one kind.

    Args:
        case: The communities, and all there is to compare them with.
        looked_at: Communities that the search went through, M.
        others: Further communities, each measured against its own kind; the price is that of all.
    """
    cases = (case, *others)
    lines = pl.concat([line for each in cases for line in _lines_of(each)], how="diagonal")
    lines = lines.filter(pl.col("community") >= 0)
    communities = pl.concat([each.members.select("community") for each in cases]).unique()
    communities = communities.filter(pl.col("community") >= 0).sort("community")
    searched = _search(communities, lines, looked_at)
    return pl.concat([lines, searched], how="diagonal").sort("community", "place", "name")


def _lines_of(case: Case) -> list[pl.DataFrame]:
    """Return the signals, the corrections of their sum but the price of the search, and the shape."""
    measured = pl.concat(
        [signal(case).with_columns(place=pl.lit(i)) for i, signal in enumerate(SIGNALS)], how="diagonal"
    )
    numbers = shape(case).with_columns(place=pl.lit(len(SIGNALS) + 4))
    return [measured, *corrections(case, measured, len(SIGNALS)), numbers]


def price_of_search(shown: pl.Series, looked_at: int) -> tuple[int, float]:
    """Return k, the communities that reach the alert threshold, at least 1, and log2(M / k), their price.

    Where all M are innocent, one in 2^b shows b bits: the expected share of false alerts among those that
    reach b bits at this price is the same in large and small data (Benjamini and Hochberg 1995; for evidence
    that multiplies and may be dependent, Wang and Ramdas 2022, section 4).

    Args:
        shown: Bits of each community before the price, falling.
        looked_at: Communities that the search went through, M, at least as many.
    """
    most = max(looked_at, 1)
    prices = np.maximum(np.log2(most / np.arange(1, shown.len() + 1)), LEAST_SEARCH)
    enough = np.flatnonzero((shown.to_numpy() - prices).round(2) >= ALERT_THRESHOLD)
    found = int(enough[-1]) + 1 if enough.size else 1
    return found, round(float(np.log2(most / found)), 2)


def _search(communities: pl.DataFrame, lines: pl.DataFrame, looked_at: int) -> pl.DataFrame:
    sums = lines.group_by("community").agg(pl.col("bits").sum())
    shown = communities.join(sums, on="community", how="left").with_columns(pl.col("bits").fill_null(0.0))
    found, chance = price_of_search(shown["bits"].sort(descending=True), looked_at)
    cost = max(chance, LEAST_SEARCH)
    best = "the best" if found == 1 else f"each of the best {found}"
    seen = f"{looked_at} communities were" if looked_at != 1 else "1 community was"
    why = f"{seen} looked at; {best} of so many shows {chance} bits by chance"
    if cost > chance:
        why += (
            f"; never less than {cost}, as if a hundred were, since who hunts looks at more than one dataset"
        )
    return lines_of(
        shown.select(
            "community",
            name=pl.lit(SEARCH),
            value=pl.lit(float(looked_at)),
            bits=pl.lit(-cost),
            why=pl.lit(why),
        ),
        len(SIGNALS) + 3,
    )


def borne_out(measured: pl.DataFrame) -> pl.DataFrame:
    """Return `community`, `shown`: the members that a signal speaks of, other than acting in step.

    All members of a community act in step: they are in it for that.
    """
    tells = [name for name, weight in WEIGHTS.items() if weight.kind != FORMING]
    return (
        measured.filter((pl.col("bits") > 0) & pl.col("name").is_in(tells))
        .group_by("community")
        .agg(shown=pl.col("by").list.explode().drop_nulls().n_unique().cast(pl.Int64))
    )


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
    asked = pl.col("name").is_in(list(WEIGHTS))
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
