"""MinHash signatures (Broder 1997) of sets of hashes, many sets at a time."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from analytics.layers.shingles import Hashes, Places

_SEED: Final = 2019
#: Hashes that are worked on at once: what stays in a core's own cache.
_AT_ONCE: Final = 1 << 16


def signatures(hashes: Hashes, starts: Places, values: int) -> NDArray[np.uint32]:
    """Return the signature of each set: two sets agree in a value with their Jaccard similarity for a chance.

    A value is the least of the set's hashes, 32 bits of each, after multiplication with an odd number of its
    own: a bijection, so that two sets agree where the same hash is the least. The hashes are random already,
    so multiplication is all that it takes to order them anew (Thorup 2013, *Bottom-k and priority sampling,
    set similarity and subset sums with minimal independence*).

    Args:
        hashes: Of 64 bits, evenly spread; repetitions make no difference.
        starts: Where those of each set begin, with their number at the end; no set is empty.
        values: Length of a signature.

    Returns:
        One column a set.
    """
    factors = np.random.default_rng(_SEED).integers(0, 2**32, values, dtype=np.uint32) | np.uint32(1)
    sizes = np.diff(starts)
    found = np.empty((values, sizes.size), np.uint32)
    keys = (hashes >> np.uint64(32)).astype(np.uint32)
    # Sets of about one size form a table, one column a set; the last member fills up the shorter ones.
    order = np.argsort(-sizes, kind="stable")
    begin = 0
    while begin < order.size:
        longest = int(sizes[order[begin]])
        chosen = order[begin : begin + max(1, _AT_ONCE // longest)]
        begin += chosen.size
        place = np.minimum(np.arange(longest)[:, None], sizes[chosen] - 1) + starts[chosen]
        table = keys[place]
        turned = np.empty_like(table)
        for value, factor in enumerate(factors):
            np.multiply(table, factor, out=turned)
            found[value, chosen] = turned.min(axis=0)
    return found
