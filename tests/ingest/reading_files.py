"""Files made for tests of readers, and how to read them whole."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from ingest.reading import open_table


def read(path: Path) -> tuple[pl.DataFrame, list[dict[str, object]], int]:
    """Return all rows, all rejects, and the number of rows that the batches account for."""
    reading = open_table(path)
    batches = list(reading.batches)
    if not batches:
        return pl.DataFrame(schema=dict.fromkeys([*reading.columns, "line"], pl.String)), [], 0
    frame = pl.concat([batch.frame for batch in batches], how="diagonal")
    return frame, [row for batch in batches for row in batch.rejects.to_dicts()], sum(b.rows for b in batches)
