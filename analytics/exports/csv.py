"""The CSV set: one UTF-8 file a table, after RFC 4180, that a spreadsheet can open without harm.

Lines end in CRLF, times are RFC 3339 in UTC, a missing value is an empty cell, the items of a list are
separated by `|` (a list with an item that holds a `|` is a JSON array instead).

A cell of a text column that begins with `=`, `+`, `-`, `@`, tab or carriage return gets a leading apostrophe,
so that no spreadsheet takes it for a formula. Whole numbers in a text column (a Telegram id such as
`-1001234`) are left alone, since a number is no formula; numeric columns are never touched.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import polars as pl

from analytics.columns import TABLES, Kind
from analytics.exports.options import Options
from analytics.files import written
from analytics.results import Results

_FORMULA: Final = r"^[=+\-@\t\r]"
#: Kinds that are written as numbers.
_NUMBERS: Final = {Kind.COUNT, Kind.NUMBER, Kind.BITS, Kind.SHARE, Kind.PROBABILITY, Kind.MONEY}
_WHOLE_NUMBER: Final = r"^-?\d+$"
#: A fraction of a second only where there is one.
_RFC_3339: Final = "%Y-%m-%dT%H:%M:%S%.fZ"


def export_csv(results: Results, out_dir: Path, options: Options) -> list[Path]:
    """Write `operations.csv`, `members.csv`, ... into a folder and return their paths.

    Args:
        results: What to write.
        out_dir: Where.
        options: Whether the files begin with a byte-order mark.

    Raises:
        CibError: The folder cannot be written.
    """
    return [export_table(results, table, out_dir, options) for table in TABLES]


def export_table(results: Results, table: str, out_dir: Path, options: Options) -> Path:
    """Write one table of the set.

    Raises:
        CibError: The folder cannot be written.
    """
    path = out_dir / f"{table}.csv"
    with written(path) as partial:
        as_text(getattr(results, table), table).write_csv(
            partial, line_terminator="\r\n", null_value="", include_bom=options.bom
        )
    return path


def as_text(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """Return a table as it is written: times and lists as text, formulas defused, numbers as they are."""
    return frame.select(_written(column.name, column.kind) for column in TABLES[table])


def _written(name: str, kind: Kind) -> pl.Expr:
    column = pl.col(name)
    if kind is Kind.TIME:
        return column.dt.to_string(_RFC_3339)
    if kind in _NUMBERS:
        return column
    return defused(_list_cell(column) if kind is Kind.LIST else column).alias(name)


def defused(text: pl.Expr) -> pl.Expr:
    """Return a text as a cell that no spreadsheet takes for a formula."""
    risky = text.str.contains(_FORMULA) & ~text.str.contains(_WHOLE_NUMBER)
    return pl.when(risky).then(pl.lit("'") + text).otherwise(text)


def _list_cell(column: pl.Expr) -> pl.Expr:
    ambiguous = column.list.eval(pl.element().str.contains("|", literal=True)).list.any()
    as_json = column.map_elements(
        lambda items: json.dumps(items.to_list(), ensure_ascii=False), return_dtype=pl.String
    )
    return pl.when(ambiguous).then(as_json).otherwise(column.list.join("|"))
