"""The workbook: rows made column by column against XlsxWriter alone, one call a cell, the same cells."""

from __future__ import annotations

import datetime as dt
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import polars as pl
import xlsxwriter

from analytics.columns import TABLES, schema
from analytics.exports.sheets import Sheet, write_sheet
from bench.rows import Row, compare, within

#: Edges that are written, and the seconds that they may take.
EDGES: Final = 200_000
_LIMIT: Final = 20.0
#: What must be gained, by processor time as by the clock.
_GOAL: Final = 2.5


def run() -> list[Row]:
    """Measure sheets of edges."""
    edges = _edges()
    with tempfile.TemporaryDirectory(prefix="cib-bench-") as folder:
        path = Path(folder) / "book.xlsx"

        def ours() -> None:
            with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
                write_sheet(book, Sheet("Edges", "", TABLES["edges"], iter([edges])))

        rows = compare(
            "workbook of edges",
            edges.height,
            ours,
            {"XlsxWriter, constant memory": lambda: _bare(edges, path)},
            before=lambda: path.unlink(missing_ok=True),
            cpu=time.process_time,
            turns=1,
            goal=_GOAL,
        )
        started = time.process_time()
        ours()
        seconds = time.process_time() - started
    return [*rows, within(f"workbook of {EDGES:,} edges", seconds, "s", _LIMIT, "processor time")]


def _bare(edges: pl.DataFrame, path: Path) -> None:
    """Write the same values as XlsxWriter's own users do."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Edges")
        time_style = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for column, name in enumerate(edges.columns):
            sheet.write_string(0, column, name)
        for row, values in enumerate(edges.iter_rows(), start=1):
            for column, value in enumerate(values):
                _write(sheet, row, column, value, time_style)


def _write(sheet: Any, row: int, column: int, value: Any, time_style: Any) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, value)
    elif isinstance(value, dt.datetime):
        sheet.write_datetime(row, column, value.replace(tzinfo=None), time_style)
    elif value is not None:
        sheet.write_number(row, column, value)


def _edges() -> pl.DataFrame:
    number = pl.int_range(EDGES, dtype=pl.Int64)
    began = pl.lit(dt.datetime(2018, 1, 1, tzinfo=dt.UTC))
    return pl.select(
        operation_id=pl.format("OP-{}", (number // 500).cast(pl.String).str.zfill(10)),
        source_platform=pl.lit("facebook"),
        source_kind=pl.lit("account"),
        source_id=(number * 7919 + 10**14).cast(pl.String),
        target_platform=pl.lit("facebook"),
        target_kind=pl.lit("page"),
        target_id=(number * 104_729 + 10**14).cast(pl.String),
        layer=pl.when(number % 4 == 0).then(pl.lit("shared_admin")).otherwise(pl.lit("co_text")),
        weight=2 + number % 40,
        expected=0.0123 + number / 10**6,
        p_value=1.5e-12 * (number + 1),
        q_value=3e-9 * (number + 1),
        first_at=pl.when(number % 4 > 0).then(began + pl.duration(seconds=number)),
        last_at=pl.when(number % 4 > 0).then(began + pl.duration(days=300, seconds=number)),
    ).cast(schema("edges"))  # type: ignore[arg-type]
