from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from analytics.decisions.deciding import decide
from analytics.decisions.journal import VERDICTS, Verdict
from analytics.decisions.workbook import read_workbook, take_in
from analytics.exports import export
from analytics.exports.redaction import redacted
from analytics.memory import Memory
from analytics.results import Results
from cypher.errors import UsageError
from cypher.session import Graph

from .made_graph import FORMULA

pytestmark = [
    pytest.mark.server,
    # openpyxl does not know the extension that holds solid data bars, and says so.
    pytest.mark.filterwarnings("ignore:.*extension is not supported"),
]
FIRST, SECOND = "OP-000001", "OP-000002"


@pytest.fixture
def book(results: Results, tmp_path: Path) -> Path:
    return export(results, "xlsx", tmp_path)[0]


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory.beside(tmp_path / "layers")


def fill(path: Path, *cells: tuple[str, str, Any]) -> Path:
    """Fill in cells as a person does: of an operation, a column, what is written."""
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    sheet = book["Operations"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    rows = {sheet.cell(row, columns["operation_id"]).value: row for row in range(2, sheet.max_row + 1)}
    for operation, column, value in cells:
        cell = sheet.cell(rows[operation], columns[column])
        cell.value = value
        if isinstance(value, str):
            # Text, whatever it begins with, as if typed with an apostrophe before it.
            cell.data_type = "s"
    filled = path.with_name("filled.xlsx")
    book.save(filled)
    return filled


def test_there_is_a_drop_down(book: Path) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(book.read_bytes()))["Operations"]
    lists = [one for one in sheet.data_validations.dataValidation if one.type == "list"]
    choices = {str(one.sqref): one.formula1 for one in lists}
    assert choices == {"D2:D3": '"confirmed,dismissed,watch"'}
    assert [sheet[f"D{row}"].value for row in (1, 2, 3)] == ["decision", None, "confirmed"]


def test_decisions_are_taken_in_and_each_is_told(book: Path, graph: Graph, memory: Memory) -> None:
    assert take_in(book, graph, memory, "Ada") == []
    note = f"{FORMULA}\nand more"
    filled = fill(book, (FIRST, "decision", " Watch "), (FIRST, "note", note), (SECOND, "note", 5))
    changes = take_in(filled, graph, memory, "Ada")
    told = [(one.decision.operation, one.before, one.decision.verdict, one.decision.note) for one in changes]
    assert told == [(FIRST, None, "watch", note), (SECOND, "confirmed", "confirmed", "5")]
    assert memory.journal.latest()[FIRST].by == "Ada"
    before = memory.journal.path.read_bytes()
    assert take_in(filled, graph, memory, "Bob") == []
    assert memory.journal.path.read_bytes() == before


def test_rows_may_be_sorted_and_columns_moved(book: Path, graph: Graph, memory: Memory) -> None:
    opened = openpyxl.load_workbook(io.BytesIO(book.read_bytes()))
    sheet = opened["Operations"]
    rows = list(sheet.iter_rows(values_only=True))
    sheet.delete_rows(1, sheet.max_row)
    for row in (rows[0], *reversed(rows[1:])):
        sheet.append(("my own", *reversed(row)))
    opened.save(book)
    (change,) = take_in(fill(book, (FIRST, "decision", "confirmed")), graph, memory, "Ada")
    assert change.decision.operation == FIRST


def joins(graph: Graph, memory: Memory) -> None:
    graph.driver.execute_query(
        "MATCH (o:Operation {id: $id}) MERGE (a:Asset:Page {key: 'x:page:1'})"
        " SET a.platform = 'x', a.kind = 'page', a.id = '1' MERGE (a)-[:PART_OF {role: 'front'}]->(o)",
        id=FIRST,
    )


def goes(graph: Graph, memory: Memory) -> None:
    graph.driver.execute_query("MATCH (o:Operation {id: $id}) DETACH DELETE o", id=FIRST)


def decides(graph: Graph, memory: Memory) -> None:
    decide(graph, memory, [Verdict(FIRST, "dismissed", "Bob")])


