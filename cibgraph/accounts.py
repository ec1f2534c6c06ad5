"""The account of a load, for people and for programs: what became of every row of every file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cibgraph.context import Context

if TYPE_CHECKING:
    from ingest.report import LoadReport, SourceReport

#: What became of rows; the first is the sum of the others.
COUNTS: Final = ("rows_in", "loaded", "merged", "rejected")
COLUMNS: Final = ("source", "file", "profile", "table", "derived", *COUNTS)
#: Reasons that are told of what is rejected; the file has all.
_REASONS: Final = 3


def account_rows(report: LoadReport) -> list[dict[str, Any]]:
    """Return a row for each table of each source, and the sum over what the files themselves hold.

    Tables that are `derived` were not in a file but named by its rows, and are left out of the sum.
    """
    from ingest.reading import short_name

    rows: list[dict[str, Any]] = [
        {
            "source": source.source,
            "file": short_name(source.path),
            "profile": source.profile,
            "table": table.table,
            "derived": table.derived,
            **{name: getattr(table, name) for name in COUNTS},
        }
        for source in report.sources
        for table in source.tables
    ]
    return [*rows, {"source": "all", **{name: getattr(report, name) for name in COUNTS}}]


def say_notes(context: Context, report: LoadReport) -> None:
    """Say on stderr what a person should know about the sources."""
    for note in report.notes:
        context.say(note)
    for source in report.sources:
        _say_source(context, source)


def _say_source(context: Context, source: SourceReport) -> None:
    from ingest.reading import short_name

    name = short_name(source.path)
    same = ", unchanged since it was loaded" if source.unchanged else ""
    context.say(f"{name}: read as {source.profile}{same}")
    for note in source.notes:
        context.say(f"{name}: {note}")
    if source.rejected:
        context.say(f"{name}: {_rows(source.rejected)} rejected; see {source.rejected_file}")
    if source.rejected_derived:
        derived = _rows(source.rejected_derived)
        context.say(f"{name}: {derived} named by others (derived) rejected; see {source.rejected_file}")
    if source.rejected_file:
        for reason in _reasons(source.rejected_file):
            context.say(f"{name}:   {reason}")


def _reasons(path: Path) -> Iterator[str]:
    """Yield the commonest reasons, each with how many rows have it and where the first stands."""
    import polars as pl

    from analytics.rejected import read_rejected

    why = ["table", "column", "reason"]
    counted = [
        rows.group_by(why, maintain_order=True).agg(rows=pl.len(), line=pl.col("line").min())
        for rows in read_rejected([path])
    ]
    if not counted:
        return
    reasons = (
        pl.concat(counted)
        .group_by(why, maintain_order=True)
        .agg(pl.col("rows").sum(), pl.col("line").min())
        .sort("rows", descending=True, maintain_order=True)
    )
    for table, column, reason, rows, line in reasons.head(_REASONS).iter_rows():
        where = f"{table}.{column}" if column else table
        first = f" (first in line {line:,})" if line is not None else ""
        yield f"{_rows(rows)}, {where}: {reason}{first}"
    if reasons.height > _REASONS:
        left = int(reasons["rows"][_REASONS:].sum())
        yield f"{_rows(left)} for other reasons"


def _rows(count: int) -> str:
    return f"{count:,} row{'s' * (count != 1)}"
