"""Sets of hashes that lie in a file, and how much pairs of them have in common."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from analytics.layers.shingles import Hashes, Places

#: Bits of a hash that are compared; the others number the sets of a block.
BITS: Final = 40
_SHIFT: Final = np.uint64(BITS)
_LOW: Final = np.uint64(2**BITS - 1)


class HashSets:
    """Sets of 40-bit hashes: their sizes in memory, their members in order in a file.

    Args:
        size: How many sets.
        file: Receives the members; what it holds is replaced.

    Attributes:
        sizes: Members of each set.
    """

    def __init__(self, size: int, file: Path) -> None:
        self.sizes = np.zeros(size, np.int64)
        self._begins = np.zeros(size, np.int64)
        self._end = 0
        self._path = file
        self._path.write_bytes(b"")
        self._lock = Lock()

    def fill(self, block: slice, hashes: Hashes, starts: Places) -> Hashes:
        """Put in the sets of a block; blocks may come in any order, and side by side.

        Args:
            block: Which.
            hashes: The hashes of each, of 64 bits, in any order and with repetitions.
            starts: Where those of each begin, with their number at the end.

        Returns:
            The members of each in order, each once a set.
        """
        places = np.arange(len(starts) - 1)
        owners = np.repeat(places, np.diff(starts)).astype(np.uint64)
        members = distinct(owners << _SHIFT | hashes >> np.uint64(64 - BITS))
        begins = np.searchsorted(members >> _SHIFT, np.append(places, places.size).astype(np.uint64))
        members &= _LOW
        with self._lock:
            with self._path.open("ab") as file:
                file.write(members.data)
            begin, self._end = self._end, self._end + members.size
        self.sizes[block], self._begins[block] = np.diff(begins), begin + begins[:-1]
        return members

    def jaccard(self, a: Places, b: Places) -> NDArray[np.float64]:
        """Return the Jaccard similarity of each pair of sets; of two empty ones, not a number."""
        # Equal rows of sparse matrices are multiplied by merging their columns, which are the hashes.
        common = np.diff(self._rows(a).multiply(self._rows(b)).indptr)
        found: NDArray[np.float64] = common / (self.sizes[a] + self.sizes[b] - common)
        return found

    @cached_property
    def _members(self) -> NDArray[np.int64]:
        if not self._end:
            return np.zeros(0, np.int64)
        return np.memmap(self._path, np.int64, "r")

    def _rows(self, sets: Places) -> csr_array:
        sizes = self.sizes[sets]
        ends = np.concatenate([[0], np.cumsum(sizes)])
        places = np.arange(ends[-1]) + np.repeat(self._begins[sets] - ends[:-1], sizes)
        rows = csr_array(
            (np.ones(ends[-1], np.int8), self._members[places], ends), shape=(len(sets), 2**BITS)
        )
        rows.has_canonical_format = True
        return rows


def distinct(numbers: Hashes) -> Hashes:
    """Return the different numbers, in order; the given ones are put in order for that.

    `np.unique` finds them in a hash table that numbers with a pattern fill badly: ten times slower here.
    """
    numbers.sort()
    new = np.ones(numbers.size, dtype=np.bool_)
    np.not_equal(numbers[1:], numbers[:-1], out=new[1:])
    return numbers[new]
