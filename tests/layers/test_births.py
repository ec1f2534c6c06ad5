"""`created_together`: bursts, and what is none."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from analytics.layers.traits import TRAITS, of_traits
from analytics.settings import DetectSettings

DAY = 86_400


def born(at: np.ndarray, kind: str = "account") -> pl.DataFrame:
    keys = [f"x:{kind}:{n:06}" for n in range(at.size)]
    times = pl.Series((at * 1e6).astype(np.int64)).cast(pl.Datetime("us", "UTC"))
    given = pl.DataFrame({"asset": keys, "platform": "x", "kind": kind, "created_at": times})
    return pl.concat([pl.DataFrame(schema=TRAITS), given], how="diagonal")


def ordinary(seed: int, count: int = 3000) -> np.ndarray:
    """Births of eight years, more and more of them, mostly in the evening."""
    draw = np.random.default_rng(seed)
    hours = (draw.normal(18, 3, count) % 24) * 3600
    return np.floor(draw.beta(3, 1, count) * 3000) * DAY + hours


def found(at: np.ndarray) -> pl.DataFrame:
    return of_traits(born(at), DetectSettings(), "created_together").edges


def test_where_there_is_no_burst_there_is_rarely_an_edge() -> None:
    hits = sum(found(ordinary(seed)).height > 0 for seed in range(15))
    # At a true rate of 0.05, more than four of fifteen has a chance of one in a thousand.
    assert hits <= 4


@pytest.mark.parametrize(("many", "within"), [(8, 1800), (20, 20 * 3600)])
def test_a_burst_is_found(many: int, within: int) -> None:
    burst = 1500.3 * DAY + np.linspace(0, within, many)
    edges = found(np.concatenate([ordinary(1), burst]))
    inside = (pl.col("source") >= "x:account:003000") & (pl.col("target") >= "x:account:003000")
    # Each with the next three, unless somebody else is among these.
    assert 3 * many - 12 <= edges.filter(inside).height <= 3 * many - 6
    # Each bystander of the day has six at the most.
    assert edges.filter(~inside).height <= 6 * 3
    assert edges["first_at"].min() is not None


def test_dates_without_times_and_a_rush_of_weeks_are_no_bursts() -> None:
    assert found(np.floor(ordinary(2) / DAY) * DAY).is_empty()
    rush = 1500 * DAY + np.random.default_rng(2).beta(2, 2, 3000) * 90 * DAY
    assert found(np.concatenate([ordinary(2), rush])).is_empty()


def test_no_births_and_one_time_for_all() -> None:
    assert found(np.zeros(0)).is_empty()
    assert found(np.full(50, 1500.0 * DAY)).height in (0, 3 * 50 - 6)
