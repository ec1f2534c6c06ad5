"""Rows that loading set aside, as far as the workspace still has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import polars as pl

from analytics.columns import DTYPES, Column, Kind
from cypher.errors import CibError

#: Bytes that are read at a time.
_BLOCK: Final = 16 << 20

#: What is told of each.
REJECTED: Final = (
    Column("source", Kind.ID, "Id of the source; the Run sheet has its path."),
    Column("file", Kind.TEXT),
    Column("table", Kind.TERM),
    Column("line", Kind.COUNT, "In the file. Empty: not one row, but the source as a whole."),
    Column("column", Kind.TERM, "The first that broke a rule. Empty: the row as a whole."),
    Column("value", Kind.TEXT, "As it stood there, at most its first 500 characters."),
    Column("reason", Kind.SENTENCE, "What is wrong, and how to mend it."),
)
_SCHEMA: Final = {column.name: DTYPES[column.kind] for column in REJECTED if column.name != "source"}


def rejected_files(folder: Path) -> tuple[Path, ...]:
    """Return the files of rejected rows below a workspace's `rejected`, by name."""
    return tuple(sorted(folder.glob("*.ndjson")))


def read_rejected(files: Iterable[Path]) -> Iterator[pl.DataFrame]:
    """Yield the rejected rows of some files, a part at a time, so that any number can be read.

    Raises:
        CibError: A file cannot be read.
    """
    for path in files:
        # A source that had too many of them was refused, and its file says so in its name.
        source = path.stem.replace(".refused", " (refused as a whole)")
        try:
            with path.open("rb") as file:
                while block := file.read(_BLOCK):
                    rows = pl.read_ndjson(block + file.readline(), schema=_SCHEMA)
                    yield rows.select(pl.lit(source).alias("source"), *_SCHEMA)
        except (OSError, pl.exceptions.PolarsError) as error:
            raise CibError(
                f"{path} cannot be read: {str(error).splitlines()[0]}",
                "Load the source again, which writes the file anew, or delete the file.",
            ) from error
