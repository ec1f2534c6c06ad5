"""NDJSON: one JSON object a line, its values as text exactly as written."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa

from cypher.errors import CibError
from ingest.database import open_database
from ingest.reading.batches import MAX_CELL, Batch, NoRowsError, Reading
from ingest.reading.checks import NUL, refuse_bad_bytes
from ingest.reading.records import Records, split_records
from ingest.reading.streams import text_blocks
from ingest.rejects import frame as reject_frame

#: Objects with more different names than this are not rows of a table.
MAX_COLUMNS: Final = 500

_KIND: Final = """
SELECT line, raw,
    CASE WHEN contains(raw, '\\u0000') THEN $nul
         WHEN NOT json_valid(raw) THEN 'not valid JSON'
         WHEN json_type(raw) <> 'OBJECT' THEN 'not a JSON object'
         WHEN strlen(raw) > $limit THEN $long END AS reason
FROM rows
"""


def read_ndjson(path: Path) -> Reading:
    """Open an NDJSON file. Numbers keep their digits; arrays and objects stay JSON text.

    Raises:
        UsageError: Empty or binary.
        CibError: As `ingest.reading.streams.open_plain`, or more than `MAX_COLUMNS` different names.
    """
    batches = object_batches(path, split_records(text_blocks(path), None))
    first = next(batches, None)
    if first is None:
        raise NoRowsError(f"{path}: is empty", "Give one JSON object a line.")
    columns = tuple(name for name in first.frame.columns if name != "line")
    return Reading(columns, itertools.chain([first], batches))


def object_batches(path: Path, found: Iterable[Records]) -> Iterator[Batch]:
    """Yield batches of records that hold one JSON object each.

    Raises:
        CibError: More than `MAX_COLUMNS` different names.
    """
    names: set[str] = set()
    with open_database() as database:
        for records in found:
            checked = refuse_bad_bytes(records)
            if len(checked.starts) or checked.broken:
                batch = _parse(database, checked)
                names.update(batch.frame.columns)
                if len(names) > MAX_COLUMNS:
                    raise CibError(
                        f"{path}: its objects have more than {MAX_COLUMNS} different names",
                        "Give one table a file, with the same names in every object.",
                    )
                yield batch


def _parse(database: duckdb.DuckDBPyConnection, records: Records) -> Batch:
    offsets = np.concatenate([records.starts, records.ends[-1:]]) if len(records.starts) else np.zeros(1)
    raw = pa.LargeStringArray.from_buffers(
        len(records.starts), pa.py_buffer(offsets.astype(np.int64).tobytes()), pa.py_buffer(records.data)
    )
    database.register("rows", pa.table({"line": records.lines, "raw": raw}))
    long = f"the row is longer than {MAX_CELL >> 20} MiB"
    told = database.sql(_KIND, params={"nul": NUL, "limit": MAX_CELL, "long": long}).pl()
    good = told.filter(pl.col("reason").is_null())
    bad = told.filter(pl.col("reason").is_not_null()).select(
        "line",
        pl.lit(None, pl.String).alias("column"),
        pl.col("raw").str.strip_chars().str.slice(0, 1000).alias("value"),
        "reason",
    )
    broken = reject_frame([(line, None, text, reason) for line, text, reason in records.broken])
    return Batch(_extract(database, good), pl.concat([broken, bad]).sort("line"))


def _extract(database: duckdb.DuckDBPyConnection, good: pl.DataFrame) -> pl.DataFrame:
    database.register("objects", good.select("line", "raw").to_arrow())
    keys = database.sql("SELECT DISTINCT unnest(json_keys(raw)) AS name FROM objects ORDER BY name").pl()
    names = [name for name in keys["name"].to_list() if name.strip()][: MAX_COLUMNS + 1]
    if not names:
        return good.select("line")
    pointers = ["/" + name.replace("~", "~0").replace("/", "~1") for name in names]
    cells: pl.DataFrame = database.sql(
        "SELECT line, json_extract_string(raw, $pointers) AS cells FROM objects",
        params={"pointers": pointers},
    ).pl()
    columns = [pl.col("cells").list.get(index).alias(_column(name)) for index, name in enumerate(names)]
    return cells.select(*columns, "line").sort("line")


def _column(name: str) -> str:
    return "x_line" if name == "line" else name
