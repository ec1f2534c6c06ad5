"""The tables of a made dataset: collected as columns, then written as canonical CSV or Parquet files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

from ingest.tables import ANSWERS, TABLES, Column

FORMATS: Final = ("csv", "parquet")

_ALL: Final = TABLES | ANSWERS
#: Ids shorter than this get leading zeros, which a careless spreadsheet drops.
_ID_DIGITS: Final = 15
_LISTS: Final = ("list", "countries")


class Dataset:
    """Rows of every table, added as columns.

    Ids are integers and times integer microseconds (UTC) until the tables are finished; lists are text joined
    by `|`.
    """

    def __init__(self) -> None:
        self._frames: dict[str, list[pl.DataFrame]] = defaultdict(list)

    def add(self, table: str, columns: Mapping[str, Any], *, platform: str = "facebook") -> None:
        """Add rows; a scalar is repeated, a column that is not given is missing.

        Args:
            table: A canonical table, `truth` or `lookalikes`.
            columns: Series, arrays of one length, or scalars.
            platform: Of every row.
        """
        lengths = [
            len(values)
            for values in columns.values()
            if hasattr(values, "__len__") and values is not None and not isinstance(values, str)
        ]
        if not lengths or not lengths[0]:
            return
        declared = {column.name: column for column in _ALL[table].columns}
        cells = {"platform": platform, **columns}
        frame = pl.DataFrame({"_row": pl.int_range(lengths[0], eager=True)}).with_columns(
            self._cell(declared[name], values).alias(name) for name, values in cells.items()
        )
        self._frames[table].append(frame.drop("_row"))

    @staticmethod
    def _cell(column: Column, values: Any) -> pl.Expr:
        if values is None or isinstance(values, str | int | bool):
            cell = pl.lit(values)
        elif isinstance(values, np.ndarray) and values.dtype == object:
            cell = pl.lit(pl.Series(values.tolist(), dtype=pl.String))
        else:
            cell = pl.lit(pl.Series(values))
        if column.type == "id":
            text = cell.cast(pl.String)
            return pl.when(text.is_not_null()).then(text.str.zfill(_ID_DIGITS))
        if column.type == "time":
            # To the second, in every format: a fraction would tell who was drawn how.
            return (cell.cast(pl.Int64) // 1_000_000 * 1_000_000).cast(column.dtype)
        return cell.cast(pl.String if column.type in _LISTS else column.dtype)

    def tables(self) -> dict[str, pl.DataFrame]:
        """Return the tables that have rows: canonical columns, one row a key, ordered by key."""
        made = {}
        for name, table in _ALL.items():
            if not (frames := self._frames.get(name)):
                continue
            frame = pl.concat(frames, how="diagonal")
            missing = [c for c in table.columns if c.name not in frame.columns]
            frame = frame.with_columns(
                pl.lit(None, pl.String if c.type in _LISTS else c.dtype).alias(c.name) for c in missing
            ).select(table.names)
            made[name] = frame.unique(table.key, keep="first", maintain_order=True).sort(table.key)
        return made


def write(tables: Mapping[str, pl.DataFrame], out_dir: Path, fmt: str) -> list[Path]:
    """Write each table to a file named after it; return the files.

    Args:
        tables: As `Dataset.tables` returns them.
        out_dir: Made where it is missing.
        fmt: One of `FORMATS`.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    written = []
    for name, frame in tables.items():
        # The answers stay CSV in any format: people read them, the loader does not.
        suffix = "csv" if name in ANSWERS else fmt
        path = out_dir / f"{name}.{suffix}"
        if suffix == "csv":
            frame.write_csv(path, datetime_format="%Y-%m-%dT%H:%M:%SZ")
        else:
            lists = [c.name for c in _ALL[name].columns if c.type in _LISTS]
            frame.with_columns(pl.col(lists).str.split("|")).write_parquet(path)
        written.append(path)
    return written
