from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analytics.layers.statistics import (
    OWN_CROWD,
    benjamini_hochberg,
    compound_poisson_tail,
    falling_rates,
    poisson_tail,
    typical_crowd,
)


@given(st.integers(0, 60), st.floats(1e-9, 50))
def test_poisson_tail_is_that_of_scipy(k: int, expected: float) -> None:
    tail = poisson_tail(np.array([k]), np.array([expected]))[0]
    assert tail == pytest.approx(stats.poisson.sf(k - 1, expected), rel=1e-9, abs=1e-300)


@given(st.lists(st.floats(0.001, 0.999), min_size=1, max_size=12), st.integers(2, 12))
def test_poisson_tail_bounds_the_exact_tail_of_unequal_trials(chances: list[float], k: int) -> None:
    exact = np.array([1.0])
    for chance in chances:
        exact = np.convolve(exact, [1 - chance, chance])
    if k >= sum(chances) + 1:
        assert exact[k:].sum() <= poisson_tail(np.array([k]), np.array([sum(chances)]))[0] + 1e-12


@given(st.lists(st.floats(0, 1), max_size=20), st.integers(0, 50))
def test_q_values_are_those_of_scipy_with_the_unlisted_at_one(p: list[float], unlisted: int) -> None:
    listed = np.array(p, dtype=np.float64)
    q = benjamini_hochberg(listed, listed.size + unlisted)
    everything = np.concatenate([listed, np.ones(unlisted)])
    if everything.size:
        assert q == pytest.approx(stats.false_discovery_control(everything)[: listed.size])


@given(st.lists(st.integers(0, 9), min_size=1, max_size=20), st.integers(0, 50), st.integers(0, 20))
def test_q_values_of_a_part_go_on_from_those_above(tenths: list[int], unlisted: int, cut: int) -> None:
    p = -np.sort(-np.array(tenths) / 10)
    ranks, m = np.arange(p.size, 0, -1), p.size + unlisted
    above = falling_rates(p[:cut], ranks[:cut], m)
    below = falling_rates(p[cut:], ranks[cut:], m, above[-1] if above.size else 1.0)
    assert np.concatenate([above, below]).tolist() == benjamini_hochberg(p, m).tolist()


def test_more_p_values_than_tests_are_refused() -> None:
    with pytest.raises(ValueError, match="2 p-values of 1"):
        benjamini_hochberg(np.array([0.1, 0.2]), 1)


def test_an_operation_does_not_set_its_own_background() -> None:
    actors = np.full(1000, 30)
    meetings = np.full(1000, 30)
    meetings[0] = 30 * 29
    assert typical_crowd(actors, meetings, np.full(6, 30_000), 60)[0] < 1.1


def test_a_viral_moment_is_background() -> None:
    actors = np.full(1000, 3000)
    meetings = np.full(1000, 3000)
    meetings[0] = 3000 * 2000
    assert typical_crowd(actors, meetings, np.full(13, 90_000), 60)[0] == 2000 - OWN_CROWD


def test_a_small_public_that_is_the_operation_is_no_measure_of_interest() -> None:
    actors, meetings = np.full(50, 8), np.full(50, 8 * 7)
    assert typical_crowd(actors, meetings, np.full(4, 26), 60)[0] < 0.3 * 7


@given(
    st.lists(st.tuples(st.floats(1e-6, 0.9), st.integers(1, 16)), min_size=1, max_size=8),
    st.integers(1, 140),
)
def test_the_compound_tail_bounds_weighed_unequal_trials(things: list[tuple[float, int]], score: int) -> None:
    exact = np.array([1.0])
    rates = np.zeros((1, 17))
    for chance, units in things:
        exact = np.convolve(exact, [1 - chance, *[0.0] * (units - 1), chance])
        rates[0, units] -= np.log1p(-chance)
    tail = compound_poisson_tail(np.array([score]), rates)[0]
    assert exact[score:].sum() <= tail * (1 + 1e-9) <= 1 + 1e-9


@given(st.integers(1, 40), st.floats(1e-6, 30), st.integers(1, 16))
def test_the_compound_tail_of_one_weight_is_poissons(k: int, rate: float, units: int) -> None:
    rates = np.zeros((1, 17))
    rates[0, units] = rate
    tail = compound_poisson_tail(np.array([k * units]), rates)[0]
    exact = stats.poisson.sf(k - 1, rate)
    if k * units <= 128:
        # What lies beyond the terms that are summed is bounded, not summed.
        assert exact * (1 - 1e-9) <= tail <= 1.05 * exact + 1e-9
    else:
        assert exact * (1 - 1e-9) <= tail
