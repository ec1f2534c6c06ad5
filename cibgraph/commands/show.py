"""`cib show`: one operation, explained."""

from __future__ import annotations

from typing import Any

import click

from cibgraph.context import Context
from cibgraph.output import plain, print_json, print_rows, table_cell

#: Rows of evidence and members shown to a person; JSON has all.
_SAMPLE = 10


@click.command()
@click.argument("operation", metavar="OP-...")
@click.option(
    "--format",
    "fmt",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print.",
)
@click.pass_obj
def show(context: Context, operation: str, fmt: str) -> None:
    r"""Explain an operation: members, score and evidence.

    A rank may stand for the operation that has it.

    \b
    Examples:
      cib show 1
      cib show 1 --format json
    """
    from analytics.results import read_results

    with context.connect(read_only=True) as graph:
        results = read_results(graph, context.workspace().layers, include_candidates=True)
    context.progress.close()
    story = tell(results, operation)
    if fmt == "json":
        print_json(story)
    else:
        _print(story)


def tell(results: Any, operation: str) -> dict[str, Any]:
    """Return all that is known about an operation: row, summary, members, signals, edges, evidence.

    Args:
        results: An `analytics.results.Results`.
        operation: An operation's id, or its rank.

    Raises:
        UsageError: There is no such operation.
    """
    import polars as pl

    from cypher.errors import UsageError

    wanted = (
        pl.col("rank") == int(operation) if operation.isdecimal() else pl.col("operation_id") == operation
    )
    found = results.operations.filter(wanted)
    if found.is_empty():
        raise UsageError(f"there is no operation {operation}", "List them: cib query operations_ranked")
    row = found.row(0, named=True)
    details = results.details.row(by_predicate=pl.col("operation_id") == row["operation_id"], named=True)
    parts = {
        name: getattr(results, name)
        .filter(pl.col("operation_id") == row["operation_id"])
        .drop("operation_id")
        for name in ("members", "signals", "edges", "evidence")
    }
    parts["signals"] = parts["signals"].sort("bits", descending=True, nulls_last=True)
    return {
        "operation": row,
        "summary": details["summary"],
        "completeness": details["completeness"],
        **{name: frame.to_dicts() for name, frame in parts.items()},
    }


def _print(story: dict[str, Any]) -> None:
    row = story["operation"]
    click.echo(f"{row['operation_id']}   rank {row['rank']}   status {row['status']}", nl=False)
    click.echo(f"   decision {row['decision']}" if row["decision"] else "   no decision yet")
    click.echo(f"\n{plain(story['summary'])}\n")
    click.echo("Score, in bits of evidence")
    for signal in story["signals"]:
        if signal["bits"] is not None:
            click.echo(f"  {signal['bits']:+8.2f}  {signal['signal']}: {plain(signal['why'] or '')}")
    click.echo(f"  {'-' * 8}\n  {row['score']:+8.2f}  in all\n")
    roles: dict[str, list[dict[str, Any]]] = {}
    for member in story["members"]:
        roles.setdefault(member["role"], []).append(member)
    for role, members in roles.items():
        click.echo(f"{role}: {len(members):,}")
        for member in members[:_SAMPLE]:
            key = f"{member['platform']}:{member['kind']}:{member['id']}"
            click.echo(f"  {plain(key)}  {plain(member['name'] or '')}  {table_cell(member['why'])}")
        if len(members) > _SAMPLE:
            click.echo(f"  ... and {len(members) - _SAMPLE:,} more")
    layers: dict[str, int] = {}
    for edge in story["edges"]:
        layers[edge["layer"]] = layers.get(edge["layer"], 0) + 1
    click.echo(
        "\nCoordinated edges: " + ", ".join(f"{count:,} {layer}" for layer, count in sorted(layers.items()))
    )
    if story["evidence"]:
        click.echo(f"Evidence, {min(_SAMPLE, len(story['evidence']))} of {len(story['evidence']):,}:")
        columns = [name for name in story["evidence"][0] if not name.endswith("_ref")]
        print_rows(story["evidence"][:_SAMPLE], columns, "table")
