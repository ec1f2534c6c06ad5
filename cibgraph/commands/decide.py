"""`cib decide`: what an analyst decides on an operation, on record."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cibgraph.context import Context
from cibgraph.output import format_option, plain, print_rows

if TYPE_CHECKING:
    from analytics.decisions.journal import Decision

_COLUMNS = ("decision", "at", "operation", "verdict", "by", "note", "now")
_CHANGED = ("decision", "at", "operation", "before", "verdict", "by", "note")


@click.command()
@click.argument("operation", metavar="[OP-...]", required=False)
@click.option(
    "--verdict",
    type=click.Choice(["confirmed", "dismissed", "watch"]),
    help="What you decide: it is an operation; it is none; keep an eye on it.",
)
@click.option("--by", metavar="NAME", help="Who decides.")
@click.option("--note", default="", metavar="TEXT", help="Why, for those who come after.")
@click.option(
    "--from",
    "workbook",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="Take in what was decided in an exported workbook: all of it, or nothing and why.",
)
@format_option
@click.pass_obj
def decide(
    context: Context,
    operation: str | None,
    verdict: str | None,
    by: str | None,
    note: str,
    workbook: Path | None,
    fmt: str,
) -> None:
    r"""Confirm, dismiss or watch an operation.

    Without an operation, what was decided is listed. Decisions are only ever added; the latest on an
    operation holds. They are kept in the workspace and survive new runs, new loads and the loss of the
    graph. A dismissed operation is no alert any more until it changes materially (docs/decisions.md),
    and then says what changed.

    \b
    Examples:
      cib decide 2 --verdict dismissed --by "Ada" --note "one newsroom, disclosed owner"
      cib decide 1 --verdict confirmed --by "Ada"
      cib decide --from results/operations.xlsx --by "Ada"
      cib decide --format json
    """
    from cypher.errors import UsageError

    if workbook is not None:
        if operation or verdict or note:
            raise UsageError(
                "a workbook names operations, decisions and notes itself",
                "For example: cib decide --from results/operations.xlsx --by NAME",
            )
        if by is None:
            raise UsageError(f"nobody is named who decided in {workbook}", "Say who: --by NAME")
        _take_in(context, workbook, by, fmt)
        return
    if operation is None:
        if verdict or by or note:
            raise UsageError(
                "no operation is named to decide on", "For example: cib decide 1 --verdict watch"
            )
        list_decisions(context, fmt)
        return
    if verdict is None or by is None:
        what = "nobody is named who decides" if verdict else "no verdict is given"
        raise UsageError(
            f"{what} on operation {operation}", "For example: cib decide 1 --verdict confirmed --by NAME"
        )
    from analytics.decisions.deciding import decide as put_on_record
    from analytics.decisions.journal import Verdict
    from cibgraph.pipeline import hold

    with hold(context, "decide") as graph:
        name = operation
        if operation.isdecimal():
            found = graph.read("operations/of_rank", rank=int(operation))
            if not found:
                raise UsageError(
                    f"no operation has rank {operation}", "List them: cib query operations_ranked"
                )
            name = found[0]["operation"]
        (made,) = put_on_record(graph, context.workspace().memory, [Verdict(name, verdict, by, note)])
    context.progress.close()
    print_rows([_row(made, holds=True)], _COLUMNS[:-1], fmt)
    if verdict == "dismissed":
        context.say(f"{plain(name)} stays quiet until it changes materially; `cib rank --all` still lists it")


def _take_in(context: Context, workbook: Path, by: str, fmt: str) -> None:
    """Take in a workbook and print each change."""
    from analytics.decisions.workbook import decided_in, take_in
    from cibgraph.pipeline import hold

    read = decided_in(workbook)  # what is wrong with the workbook is told before a server starts
    with hold(context, "decide") as graph:
        changes = take_in(workbook, graph, context.workspace().memory, by, read)
    context.progress.close()
    rows = [_row(change.decision, holds=True) | {"before": change.before or ""} for change in changes]
    print_rows(rows, _CHANGED, fmt)
    if not rows:
        context.say(f"{workbook} has no decision that is not on record already.")


def list_decisions(context: Context, fmt: str) -> None:
    """Print all decisions of the workspace, the latest last; no server is needed."""
    journal = context.workspace().memory.journal
    decisions = journal.read()
    latest = {one.operation: one.id for one in decisions}
    rows = [_row(one, holds=latest[one.operation] == one.id) for one in decisions]
    print_rows(rows, _COLUMNS, fmt)
    if not rows:
        context.say("Nothing was decided yet.")


def _row(decision: Decision, *, holds: bool) -> dict[str, object]:
    told = {name: getattr(decision, name) for name in _COLUMNS[1:-1]}
    return {"decision": decision.id, **told, "now": "holds" if holds else ""}
