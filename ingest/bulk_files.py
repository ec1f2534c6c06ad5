"""The files of a bulk import: Parquet, each with a header in CSV that gives names, types and spaces of keys.

`neo4j-admin database import --input-type=parquet` takes lists, line breaks, quotes, nulls and times as they
are, but for two things (seen in 2026.08): an empty text is no property to it, which `empty_texts` tells of;
and a time before 1970 with a fraction of a second ends the import, so that columns with times before 1970 are
written as text, which it reads as times all the same.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import polars as pl
import pyarrow.parquet as papq

#: Bytes of a group of rows: the importer holds one for each of its threads.
_GROUP: Final = 32 * 2**20
_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_WRITTEN: Final = "%Y-%m-%dT%H:%M:%S%.6fZ"
_TYPES: Final[dict[pl.DataType, str]] = {
    pl.String(): "string",
    pl.Int64(): "long",
    pl.Float64(): "double",
    pl.Boolean(): "boolean",
    pl.Datetime("us", "UTC"): "datetime",
}
#: A name that the header can hold without quotes and that does not look like a part of its syntax.
_PLAIN: Final = re.compile(r"\w+")


@dataclass
class _File:
    """One file of rows, and the header for it."""

    option: str
    header: str
    data: str
    writer: papq.ParquetWriter


class ImportFiles:
    """Files that are being written; a context manager that closes them.

    Args:
        folder: Where they lie; made.

    Attributes:
        nodes: How many nodes there are.
        ties: How many ties.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.nodes = self.ties = 0
        self._files: dict[tuple[Any, ...], _File] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in self._files.values():
            file.writer.close()

    def add_nodes(self, labels: str, space: str, rows: pl.DataFrame) -> None:
        """Add nodes: a frame with `key`, unique in its space, or `id` where there is none, and properties."""
        key = "key" if "key" in rows.columns else "id"
        self.nodes += rows.height
        self._write(f"--nodes={labels}", rows, {key: f"{key}:ID({space})"})

    def add_ties(self, type_: str, ends: tuple[str, str], rows: pl.DataFrame) -> None:
        """Add ties: a frame with `source` and `target`, keys in the spaces `ends`, and properties."""
        self.ties += rows.height
        source, target = ends
        names = {"source": f":START_ID({source})", "target": f":END_ID({target})"}
        self._write(f"--relationships={type_}", rows, names)

    def arguments(self) -> list[str]:
        """Return the options of neo4j-admin that name the files, relative to their folder, and their type."""
        names = (f"{file.option}={file.header},{file.data}" for file in self._files.values())
        return ["--input-type=parquet", *names]

    def _write(self, option: str, rows: pl.DataFrame, ids: dict[str, str]) -> None:
        if not rows.height:
            return
        rows = rows.select(column for column in rows if column.dtype != pl.Null)
        names = tuple(ids.get(column.name) or f"{column.name}:{_type(column)}" for column in rows)
        rows = rows.with_columns(_early_as_text(column) for column in rows if _has_early(column))
        table = rows.to_arrow()
        key = (option, names, *rows.dtypes)
        if key not in self._files:
            self._files[key] = self._open(option, names, rows, table.schema)
        size = max(1, rows.height * _GROUP // max(1, rows.estimated_size()))
        self._files[key].writer.write_table(table, row_group_size=size)

    def _open(self, option: str, names: tuple[str, ...], rows: pl.DataFrame, schema: Any) -> _File:
        number = len(self._files)
        header, data = f"{number}.csv", f"{number}.parquet"
        with (self.folder / header).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([names, rows.columns])
        # Not compressed: written once and read once, and Java would unpack it with libraries of this machine.
        return _File(option, header, data, papq.ParquetWriter(self.folder / data, schema, compression="none"))


def empty_texts(rows: pl.DataFrame) -> bool:
    """Tell whether any text is empty, which the import would make none."""
    texts = [column.name for column in rows if column.dtype == pl.String]
    return bool(texts) and bool(rows.select(pl.any_horizontal((pl.col(texts) == "").any())).item())


def _type(column: pl.Series) -> str:
    """Return a column's type in the words of the header.

    Raises:
        ValueError: The header has no such type, or cannot hold the name.
    """
    if not _PLAIN.fullmatch(column.name):
        raise ValueError(f"no name for a property: {column.name!r}")
    if isinstance(column.dtype, pl.List):
        return f"{_TYPES[column.dtype.inner]}[]"  # type: ignore[index]
    return _TYPES[column.dtype]


def _has_early(column: pl.Series) -> bool:
    if column.dtype == pl.List(pl.Datetime("us", "UTC")):
        column = column.explode()
    if column.dtype != pl.Datetime("us", "UTC"):
        return False
    first = column.min()
    return isinstance(first, dt.datetime) and first < _EPOCH


def _early_as_text(column: pl.Series) -> pl.Series:
    if isinstance(column.dtype, pl.List):
        return column.list.eval(pl.element().dt.strftime(_WRITTEN))
    return column.dt.strftime(_WRITTEN)
