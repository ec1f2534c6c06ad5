"""`cib show`: one operation explained, or what joins two assets."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

import click

from cibgraph.context import Context
from cibgraph.output import plain, print_json, print_wrapped, table_cell

#: Rows of evidence and members shown to a person; JSON has all.
_SAMPLE = 10


@click.command()
@click.argument("named", metavar="OP-...|ASSET ASSET", nargs=-1, required=True)
@click.option(
    "--format",
    "fmt",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print.",
)
@click.pass_obj
def show(context: Context, named: tuple[str, ...], fmt: str) -> None:
    r"""Explain an operation, or what joins two assets.

    Of an operation: members, score and evidence. A rank may stand for the operation that has it. Of two
    assets: each layer in which they are coordinated, how surprising that is, and its evidence: which objects,
    when, by which posts. An asset is named by its key, or by its id where that is enough. No server is
    needed for these.

    \b
    Examples:
      cib show 1
      cib show 1 --format json
      cib show facebook:page:1234 facebook:page:5678
    """
    if len(named) > 2:
        raise click.UsageError("An operation, or two assets.")
    if len(named) == 2:
        from analytics.pairs import pair_of
        from cibgraph.pairing import print_pair

        pair = pair_of(context.workspace().layers, *named)
        (print_json if fmt == "json" else print_pair)(pair)
        return
    from analytics.results import read_results

    with context.connect(read_only=True) as graph:
        results = read_results(graph, context.workspace().layers, include_candidates=True)
    context.progress.close()
    story = tell(results, named[0])
    if fmt == "json":
        print_json(story)
    else:
        _print(story)
        if not story["operation"]["decision"]:
            name = story["operation"]["operation_id"]
            context.say(f"Next: cib decide {name} --verdict confirmed --by NAME, or dismissed, or watch")


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
        hint = "List them: cib query operations_ranked"
        if results.operations.is_empty():
            hint = "None is ranked yet: cib load FILES, then cib detect, then cib rank."
        raise UsageError(f"there is no operation {operation}", hint)
    row = found.row(0, named=True)
    details = results.details.row(by_predicate=pl.col("operation_id") == row["operation_id"], named=True)
    parts = {
        name: getattr(results, name)
        .filter(pl.col("operation_id") == row["operation_id"])
        .drop("operation_id")
        for name in ("decisions", "members", "signals", "edges", "evidence")
    }
    parts["evidence"] = parts["evidence"].join(results.quotes, on="object", how="left", maintain_order="left")
    parts["signals"] = parts["signals"].sort("bits", descending=True, nulls_last=True)
    return {
        "operation": row,
        "summary": details["summary"],
        "completeness": details["completeness"],
        "notice": details["notice"],
        **{name: frame.to_dicts() for name, frame in parts.items()},
    }


def _print(story: dict[str, Any]) -> None:
    row = story["operation"]
    click.echo(f"{row['operation_id']}   rank {row['rank']}   status {row['status']}", nl=False)
    click.echo(f"   decision {plain(row['decision'])}" if row["decision"] else "   no decision yet")
    if story["notice"]:
        print_wrapped(plain(story["notice"]))
    for earlier in story["decisions"][:-1]:
        note = f": {earlier['note']}" if earlier["note"] else ""
        print_wrapped(
            plain(f"{earlier['at']:%Y-%m-%d} {earlier['verdict']} by {earlier['by']}{note}"),
            first="  before: ",
        )
    click.echo()
    print_wrapped(plain(story["summary"]))
    click.echo("\nScore, in bits of evidence")
    silent: dict[str, list[str]] = {}
    # Imported here, since polars takes longer to come than the help to be printed.
    from analytics.signals.shape import SHAPE

    shape = {signal["signal"]: signal for signal in story["signals"] if signal["signal"] in SHAPE}
    for signal in story["signals"]:
        if signal["signal"] in shape:
            continue
        if signal["bits"]:
            why = f"{signal['signal']}: {plain(signal['why'] or '')}"
            print_wrapped(why, first=f"  {signal['bits']:+8.2f}  ", rest=" " * 12)
        else:
            reason = "not known" if signal["value"] is None else "nothing found"
            silent.setdefault(reason, []).append(signal["signal"])
    for reason, names in silent.items():
        print_wrapped(f"{reason}: {', '.join(names)}", first=f"  {'0':>8}  ", rest=" " * 12)
    click.echo(f"  {'-' * 8}\n  {row['score']:+8.2f}  in all")
    if shape:
        click.echo("\nHow it is coordinated, which counts no bits")
        for name in SHAPE:
            if name in shape:
                print_wrapped(f"{name}: {plain(shape[name]['why'] or '')}", first="  ", rest="    ")
    _print_members(story["members"])
    _print_evidence(story)


def _print_members(members: list[dict[str, Any]]) -> None:
    roles: dict[str, list[dict[str, Any]]] = {}
    for member in members:
        roles.setdefault(member["role"], []).append(member)
    for role, inside in roles.items():
        click.echo(f"\n{role}: {len(inside):,}")
        for member in inside[:_SAMPLE]:
            key = f"{member['platform']}:{member['kind']}:{member['id']}"
            text = f"{plain(key)}  {plain(member['name'] or '')}  {table_cell(member['why'])}"
            print_wrapped(text, first="  ", rest=" " * 6)
        if len(inside) > _SAMPLE:
            click.echo(f"  ... and {len(inside) - _SAMPLE:,} more")


def _print_evidence(story: dict[str, Any]) -> None:
    layers: dict[str, int] = {}
    for edge in story["edges"]:
        layers[edge["layer"]] = layers.get(edge["layer"], 0) + 1
    counts = ", ".join(f"{count:,} {layer}" for layer, count in sorted(layers.items()))
    print_wrapped(f"Coordinated edges: {counts or 'none'}", first="\n", rest="  ")
    pieces = _spread(story["evidence"])
    if not pieces:
        return
    names = {f"{m['platform']}:{m['kind']}:{m['id']}": m["name"] for m in story["members"]}
    click.echo(f"\nEvidence, {len(pieces)} of {len(story['evidence']):,}")
    for piece in pieces:
        what = f'"{plain(piece["quote"])}"' if piece["quote"] else plain(piece["object"])
        print_wrapped(f"{piece['layer']}  {piece['object_kind']} {what}", first="  ", rest=" " * 6)
        for side in ("source", "target"):
            at, key = piece[f"{side}_at"], piece[f"{side}_key"]
            text = f"{plain(key)}  {plain(names.get(key) or '')}".rstrip()
            print_wrapped(text, first=f"      {at:%Y-%m-%d %H:%M:%S}  " if at else " " * 6, rest=" " * 8)


def _spread(evidence: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a sample that takes from every layer in turn."""
    layers: dict[str, list[dict[str, Any]]] = {}
    for piece in evidence:
        layers.setdefault(piece["layer"], []).append(piece)
    turns = [piece for turn in zip_longest(*layers.values()) for piece in turn if piece][:_SAMPLE]
    return sorted(turns, key=lambda piece: str(piece["layer"]))
