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
#: Seconds in which the public's interest in an object falls to a third: what a small public says of itself is
#: steadied by the share that would then be near, 1 - exp(-window / INTEREST),
INTEREST: Final = 1800.0
#: which counts for so many actors.
PRIOR_ACTORS: Final = 100.0

#: Scores up to which a compound tail is summed exactly, and terms of it before the rest is bounded.
_EXACT: Final = 128
_BEYOND: Final = 64
#: Rows that are worked on at once, to bound memory.
_ROWS: Final = 1 << 14


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


def compound_poisson_tail(score: NDArray[np.integer], rates: Floats) -> Floats:
    """Return P(S >= score) for S the sum of the units of things that come as independent Poisson counts.

    A thing that is shared with chance 1 - exp(-r) is outdone by a Poisson count of rate r, so this is no less
    than the tail of the weighted sum of independent trials with those chances, whatever the score. Exact, by
    Panjer's (1981) recursion, for scores of up to `_EXACT`; above, and for the far end of the tail,
    Chernoff's bound, which is no less.

    Args:
        score: Sums of units, >= 0, one a row of `rates`.
        rates: Rate, >= 0, of things of u units in column u; column 0 is not looked at.
    """
    tail = np.ones(score.shape, dtype=np.float64)
    for start in range(0, score.size, _ROWS):
        rows = slice(start, start + _ROWS)
        tail[rows] = _compound_tail(np.asarray(score[rows], dtype=np.int64), rates[rows])
    return tail


def _compound_tail(score: Integers, rates: Floats) -> Floats:
    bound = _chernoff(score, rates)
    short = np.flatnonzero((score > 0) & (score <= _EXACT))
    if not short.size:
        return bound
    last, most = int(score[short].max()) + _BEYOND, rates.shape[1] - 1
    claims = rates[short, 1:] * np.arange(1, most + 1)
    mass = np.zeros((short.size, last))
    mass[:, 0] = np.exp(-rates[short, 1:].sum(axis=1))
    for n in range(1, last):
        reach = min(n, most)
        mass[:, n] = (claims[:, :reach] * mass[:, n - reach : n][:, ::-1]).sum(axis=1) / n
    place = np.arange(last)
    below = np.where(place < score[short, None], mass, 0.0).sum(axis=1)
    near = (place >= score[short, None]) & (place < score[short, None] + _BEYOND)
    above = np.where(near, mass, 0.0).sum(axis=1) + _chernoff(score[short] + _BEYOND, rates[short])
    # The complement loses its digits where the tail is thin, the sum is long where it is thick.
    bound[short] = np.where(below < 1 - 1e-6, 1 - below, np.minimum(above, bound[short]))
    return bound


def _chernoff(score: Integers, rates: Floats) -> Floats:
    """Return the least exp(K(t) - t score) over t >= 0, K the sum of rate(u) (exp(t u) - 1)."""
    units = np.arange(1, rates.shape[1])
    low, high = np.zeros(score.shape), np.full(score.shape, 600.0 / units[-1])
    for _ in range(40):
        middle = (low + high) / 2
        slope = (rates[:, 1:] * units * np.exp(middle[:, None] * units)).sum(axis=1)
        low, high = np.where(slope < score, middle, low), np.where(slope < score, high, middle)
    growth = (rates[:, 1:] * np.expm1(low[:, None] * units)).sum(axis=1)
    bound: Floats = np.exp(np.minimum(growth - low * score, 0.0))
    return bound


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
    order = np.argsort(-p, kind="stable")
    q = np.empty(p.size, dtype=np.float64)
    q[order] = falling_rates(p[order], np.arange(p.size, 0, -1), m)
    return q


def falling_rates(p: Floats, ranks: Integers, m: int, least: float = 1.0) -> Floats:
    """Return the q-values of some of `m` tests, given from the largest p on.

    Args:
        p: Falling. Of equal ones a single one can be given, of the highest rank.
        ranks: How many of all tests have so small a p.
        m: All tests.
        least: The q-value of the next larger p.
    """
    steps = p * (m / ranks.astype(np.float64))
    return np.minimum.accumulate(np.minimum(steps, least))


def popularity_of(actors: Integers) -> Integers:
    """Return the group of like popularity (a factor of two) of objects with so many actors."""
    return np.frexp(np.maximum(actors - 1, 0).astype(np.float64))[1].astype(np.int64)


def typical_crowd(
    actors: Integers, meetings: Integers, public: Integers, window: float, objects: Integers | int = 1
) -> Floats:
    """Return the crowd that an asset acting on each object is to expect around it within the window.

    The crowd is that of objects of like popularity (a factor of two), as the share of the other actors that
    are near: an operation cannot set its own background by meeting on its objects. Where an operation may be
    most of a group's public, since that is small, a prior lowers the share. What an object's own mean
    crowd exceeds `OWN_CROWD` by counts as background however unusual, since no one hand needs so
    many assets at once and the public at a viral moment does.

    Args:
        actors: Distinct actors of each object.
        meetings: Sum over those actors of the other actors near each.
        public: Distinct actors of all objects of each group of `popularity_of`.
        window: In seconds.
        objects: How many objects each stands for.

    Returns:
        The crowd of each object, at most `actors - 1`.
    """
    others = np.maximum(actors - 1, 0)
    popularity = popularity_of(actors)
    met = np.zeros(public.size, dtype=np.int64)
    could = np.zeros(public.size, dtype=np.int64)
    np.add.at(met, popularity, meetings * objects)
    np.add.at(could, popularity, actors * others * objects)
    share = met / np.maximum(could, 1)
    prior = np.minimum(share, -np.expm1(-window / INTEREST))
    share = (share * public + prior * PRIOR_ACTORS) / (public + PRIOR_ACTORS)
    own = meetings / np.maximum(actors, 1)
    crowd: Floats = np.minimum(np.maximum(share[popularity] * others, own - OWN_CROWD), others)
    return crowd
