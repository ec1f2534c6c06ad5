"""The log-likelihood that turns a trait into bits."""

from __future__ import annotations

from math import log2

import polars as pl
import pytest

from analytics.signals.trait import PRIOR_WEIGHT, Trait, measure

TRAIT = Trait(
    "trait", prior=0.1, sentence="{k} of {n} ({share}), elsewhere {background}", cap=50.0, per_asset=10.0
)


def values(having: int, lacking: int, unknown: int, prefix: str) -> pl.DataFrame:
    has = [True] * having + [False] * lacking + [None] * unknown
    return pl.DataFrame(
        {"asset": [f"{prefix}{i}" for i in range(len(has))], "has": pl.Series(has, dtype=pl.Boolean)}
    )


def one_community(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select("asset", community=pl.lit(0, pl.Int64))


def test_bits_are_the_log_likelihood_ratio_of_the_issue() -> None:
    inside, outside = values(6, 4, 0, "in"), values(20, 980, 0, "out")
    row = measure(TRAIT, pl.concat([inside, outside]), one_community(inside)).row(0, named=True)
    p = (20 + PRIOR_WEIGHT * 0.1) / (1000 + PRIOR_WEIGHT)
    q = (6 + p) / 11
    assert row["background"] == pytest.approx(p)
    assert row["value"] == pytest.approx(0.6)
    assert row["bits"] == pytest.approx(6 * log2(q / p) + 4 * log2((1 - q) / (1 - p)), abs=0.005)


def test_an_operation_cannot_set_its_own_background() -> None:
    inside, outside = values(500, 0, 0, "in"), values(0, 500, 0, "out")
    row = measure(TRAIT, pl.concat([inside, outside]), one_community(inside)).row(0, named=True)
    assert row["background"] < 0.01
    assert row["bits"] == TRAIT.cap


def test_unknown_members_weigh_nothing_but_lower_the_completeness() -> None:
    outside = values(20, 980, 0, "out")
    known, half = values(3, 3, 0, "in"), values(3, 3, 6, "in")
    full = measure(TRAIT, pl.concat([known, outside]), one_community(known)).row(0, named=True)
    partly = measure(TRAIT, pl.concat([half, outside]), one_community(half)).row(0, named=True)
    assert partly["bits"] == full["bits"]
    assert (partly["known"], partly["eligible"]) == (6, 12)


def test_nothing_known_says_so_and_gives_no_bits() -> None:
    inside = values(0, 0, 5, "in")
    row = measure(TRAIT, pl.concat([inside, values(5, 5, 0, "out")]), one_community(inside)).row(
        0, named=True
    )
    assert (row["bits"], row["value"], row["why"]) == (0.0, None, "not known")


def test_a_rate_below_the_background_is_no_evidence() -> None:
    inside = values(1, 19, 0, "in")
    row = measure(TRAIT, pl.concat([inside, values(500, 500, 0, "out")]), one_community(inside)).row(
        0, named=True
    )
    assert row["bits"] == 0.0


@pytest.mark.parametrize(("having", "most"), [(1, 2.0), (2, 4.0), (30, 6.0)])
def test_bits_are_capped_by_asset_and_by_signal(having: int, most: float) -> None:
    trait = Trait("trait", prior=0.001, sentence="{k}{n}{share}{background}")
    inside = values(having, 0, 0, "in")
    row = measure(trait, pl.concat([inside, values(0, 10_000, 0, "out")]), one_community(inside)).row(
        0, named=True
    )
    assert row["bits"] == most
