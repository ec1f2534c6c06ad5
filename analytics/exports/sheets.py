"""Tables as sheets of a workbook: frozen, filtered, fitted to what they hold, in constant memory."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl

from analytics.columns import Column, Kind
from analytics.exports.cells import RowSheet, cell_texts, number_cell, text_cell, time_cell

#: Data rows a sheet, below the header.
SHEET_ROWS: Final = 1_048_575
#: Rows that are made at a time.
_CHUNK: Final = 20_000

_WIDTHS: Final[dict[Kind, int]] = {
    Kind.ID: 46,
    Kind.TEXT: 38,
    Kind.SENTENCE: 72,
    Kind.TERM: 26,
    Kind.LIST: 34,
    Kind.COUNT: 12,
    Kind.NUMBER: 11,
    Kind.BITS: 11,
    Kind.SHARE: 11,
    Kind.PROBABILITY: 11,
    Kind.MONEY: 13,
    Kind.TIME: 20,
}
_LEFT: Final = {"align": "left", "indent": 1}
_RIGHT: Final = {"align": "right", "indent": 1}
_FORMATS: Final[dict[Kind, dict[str, Any]]] = {
    Kind.ID: {"num_format": "@", **_LEFT},
    Kind.TEXT: _LEFT,
    Kind.SENTENCE: {"text_wrap": True, **_LEFT},
    Kind.TERM: _LEFT,
    Kind.LIST: {"text_wrap": True, **_LEFT},
    Kind.COUNT: {"num_format": "#,##0", **_RIGHT},
    Kind.NUMBER: {"num_format": "#,##0", **_RIGHT},
    Kind.BITS: {"num_format": "0.00", **_RIGHT},
    Kind.SHARE: {"num_format": "0%", **_RIGHT},
    Kind.PROBABILITY: {"num_format": "0.0E+00", **_RIGHT},
    Kind.MONEY: {"num_format": "#,##0.00", **_RIGHT},
    Kind.TIME: {"num_format": "yyyy-mm-dd hh:mm:ss", **_LEFT},
}
#: Numbers that are not whole, and those too small for four decimals. One format for all would show `94.`
_FRACTION: Final = "#,##0.0000"
_TINY: Final = "0.0E+00"
#: Points that a line of text takes, and lines that a row shows at most.
_LINE: Final = 13.5
_LINES: Final = 8
#: Characters that a printed page is wide, at a size that can still be read.
_PAGE: Final = 240
_BASE: Final = {
    "valign": "top",
    "bottom": 1,
    "bottom_color": "#E3E7EC",
    "font_name": "Calibri",
    "font_size": 10,
}
#: Backgrounds, which change from operation to operation; those of frozen columns, and of cells to fill in.
_BANDS: Final = ("#FFFFFF", "#F4F7FA")
_FROZEN_BANDS: Final = ("#EEF2F6", "#E4EAF0")
_INPUT: Final = "#FFF8DC"
_TEXTS: Final = {Kind.ID, Kind.TEXT, Kind.SENTENCE, Kind.TERM, Kind.LIST}
_BAR: Final = {"type": "data_bar", "bar_solid": True, "bar_color": "#EDB5A9", "bar_negative_color": "#7FA7C9"}
_COMMENT: Final = {"author": "cibgraph", "x_scale": 1.6, "font_size": 9}


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
        inputs: Columns that people fill in.
        widths: Widths in characters of columns whose kind does not say enough.
        formats: Number formats of columns whose kind does not say enough.
        full: Name of the table of the CSV set that has in full what is cut here; None: there is none.
        colour: Of the tab.
    """

    title: str
    about: str
    columns: tuple[Column, ...]
    rows: Iterator[pl.DataFrame]
    frozen: int = 1
    bars: dict[str, str] = field(default_factory=dict)
    inputs: tuple[str, ...] = ()
    widths: dict[str, int] = field(default_factory=dict)
    formats: dict[str, str] = field(default_factory=dict)
    full: str | None = None
    colour: str = "#1F4E79"


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
            [self._style(column, number, band) for band in range(len(_BANDS))]
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
            if column.kind in _TEXTS:
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
                self._sheet.conditional_format(1, number, last, number, _BAR | colour)
        self._sheet.set_landscape()
        self._sheet.fit_to_pages(math.ceil(sum(self._widths) / _PAGE), 0)
        self._sheet.repeat_rows(0)
        if self._what.frozen:
            self._sheet.repeat_columns(0, self._what.frozen - 1)
        self._sheet.set_paper(9)
        self._sheet.set_footer(f"&L{self._what.title}&C&P / &N&RTimes are UTC")

    def _style(self, column: Column, number: int, band: int) -> list[str]:
        """Return the numbers of the styles of a column: as they are, of fractions, of tiny numbers."""
        style = _BASE | _FORMATS[column.kind] | {"bg_color": _BANDS[band]}
        if column.name in self._what.inputs:
            style |= {"bg_color": _INPUT, "border": 1, "border_color": "#E0D5A8", "text_wrap": True}
        elif number < self._what.frozen:
            style |= {"bg_color": _FROZEN_BANDS[band]}
        if column.name in self._what.formats:
            style |= {"num_format": self._what.formats[column.name]}
        forms = [{}, {"num_format": _FRACTION}, {"num_format": _TINY}]
        many = forms if column.kind is Kind.NUMBER else forms[:1]
        # XlsxWriter numbers a style when it is first used, and its own cells are not all that use it.
        return [str(self._book.add_format(style | form)._get_xf_index()) for form in many]

    def _cell(self, number: int, column: Column) -> pl.Expr:
        value, row = pl.col(column.name), pl.col("_row")
        first, second = (self._which(styles, value) for styles in self._styles[number])
        style = pl.when(pl.col("_band") == 0).then(first).otherwise(second)
        if column.kind in _TEXTS:
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
            if "text_wrap" in _FORMATS[column.kind]
        ]
        most = pl.max_horizontal(pl.lit(1.0), *lines).clip(1, _LINES)
        height = pl.concat_str(pl.lit('" ht="'), most * _LINE, pl.lit('" customHeight="1"'))
        return pl.when(most > 1).then(height).otherwise(pl.lit('"'))

    def _header(self) -> None:
        style = {"bold": True, "font_color": "#FFFFFF", "valign": "vcenter", "font_size": 10}
        identity = self._book.add_format(style | {"indent": 1, "bg_color": "#14304F"})
        measured = self._book.add_format(style | {"bg_color": "#2B5C8A", **_RIGHT})
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
                self._sheet.write_comment(0, number, column.note, _COMMENT)


def _width(column: Column, frame: pl.DataFrame, given: int | None) -> float:
    """Return a width in characters: of the longest of the first values, within what suits the kind."""
    most = given or _WIDTHS[column.kind]
    # The button of the filter takes its place too.
    least = len(column.name) + 5
    if given or column.kind in {Kind.SENTENCE, Kind.TIME}:
        return max(least, most)
    head = frame[column.name].head(1000)
    if head.dtype == pl.List:
        head = head.list.join(" | ")
    longest: Any = head.cast(pl.String).str.len_chars().max()
    return max(least, min(most, int(longest or 0) + 2))
