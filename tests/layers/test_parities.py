"""Sets of hashes: parities leave no similar pair out, similarity is exact, signatures estimate it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analytics.layers.hash_sets import HashSets
from analytics.layers.minhash import signatures
from analytics.layers.parities import Parities

_NUMBERS = st.sets(st.integers(0, 2**40 - 1) | st.integers(0, 700), min_size=1, max_size=400)


def parities_of(*sets: set[int]) -> Parities:
    """Return the parities of sets of numbers, each marked with its place as the texts' are."""
    found = Parities.empty(np.array(list(map(len, sets))))
    found.fill(slice(0, len(sets)), np.array([number for one in sets for number in one], np.uint64))
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


@given(st.lists(st.lists(st.integers(0, 40), min_size=1, max_size=60), min_size=2, max_size=12))
def test_similarity_is_exact_whatever_the_order_of_blocks(lists: list[list[int]]) -> None:
    sizes = [len(one) for one in lists]
    starts = np.cumsum([0, *sizes])
    # Of a hash of 64 bits the upper 40 count.
    hashes = np.array([number << 24 | place for one in lists for place, number in enumerate(one)], np.uint64)
    first, second = np.triu_indices(len(lists))
    half = len(lists) // 2
    with TemporaryDirectory() as folder:
        sets = HashSets(len(lists), Path(folder) / "sets")
        for block in (slice(half, len(lists)), slice(0, half)):
            bounds = starts[block.start : block.stop + 1]
            sets.fill(block, hashes[bounds[0] : bounds[-1]], bounds - bounds[0])
        found = sets.jaccard(first, second)
    exact = [
        len(set(lists[a]) & set(lists[b])) / len(set(lists[a]) | set(lists[b]))
        for a, b in zip(first, second, strict=True)
    ]
    assert found.tolist() == exact


def test_signatures_agree_as_often_as_sets_are_similar() -> None:
    draw = np.random.default_rng(2)
    pairs, common, own = 2_000, 30, 10
    shared = draw.integers(0, 2**64, (pairs, 1, common), dtype=np.uint64).repeat(2, axis=1)
    hashes = np.concatenate([shared, draw.integers(0, 2**64, (pairs, 2, own), dtype=np.uint64)], axis=2)
    values = signatures(hashes.reshape(-1), np.arange(2 * pairs + 1) * (common + own), 192)
    share = (values[:, ::2] == values[:, 1::2]).mean(axis=0)
    exact = common / (common + 2 * own)
    errors = (share - exact) / np.sqrt(exact * (1 - exact) / 192)
    assert abs(errors.mean()) < 0.1
    assert 0.9 < errors.std() < 1.1
