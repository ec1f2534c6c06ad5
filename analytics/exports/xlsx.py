"""The workbook: a sheet a table, for people who work in spreadsheets.

Ids are text, numbers are numbers and times real dates in UTC. Nothing is dropped: control characters that
XML forbids show as U+FFFD, a cell over the format's 32,767 characters is cut with a mark (the CSV set has it
whole), and rows beyond the format's limit go on in `Edges (2)` and so on. Text is never taken for a formula,
link or number.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from pathlib import Path
from typing import Any, Final

import polars as pl
import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from analytics.columns import TABLES, Column, Kind
from analytics.exports.options import Options
from analytics.files import written
from analytics.results import Results

#: Data rows a sheet, below the header.
SHEET_ROWS: Final = 1_048_575
#: Characters a cell, counted as the format counts: in UTF-16 units.
CELL_CHARACTERS: Final = 32_767
#: Excel keeps 15 digits of a number.
_EXACT: Final = 10**15

_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

_WIDTHS: Final[dict[Kind, int]] = {
    Kind.ID: 46,
    Kind.TEXT: 38,
    Kind.SENTENCE: 72,
    Kind.TERM: 26,
    Kind.LIST: 34,
    Kind.COUNT: 12,
    Kind.NUMBER: 11,
    Kind.BITS: 10,
    Kind.SHARE: 11,
    Kind.PROBABILITY: 11,
    Kind.MONEY: 13,
    Kind.TIME: 20,
}
_FORMATS: Final[dict[Kind, dict[str, Any]]] = {
    Kind.ID: {"num_format": "@", "align": "left", "indent": 1},
    Kind.TEXT: {"align": "left", "indent": 1},
    Kind.SENTENCE: {"text_wrap": True, "align": "left", "indent": 1},
    Kind.TERM: {"align": "left", "indent": 1},
    Kind.LIST: {"text_wrap": True, "align": "left", "indent": 1},
    Kind.COUNT: {"num_format": "#,##0"},
    Kind.NUMBER: {"num_format": "#,##0"},
    Kind.BITS: {"num_format": "0.00"},
    Kind.SHARE: {"num_format": "0%"},
    Kind.PROBABILITY: {"num_format": "0.0E+00"},
    Kind.MONEY: {"num_format": "#,##0.00"},
    Kind.TIME: {"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left", "indent": 1},
}
#: Numbers that are not whole, and those too small for four decimals. One format for all would show `94.`
_FRACTION: Final = "#,##0.0000"
_TINY: Final = "0.0E+00"
#: Points that a line of text takes, and lines that a row shows at most.
_LINE: Final = 13.5
_LINES: Final = 8
#: Characters that a printed page is wide, at a size that can still be read.
_PAGE: Final = 240
_TAB_COLOURS: Final = {"operations": "#B3261E", "run": "#5F6B7A"}
_BAR: Final = {
    "type": "data_bar",
    "bar_color": "#E08A7B",
    "bar_solid": True,
    "bar_negative_color": "#7FA7C9",
}
_COMMENT: Final = {"author": "cibgraph", "x_scale": 1.6, "font_size": 9}
#: Columns that stay in sight when scrolling sideways.
_FROZEN: Final = {"operations": 3, "signals": 2}


def export_xlsx(results: Results, out_dir: Path, options: Options) -> list[Path]:
    """Write `operations.xlsx` into a folder and return its path.

    Raises:
        CibError: The file cannot be written.
    """
    path = out_dir / "operations.xlsx"
    with written(path) as partial:
        how = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        book = xlsxwriter.Workbook(str(partial), how)
        book.set_properties(
            {"title": "Suspected coordinated inauthentic operations", "comments": "Made by cibgraph"}
        )
        try:
            for table in TABLES:
                _write_table(book, table, getattr(results, table))
        finally:
            try:
                book.close()
            except FileCreateError as error:
                raise error.args[0] if isinstance(error.args[0], OSError) else OSError(str(error)) from error
    return [path]


def _write_table(book: Any, table: str, frame: pl.DataFrame) -> None:
    for part, start in enumerate(range(0, max(frame.height, 1), SHEET_ROWS), start=1):
        name = table.capitalize() if part == 1 else f"{table.capitalize()} ({part})"
        _write_sheet(book, book.add_worksheet(name), table, frame.slice(start, SHEET_ROWS))


def _write_sheet(book: Any, sheet: Any, table: str, frame: pl.DataFrame) -> None:
    columns = TABLES[table]
    sheet.hide_gridlines(2)
    sheet.set_tab_color(_TAB_COLOURS.get(table, "#1F4E79"))
    sheet.freeze_panes(1, _FROZEN.get(table, 1))
    base = {"valign": "top", "bottom": 1, "bottom_color": "#E3E7EC", "font_name": "Calibri", "font_size": 10}
    formats, fractions, widths = [], {}, []
    for number, column in enumerate(columns):
        style = base | _FORMATS[column.kind]
        if number < _FROZEN.get(table, 1):
            style |= {"bg_color": "#F4F6F9"}
        formats.append(book.add_format(style))
        if column.kind is Kind.NUMBER:
            fractions[number] = [book.add_format(style | {"num_format": form}) for form in (_FRACTION, _TINY)]
        widths.append(_width(column, frame))
        sheet.set_column(number, number, widths[number], None)
    _write_header(book, sheet, columns)
    wrapped = [number for number, column in enumerate(columns) if "text_wrap" in _FORMATS[column.kind]]
    for row, values in enumerate(frame.iter_rows(), start=1):
        lines = max((_lines(values[number], widths[number]) for number in wrapped), default=1)
        if lines > 1:
            sheet.set_row(row, _LINE * min(lines, _LINES))
        for number, value in enumerate(values):
            style = formats[number]
            if number in fractions and value is not None and value != round(value, 0):
                style = fractions[number][abs(value) < 0.001]
            _write_cell(sheet, row, number, value, style)
    sheet.autofilter(0, 0, max(frame.height, 1), len(columns) - 1)
    for number, column in enumerate(columns):
        if column.kind is Kind.BITS and frame.height:
            sheet.conditional_format(1, number, frame.height, number, _BAR)
    sheet.set_landscape()
    sheet.fit_to_pages(math.ceil(sum(widths) / _PAGE), 0)
    sheet.repeat_rows(0)
    sheet.repeat_columns(0, _FROZEN.get(table, 1) - 1)
    sheet.set_paper(9)
    sheet.set_footer(f"&L{table}&C&P / &N&RTimes are UTC")


def _write_header(book: Any, sheet: Any, columns: tuple[Column, ...]) -> None:
    style = {"bold": True, "font_color": "#FFFFFF", "valign": "vcenter", "font_size": 10}
    identity = book.add_format(style | {"indent": 1, "bg_color": "#14304F"})
    measured = book.add_format(style | {"bg_color": "#2B5C8A", "align": "right"})
    when = book.add_format(style | {"indent": 1, "bg_color": "#3F6B5C"})
    words = book.add_format(style | {"indent": 1, "bg_color": "#5F6B7A"})
    groups = {Kind.ID: identity, Kind.TERM: identity, Kind.TIME: when}
    groups |= dict.fromkeys((Kind.TEXT, Kind.SENTENCE, Kind.LIST), words)
    sheet.set_row(0, 26)
    for number, column in enumerate(columns):
        sheet.write_string(0, number, column.name, groups.get(column.kind, measured))
        if column.note:
            sheet.write_comment(0, number, column.note, _COMMENT)


def _write_cell(sheet: Any, row: int, column: int, value: Any, style: Any) -> None:
    if value is None or value == "" or value == []:
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, list):
        sheet.write_string(row, column, cell_text(" | ".join(value)), style)
    elif isinstance(value, str):
        sheet.write_string(row, column, cell_text(value), style)
    elif isinstance(value, dt.datetime):
        if value.year >= 1901:
            sheet.write_datetime(row, column, value.replace(tzinfo=None), style)
        else:
            sheet.write_string(row, column, value.isoformat(), style)
    elif math.isfinite(value) and abs(value) < _EXACT:
        sheet.write_number(row, column, value, style)
    else:
        sheet.write_string(row, column, str(value), style)


def cell_text(text: str) -> str:
    """Return text as a cell can hold it: forbidden characters as U+FFFD, over-long text cut with a mark."""
    text = _FORBIDDEN.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    if _units(text) <= CELL_CHARACTERS:
        return text
    mark = f" … [cut: {len(text):,} characters, whole in the CSV set]"
    kept = text.encode("utf-16-le")[: 2 * (CELL_CHARACTERS - _units(mark))]
    return kept.decode("utf-16-le", errors="ignore") + mark


def _units(text: str) -> int:
    return len(text) if len(text) <= CELL_CHARACTERS // 2 else len(text.encode("utf-16-le")) // 2


def _lines(value: Any, width: float) -> int:
    """Return how many lines a wrapped cell takes."""
    text = " | ".join(value) if isinstance(value, list) else value or ""
    # Letters are narrower than the digits that widths are counted in, but words do not fill lines.
    return sum(math.ceil((len(line) + 1) / (width * 1.1)) for line in text.splitlines()) or 1


def _width(column: Column, frame: pl.DataFrame) -> float:
    """Return a width in characters: of the longest of the first values, within what suits the kind."""
    most = _WIDTHS[column.kind]
    least = len(column.name) * 1.1 + 4
    if column.kind in {Kind.SENTENCE, Kind.TIME}:
        return most
    head = frame[column.name].head(1000)
    if head.dtype == pl.List:
        head = head.list.join(" | ")
    longest: Any = head.cast(pl.String).str.len_chars().max()
    return max(least, min(most, int(longest or 0) + 2))
