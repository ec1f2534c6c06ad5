"""Valid rows to one Parquet file a table, duplicates of a key merged, whatever the size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import polars as pl
import pyarrow.parquet as papq

from ingest.database import open_database

#: Order of the rows in the source; of rows with one key the greatest stays.
_ORDER: Final = "__order"


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
        self._rows = 0
        self._writer: papq.ParquetWriter | None = None
        self._schema: object = None
        self._parts = 0

    def add(self, frame: pl.DataFrame) -> None:
        """Append typed rows; unknown columns may differ from batch to batch."""
        if frame.is_empty():
            return
        order = pl.int_range(self._rows, self._rows + frame.height, dtype=pl.Int64).alias(_ORDER)
        table = frame.drop("line", strict=False).with_columns(order).to_arrow()
        if self._writer is None or table.schema != self._schema:
            self._close()
            path = self._folder / f"{self._name}.part-{self._parts:06}"
            self._writer = papq.ParquetWriter(path, table.schema, compression="lz4")
            self._schema = table.schema
            self._parts += 1
        self._writer.write_table(table)
        self._rows += frame.height

    def finish(self) -> Staged | None:
        """Merge the duplicates and return the table; None if it has no rows."""
        self._close()
        if not self._rows:
            return None
        path = self._folder / f"{self._name}.parquet"
        with open_database(self._folder / "spill") as database:
            loaded = self._merge(database, path)
        for part in self._folder.glob(f"{self._name}.part-*"):
            part.unlink()
        return Staged(path, loaded, self._rows - loaded)

    def _merge(self, database: duckdb.DuckDBPyConnection, path: Path) -> int:
        rows = database.read_parquet(str(self._folder / f"{self._name}.part-*"), union_by_name=True)
        rows.create_view("rows")
        keys = ", ".join(f'"{column}"' for column in self._key)
        # Only the keys are gone through to find the last row of each; most sources have no duplicates.
        database.execute(
            f'CREATE TEMP TABLE last AS SELECT max("{_ORDER}") AS "{_ORDER}" FROM rows GROUP BY {keys}'  # noqa: S608
        )
        loaded = database.table("last").count("*").fetchall()[0][0]
        chosen = "rows" if loaded == self._rows else f'rows SEMI JOIN last USING ("{_ORDER}")'
        database.execute(
            f'COPY (SELECT * EXCLUDE ("{_ORDER}") FROM {chosen} ORDER BY "{_ORDER}") '  # noqa: S608
            f"TO '{str(path).replace(chr(39), chr(39) * 2)}' (FORMAT parquet, COMPRESSION lz4_raw)"
        )
        return int(loaded)

    def _close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None
