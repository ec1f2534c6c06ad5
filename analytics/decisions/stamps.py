"""What a workbook remembers of the operations as they were exported, so that decisions find their way back.

It stands on a sheet that no spreadsheet program shows, one row an operation, and goes with the file through
Excel and LibreOffice. It holds no member's name or id.
"""

from __future__ import annotations

import hashlib
from typing import Final

import polars as pl

from analytics.columns import Column, Kind
from analytics.exports.parts import key_of
from analytics.results import Results

#: Name of the sheet.
SHEET: Final = "_cib"
#: Its columns. `members` is a hash of the members and their roles, `decided` the id of the decision that
#: held, `check` a hash of all but the note, which programs may write with other ends of lines.
COLUMNS: Final = tuple(
    Column(name, Kind.ID)
    for name in (
        "run",
        "operation_id",
        "members",
        "rank",
        "score",
        "assets",
        "decision",
        "decided",
        "note",
        "check",
    )
)
CHECKED: Final = ("run", "operation_id", "members", "rank", "score", "assets", "decision", "decided")


def stamps(results: Results) -> pl.DataFrame:
    """Return what to remember of each operation; columns `COLUMNS`, all text."""
    run = dict(results.run.iter_rows()).get("id", "")
    members = fingerprints(results.members.with_columns(key=key_of("")))
    frame = (
        results.operations.select("operation_id", "rank", "score", "assets", "decision")
        .join(members, on="operation_id", how="left", maintain_order="left")
        .join(latest(results), on="operation_id", how="left", maintain_order="left")
        .with_columns(
            run=pl.lit(run), score=shown_score(pl.col("score")), members=pl.col("members").fill_null("")
        )
        .with_columns(pl.all().cast(pl.String).fill_null(""))
    )
    checks = [check(row) for row in frame.select(CHECKED).iter_rows()]
    return frame.with_columns(pl.Series("check", checks, dtype=pl.String)).select(
        [column.name for column in COLUMNS]
    )


def latest(results: Results) -> pl.DataFrame:
    """Return the decision that holds, by operation: its id as `decided`, and its note."""
    return results.decisions.group_by("operation_id", maintain_order=True).agg(
        pl.col("decision").last().alias("decided"), pl.col("note").last()
    )


def shown_score(score: pl.Expr) -> pl.Expr:
    """Return a score as it is compared: programs may keep a digit less."""
    return score.round(6)


def fingerprints(members: pl.DataFrame) -> pl.DataFrame:
    """Return a hash of the members of each operation.

    Args:
        members: `operation_id`, `key`, `role`.

    Returns:
        `operation_id`, `members`.
    """
    told = members.select(
        "operation_id", line=pl.concat_str("key", pl.col("role").fill_null(""), separator="\t")
    )
    whole = told.group_by("operation_id").agg(pl.col("line").sort().str.join("\n")).sort("operation_id")
    hashes = [hashlib.sha256(lines.encode()).hexdigest()[:20] for lines in whole["line"]]
    return whole.select("operation_id", pl.Series("members", hashes, dtype=pl.String))


def check(values: tuple[str, ...]) -> str:
    """Return the hash of a row's values, in the order of the columns."""
    return hashlib.sha256("\x1f".join(values).encode()).hexdigest()[:20]
