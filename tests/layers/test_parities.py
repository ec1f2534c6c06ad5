"""Parities: no pair of similar sets is left out, and most that are not similar are."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analytics.layers.parities import Parities

_NUMBERS = st.sets(st.integers(0, 2**40 - 1) | st.integers(0, 700), min_size=1, max_size=400)


def parities_of(*sets: set[int]) -> Parities:
    """Return the parities of sets of numbers, each marked with its place as the texts' are."""
    found = Parities.empty(len(sets))
    members = [place << 40 | number for place, one in enumerate(sets) for number in sorted(one)]
    begins = np.cumsum([0, *map(len, sets)])
    found.fill(slice(0, len(sets)), np.array(members, np.uint64), begins)
    return found


@given(_NUMBERS, _NUMBERS, _NUMBERS)
def test_similar_sets_are_never_left_out(common: set[int], mine: set[int], yours: set[int]) -> None:
    one, other = common | mine, common | yours
    exact = len(one & other) / len(one | other)
    parities = parities_of(one, other)
    both = np.array([0, 1]), np.array([1, 0])
    assert parities.may_be(*both, exact).all()
    assert parities.taken(np.array([1, 0])).may_be(*both, exact).all()


def test_most_sets_far_from_similar_are_left_out() -> None:
    draw = np.random.default_rng(1)
    common = set(draw.integers(0, 2**40, 40).tolist())
    sets = [common | set(draw.integers(0, 2**40, 40).tolist()) for _ in range(200)]
    first, second = np.triu_indices(200, 1)
    may = parities_of(*sets).may_be(first, second, 0.6)
    assert may.mean() < 0.01
