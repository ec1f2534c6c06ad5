"""Groups of things around a centre to which all are similar: no chain from one to the next.

A cover by stars (Aslam, Pelekhov and Rus 2004, *The star clustering algorithm*), each thing in one star only.
Where similarity is Jaccard's, two things of a star are at least 2 s - 1 alike, s being the least similarity
of a pair: 1 - Jaccard is a metric.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analytics.layers.shingles import Places

#: Pairs that are looked at at once.
_AT_ONCE: Final = 2_000_000


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
        now = undecided.copy()
        for pairs in _parts(left):
            one, other = a[pairs], b[pairs]
            now[np.where(rank[one] > rank[other], one, other)] = False
        centre |= now
        undecided &= ~now
        for pairs in _parts(left):
            one, other = a[pairs], b[pairs]
            undecided[other[now[one]]] = False
            undecided[one[now[other]]] = False
        left = np.concatenate([pairs[undecided[a[pairs]] & undecided[b[pairs]]] for pairs in _parts(left)])
        lonely = undecided.copy()
        lonely[a[left]] = lonely[b[left]] = False
        centre |= lonely
        undecided &= ~lonely
    return _closest(centre, rank, a, b, similarity)


def _closest(
    centre: NDArray[np.bool_], rank: Places, a: Places, b: Places, similarity: NDArray[np.float64]
) -> Places:
    """Return the centre most similar to each thing, of equals the first; a centre is its own."""
    found = np.arange(centre.size)
    best = np.zeros(centre.size)
    for end, middle in ((a, b), (b, a)):
        for pairs in _parts(np.flatnonzero(centre[middle] & ~centre[end])):
            thing, its, alike = end[pairs], middle[pairs], similarity[pairs]
            level = (alike == best[thing]) & (rank[its] < rank[found[thing]])
            better = np.flatnonzero((alike > best[thing]) | level)
            # The last write stays, so the best comes last.
            better = better[np.lexsort((-rank[its[better]], alike[better]))]
            found[thing[better]] = its[better]
            best[thing[better]] = alike[better]
    return found


def _parts(pairs: Places) -> Iterator[Places]:
    """Yield pairs in parts: what is looked up of tens of millions of them at once would fill the memory."""
    for start in range(0, pairs.size, _AT_ONCE):
        yield pairs[start : start + _AT_ONCE]
