"""Rows set aside: where they stood, what was wrong, and how to mend it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import polars as pl

from ingest.limits import TooManyRejectsError
from ingest.pseudonyms import PLAIN, Pseudonyms
from ingest.tokens import without_token_values

#: A rejected value is cut after this many characters.
MAX_VALUE: Final = 500

#: One row a rejected row: its line, the first column that broke a rule (null: the row as a whole), and why.
SCHEMA: Final = pl.Schema(
    {"line": pl.Int64(), "column": pl.String(), "value": pl.String(), "reason": pl.String()}
)


def frame(rows: Sequence[tuple[int, str | None, str | None, str]]) -> pl.DataFrame:
    """Return rejects given as (line, column, value, reason) as a frame of `SCHEMA`."""
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


class RejectFile:
    """The file of one source's rejects: replaced as a whole when the load of the source ends well.

    With no reject there is no file, and one of an earlier load is removed. If there are too many of them for
    the source to be loaded, they are in `refused`, and the file of what is loaded stays as it is.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.refused = path.with_name(f"{path.stem}.refused{path.suffix}")
        self.count = 0
        self._temporary = path.with_name(f".{path.name}.tmp")
        self._pseudonyms = PLAIN

    def guard(self, pseudonyms: Pseudonyms) -> None:
        """From now on withhold values that could be what is hashed."""
        self._pseudonyms = pseudonyms

    def __enter__(self) -> Self:
        self._temporary.unlink(missing_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, TooManyRejectsError):
            self._temporary.replace(self.refused)
        elif error is not None:
            self._temporary.unlink(missing_ok=True)
        elif self.count:
            self._temporary.replace(self.path)
            self.refused.unlink(missing_ok=True)
        else:
            self.path.unlink(missing_ok=True)
            self.refused.unlink(missing_ok=True)

    def add(self, file: str, table: str, rejects: pl.DataFrame) -> None:
        """Write rejects of one table of one file; an empty frame writes nothing."""
        if rejects.is_empty():
            return
        self.count += rejects.height
        self._temporary.parent.mkdir(parents=True, exist_ok=True)
        rows = self._pseudonyms.withhold(table, rejects).select(
            pl.lit(file).alias("file"),
            pl.lit(table).alias("table"),
            "line",
            "column",
            without_token_values(pl.col("value")).str.slice(0, MAX_VALUE),
            "reason",
        )
        with self._temporary.open("ab") as out:
            rows.write_ndjson(out)
