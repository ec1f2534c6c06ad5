"""Parities: 512 bits a set, from which follows how much two sets differ at the least.

Each member turns one bit, so two sets differ in at least as many members as their parities in bits. What
differs in too much cannot be similar, and need not be compared: no similar pair is lost. As the bitmap filter
of Sandes, Teodoro and Melo (2017, *Bitmap filter: speeding up exact set similarity joins with bitwise
operations*), with exclusive or.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from analytics.layers.shingles import Hashes, Places

_WORDS: Final = 8
_ONES: Final = np.uint64(0x0101010101010101)


@dataclass(frozen=True)
class Parities:
    """The parities of some sets, and their sizes.

    Attributes:
        words: One row a set.
        sizes: Members of each set.
    """

    words: NDArray[np.uint64]
    sizes: Places

    @classmethod
    def empty(cls, sizes: Places) -> Self:
        """Return those of sets into which nothing was put, of sizes that may become known with that."""
        return cls(np.zeros((len(sizes), _WORDS), np.uint64), sizes)

    def fill(self, block: slice, members: Hashes) -> None:
        """Put in the members of the sets of a block, whose sizes are known.

        Args:
            block: Which.
            members: Of all these sets, one set after the other, each once a set.
        """
        sizes = self.sizes[block]
        bits = members & np.uint64(64 * _WORDS - 1)
        word = np.repeat(np.arange(sizes.size) * _WORDS, sizes) + (bits >> np.uint64(6)).astype(np.int64)
        words = np.zeros(sizes.size * _WORDS, np.uint64)
        np.bitwise_xor.at(words, word, np.uint64(1) << (bits & np.uint64(63)))
        self.words[block] = words.reshape(-1, _WORDS)

    def taken(self, order: Places) -> Parities:
        """Return those of some of the sets."""
        return Parities(np.take(self.words, order, axis=0), self.sizes[order])

    def may_be(self, first: Places, second: Places, similarity: float, common: int = 0) -> NDArray[np.bool_]:
        """Return which pairs of sets may have this Jaccard similarity, and so many members in common.

        The others have not. Sets of a and b members with similarity s differ in (a + b) (1 - s) / (1 + s)
        members at the most, with c in common in a + b - 2 c.
        """
        turned = np.bitwise_count(np.take(self.words, first, axis=0) ^ np.take(self.words, second, axis=0))
        # The sum of eight bytes, modulo 256: a sum too large for that may pass for a small one, not the
        # other way round.
        differing = (turned.view(np.uint64)[:, 0] * _ONES) >> np.uint64(56)
        both = self.sizes[first] + self.sizes[second]
        most = np.minimum(both * ((1 - similarity) / (1 + similarity)) + 1e-6, both - 2 * common)
        may: NDArray[np.bool_] = differing <= most
        return may
