"""`cib diff`: what changed from one run to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cibgraph.context import Context
from cibgraph.output import format_option, plain, print_json, print_rows, print_wrapped

if TYPE_CHECKING:
    from analytics.history.differing import Difference
    from analytics.history.rankings import Rankings

_COLUMNS = (
    "status",
    "operation_id",
    "rank",
    "rank_before",
    "assets",
    "assets_before",
    "joined",
    "left",
    "why",
)
#: Members named of an operation, of those who joined and of those who left; JSON has all.
_SAMPLE = 5


@click.command()
@click.argument("earlier", metavar="[RUN]", required=False)
@click.argument("later", metavar="[RUN]", required=False)
@click.option("--all", "everything", is_flag=True, help="Also candidates below the alert threshold.")
@format_option
@click.pass_obj
def diff(context: Context, earlier: str | None, later: str | None, everything: bool, fmt: str) -> None:
    r"""Show what changed from one run to another.

    Told are operations, and members that came and left. Without runs, the last two rankings are
    compared; with one, that one and the last. The first letters of a run's id are enough. No server is
    needed.

    \b
    Examples:
      cib diff
      cib diff RUN-20260301 RUN-20260401
      cib diff --all --format json
    """
    from analytics.history.differing import differ

    rankings = context.workspace().memory.rankings
    before, after = _choose(rankings, earlier, later)
    found = differ(rankings.read(before), rankings.read(after), everything=everything)
    if fmt == "json":
        print_json(found.as_dict())
    elif fmt == "csv":
        print_rows(found.changes.iter_rows(named=True), found.changes.columns, fmt)
    else:
        _print(found)


def _choose(rankings: Rankings, earlier: str | None, later: str | None) -> tuple[str, str]:
    from cypher.errors import UsageError

    runs = rankings.runs()
    if later is None and len(runs) < (2 if earlier is None else 1):
        raise UsageError(
            "there are no two rankings to compare",
            "Rankings are kept by `cib rank` and `cib run`: run one again.",
        )
    if earlier is None:
        return runs[-2], runs[-1]
    return rankings.find(earlier), runs[-1] if later is None else rankings.find(later)


def _print(found: Difference) -> None:
    counts = dict(found.changes.group_by("status", maintain_order=True).len().iter_rows())
    told = ", ".join(f"{number:,} {status}" for status, number in counts.items())
    click.echo(f"{found.earlier} to {found.later}: {told or 'no alert in either'}")
    if not counts:
        return
    rows = found.changes.iter_rows(named=True)
    # The status says it already.
    told_once = (row | {"why": "" if row["why"] == row["status"] else row["why"]} for row in rows)
    print_rows(told_once, _COLUMNS, "table")
    for (operation, change), members in found.moves.group_by("operation_id", "change", maintain_order=True):
        names = [
            f"{row['platform']}:{row['kind']}:{row['id']} {row['name'] or ''}".strip()
            for row in members.head(_SAMPLE).iter_rows(named=True)
        ]
        more = f" and {members.height - _SAMPLE:,} more" if members.height > _SAMPLE else ""
        print_wrapped(plain(f"{operation} {change}: {', '.join(names)}{more}"), rest="  ")
