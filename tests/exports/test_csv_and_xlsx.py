from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from analytics.columns import TABLES, Kind
from analytics.exports import export, xlsx
from analytics.results import Results
from cypher.errors import CibError, UsageError

from .made_graph import CONTROL, FORMULA, LONG, LONG_ID, MARKUP

pytestmark = [
    pytest.mark.server,
    # openpyxl does not know the extension that holds solid data bars, and says so.
    pytest.mark.filterwarnings("ignore:.*extension is not supported"),
]

TEXTS = {Kind.ID, Kind.TEXT, Kind.SENTENCE, Kind.TERM}


def expected_csv(value: Any, kind: Kind) -> str:
    """Say what a cell must hold, written anew here rather than with the exporter's own code."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        text = value.strftime("%Y-%m-%dT%H:%M:%S")
        return text + (f".{value.microsecond // 1000:03d}Z" if value.microsecond else "Z")
    if isinstance(value, list):
        value = '["' + '", "'.join(value) + '"]' if any("|" in item for item in value) else "|".join(value)
    elif kind not in TEXTS:
        return str(value)
    number = value.removeprefix("-").isdigit()
    return "'" + value if value[:1] in {"=", "+", "-", "@", "\t", "\r"} and not number else value


def test_csv_reads_back_cell_by_cell(results: Results, tmp_path: Path) -> None:
    paths = export(results, "csv", tmp_path / "out")
    assert [path.stem for path in paths] == list(TABLES)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(path.name for path in paths)
    for path in paths:
        frame = getattr(results, path.stem)
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        assert header == frame.columns
        assert len(rows) == frame.height
        for row, values in zip(rows, frame.iter_rows(), strict=True):
            for column, cell, value in zip(TABLES[path.stem], row, values, strict=True):
                if column.kind in TEXTS | {Kind.LIST, Kind.TIME} or value is None:
                    assert cell == expected_csv(value, column.kind), column.name
                else:
                    assert float(cell) == value, column.name


def test_csv_defuses_text_and_leaves_numbers(results: Results, tmp_path: Path) -> None:
    export(results, "csv", tmp_path)
    members = (tmp_path / "members.csv").read_bytes().decode()
    assert "\"'=HYPERLINK(" in members
    assert ",-1001234567," in members
    assert f",{LONG_ID}," in members
    assert "'\ttab" in members
    assert ",-2.0," in (tmp_path / "signals.csv").read_text()
    assert members.count("\r\n") > results.members.height


def open_book(path: Path) -> Any:
    return openpyxl.load_workbook(io.BytesIO(path.read_bytes()))


def in_cell(value: Any) -> Any:
    if isinstance(value, list):
        value = " | ".join(value) or None
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, str):
        for forbidden in "\x00\x07\x1b":
            value = value.replace(forbidden, "\ufffd")
        return value.replace("\r\n", "\n") or None
    return value


def test_xlsx_reads_back_cell_by_cell(results: Results, tmp_path: Path) -> None:
    (path,) = export(results, "xlsx", tmp_path)
    book = open_book(path)
    assert book.sheetnames == ["Operations", "Members", "Edges", "Evidence", "Signals", "Ads", "Run"]
    for name in book.sheetnames:
        frame = getattr(results, name.lower())
        header, *rows = book[name].iter_rows()
        assert [cell.value for cell in header] == frame.columns
        assert len(rows) == frame.height
        assert book[name].freeze_panes is not None
        assert book[name].auto_filter.ref is not None
        for cells, values in zip(rows, frame.iter_rows(), strict=True):
            for column, cell, value in zip(TABLES[name.lower()], cells, values, strict=True):
                if value == LONG:
                    continue
                assert cell.value == in_cell(value), (name, column.name)
                assert cell.data_type != "f"
                assert cell.hyperlink is None
                if column.kind is Kind.ID and value is not None:
                    assert cell.data_type in {"s", "inlineStr"}


def test_xlsx_cuts_long_cells_with_a_mark(results: Results, tmp_path: Path) -> None:
    (path,) = export(results, "xlsx", tmp_path)
    cells = [cell for row in open_book(path)["Ads"].iter_rows(values_only=True) for cell in row]
    (cut,) = [cell for cell in cells if isinstance(cell, str) and cell.startswith("ääää")]
    assert len(cut) == 32_767
    assert cut.endswith("… [cut: 40,000 characters, whole in the CSV set]")
    assert len(xlsx.cell_text("😀" * 40_000).encode("utf-16-le")) // 2 <= 32_767


def test_xlsx_keeps_text_that_looks_like_an_escape(results: Results, tmp_path: Path) -> None:
    run = pl.DataFrame({"name": ["_x0041_"], "value": ["a_x000D_b"]})
    (path,) = export(Results(**{**vars(results), "run": run}), "xlsx", tmp_path)
    from openpyxl.utils.escape import unescape

    cells = [cell.value for cell in open_book(path)["Run"][2]]
    assert [unescape(cell) for cell in cells] == ["_x0041_", "a_x000D_b"]


def test_xlsx_goes_on_in_further_sheets(
    results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "SHEET_ROWS", 50)
    (path,) = export(results, "xlsx", tmp_path)
    book = open_book(path)
    parts = [name for name in book.sheetnames if name.startswith("Edges")]
    assert parts[:2] == ["Edges", "Edges (2)"]
    ids = [cell for name in parts for cell in list(book[name].values)[1:]]
    assert [row[3] for row in ids] == results.edges["source_id"].to_list()


def test_unknown_format_and_unwritable_folder(results: Results, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="pdf"):
        export(results, "pdf", tmp_path)
    (tmp_path / "file").write_text("in the way")
    for fmt in ("csv", "xlsx", "html"):
        with pytest.raises(CibError, match="cannot write"):
            export(results, fmt, tmp_path / "file" / "out")


def test_hostile_values_are_there_at_all(results: Results) -> None:
    names = results.members["name"].to_list()
    assert {FORMULA, MARKUP, CONTROL} <= set(names)
