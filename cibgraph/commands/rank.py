"""`cib rank`: operations, scored and ranked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cibgraph.context import Context
from cibgraph.output import format_option, plain, print_rows, print_wrapped, set_option

if TYPE_CHECKING:
    from analytics.decisions.deciding import Settled
    from analytics.results import Results

COLUMNS = (
    "rank",
    "operation",
    "score",
    "pages",
    "accounts",
    "groups",
    "instagram_accounts",
    "decision",
    "reason",
)


@click.command()
@click.option("--all", "everything", is_flag=True, help="Also list candidates below the alert threshold.")
@set_option
@format_option
@click.pass_obj
def rank(context: Context, everything: bool, changes: tuple[str, ...], fmt: str) -> None:
    r"""Score and rank the operations, and list them.

    The score is the sum of its signals' bits of evidence; `cib show OP-...` adds it up line by line.
    --set overrides what cib.toml says under [rank].

    \b
    Examples:
      cib rank
      cib rank --all --format csv
      cib rank --set alert_threshold=20
    """
    from cibgraph.pipeline import job
    from cibgraph.settingsfile import parse_changes

    with job(context, "rank", rank=parse_changes(changes)) as work:
        report = work.rank()
        results = work.results(include_candidates=everything)
    print_rows(rows := ranked_rows(results), COLUMNS if fmt == "table" else (*COLUMNS, "notice"), fmt)
    if fmt == "table":
        print_notices(rows)
    say_settled(context, report.settled)
    if results.operations.is_empty():
        context.say("No operation reaches the alert threshold.")
    elif fmt == "table":
        context.say("Next: cib show 1, cib decide, cib export")


def print_notices(rows: list[dict[str, Any]]) -> None:
    """Print what a reader must know of operations before all else."""
    for row in rows:
        if row["notice"]:
            print_wrapped(plain(f"{row['operation']}: {row['notice']}"), rest="  ")


def say_settled(context: Context, settled: Settled) -> None:
    """Say what dismissed operations do."""
    if speaking := len(settled.speaking):
        context.say(f"{speaking:,} dismissed operation{'s speak' if speaking > 1 else ' speaks'} again")
    if touching := len(settled.touching):
        verb = "s touch" if touching > 1 else " touches"
        context.say(f"{touching:,} operation{verb} a watched asset, candidates included")
    for strange in settled.strange:
        context.say(
            f"a decision made in the graph does not count, since there is no such verdict: {plain(strange)}"
        )
    if quiet := len(settled.quiet):
        context.say(
            f"{quiet:,} dismissed operation{'s stay' if quiet > 1 else ' stays'} quiet (--all lists them)"
        )


def ranked_rows(results: Results) -> list[dict[str, Any]]:
    """Return a row for each operation, with its strongest signals as the reason."""
    from analytics.summary import short_reasons

    reasons = short_reasons(results.signals)
    notices = dict(results.details.select("operation_id", "notice").iter_rows())
    return [
        {
            **operation,
            "operation": operation["operation_id"],
            "notice": notices[operation["operation_id"]],
            "reason": reasons.get(operation["operation_id"], ""),
        }
        for operation in results.operations.iter_rows(named=True)
    ]