def test_a_stale_workbook_is_refused_whole(book: Path, graph: Graph, memory: Memory) -> None:
    filled = fill(book, (FIRST, "decision", "confirmed"), (SECOND, "decision", "watch"))
    for meanwhile, why in (
        (decides, "was decided on since. Dismissed on .* “Bob”"),
        (joins, "has other members"),
        (goes, "is not there any more"),
    ):
        meanwhile(graph, memory)
        with pytest.raises(UsageError, match=f"(?s)is stale; nothing was decided:.*{FIRST} .*{why}") as told:
            take_in(filled, graph, memory, "Eve")
        assert "Export a new one" in told.value.hint
        assert SECOND not in told.value.message
        assert "Eve" not in [one.by for one in memory.journal.read()]
    # What has not changed since can still be decided.
    second = fill(book, (SECOND, "decision", "watch"))
    assert [one.decision.operation for one in take_in(second, graph, memory, "Eve")] == [SECOND]


def test_what_was_altered_or_is_no_decision_is_refused(book: Path, graph: Graph, memory: Memory) -> None:
    cases: list[tuple[list[tuple[str, str, Any]], str]] = [
        ([(FIRST, "score", 99)], f"was altered.*{FIRST}: score is 99, and was exported as 21.37"),
        ([(FIRST, "operation_id", "OP-999999")], "was altered.*OP-999999 was not exported"),
        ([(FIRST, "operation_id", SECOND)], f"was altered.*{SECOND} is there twice"),
        ([(FIRST, "decision", "maybe")], f"cannot be taken in.*{FIRST}: 'maybe' is no decision"),
        ([(SECOND, "decision", None)], f"cannot be taken in.*{SECOND}: decisions are not taken back"),
        ([(FIRST, "note", "hm")], f"cannot be taken in.*{FIRST}: a note without a decision"),
        ([(FIRST, "decision", "watch"), (FIRST, "note", "x" * 10_001)], "the note has 10,001 characters"),
    ]
    for cells, why in cases:
        with pytest.raises(UsageError, match=f"(?s){why}"):
            take_in(fill(book, *cells), graph, memory, "Ada")
    assert memory.journal.read() == []


def test_other_files_are_refused(results: Results, book: Path, tmp_path: Path) -> None:
    (tmp_path / "text.xlsx").write_text("no workbook")
    with pytest.raises(UsageError, match="cannot be read"):
        read_workbook(tmp_path / "text.xlsx")
    (shared,) = export(redacted(results, b"k" * 32), "xlsx", tmp_path / "shared")[:1]
    with pytest.raises(UsageError, match="no workbook that decisions can be taken from"):
        read_workbook(shared)
    opened = openpyxl.load_workbook(io.BytesIO(book.read_bytes()))
    opened["_cib"]["C2"].value = "other"
    opened["Operations"]["D1"].value = "verdict"
    opened.save(book)
    with pytest.raises(UsageError, match="no column decision any more"):
        read_workbook(book)
    opened["Operations"]["D1"].value = "decision"
    opened.save(book)
    with pytest.raises(UsageError, match="what is remembered of OP-000001 was changed"):
        read_workbook(book)


def test_opens_in_libreoffice(book: Path, tmp_path: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("no LibreOffice here: install libreoffice-calc to try the workbook in it")
    filled = fill(book, (FIRST, "decision", VERDICTS[0]), (FIRST, "note", "two\nlines"))
    done = subprocess.run(
        [
            office,
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            str(tmp_path / "open"),
            str(filled),
        ],
        capture_output=True,
        text=True,
        timeout=300,
    )
    # It says on standard error that it found no Java, which nothing here needs.
    told = [line for line in done.stderr.splitlines() if "javaldx" not in line]
    assert (done.returncode, told) == (0, []), done.stderr
    # Saved by LibreOffice, the workbook says the same: what was exported, and what was decided in it.
    saved = tmp_path / "open" / "filled.xlsx"
    assert read_workbook(saved) == read_workbook(filled)
    assert [row.after for row in read_workbook(saved) if row.changed] == [(VERDICTS[0], "two\nlines")]
