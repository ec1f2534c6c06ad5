"""The numbers that name things: drawn without repetition, and in an order that tells nothing of when."""

from __future__ import annotations

from typing import Final

import numpy as np

from ingest.simulate.clock import Ints

_ROUNDS: Final = 4
_ODD: Final = np.uint64(0x9E3779B97F4A7C15)


class Numbering:
    """A seeded permutation of a range, given out from its beginning.

    Method: a Feistel network over the smallest even number of bits that holds the range, walked along its
    cycle
    until it falls inside (Black and Rogaway, Ciphers with Arbitrary Finite Domains, CT-RSA 2002).

    Args:
        rng: The keys come from it.
        low: Lowest number.
        size: How many there are; as many can be drawn.
    """

    def __init__(self, rng: np.random.Generator, low: int, size: int) -> None:
        self._low, self._size, self._given = low, size, 0
        self._half = np.uint64((max(size - 1, 1).bit_length() + 1) // 2)
        self._keys = rng.integers(0, 2**63, _ROUNDS, dtype=np.uint64)

    def draw(self, n: int) -> Ints:
        """Return the next n numbers."""
        drawn = self._mix(np.arange(self._given, self._given + n, dtype=np.uint64))
        self._given += n
        while (outside := np.flatnonzero(drawn >= self._size)).size:
            drawn[outside] = self._mix(drawn[outside])
        return drawn.astype(np.int64) + self._low

    def _mix(self, numbers: np.typing.NDArray[np.uint64]) -> np.typing.NDArray[np.uint64]:
        half = self._half
        mask = np.uint64((1 << int(half)) - 1)
        left, right = numbers >> half, numbers & mask
        for key in self._keys:
            hashed = (right + key) * _ODD
            hashed = (hashed ^ (hashed >> np.uint64(29))) * _ODD
            left, right = right, left ^ ((hashed >> np.uint64(32)) & mask)
        return (left << half) | right
