from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from analytics.columns import TABLES, TIME, Column, Kind
from analytics.exports import export, sheets
from analytics.exports.cells import cell_text
from analytics.exports.links import defanged_links
from analytics.exports.options import Options
from analytics.exports.redaction import redacted
from analytics.exports.sheets import Sheet, write_sheet
from analytics.exports.wording import defang
from analytics.rejected import rejected_files
from analytics.results import Results

from .made_graph import FORMULA, LONG, MARKUP, NAMES

pytestmark = [
    # openpyxl does not know the extension that holds solid data bars, and says so.
    pytest.mark.filterwarnings("ignore:.*extension is not supported"),
]
server = pytest.mark.server

SHEETS = [
    "Read me",
    "Operations",
    "Members",
    "Edges",
    "Evidence",
    "Signals",
    "Ads by currency",
    "Ads",
    "Timeline",
]
SHEETS += ["Changes", "Moves", "Rejected rows", "Run"]
PLAIN = Options(links="plain")


def open_book(path: Path) -> Any:
    return openpyxl.load_workbook(io.BytesIO(path.read_bytes()))


def in_cell(value: Any) -> Any:
    """Say what a cell must hold, written anew here rather than with the exporter's own code."""
    if isinstance(value, list):
        value = " | ".join(value) or None
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, str):
        for forbidden in "\x00\x07\x1b":
            value = value.replace(forbidden, "\ufffd")
        return value.replace("\r\n", "\n") or None
    return value


def rows(book: Any, title: str) -> list[dict[str, Any]]:
    header, *rest = book[title].iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rest]


@server
def test_reads_back_cell_by_cell(results: Results, tmp_path: Path) -> None:
    path, *_ = export(results, "xlsx", tmp_path, PLAIN)
    book = open_book(path)
    assert [name for name in book.sheetnames if book[name].sheet_state == "visible"] == SHEETS
    for table, columns in TABLES.items():
        frame, sheet = getattr(results, table), book[table.capitalize()]
        header, *found = sheet.iter_rows()
        places = {cell.value: place for place, cell in enumerate(header)}
        assert set(frame.columns) <= places.keys()
        assert len(found) == frame.height
        assert sheet.freeze_panes is not None
        assert sheet.auto_filter.ref is not None
        for cells, values in zip(found, frame.iter_rows(), strict=True):
            for column, value in zip(columns, values, strict=True):
                cell = cells[places[column.name]]
                if value == LONG:
                    continue
                assert cell.value == in_cell(value), (table, column.name)
                if column.kind is Kind.ID and value is not None:
                    assert cell.data_type in {"s", "inlineStr"}
    cells = [cell for title in SHEETS[1:] for row in book[title].iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink is not None]


@server
def test_prints_across_with_its_header_and_the_widest_on_larger_paper(
    results: Results, tmp_path: Path
) -> None:
    book = open_book(export(results, "xlsx", tmp_path, PLAIN)[0])
    for title in SHEETS:
        page = book[title]
        assert page.page_setup.orientation == "landscape"
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert page.page_setup.fitToHeight == 0
        assert title == "Read me" or page.print_title_rows == "$1:$1"
    across = {title: (book[title].page_setup.fitToWidth or 1) for title in SHEETS}
    assert across == dict.fromkeys(SHEETS, 1) | {"Operations": 2}
    paper = {book[title].page_setup.paperSize for title in ("Operations", "Evidence", "Run")}
    assert paper == {8, 9}  # A3 and A4


def test_a_column_is_as_wide_as_what_further_rows_hold() -> None:
    column = Column("quote", Kind.TEXT)
    frame = pl.DataFrame({"quote": [None] * 5_000 + ["x" * 30] * 5_000})
    assert sheets._width(column, frame, None) == 32


@server
def test_no_link_can_be_opened_by_accident(results: Results, tmp_path: Path) -> None:
    path, *_ = export(results, "xlsx", tmp_path)
    book = open_book(path)
    texts = [
        str(cell)
        for title in SHEETS[1:]
        for row in book[title].iter_rows(values_only=True)
        for cell in row
        if cell
    ]
    assert not [text for text in texts if "http" in text]
    assert "hxxps://news[.]example[.]com/story?id=1" in texts
    plain = open_book(export(results, "xlsx", tmp_path / "plain", PLAIN)[0])
    assert "https://news.example.com/story?id=1" in [row["object"] for row in rows(plain, "Evidence")]


