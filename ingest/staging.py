"""Valid rows to one Parquet file a table, duplicates of a key merged, whatever the size.

Most sources have no duplicates and the same columns throughout: then the table is what was written at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from ingest.columnar import TableFile, batches
from ingest.database import open_database
from ingest.duplicates import KeyHashes
from ingest.parallel import Behind

#: Number of a row in the source, from 0; of rows with one key the greatest stays.
_ROW: Final = "__row"

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Staged:
    """A staged table.

    Attributes:
        path: Parquet file with the typed columns of the table and the unknown ones, in the source's order.
        loaded: Its rows, each with a key of its own.
        merged: Rows that a later row with the same key replaced.
    """

    path: Path
    loaded: int
    merged: int


class StagingTable:
    """Collects the valid rows of one table of one source.

    Args:
        folder: Where the files go; must exist and be the table's own.
        name: Name of the table.
        key: Columns that tell rows apart.
    """

    def __init__(self, folder: Path, name: str, key: Sequence[str]) -> None:
        self._folder = folder
        self._name = name
        self._key = tuple(key)
        self._hashes = KeyHashes(folder / f"{name}.hashes")
        self._parts: list[TableFile] = []
        self._behind = Behind(self._write)

    def add(self, frame: pl.DataFrame) -> None:
        """Append typed rows; unknown columns may differ from batch to batch."""
        if not frame.is_empty():
            self._behind.hand(frame.drop("line", strict=False))

    def abandon(self) -> None:
        """Stop writing: the folder can be removed when this returns. After `finish` it does nothing."""
        self._behind.abandon()

    def finish(self) -> Staged | None:
        """Merge the duplicates and return the table; None if it has no rows."""
        self._behind.finish()
        if self._parts:
            self._parts[-1].close()
        rows, shared = self._hashes.rows, self._hashes.shared()
        self._hashes.close()
        if not rows:
            return None
        older = self._older(shared) if len(shared) else shared
        path = self._folder / f"{self._name}.parquet"
        if len(self._parts) == 1 and not len(older):
            self._parts[0].path.rename(path)
        else:
            self._join(older, path)
        return Staged(path, rows - len(older), len(older))

    def _write(self, frame: pl.DataFrame) -> None:
        if not self._parts or frame.schema != self._parts[-1].schema:
            if self._parts:
                self._parts[-1].close()
            path = self._folder / f"{self._name}.part-{len(self._parts):06}"
            self._parts.append(TableFile(path, frame.schema))
        self._hashes.add(frame.select(self._key))
        self._parts[-1].write(frame)

    def _older(self, shared: Rows) -> Rows:
        """Return the numbers of the rows that a later row with the same key replaces, in order.

        Args:
            shared: The rows whose key another row may have.
        """
        keys = ", ".join(f'"{column}"' for column in self._key)
        with open_database(self._folder / "spill") as database:
            made = False
            for first, frame in self._rows(self._key):
                candidates = frame.with_columns(
                    pl.int_range(first, first + frame.height, dtype=pl.Int64).alias(_ROW)
                ).filter(_mask(shared, first, frame.height))
                database.register("found", candidates.to_arrow())
                database.execute(
                    "INSERT INTO candidates FROM found" if made else "CREATE TABLE candidates AS FROM found"
                )
                made = True
            found = database.execute(
                f'SELECT "{_ROW}" FROM candidates '  # noqa: S608
                f'QUALIFY "{_ROW}" < max("{_ROW}") OVER (PARTITION BY {keys}) ORDER BY "{_ROW}"'
            )
            return np.asarray(found.fetchnumpy()[_ROW], np.int64)

    def _join(self, older: Rows, path: Path) -> None:
        """Write the parts as one table without some rows, and remove them."""
        schema = pl.Schema()
        for part in self._parts:
            schema.update({name: dtype for name, dtype in part.schema.items() if name not in schema})
        whole = TableFile(path, schema)
        for first, frame in self._rows():
            kept = frame.filter(~_mask(older, first, frame.height))
            missing = [pl.lit(None, dtype).alias(name) for name, dtype in schema.items() if name not in kept]
            whole.write(kept.with_columns(missing).select(schema.names()))
        whole.close()
        for part in self._parts:
            part.path.unlink()

    def _rows(self, columns: Sequence[str] | None = None) -> Iterator[tuple[int, pl.DataFrame]]:
        """Yield the rows of all parts in order, each batch with the number of its first row."""
        first = 0
        for part in self._parts:
            for frame in batches(part.path, columns):
                yield first, frame
                first += frame.height


def _mask(rows: Rows, first: int, height: int) -> pl.Series:
    """Return which of `height` rows from number `first` on are among some, which are in order."""
    mask = np.zeros(height, np.bool_)
    low, high = np.searchsorted(rows, (first, first + height))
    mask[rows[low:high] - first] = True
    return pl.Series(mask)
