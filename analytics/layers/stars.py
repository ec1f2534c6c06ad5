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
    one, other = np.concatenate([a, b]), np.concatenate([b, a])
    rank = np.empty(size, np.int64)
    rank[np.argsort(-np.bincount(one, minlength=size), kind="stable")] = np.arange(size)
    centre = np.zeros(size, np.bool_)
    undecided = np.zeros(size, np.bool_)
    undecided[one] = True
    left = np.arange(one.size)
    # In each round all that come before every undecided thing similar to them: as if taken one by one.
    while left.size:
        after = rank[one[left]] > rank[other[left]]
        now = undecided.copy()
        now[one[left][after]] = False
        centre |= now
        undecided &= ~now
        undecided[other[left][now[one[left]]]] = False
        left = left[undecided[one[left]] & undecided[other[left]]]
        lonely = undecided.copy()
        lonely[one[left]] = False
        centre |= lonely
        undecided &= ~lonely
    found = np.arange(size)
    to_centre = np.flatnonzero(centre[other] & ~centre[one])
    alike = np.concatenate([similarity, similarity])
    # The last write stays, so the best comes last.
    order = to_centre[np.lexsort((-rank[other[to_centre]], alike[to_centre]))]
    found[one[order]] = other[order]
    return found
