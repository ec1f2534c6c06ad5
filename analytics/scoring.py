"""Scoring: the sum of an operation's signals, less what the search costs and what is not independent."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from analytics.agreement import agreement
from analytics.signals import SIGNALS
from analytics.signals.case import Case
from analytics.signals.shape import shape
from analytics.signals.trait import MEASURED
from analytics.weights import (
    ALERT_THRESHOLD,
    KIND_CAPS,
    LEAST_OF_A_KIND,
    LEAST_SEARCH,
    MOST_OF_ONE_KIND,
    WEIGHTS,
)

#: Name of the line that pays for having looked at many communities.
SEARCH: Final = "search"
#: Names of the lines that take off what signals of one kind bring beyond what their kind may.
SAME_KIND: Final = "same_kind"
#: Name of the lines that take off what a kind brings of other members than the leading kind speaks of.
APART: Final = "apart"
ONE_KIND: Final = "one_kind"
#: Kinds that tell that members belong together, and nothing that they hide or feign. Who works in one place
#: shares its telephone and acts in step: together they are one kind.
RELATED: Final = ["coordination", "infrastructure"]
_KIND: Final = {name: weight.kind for name, weight in WEIGHTS.items()}


def measure_signals(case: Case, looked_at: int, *others: Case) -> pl.DataFrame:
    """Return every signal of every community and the corrections of their sum, in `MEASURED` and `place`.

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
    lines = pl.concat([line for each in cases for line in _lines_of(each)]).filter(pl.col("community") >= 0)
    communities = pl.concat([each.members.select("community") for each in cases]).unique()
    communities = communities.filter(pl.col("community") >= 0).sort("community")
    return pl.concat([lines, _search(communities, lines, looked_at)]).sort("community", "place", "name")


def _lines_of(case: Case) -> list[pl.DataFrame]:
    """Return the signals, the corrections of their sum but the price of the search, and the shape."""
    measured = pl.concat(
        [signal(case).with_columns(place=pl.lit(i)) for i, signal in enumerate(SIGNALS)], how="diagonal"
    )
    numbers = shape(case).with_columns(place=pl.lit(len(SIGNALS) + 4))
    return [measured.drop("by"), *_corrections(case, measured), numbers]


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
    why = f"{looked_at} communities were looked at; {best} of so many shows {chance} bits by chance"
    if cost > chance:
        why += (
            f"; never less than {cost}, as if a hundred were, since who hunts looks at more than one dataset"
        )
    return _lines(
        shown.select(
            "community",
            name=pl.lit(SEARCH),
            value=pl.lit(float(looked_at)),
            bits=pl.lit(-cost),
            why=pl.lit(why),
        ),
        len(SIGNALS) + 3,
    )


def _corrections(case: Case, measured: pl.DataFrame) -> tuple[pl.DataFrame, ...]:
    """Return the lines that take off what is beyond a kind, said of other members, or one kind alone."""
    speaking = (
        measured.filter(pl.col("bits") > 0)
        .with_columns(kind=pl.col("name").replace_strict(_KIND, return_dtype=pl.String))
        .group_by("community", "kind")
        .agg(
            bits=pl.col("bits").sum().round(2),
            signals=pl.col("name").sort().str.join(", "),
            by=pl.col("by").list.explode().unique(),
        )
        .with_columns(most=pl.col("kind").replace_strict(KIND_CAPS, return_dtype=pl.Float64))
        .with_columns(counted=pl.min_horizontal("bits", "most"))
        .sort("community", "kind")
    )
    beyond = speaking.filter(pl.col("bits") > pl.col("most")).with_columns(
        name=pl.format(SAME_KIND + "_{}", "kind"),
        value=pl.lit(None, pl.Float64),
        bits=(pl.col("most") - pl.col("bits")).round(2),
        why=pl.format(
            "{} are one kind of evidence, {}, which counts {} bits at most", "signals", "kind", "most"
        ),
    )
    agreed = speaking.join(agreement(case, speaking), on=["community", "kind"]).with_columns(
        taken=(pl.col("counted") * (1 - pl.col("counts"))).round(2)
    )
    apart = agreed.filter(pl.col("taken") > 0).with_columns(
        name=pl.format(APART + "_{}", "kind"),
        value="agree",
        bits=-pl.col("taken"),
        why=pl.format(
            "{} and {} speak of other members: {}% of those of the one are, act with, run or are run by those"
            " of the other",
            "kind",
            "leading",
            (pl.col("agree") * 100).round(0).cast(pl.Int64),
        ),
    )
    return (
        _lines(beyond, len(SIGNALS)),
        _lines(apart, len(SIGNALS) + 1),
        _lines(_one_kind(agreed), len(SIGNALS) + 2),
    )


def _one_kind(agreed: pl.DataFrame) -> pl.DataFrame:
    """Return the lines that take off what a kind brings without a second one beside it."""
    counted, second, least = pl.col("counted"), pl.col("second"), pl.lit(LEAST_OF_A_KIND)
    beyond = pl.col("total") - MOST_OF_ONE_KIND
    return (
        agreed.with_columns(
            counted=(counted - pl.col("taken")).round(2),
            one=pl.col("kind").replace(RELATED, RELATED[:1] * len(RELATED)),
        )
        .sort(["community", "counted", "kind"], descending=[False, True, False])
        .group_by("community", "one", maintain_order=True)
        # Kinds that are one say what the stronger of them says.
        .agg(
            pl.col("kind").first(),
            counted.first(),
            total=counted.sum(),
            related=(counted > 0).sum() > 1,
        )
        .group_by("community", maintain_order=True)
        .agg(
            kind=pl.col("kind").first(),
            other=pl.col("kind").get(1, null_on_oob=True),
            second=counted.get(1, null_on_oob=True).fill_null(0.0),
            total=pl.col("total").sum().round(2),
            related=pl.col("related").first(),
        )
        # Two odd members accuse no staff: beside what only relates them a kind must stand by itself.
        .with_columns(
            second=pl.when(~pl.col("kind").is_in(RELATED) | (second >= least)).then(second).otherwise(0.0)
        )
        .with_columns(value=second / least)
        .filter((pl.col("value") < 1) & (beyond > 0))
        .with_columns(
            name=pl.lit(ONE_KIND),
            bits=(-beyond * (1 - pl.col("value"))).round(2),
            why=pl.when(second > 0)
            .then(
                pl.format(
                    "beside {}, {} has only {} bits of the {} with which a kind speaks by itself: so much of"
                    " what all have beyond {} counts",
                    "kind",
                    "other",
                    "second",
                    least,
                    pl.lit(MOST_OF_ONE_KIND),
                )
            )
            .otherwise(
                pl.format(
                    "only {}: without a second kind of evidence all count {} bits at most",
                    pl.when("related")
                    .then(
                        pl.lit(
                            " and ".join(RELATED) + ", which both tell that members belong together, speak"
                        )
                    )
                    .otherwise(pl.format("{} speaks by itself", "kind")),
                    pl.lit(MOST_OF_ONE_KIND),
                )
            ),
        )
    )


def _lines(frame: pl.DataFrame, place: int) -> pl.DataFrame:
    one = pl.lit(1, pl.Int64)
    return (
        frame.with_columns(background=pl.lit(None, pl.Float64), known=one, eligible=one)
        .select(list(MEASURED))
        .cast(MEASURED)
        .with_columns(place=pl.lit(place))
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