@server
def test_long_cells_are_cut_with_a_mark_and_whole_in_csv(results: Results, tmp_path: Path) -> None:
    path, csv = export(results, "xlsx", tmp_path)
    book = open_book(path)
    (text,) = [row["text"] for row in rows(book, "Ads") if (row["text"] or "").startswith("ääää")]
    assert len(text) == 32_767
    assert text.endswith("… [cut: 40,000 characters, whole in the CSV set]")
    assert csv.name == "ads.csv"
    assert LONG in csv.read_text(encoding="utf-8")
    cover = " ".join(str(cell) for row in book["Read me"].iter_rows(values_only=True) for cell in row if cell)
    assert "1 cell is too long, cut with a mark, and whole in ads.csv" in cover
    assert len(cell_text("😀" * 40_000).encode("utf-16-le")) // 2 <= 32_767


@server
def test_goes_on_in_further_sheets(results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "SHEET_ROWS", 50)
    path, *_ = export(results, "xlsx", tmp_path)
    book = open_book(path)
    parts = [name for name in book.sheetnames if name.startswith("Edges")]
    assert parts[:2] == ["Edges", "Edges (2)"]
    found = [row for name in parts for row in rows(book, name)]
    assert [row["source_id"] for row in found] == results.edges["source_id"].to_list()


@server
def test_what_stands_beside_the_tables(results: Results, tmp_path: Path) -> None:
    address = "https://fb.example.com/p/1"
    first = results.evidence["source_ref"][0]
    evidence = results.evidence.with_columns(pl.col("source_ref").replace(first, address))
    path, *_ = export(replace(results, evidence=evidence), "xlsx", tmp_path, PLAIN)
    book = open_book(path)
    names = {row["id"]: row["name"] for row in rows(book, "Members")}
    for row in rows(book, "Edges"):
        assert row["source_name"] == names[row["source_id"]]
    shown = rows(book, "Evidence")
    links = {row["source_ref"]: row["source_link"] for row in shown}
    assert links[address] == address
    assert {links[ref] for ref in links if ref.startswith("facebook:post:")} == {
        f"https://www.facebook.com/{ref.split(':')[2]}" for ref in links if ref.startswith("facebook:post:")
    }
    timed = [row for row in shown if row["source_at"] and row["target_at"]]
    for row in timed:
        assert row["seconds_apart"] == abs((row["target_at"] - row["source_at"]).total_seconds())
    found = {(row["currency"]): row for row in rows(book, "Ads by currency")}
    assert found["USD"] == found["USD"] | {
        "ads": 2,
        "spend_lower": 400,
        "spend_upper": 620,
        "without_spend": 0,
    }
    assert found["PKR"] == found["PKR"] | {"ads": 2, "spend_lower": 51_000, "without_spend": 1, "payers": 1}
    months = [row for row in rows(book, "Timeline") if row["operation_id"] == "OP-000001"]
    assert [row["month"] for row in months] == sorted(row["month"] for row in months)
    assert sum(row["ads_started"] for row in months) == 4
    made = results.members.filter(operation_id="OP-000001")["created_at"].count()
    assert sum(row["members_made"] for row in months) == made
    dated = results.evidence.filter(pl.col("source_at").is_not_null(), operation_id="OP-000001").height
    assert sum(row["evidence"] for row in months) == dated


@server
def test_rejected_rows_are_shown_and_never_shared(results: Results, tmp_path: Path) -> None:
    told = {
        "file": "ads.csv",
        "table": "ads",
        "line": 7,
        "column": "id",
        "value": FORMULA,
        "reason": "id is empty",
    }
    folder = tmp_path / "rejected"
    folder.mkdir()
    (folder / "SRC-1.ndjson").write_text(json.dumps(told) + "\n" + json.dumps({**told, "line": None}) + "\n")
    (folder / "SRC-2.refused.ndjson").write_text(json.dumps({**told, "column": None, "value": None}))
    full = replace(results, rejected=rejected_files(folder))
    found = rows(open_book(export(full, "xlsx", tmp_path, PLAIN)[0]), "Rejected rows")
    assert [row["source"] for row in found] == ["SRC-1", "SRC-1", "SRC-2 (refused as a whole)"]
    assert found[0] == {"source": "SRC-1", **told}
    safe = rows(open_book(export(full, "xlsx", tmp_path / "safe")[0]), "Rejected rows")[0]
    assert safe["file"] == "ads.csv"
    assert safe["value"] == FORMULA.replace("http://evil.example", "hxxp://evil[.]example")
    shared = open_book(export(redacted(full, b"k" * 32), "xlsx", tmp_path / "shared")[0])
    assert rows(shared, "Rejected rows") == []
    texts = {
        str(cell) for sheet in shared for row in sheet.iter_rows(values_only=True) for cell in row if cell
    }
    private = {name for name in NAMES if name and len(name) > 5} - set(results.evidence["object"])
    assert not [one for one in private for text in texts if one in text]


