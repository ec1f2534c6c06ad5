"""What readers hand on: batches of text columns with line numbers, and rows that could not be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl

from cypher.errors import UsageError

#: Rows a batch at most, for readers that choose.
BATCH_ROWS: Final = 65_536

#: A cell longer than this is rejected (bytes).
MAX_CELL: Final = 1 << 20

#: A row longer than this is rejected without being parsed (bytes).
MAX_ROW: Final = 16 << 20


class NoRowsError(UsageError):
    """There is nothing in a file, not even a header."""


@dataclass(frozen=True)
class Batch:
    """Some rows of a file.

    Attributes:
        frame: String columns as in the file, null where missing, and `line` (Int64): the physical line where
            the row begins, or the number of the record in a Parquet file.
        rejects: Structurally broken rows, in the columns of `ingest.rejects.SCHEMA`.
    """

    frame: pl.DataFrame
    rejects: pl.DataFrame

    @property
    def rows(self) -> int:
        """Rows of the file that the batch accounts for."""
        return self.frame.height + self.rejects.height


@dataclass(frozen=True)
class Reading:
    """A file being read.

    Attributes:
        columns: Names of the columns; for NDJSON those of its first rows.
        batches: The rows, once, in order.
        notes: What a person should know about the file as a whole.
    """

    columns: tuple[str, ...]
    batches: Iterator[Batch]
    notes: tuple[str, ...] = ()
