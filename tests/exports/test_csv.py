from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from analytics.columns import TABLES, Kind
from analytics.exports import export
from analytics.results import Results
from cypher.errors import CibError, UsageError

from .made_graph import CONTROL, FORMULA, LONG_ID, MARKUP

pytestmark = pytest.mark.server

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