@settings(max_examples=12, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.one_of(
                st.none(), st.text(max_size=30), st.sampled_from([FORMULA, MARKUP, "_x0041__x0042_", " a\n"])
            ),
            st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True, width=64)),
            st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1)),
            st.one_of(st.none(), st.datetimes(dt.datetime(1700, 1, 1), dt.datetime(2999, 1, 1))),
        ),
        min_size=1,
        max_size=40,
    )
)
def test_cells_are_what_xlsxwriter_would_write(values: list[tuple[Any, ...]]) -> None:
    columns = (
        Column("a", Kind.TEXT),
        Column("b", Kind.NUMBER),
        Column("c", Kind.COUNT),
        Column("d", Kind.TIME),
    )
    times = [row[3] and row[3].replace(microsecond=0, tzinfo=dt.UTC) for row in values]
    frame = pl.DataFrame(
        {
            "a": pl.Series([row[0] for row in values], dtype=pl.String),
            "b": pl.Series([row[1] for row in values], dtype=pl.Float64),
            "c": pl.Series([row[2] for row in values], dtype=pl.Int64),
            "d": pl.Series(times, dtype=TIME),
        }
    )
    ours, peers = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(ours, {"constant_memory": True}) as book:
        write_sheet(book, Sheet("Sheet", "", columns, iter([frame])))
    with xlsxwriter.Workbook(peers) as book:
        sheet = book.add_worksheet()
        style = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for number, (text, real, whole, time) in enumerate(frame.iter_rows(), start=1):
            if text:
                sheet.write_string(number, 0, cell_text(text))
            for place, value in ((1, real), (2, whole)):
                if value is not None and abs(value) < 10**15:
                    sheet.write_number(number, place, value)
                elif value is not None:
                    sheet.write_string(number, place, frame[frame.columns[place]].cast(pl.String)[number - 1])
            if time is not None and time.year >= 1901:
                sheet.write_datetime(number, 3, time.replace(tzinfo=None), style)
            elif time is not None:
                sheet.write_string(number, 3, time.strftime("%Y-%m-%dT%H:%M:%SZ"))

    def read(file: io.BytesIO) -> Iterator[list[Any]]:
        for row in openpyxl.load_workbook(file).worksheets[0].iter_rows(2, len(values) + 1, 1, 4):
            yield [unescape(cell.value) if isinstance(cell.value, str) else cell.value for cell in row]

    for found, wanted in zip(read(ours), read(peers), strict=True):
        for one, other in zip(found, wanted, strict=True):
            if isinstance(one, int | float):
                # XlsxWriter writes 16 digits, which do not tell every number from the next.
                assert one == pytest.approx(other, rel=1e-14)
            elif one != "_x0041__x0042_":
                # Of two escapes that overlap XlsxWriter leaves the second to be read as a character.
                assert one == other


_HOSTS = st.from_regex(r"[a-z0-9-]{1,6}(\.[a-z]{2,4}){1,2}", fullmatch=True)
_PATHS = st.sampled_from(["", "/a.b?u=http://c.de", ":80/"])
_LINKS = st.builds("{}{}{}".format, st.sampled_from(["https://", "HTTP://", "//", ""]), _HOSTS, _PATHS)
_ODD = st.one_of(st.text(max_size=20), st.sampled_from([FORMULA, MARKUP]), st.none())


@settings(deadline=None)
@given(st.lists(st.one_of(_LINKS, _ODD), max_size=9))
def test_columns_of_links_are_defanged_as_texts_are(links: list[str | None]) -> None:
    wanted = [link if link is None else defang(link) for link in links]
    assert defanged_links(pl.Series(links, dtype=pl.String)).to_list() == wanted
