"""Tests against chance: tail probabilities, false-discovery rates, and the usual crowd around an object.

The model that these serve is in docs/method.md.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammainc

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]

#: The largest crowd that one hand may bring to an object and that is not held against it as background.
OWN_CROWD: Final = 50.0


def poisson_tail(k: NDArray[np.integer], expected: Floats) -> Floats:
    """Return P(X >= k) for X Poisson with the given expectation, elementwise.

    For independent trials with expectation E in sum, this is no less than their exact tail (Poisson-binomial)
    wherever k >= E + 1 (Hoeffding 1956; Anderson and Samuels 1967), so small p-values err on the safe side.

    Args:
        k: Counts, >= 0.
        expected: Expectations, >= 0, same shape.
    """
    counts = np.asarray(k, dtype=np.float64)
    tail = np.ones(counts.shape, dtype=np.float64)
    some = counts > 0
    tail[some] = gammainc(counts[some], np.asarray(expected, dtype=np.float64)[some])
    return tail


def benjamini_hochberg(p: Floats, m: int) -> Floats:
    """Return the q-values of `p` among `m` tests, of which those not in `p` count as p = 1.

    Pairs never seen together have p = 1 and cannot change another's q, so they are counted and not listed.

    Args:
        p: The p-values of the tests that are listed, in any order.
        m: All tests that could have been made, at least `len(p)`.

    Raises:
        ValueError: `m` is smaller than the number of p-values.
    """
    if m < p.size:
        raise ValueError(f"{p.size} p-values of {m} tests")
    order = np.argsort(p, kind="stable")
    steps = p[order] * (m / np.arange(1, p.size + 1, dtype=np.float64))
    falling = np.minimum.accumulate(steps[::-1])[::-1]
    q = np.empty(p.size, dtype=np.float64)
    q[order] = np.minimum(falling, 1.0)
    return q


def typical_crowd(actors: Integers, meetings: Integers) -> Floats:
    """Return the crowd that an asset acting on each object is to expect around it within the window.

    The crowd is that of objects of like popularity (a factor of two), as the share of the other actors that
    are near: an operation cannot set its own background by meeting on its objects. What an object's own mean
    crowd exceeds `OWN_CROWD` by counts as background however unusual, since no one hand needs so
    many assets at once and the public at a viral moment does.

    Args:
        actors: Distinct actors of each object.
        meetings: Sum over those actors of the other actors near each.

    Returns:
        The crowd of each object, at most `actors - 1`.
    """
    others = np.maximum(actors - 1, 0)
    popularity = np.frexp(others.astype(np.float64))[1].astype(np.int64)
    bins = int(popularity.max(initial=0)) + 1
    met = np.zeros(bins, dtype=np.int64)
    could = np.zeros(bins, dtype=np.int64)
    np.add.at(met, popularity, meetings)
    np.add.at(could, popularity, actors * others)
    share = met / np.maximum(could, 1)
    own = meetings / np.maximum(actors, 1)
    return np.minimum(np.maximum(share[popularity] * others, own - OWN_CROWD), others)
