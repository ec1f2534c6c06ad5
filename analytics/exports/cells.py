"""Cells of a spreadsheet as the format writes them: whole columns at a time.

XlsxWriter takes one call a cell; Polars makes the same XML many times as fast (`bench/workbook.py`). So
the book, its styles, filters and the like are XlsxWriter's, and only the rows of tables are made here, as
ECMA-376 part 1, section 18.3.1.4 has them: text as inline strings, never as formulas, numbers as numbers,
times as days since 1899-12-30.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import polars as pl
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

#: Characters a cell, counted as the format counts: in UTF-16 units.
CELL_CHARACTERS: Final = 32_767
#: Excel keeps 15 digits of a number.
_EXACT: Final = 10**15
_FORBIDDEN: Final = "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
#: What readers take for a character written as `_x0041_`.
_ESCAPE: Final = "_x[0-9A-Fa-f]{4}_"
#: Days from the format's first to 1970.
_EPOCH: Final = 25_569


class RowSheet(Worksheet):  # type: ignore[misc]
    """A sheet that also takes rows of ready XML, in the order of their numbers and after all other cells."""

    def write_xml_rows(self, rows: Sequence[str], first: int, columns: int) -> None:
        """Write rows.

        Args:
            rows: One `<row>` element each.
            first: Number of the first, from 0.
            columns: How many columns they fill.
        """
        if not rows:
            return
        last = first + len(rows) - 1
        self._check_dimensions(first, 0)
        self._check_dimensions(last, columns - 1)
        # What was written cell by cell waits until the next row begins.
        self._write_single_row(last)
        self.row_data_fh.write("".join(rows))


def cell_text(text: str) -> str:
    """Return text as a cell can hold it: forbidden characters as U+FFFD, over-long text cut with a mark."""
    text = re.sub(_FORBIDDEN, "\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    if _units(text) <= CELL_CHARACTERS:
        return text
    mark = f" … [cut: {len(text):,} characters, whole in the CSV set]"
    kept = text.encode("utf-16-le")[: 2 * (CELL_CHARACTERS - _units(mark))]
    return kept.decode("utf-16-le", errors="ignore") + mark


def cell_texts(texts: pl.Series) -> tuple[pl.Series, int]:
    """Return a column of texts as cells can hold them (see `cell_text`), and how many had to be cut."""
    clean = texts.str.replace_all("\r\n", "\n", literal=True).str.replace_all("\r", "\n", literal=True)
    clean = clean.str.replace_all(_FORBIDDEN, "\ufffd")
    # Bytes are at least as many as units, so that of most columns nothing is looked at one by one.
    long = clean.filter(clean.str.len_bytes() > CELL_CHARACTERS)
    over = [text for text in long.unique().to_list() if _units(text) > CELL_CHARACTERS]
    if not over:
        return clean, 0
    return clean.replace(over, [cell_text(text) for text in over]), int(long.is_in(over).sum())


def text_cell(number: int, row: pl.Expr, text: pl.Expr, style: pl.Expr) -> pl.Expr:
    """Return the cells of a column of texts that fit (`cell_texts`); missing and empty ones are blank.

    Args:
        number: The column's, from 0.
        row: The rows' numbers as the sheet shows them, as text.
        text: The texts.
        style: The styles' numbers, as text.
    """
    escaped = pl.when(text.str.contains(_ESCAPE)).then(
        text.str.replace_all("_x", "_x005F_x", literal=True)
    ).otherwise(text)  # fmt: skip
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        escaped = escaped.str.replace_all(character, entity, literal=True)
    space = (
        pl.when(text.str.contains(r"^\s|\s$|\n")).then(pl.lit(' xml:space="preserve"')).otherwise(pl.lit(""))
    )
    full = pl.concat_str(
        *_start(number, row, style),
        pl.lit('" t="inlineStr"><is><t'),
        space,
        pl.lit(">"),
        escaped,
        pl.lit("</t></is></c>"),
    )
    return pl.when(text.is_null() | (text == "")).then(_blank(number, row, style)).otherwise(full)


def number_cell(number: int, row: pl.Expr, value: pl.Expr, style: pl.Expr) -> pl.Expr:
    """Return the cells of a column of numbers; those that the format would round are text."""
    real = value.cast(pl.Float64)
    fits = real.is_finite() & (real.abs() < _EXACT)
    text = value.cast(pl.String)
    full = pl.concat_str(*_start(number, row, style), pl.lit('"><v>'), text, pl.lit("</v></c>"))
    return (
        pl.when(value.is_null())
        .then(_blank(number, row, style))
        .when(fits)
        .then(full)
        .otherwise(text_cell(number, row, text, style))
    )


def time_cell(number: int, row: pl.Expr, time: pl.Expr, style: pl.Expr) -> pl.Expr:
    """Return the cells of a column of times in UTC; years before 1901, which the format lacks, are text."""
    days = time.dt.epoch("ms") / 86_400_000 + _EPOCH
    return (
        pl.when(time.dt.year() >= 1901)
        .then(number_cell(number, row, days, style))
        .otherwise(text_cell(number, row, time.dt.to_string("%Y-%m-%dT%H:%M:%S%.fZ"), style))
    )


def _start(number: int, row: pl.Expr, style: pl.Expr) -> tuple[pl.Expr, ...]:
    return pl.lit(f'<c r="{xl_col_to_name(number)}'), row, pl.lit('" s="'), style


def _blank(number: int, row: pl.Expr, style: pl.Expr) -> pl.Expr:
    return pl.concat_str(*_start(number, row, style), pl.lit('"/>'))


def _units(text: str) -> int:
    return len(text) if len(text) <= CELL_CHARACTERS // 2 else len(text.encode("utf-16-le")) // 2
