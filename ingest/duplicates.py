"""Which rows of many have a key that another has too, in little memory: a key is 8 bytes in a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

#: Hashes that are sorted at once (64 MiB), or a 32nd of them where that is more.
_AT_ONCE: Final = 1 << 23
_BLOCK: Final = 1 << 20

Hashes = npt.NDArray[np.uint64]


class KeyHashes:
    """The hashes of the keys of a table's rows.

    Equal keys have equal hashes. Different keys hardly ever have: who finds equal hashes looks at the keys.

    Args:
        path: File for the hashes; it grows by 8 bytes a row.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._path.unlink(missing_ok=True)
        self.rows = 0

    def add(self, keys: pl.DataFrame) -> None:
        """Append the keys of some rows."""
        with self._path.open("ab") as file:
            file.write(keys.select(pl.struct(pl.all()).hash()).to_series().to_numpy().tobytes())
        self.rows += keys.height

    def shared(self) -> npt.NDArray[np.int64]:
        """Return the numbers (from 0) of the rows whose hash another row has too, in order."""
        passes = np.uint64(-(-self.rows // max(_AT_ONCE, self.rows // 32)))
        found = [self._shared(number, passes) for number in np.arange(passes, dtype=np.uint64)]
        return np.sort(np.concatenate(found)) if found else np.zeros(0, np.int64)

    def close(self) -> None:
        """Remove the file."""
        self._path.unlink(missing_ok=True)

    def _shared(self, number: np.uint64, passes: np.uint64) -> npt.NDArray[np.int64]:
        """Return what `shared` does, of the hashes that fall to one pass."""
        hashes = np.concatenate([block[block % passes == number] for _, block in self._blocks()])
        hashes.sort()
        twice = np.unique(hashes[1:][hashes[1:] == hashes[:-1]])
        if not len(twice):
            return np.zeros(0, np.int64)
        rows = []
        for first, block in self._blocks():
            place = np.minimum(np.searchsorted(twice, block), len(twice) - 1)
            rows.append(np.flatnonzero(twice[place] == block) + first)
        return np.concatenate(rows)

    def _blocks(self) -> Iterator[tuple[int, Hashes]]:
        """Yield the hashes in blocks, each with the number of its first row."""
        first = 0
        with self._path.open("rb") as file:
            while data := file.read(8 * _BLOCK):
                yield first, np.frombuffer(data, np.uint64)
                first += len(data) // 8
