"""Groups of things around a centre to which all are similar: no chain from one to the next.

A cover by stars (Aslam, Pelekhov and Rus 2004, *The star clustering algorithm*), each thing in one star only.
Where similarity is Jaccard's, two things of a star are at least 2 s - 1 alike, s being the least similarity
of a pair: 1 - Jaccard is a metric.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analytics.layers.shingles import Places


def stars(size: int, a: Places, b: Places, similarity: NDArray[np.float64]) -> Places:
    """Return the centre of each thing, itself where there is no other.

    Centres are taken in the order of the number of things similar to them, then of their places; what is
    similar to a centre is none. Everything else goes to the centre most similar to it.

    Args:
        size: How many things there are.
        a: Places of the one of each similar pair.
        b: Places of the other.
        similarity: Of each pair.
    """
    rank = np.empty(size, np.int64)
    near = np.bincount(a, minlength=size) + np.bincount(b, minlength=size)
    rank[np.argsort(-near, kind="stable")] = np.arange(size)
    centre = np.zeros(size, np.bool_)
    undecided = near > 0
    left = np.arange(a.size)
    # In each round all that come before every undecided thing similar to them: as if taken one by one.
    while left.size:
        one, other = a[left], b[left]
        now = undecided.copy()
        now[np.where(rank[one] > rank[other], one, other)] = False
        centre |= now
        undecided &= ~now
        undecided[other[now[one]]] = False
        undecided[one[now[other]]] = False
        left = left[undecided[one] & undecided[other]]
        lonely = undecided.copy()
        lonely[a[left]] = lonely[b[left]] = False
        centre |= lonely
        undecided &= ~lonely
    found = np.arange(size)
    to_b, to_a = (np.flatnonzero(centre[middle] & ~centre[end]) for end, middle in ((a, b), (b, a)))
    things = np.concatenate([a[to_b], b[to_a]])
    middles = np.concatenate([b[to_b], a[to_a]])
    alike = np.concatenate([similarity[to_b], similarity[to_a]])
    # The last write stays, so the best comes last.
    order = np.lexsort((-rank[middles], alike))
    found[things[order]] = middles[order]
    return found
