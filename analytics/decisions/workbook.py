"""Decisions that were made in an exported workbook, taken in: all of them, or none and why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import fastexcel
import polars as pl

from analytics.columns import schema
from analytics.decisions.deciding import adopt, decide, say
from analytics.decisions.journal import MOST_NOTE, VERDICTS, Decision, Verdict
from analytics.decisions.stamps import CHECKED, COLUMNS, SHEET, check, fingerprints
from analytics.exports.cells import cell_text
from analytics.exports.wording import defang
from analytics.memory import Memory
from cypher.errors import UsageError
from cypher.session import Graph

_PAGES: Final = re.compile(r"Operations(?: \(\d+\))?")
_NEEDED: Final = ("operation_id", "rank", "score", "assets", "decision", "note")
#: What a row says of an operation, apart from what people fill in.
_FACTS: Final = ("rank", "score", "assets")
#: Complaints shown at most.
_SHOWN: Final = 10
_AGAIN: Final = "Export a new one, and carry your decisions over: cib export --format xlsx"


@dataclass(frozen=True)
class Row:
    """An operation in a workbook.

    Attributes:
        operation: Its id.
        run: The run that it was exported from.
        members: Hash of its members then.
        decided: Id of the decision that held then, if there was one.
        before: Verdict and note as they were exported, empty if there were none.
        after: Verdict and note as they are in the workbook now.
    """

    operation: str
    run: str
    members: str
    decided: str
    before: tuple[str, str]
    after: tuple[str, str]

    @property
    def changed(self) -> bool:
        """Whether somebody decided."""
        return self.before != self.after


@dataclass(frozen=True)
class Change:
    """A decision that was taken in, and the verdict that held before it, if there was one."""

    decision: Decision
    before: str | None


def take_in(
    path: Path, graph: Graph, memory: Memory, by: str, read: Sequence[Row] | None = None
) -> list[Change]:
    """Put the decisions made in a workbook on record, all or none.

    Who calls holds the workspace. What is as it was exported, or holds already, is no decision.

    Args:
        path: The workbook, as `cib export` wrote it and a spreadsheet program saved it.
        graph: The graph that the last ranking wrote.
        memory: Of the same workspace.
        by: Who decided.
        read: What `decided_in` read of it already.

    Raises:
        UsageError: It is no such workbook, what it says of operations was altered, an operation has changed
            or was decided on since, or a decision is none; it says of which operations and how to mend it.
        CibError: The journal cannot be read or written.
    """
    rows = decided_in(path) if read is None else read
    adopt(graph, memory)
    held = memory.journal.latest()
    now = {name: (one.verdict, _note(one.note.strip())) for name, one in held.items()}
    rows = [row for row in rows if now.get(row.operation) != row.after]
    _refuse(path, "is stale", _stale(rows, graph, held), _AGAIN)
    verdicts = [Verdict(row.operation, row.after[0], by, row.after[1]) for row in rows]
    made = decide(graph, memory, verdicts) if verdicts else []
    return [Change(one, held[one.operation].verdict if one.operation in held else None) for one in made]


def decided_in(path: Path) -> list[Row]:
    """Return what is in a workbook otherwise than it was exported.

    Raises:
        UsageError: It is none that `cib export` wrote, was altered, or a decision is none.
    """
    rows = [row for row in read_workbook(path) if row.changed]
    _refuse(path, "cannot be taken in", _no_decisions(rows), "Mend these cells and try again.")
    return rows


def read_workbook(path: Path) -> list[Row]:
    """Read what a workbook says of operations, in its order.

    Raises:
        UsageError: It is none that `cib export` wrote, or what it says of operations was altered.
    """
    try:
        book = fastexcel.read_excel(path)
        names = book.sheet_names
        pages = [_texts(book, name) for name in names if _PAGES.fullmatch(name)]
        known = _texts(book, SHEET) if SHEET in names else None
    except (fastexcel.FastExcelError, OSError) as error:
        why = "it is no Excel workbook, or damaged" if path.is_file() else "there is no such file"
        raise UsageError(f"{path} cannot be read: {why}", "Save it as an Excel workbook (.xlsx).") from error
    if known is None or not pages or not {column.name for column in COLUMNS} <= set(known.columns):
        raise UsageError(
            f"{path} is no workbook that decisions can be taken from",
            "Use one that `cib export --format xlsx` wrote, whole; a redacted copy is none.",
        )
    for page in pages:
        if missing := [name for name in _NEEDED if name not in page.columns]:
            raise UsageError(
                f"{path}: the sheet Operations has no column {', '.join(missing)} any more",
                f"Columns may be moved, not renamed. {_AGAIN}",
            )
    shown = pl.concat([page.select(_NEEDED) for page in pages])
    # Rows that hold nothing are left behind by whoever deleted what was in them.
    shown = shown.filter(pl.any_horizontal(pl.all() != ""))
    stamps = {stamp["operation_id"]: stamp for stamp in known.iter_rows(named=True)}
    rows = list(shown.iter_rows(named=True))
    _refuse(path, "was altered", _altered(rows, stamps), _AGAIN)
    return [_row(row, stamps[row["operation_id"]]) for row in rows]


def _texts(book: fastexcel.ExcelReader, name: str) -> pl.DataFrame:
    """Return a sheet as text: whole numbers without decimals, missing as empty, no spaces around."""
    frame = book.load_sheet(name, dtypes="string", dtype_coercion="coerce").to_polars()
    return frame.with_columns(pl.all().cast(pl.String).fill_null("").str.strip_chars())


def _row(row: dict[str, str], stamp: dict[str, str]) -> Row:
    return Row(
        row["operation_id"],
        stamp["run"],
        stamp["members"],
        stamp["decided"],
        (stamp["decision"], _note(stamp["note"])),
        (row["decision"].lower(), _note(row["note"])),
    )


def _note(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _altered(rows: Sequence[dict[str, str]], stamps: dict[str, dict[str, str]]) -> Iterable[str]:
    """Say which rows are not as they were exported."""
    seen: set[str] = set()
    for row in rows:
        name = row["operation_id"]
        stamp = stamps.get(name)
        if stamp is None:
            yield f"{name or 'a row without an id'} was not exported"
            continue
        if name in seen:
            yield f"{name} is there twice"
        seen.add(name)
        if check(tuple(stamp[name] for name in CHECKED)) != stamp["check"]:
            yield f"what is remembered of {name} was changed"
        for fact in _FACTS:
            if not _same(row[fact], stamp[fact]):
                was, now = stamp[fact] or "empty", row[fact] or "empty"
                yield f"{name}: {fact} is {now}, and was exported as {was}"


def _same(one: str, other: str) -> bool:
    try:
        return abs(float(one) - float(other)) < 1e-5
    except ValueError:
        return one == other


def _no_decisions(rows: Sequence[Row]) -> Iterable[str]:
    """Say which cells are no decision."""
    for row in rows:
        verdict, note = row.after
        if not verdict and row.before[0]:
            yield f"{row.operation}: decisions are not taken back; choose another than {row.before[0]}"
        elif not verdict:
            yield f"{row.operation}: a note without a decision; choose one"
        elif verdict not in VERDICTS:
            yield f"{row.operation}: {verdict[:60]!r} is no decision; choose {', '.join(VERDICTS)}"
        elif len(note) > MOST_NOTE:
            yield f"{row.operation}: the note has {len(note):,} characters; at most {MOST_NOTE:,} are kept"


def _stale(rows: Sequence[Row], graph: Graph, held: dict[str, Decision]) -> Iterable[str]:
    """Say which operations are not any more what was looked at."""
    ids = [row.operation for row in rows]
    if not ids:
        return
    known = {found["operation"] for found in graph.read("operations/subjects", operations=ids)}
    frame = graph.read_frame(
        "operations/read_members", schema("members") | {"key": pl.String()}, operations=ids
    )
    members: dict[str, str] = dict(fingerprints(frame).iter_rows())
    for row in rows:
        if row.operation not in known:
            yield f"{row.operation} is not there any more"
        elif members.get(row.operation, "") != row.members:
            yield f"{row.operation} has other members, or in other roles, than in {row.run}"
        elif (one := held.get(row.operation)) is not None and not _looked_at(one, row):
            yield f"{row.operation} was decided on since. {say(one)}"


def _looked_at(one: Decision, row: Row) -> bool:
    """Return whether a decision held when the workbook was written; one made in the graph had no id then."""
    if one.id == row.decided:
        return True
    note = cell_text(one.note)
    return one.verdict == row.before[0] and row.before[1] in {note.strip(), defang(note).strip()}


def _refuse(path: Path, what: str, faults: Iterable[str], hint: str) -> None:
    """Raise if there are faults.

    Raises:
        UsageError: With the first of them.
    """
    found = list(faults)
    if found:
        told = "".join(f"\n  {fault}" for fault in found[:_SHOWN])
        if len(found) > _SHOWN:
            told += f"\n  and {len(found) - _SHOWN:,} more"
        raise UsageError(f"{path} {what}; nothing was decided:{told}", hint)
