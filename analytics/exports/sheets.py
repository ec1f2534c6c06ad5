"""Tables as sheets of a workbook: frozen, filtered, fitted to what they hold, in constant memory."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl

from analytics.columns import Column, Kind
from analytics.exports.cells import RowSheet, cell_texts, number_cell, text_cell, time_cell
from analytics.exports.styles import (
    A3,
    A3_HOLDS,
    A4,
    A4_HOLDS,
    BANDS,
    BAR,
    BASE,
    COMMENT,
    FORMATS,
    FRACTION,
    FROZEN_BANDS,
    INPUT,
    LINE,
    LINES,
    RIGHT,
    TEXTS,
    TINY,
    WIDTHS,
)

#: Data rows a sheet, below the header.
SHEET_ROWS: Final = 1_048_575
#: Rows that are made at a time.
_CHUNK: Final = 20_000


@dataclass(frozen=True)
class Sheet:
    """A table as it is shown.

    Attributes:
        title: Of the tab.
        about: What a row is, in a sentence, for the cover.
        columns: In their order.
        rows: The rows; a sheet may be too large for memory, so they come frame by frame.
        frozen: How many columns stay in sight when scrolling sideways.
        bars: Columns that show a bar, with its colour.
        inputs: Columns that people fill in, each with what it asks for.
        choices: What may be filled in; of other inputs anything.
        widths: Widths in characters of columns whose kind does not say enough.
        formats: Number formats of columns whose kind does not say enough.
        full: Name of the table of the CSV set that has in full what is cut here; None: there is none.
        colour: Of the tab.
        hidden: Whether no spreadsheet program shows it.
    """

    title: str
    about: str
    columns: tuple[Column, ...]
    rows: Iterator[pl.DataFrame]
    frozen: int = 1
    bars: dict[str, str] = field(default_factory=dict)
    inputs: dict[str, str] = field(default_factory=dict)
    choices: dict[str, tuple[str, ...]] = field(default_factory=dict)
    widths: dict[str, int] = field(default_factory=dict)
    formats: dict[str, str] = field(default_factory=dict)
    full: str | None = None
    colour: str = "#1F4E79"
    hidden: bool = False


@dataclass
class Written:
    """What became of a table: the sheets it went on, its rows, and how many of its cells had to be cut."""

    sheet: Sheet
    titles: list[str] = field(default_factory=list)
    rows: int = 0
    cut: int = 0


def write_sheet(book: Any, sheet: Sheet) -> Written:
    """Write a table on as many sheets as it needs, the second called `Edges (2)` and so on."""
    done = Written(sheet)
    page: _Page | None = None
    for frame in sheet.rows:
        start = 0
        while start < frame.height or page is None:
            if page is None or page.rows == SHEET_ROWS:
                if page is not None:
                    page.finish()
                title = sheet.title if not done.titles else f"{sheet.title} ({len(done.titles) + 1})"
                done.titles.append(title)
                page = _Page(book, title, sheet, frame)
            some = frame.slice(start, min(_CHUNK, SHEET_ROWS - page.rows))
            done.cut += page.add(some)
            done.rows += some.height
            start += max(some.height, 1)
    if page is None:
        page = _Page(
            book, sheet.title, sheet, pl.DataFrame(schema={c.name: pl.String() for c in sheet.columns})
        )
        done.titles.append(sheet.title)
    page.finish()
    return done


class _Page:
    """One sheet of the workbook in the making."""

    def __init__(self, book: Any, title: str, sheet: Sheet, head: pl.DataFrame) -> None:
        self.rows = 0
        self._what = sheet
        self._book = book
        self._sheet: Any = book.add_worksheet(title, worksheet_class=RowSheet)
        self._sheet.hide_gridlines(2)
        self._sheet.set_tab_color(sheet.colour)
        self._sheet.freeze_panes(1, sheet.frozen)
        self._widths = [_width(column, head, sheet.widths.get(column.name)) for column in sheet.columns]
        for number, width in enumerate(self._widths):
            self._sheet.set_column(number, number, width, None)
        self._header()
        self._styles = [
            [self._style(column, number, band) for band in range(len(BANDS))]
            for number, column in enumerate(sheet.columns)
        ]

    def add(self, frame: pl.DataFrame) -> int:
        """Write rows; return how many cells had to be cut."""
        if frame.is_empty():
            return 0
        columns, cut = self._what.columns, 0
        ready = []
        for column in columns:
            values = frame[column.name]
            if column.kind is Kind.LIST and values.dtype == pl.List:
                values = values.list.join(" | ")
            if column.kind in TEXTS:
                values, some = cell_texts(values)
                cut += some
            ready.append(values.alias(column.name))
        band = frame["band"] if "band" in frame.columns else pl.repeat(0, frame.height, eager=True)
        numbers = pl.int_range(self.rows + 2, self.rows + 2 + frame.height, eager=True).cast(pl.String)
        prepared = pl.DataFrame([*ready, band.alias("_band"), numbers.alias("_row")])
        cells = [self._cell(number, column) for number, column in enumerate(columns)]
        lines = prepared.select(
            pl.concat_str(pl.lit('<row r="'), "_row", self._height(), pl.lit(">"), *cells, pl.lit("</row>"))
        )
        self._sheet.write_xml_rows(lines.to_series().to_list(), self.rows + 1, len(columns))
        self.rows += frame.height
        return cut

    def finish(self) -> None:
        """Set what depends on how many rows there are: the filter, bars and drop-downs."""
        columns, last = self._what.columns, max(self.rows, 1)
        self._sheet.autofilter(0, 0, last, len(columns) - 1)
        for number, column in enumerate(columns):
            if column.name in self._what.bars and self.rows:
                colour = {"bar_color": self._what.bars[column.name]}
                self._sheet.conditional_format(1, number, last, number, BAR | colour)
            if column.name in self._what.inputs and self.rows:
                self._sheet.data_validation(1, number, last, number, self._asked(column.name))
        if self._what.hidden:
            self._sheet.very_hidden()
        self._sheet.set_landscape()
        self._sheet.fit_to_pages(math.ceil(sum(self._widths) / A3_HOLDS), 0)
        self._sheet.repeat_rows(0)
        if self._what.frozen:
            self._sheet.repeat_columns(0, self._what.frozen - 1)
        self._sheet.set_paper(A4 if sum(self._widths) <= A4_HOLDS else A3)
        self._sheet.set_footer(f"&L{self._what.title}&C&P / &N&RTimes are UTC")

    def _asked(self, name: str) -> dict[str, Any]:
        """Return what a cell that people fill in asks for, and what it takes."""
        told = {"input_title": name, "input_message": self._what.inputs[name]}
        if choices := self._what.choices.get(name):
            wrong = f"Choose one of: {', '.join(choices)}."
            return told | {
                "validate": "list",
                "source": list(choices),
                "error_title": name,
                "error_message": wrong,
            }
        return told | {"validate": "any"}

    def _style(self, column: Column, number: int, band: int) -> list[str]:
        """Return the numbers of the styles of a column: as they are, of fractions, of tiny numbers."""
        style = BASE | FORMATS[column.kind] | {"bg_color": BANDS[band]}
        if column.name in self._what.inputs:
            style |= {"bg_color": INPUT, "border": 1, "border_color": "#E0D5A8", "text_wrap": True}
        elif number < self._what.frozen:
            style |= {"bg_color": FROZEN_BANDS[band]}
        if column.name in self._what.formats:
            style |= {"num_format": self._what.formats[column.name]}
        forms = [{}, {"num_format": FRACTION}, {"num_format": TINY}]
        many = forms if column.kind is Kind.NUMBER else forms[:1]
        # XlsxWriter numbers a style when it is first used, and its own cells are not all that use it.
        return [str(self._book.add_format(style | form)._get_xf_index()) for form in many]

    def _cell(self, number: int, column: Column) -> pl.Expr:
        value, row = pl.col(column.name), pl.col("_row")
        first, second = (self._which(styles, value) for styles in self._styles[number])
        style = pl.when(pl.col("_band") == 0).then(first).otherwise(second)
        if column.kind in TEXTS:
            return text_cell(number, row, value, style)
        if column.kind is Kind.TIME:
            return time_cell(number, row, value, style)
        return number_cell(number, row, value, style)

    def _which(self, styles: list[str], value: pl.Expr) -> pl.Expr:
        if len(styles) == 1:
            return pl.lit(styles[0])
        whole, fraction, tiny = map(pl.lit, styles)
        is_whole = value.is_null() | (value == value.round(0))
        return pl.when(is_whole).then(whole).when(value.abs() < 0.001).then(tiny).otherwise(fraction)

    def _height(self) -> pl.Expr:
        """Return the height of a row as an attribute; nothing for one line."""
        lines = [
            # Letters are narrower than the digits that widths are counted in, but words do not fill lines.
            ((pl.col(column.name).str.len_chars() + 1) / (width * 1.2)).ceil()
            + pl.col(column.name).str.count_matches("\n")
            for column, width in zip(self._what.columns, self._widths, strict=True)
            if "text_wrap" in FORMATS[column.kind]
        ]
        most = pl.max_horizontal(pl.lit(1.0), *lines).clip(1, LINES)
        height = pl.concat_str(pl.lit('" ht="'), most * LINE, pl.lit('" customHeight="1"'))
        return pl.when(most > 1).then(height).otherwise(pl.lit('"'))

    def _header(self) -> None:
        style = {"bold": True, "font_color": "#FFFFFF", "valign": "vcenter", "font_size": 10}
        identity = self._book.add_format(style | {"indent": 1, "bg_color": "#14304F"})
        measured = self._book.add_format(style | {"bg_color": "#2B5C8A", **RIGHT})
        when = self._book.add_format(style | {"indent": 1, "bg_color": "#3F6B5C"})
        words = self._book.add_format(style | {"indent": 1, "bg_color": "#5F6B7A"})
        filled = self._book.add_format(style | {"indent": 1, "bg_color": "#8A6D1F"})
        groups = {Kind.ID: identity, Kind.TERM: identity, Kind.TIME: when}
        groups |= dict.fromkeys((Kind.TEXT, Kind.SENTENCE, Kind.LIST), words)
        self._sheet.set_row(0, 26)
        for number, column in enumerate(self._what.columns):
            form = filled if column.name in self._what.inputs else groups.get(column.kind, measured)
            self._sheet.write_string(0, number, column.name, form)
            if column.note:
                self._sheet.write_comment(0, number, column.note, COMMENT)


def _width(column: Column, frame: pl.DataFrame, given: int | None) -> float:
    """Return a width in characters: of the longest of some values, within what suits the kind."""
    most = given or WIDTHS[column.kind]
    # The button of the filter takes its place too.
    least = len(column.name) + 5
    if given or column.kind in {Kind.SENTENCE, Kind.TIME}:
        return max(least, most)
    # From top to bottom: the rows of one operation may have nothing in a column that another fills.
    some = frame[column.name].gather_every(frame.height // 1000 + 1)
    if some.dtype == pl.List:
        some = some.list.join(" | ")
    longest: Any = some.cast(pl.String).str.len_chars().max()
    return max(least, min(most, int(longest or 0) + 2))
