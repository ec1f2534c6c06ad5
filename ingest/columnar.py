"""Tables in Parquet files that are written and read batch by batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import polars as pl
import pyarrow.parquet as papq

_BATCH: Final = 65_536
_PAGE: Final = 4 << 20

#: Columns of few different values, which are worth a dictionary; for others it is tried in vain.
_FEW: Final = (
    "platform", "author_kind", "author_id", "surface_kind", "surface_id", "language", "kind", "actor",
    "surface", "asset_kind", "source_kind", "target_kind", "type", "role", "country", "currency",
)  # fmt: skip


class TableFile:
    """A Parquet file that is being written.

    Args:
        path: Where it lies.
        schema: What every batch has.
    """

    def __init__(self, path: Path, schema: pl.Schema) -> None:
        self.path = path
        self.schema = schema
        self.rows = 0
        # Views are handed over as they lie in memory, instead of being copied first.
        self._level = pl.CompatLevel.newest()
        self._writer = papq.ParquetWriter(
            path,
            pl.DataFrame(schema=schema).to_arrow(compat_level=self._level).schema,
            compression="lz4",
            # Nobody looks for one text, id or URL; the least and greatest of each page cost time to find.
            write_statistics=[
                name for name, dtype in schema.items() if name == "kind" or dtype.is_temporal()
            ],
            data_page_size=_PAGE,
            use_dictionary=[name for name in schema if name in _FEW],
            # Read as plain strings and not as views by those who know no views.
            store_schema=False,
        )

    def write(self, frame: pl.DataFrame) -> None:
        """Append rows, as a row group of their own."""
        if frame.height:
            self._writer.write_table(frame.to_arrow(compat_level=self._level))
            self.rows += frame.height

    def close(self) -> None:
        """Finish the file."""
        self._writer.close()


def compact(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame that holds on to its own texts only: views keep all those they were chosen from."""
    whole = pl.from_arrow(frame.to_arrow(compat_level=pl.CompatLevel.oldest()))
    assert isinstance(whole, pl.DataFrame)
    return whole


def batches(path: Path, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
    """Yield the rows of a Parquet file in order, whole row groups at a time.

    Args:
        path: The file.
        columns: Those to read; None for all.
    """
    told = papq.read_metadata(path)
    start = size = 0
    for group in range(told.num_row_groups):
        size += told.row_group(group).num_rows
        if size >= _BATCH or group == told.num_row_groups - 1:
            rows = pl.scan_parquet(path, cache=False).slice(start, size)
            yield (rows if columns is None else rows.select(columns)).collect()
            start, size = start + size, 0
