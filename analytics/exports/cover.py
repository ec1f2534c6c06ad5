"""The cover of the workbook: which run this is, how to read it, what is in it, and what is missing."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any, Final

import polars as pl

from analytics.exports.cells import cell_text
from analytics.exports.options import Options
from analytics.exports.sheets import Written
from analytics.exports.wording import day
from analytics.results import Results

TITLE: Final = "Suspected coordinated inauthentic operations"
_INPUT: Final = re.compile(r"inputs\.(?P<source>[^.]+)\.(?P<what>\w+)")
_COUNTS: Final = ("rows_in", "loaded", "merged", "rejected")
#: Operations named on the cover.
_SHOWN: Final = 5

_READING: Final = (
    "Operations are ranked by score, a sum of bits of evidence. Signals has its terms, each with a sentence"
    " that says why.",
    "What is found is coordination and concealment. Who is behind it is for people to judge.",
    "Coordinated edges are tested against chance: q value is the share of false ones to expect among those"
    " as good or better. Evidence has what each pair did or shares.",
    "An empty cell means not known, never 0. Sums of followers are upper bounds. Amounts of money are in the"
    " currency of their row and are never converted. Times are UTC.",
    "Every sheet can be filtered and sorted by its header; hold the pointer over a name there to see what it"
    " means. The shade changes from operation to operation.",
)


class Cover:
    """Writes the cover, line by line."""

    def __init__(self, book: Any, sheet: Any) -> None:
        def style(**more: Any) -> Any:
            return book.add_format({"font_name": "Calibri", "font_size": 10, "valign": "top"} | more)

        self._sheet = sheet
        self._row = 0
        self._title = style(bold=True, font_size=20, font_color="#14304F")
        self._heading = style(bold=True, font_size=12, font_color="#B3261E", bottom=2, bottom_color="#B3261E")
        self._text = style(text_wrap=True)
        self._quiet = style(font_color="#5F6B7A", text_wrap=True)
        self._name = style(bold=True, bottom=1, bottom_color="#E3E7EC")
        self._link = style(bold=True, bottom=1, bottom_color="#E3E7EC", font_color="#1F4E79", underline=1)
        self._cell = style(text_wrap=True, bottom=1, bottom_color="#E3E7EC")
        self._word = style(indent=1, bottom=1, bottom_color="#E3E7EC")
        self._number = style(num_format="#,##0", align="right", indent=1, bottom=1, bottom_color="#E3E7EC")
        self._share = style(num_format="0%", align="right", indent=1, bottom=1, bottom_color="#E3E7EC")
        self._score = style(num_format="0.00", align="right", indent=1, bottom=1, bottom_color="#E3E7EC")
        self._column = style(bold=True, font_color="#FFFFFF", bg_color="#14304F")
        self._measure = style(bold=True, font_color="#FFFFFF", bg_color="#2B5C8A", align="right", indent=1)
        sheet.hide_gridlines(2)
        sheet.set_tab_color("#14304F")
        for place, width in enumerate((24, 62, 12, 12, 12, 12)):
            sheet.set_column(place, place, width)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&P / &N&RTimes are UTC")

    def write(self, results: Results, options: Options, written: Sequence[Written]) -> None:
        """Write all of it."""
        run = dict(results.run.iter_rows())
        self._sheet.set_row(0, 32)
        self._say(TITLE, self._title)
        self._say(_run_line(run), self._quiet)
        found = results.operations.height
        members = f"{results.members.height:,} members" if found else "no members"
        self._say(f"{found:,} operation{'s' * (found != 1)} with {members}.", self._text)
        if results.redacted:
            self._say(
                "A copy to share: ids are keyed hashes, and names, texts, addresses of profiles and rejected"
                " rows are left out. Decisions are taken in the original.",
                self._text,
            )
        self._top(results)
        self._how_to(results, options)
        self._contents(written)
        self._completeness(results, run)

    def _top(self, results: Results) -> None:
        if results.operations.is_empty():
            return
        self._head("Strongest")
        self._columns("operation", "summary", "assets", "score", "known", "decision", text=(0, 1, 5))
        details = {row["operation_id"]: row for row in results.details.iter_rows(named=True)}
        for row in results.operations.head(_SHOWN).iter_rows(named=True):
            more = details.get(row["operation_id"], {})
            self._line(
                (f"{row['rank'] or '-'}  {row['operation_id']}", self._name),
                (more.get("summary"), self._cell),
                (row["assets"], self._number),
                (row["score"], self._score),
                (more.get("completeness"), self._share),
                (row["decision"], self._word),
            )
        if results.operations.height > _SHOWN:
            self._say(
                f"{results.operations.height - _SHOWN:,} more are on the sheet Operations.", self._quiet
            )

    def _how_to(self, results: Results, options: Options) -> None:
        self._head("How to read it")
        links = (
            "Links are plain text. Do not open them on an ordinary machine."
            if options.links == "plain"
            else "Links are made harmless (hxxps://example[.]com). As found they are in the CSV set, and here"
            " with --links plain."
        )
        decide = (
            "To decide, choose confirmed, dismissed or watch in the column decision of Operations, say why in"
            " note, save the workbook, and take it in: cib decide --from operations.xlsx --by NAME"
        )
        for text in (*_READING, links, *([] if results.redacted else [decide])):
            self._say(f"•  {text}", self._text)

    def _contents(self, written: Sequence[Written]) -> None:
        self._head("What is in it")
        self._columns("sheet", "a row is a", "rows", text=(0, 1))
        for done in written:
            if done.sheet.hidden:
                continue
            about = done.sheet.about
            if len(done.titles) > 1:
                about += f"; goes on in {', '.join(done.titles[1:])}"
            if done.cut:
                cells = f"{done.cut:,} cell{'s are' if done.cut != 1 else ' is'}"
                about += f"; {cells} too long, cut with a mark, and whole in {done.sheet.full}.csv"
            self._line((None, self._link), (about, self._cell), (done.rows, self._number))
            title = done.titles[0]
            self._sheet.write_url(self._row - 1, 0, f"internal:'{title}'!A1", self._link, title)

    def _completeness(self, results: Results, run: dict[str, str]) -> None:
        self._head("How complete it is")
        known = results.signals.group_by("signal", maintain_order=True).agg(
            pl.col("value").count().alias("known"), pl.len().alias("all")
        )
        if known.height:
            self._say(
                "A signal of which nothing is known counts nothing, and lowers the stated completeness.",
                self._text,
            )
            self._columns("signal", "", "known for", "of", text=(0, 1))
            for signal, some, every in known.sort("signal").iter_rows():
                gap = "" if some == every else "not known for some" if some else "not known for any"
                self._line(
                    (signal.replace("_", " "), self._name), (gap, self._cell), (some, self._number),
                    (every, self._number),
                )  # fmt: skip
            self._row += 1
        sources = _sources(run)
        if sources:
            self._columns("source", "file", "rows", "loaded", "merged", "rejected", text=(0, 1))
            for source, told in sources.items():
                numbers = [(int(told.get(name, 0)), self._number) for name in _COUNTS]
                name = PurePath(told.get("path", "")).name
                self._line((source, self._name), (name, self._cell), *numbers)

    def _head(self, text: str) -> None:
        self._row += 1
        self._sheet.set_row(self._row, 20)
        for place in range(6):
            self._sheet.write_blank(self._row, place, None, self._heading)
        self._sheet.write_string(self._row, 0, text, self._heading)
        self._row += 1

    def _say(self, text: str, style: Any) -> None:
        """Write a line over the whole width."""
        if style is not self._title:
            self._sheet.set_row(self._row, 13.5 * (1 + len(text) // 160))
        self._sheet.merge_range(self._row, 0, self._row, 5, "", style)
        self._sheet.write_string(self._row, 0, cell_text(text), style)
        self._row += 1

    def _columns(self, *names: str, text: tuple[int, ...]) -> None:
        for place, name in enumerate(names):
            self._sheet.write_string(self._row, place, name, self._column if place in text else self._measure)
        self._row += 1

    def _line(self, *cells: tuple[Any, Any]) -> None:
        long = max((len(value) for value, _ in cells[1:2] if isinstance(value, str)), default=0)
        if long > 74:
            self._sheet.set_row(self._row, 13.5 * (1 + long // 74))
        for place, (value, style) in enumerate(cells):
            if value is None or value == "":
                self._sheet.write_blank(self._row, place, None, style)
            elif isinstance(value, str):
                self._sheet.write_string(self._row, place, cell_text(value), style)
            else:
                self._sheet.write_number(self._row, place, value, style)
        self._row += 1


def _run_line(run: dict[str, str]) -> str:
    began = run.get("started_at", "")
    try:
        when = dt.datetime.fromisoformat(began)
        told = f"{day(when)}, {when:%H:%M} UTC"
    except ValueError:
        told = "at a time that is not on record"
    return (
        f"Run {run.get('id', '(not on record)')}, begun {told}, by cibgraph {run.get('version', '')}".rstrip()
    )


def _sources(run: dict[str, str]) -> dict[str, dict[str, str]]:
    """Return what the run says of each source that was loaded."""
    sources: dict[str, dict[str, str]] = {}
    for name, value in run.items():
        if found := _INPUT.fullmatch(name):
            sources.setdefault(found["source"], {})[found["what"]] = value
    return sources
