"""Parquet, every column turned into text in one way only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl
import pyarrow as pa
import pyarrow.parquet as papq

from cypher.errors import UsageError
from ingest.database import open_database
from ingest.reading.batches import BATCH_ROWS, MAX_CELL, Batch, Reading
from ingest.reading.streams import plain_file
from ingest.rejects import frame as reject_frame

#: Above this a float no longer holds every integer, so an id stored as one may already be another.
_EXACT = 2**53


_CELLS_OR_HEX: Final = "SELECT coalesce(try(decode(cell)), lower(hex(cell))) AS text FROM cells ORDER BY row"


def read_parquet(path: Path) -> Reading:
    """Open a Parquet file, compressed as a whole or not. `line` is the number of the record, from 1.

    Times become RFC 3339 in UTC, lists JSON arrays, whole floats integers.

    Raises:
        UsageError: Not a Parquet file, or damaged.
    """
    try:
        with plain_file(path) as file:
            schema = papq.read_schema(file)
    except (pa.ArrowException, OSError) as error:
        raise _damaged(path, error) from error
    return Reading(tuple(schema.names), _batches(path))


def _batches(path: Path) -> Iterator[Batch]:
    line = 1
    try:
        with plain_file(path) as plain, papq.ParquetFile(plain) as file:
            for part in file.iter_batches(BATCH_ROWS):
                frame = pl.from_arrow(pa.table(part))
                assert isinstance(frame, pl.DataFrame)
                if "line" in frame.columns:
                    frame = frame.rename({"line": "x_line"})
                lines = pl.int_range(line, line + frame.height, eager=True).alias("line")
                line += frame.height
                yield _as_text(frame, lines)
    except (pa.ArrowException, OSError) as error:
        raise _damaged(path, error) from error


def _damaged(path: Path, error: Exception) -> UsageError:
    return UsageError(f"{path}: is not a Parquet file, or damaged ({error})", "Write the file again.")


def _as_text(frame: pl.DataFrame, lines: pl.Series) -> Batch:
    frame = frame.with_columns(
        _decoded(frame[name]) for name, dtype in frame.schema.items() if dtype == pl.Binary
    )
    text = frame.select([_text(name, dtype) for name, dtype in frame.schema.items()]).with_columns(lines)
    reasons = []
    for name in frame.columns:
        long = pl.col(name).str.len_bytes() > MAX_CELL
        reasons.append(pl.when(long).then(pl.lit(f"{name}: the cell is longer than {MAX_CELL >> 20} MiB")))
    told = text.with_columns(pl.coalesce(reasons).alias("reason")) if reasons else text
    if not reasons or told["reason"].null_count() == told.height:
        return Batch(text, reject_frame([]))
    bad = told.filter(pl.col("reason").is_not_null())
    rejects = reject_frame(
        [(line, None, None, reason) for line, reason in bad.select("line", "reason").iter_rows()]
    )
    return Batch(told.filter(pl.col("reason").is_null()).drop("reason"), rejects)


def _decoded(column: pl.Series) -> pl.Series:
    """Return bytes as text, for Spark and others write strings as bytes; a cell that is not UTF-8 as hex."""
    try:
        return column.cast(pl.String)
    except pl.exceptions.ComputeError:
        with open_database() as database:
            database.register("cells", column.to_frame("cell").with_row_index("row").to_arrow())
            read: pl.Series = database.sql(_CELLS_OR_HEX).pl()["text"]
        return read.alias(column.name)


def _text(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if isinstance(dtype, pl.Datetime):
        moved = column.dt.convert_time_zone("UTC") if dtype.time_zone else column
        return moved.dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ")
    if dtype.is_float():
        whole = (column == column.floor()) & (column.abs() < _EXACT)
        return pl.when(whole).then(column.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(
            column.cast(pl.String)
        )  # fmt: skip
    if dtype.is_nested():
        wrapped = pl.struct(column.alias("c")).struct.json_encode()
        return pl.when(column.is_not_null()).then(wrapped.str.slice(5).str.head(-1)).alias(name)
    return column.cast(pl.String, strict=False)
