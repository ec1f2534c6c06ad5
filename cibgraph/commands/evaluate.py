"""`cib evaluate`: what was found, against what was planted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cibgraph.context import Context
from cibgraph.output import format_option, print_json, print_rows

if TYPE_CHECKING:
    import polars as pl

    from analytics.evaluation.figures import Evaluation

_OPERATIONS = ("operation", "assets", "best_fit", "rank", "members", "precision", "recall", "f1", "f1_range")
_PATH = click.Path(path_type=Path)


@click.command()
@click.option(
    "--truth",
    type=_PATH,
    required=True,
    metavar="FILE|DIR",
    help="The table `truth` (operation, platform, kind, id), or a folder that holds truth.csv.",
)
@click.option(
    "--results",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Exported operations.csv and members.csv; otherwise the workspace's ranking.",
)
@click.option(
    "--lookalikes",
    type=_PATH,
    metavar="FILE|DIR",
    help="Innocent groups that look coordinated, as of cib simulate; otherwise those beside the truth.",
)
@click.option(
    "--background",
    type=click.IntRange(1),
    metavar="ASSETS",
    help="Assets that were not planted; otherwise counted in the graph, or in the tables beside the truth.",
)
@click.option("--all", "everything", is_flag=True, help="Also count candidates below the alert threshold.")
@click.option(
    "--resamples",
    type=click.IntRange(10, 100_000),
    default=1000,
    show_default=True,
    help="Draws of the bootstrap.",
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Of the bootstrap.")
@format_option
@click.pass_obj
def evaluate(
    context: Context,
    truth: Path,
    results: Path | None,
    lookalikes: Path | None,
    background: int | None,
    everything: bool,
    resamples: int,
    seed: int,
    fmt: str,
) -> None:
    r"""Measure what was found against what was planted.

    Each planted operation is measured by the exported one that fits it best. How the ranking is counted,
    and what the ranges are, is said in docs/evaluation.md.

    \b
    Examples:
      cib evaluate --truth data
      cib evaluate --truth truth.csv --results results --background 50000 --format json
    """
    from analytics.evaluation.answers import (
        not_in_graph,
        not_in_tables,
        read_assets,
        read_exported,
        read_lookalikes,
        read_ranked,
        read_truth,
    )
    from analytics.evaluation.figures import evaluate as measure

    planted = read_truth(truth)
    folder = truth if truth.is_dir() else truth.parent
    if lookalikes is None and (folder / "lookalikes.csv").is_file():
        lookalikes = folder
    if results is not None:
        members, ranks = read_exported(results, everything=everything)
        beside = read_assets(folder)
        absent = not_in_tables(planted, beside, members) if beside is not None else None
        if beside is not None:
            background = background or beside.join(planted, on="asset", how="anti").height
    else:
        with context.connect(read_only=True) as graph:
            members, ranks, assets = read_ranked(graph, everything=everything)
            absent = not_in_graph(graph, planted)
        context.progress.close()
        background = background or max(assets - (planted["asset"].n_unique() - len(absent)), 0)
    found = measure(
        planted,
        members,
        ranks,
        absent=absent,
        background=background,
        lookalikes=read_lookalikes(lookalikes) if lookalikes else None,
        resamples=resamples,
        seed=seed,
    )
    if fmt == "json":
        print_json(found.as_dict())
    elif fmt == "csv":
        print_rows(long_rows(found), ("operation", "measure", "value", "low", "high"), fmt)
    else:
        print_evaluation(found)
    if found.absent.height:
        each = ", ".join(f"{row[0]} {row[1]}" for row in found.absent.iter_rows())
        context.say(
            f"note: {found.absent['assets'].sum()} planted assets are not in these data, not counted: {each}"
        )
    if planted.height and not found.operations["shared"].sum():
        context.say("note: no planted asset is in any operation; is this the truth of these data?")
    if not background:
        context.say(
            "note: how many assets were not planted is not known, which two figures need: --background ASSETS"
        )


def long_rows(found: Evaluation) -> list[dict[str, Any]]:
    """Return an evaluation as one row a measure; those of the whole have no `operation`."""
    from analytics.evaluation.figures import RATES

    rows = [{"operation": None, **row} for row in found.figures.iter_rows(named=True)]
    for row in found.operations.iter_rows(named=True):
        rows += [
            {
                "operation": row["operation"],
                "measure": name,
                "value": row[name],
                **{end: row.get(f"{name}_{end}") for end in ("low", "high")},
            }
            for name in ("assets", "rank", "members", "shared", *RATES, "hit_rank", "pieces")
        ]
    return rows


def print_evaluation(found: Evaluation) -> None:
    """Print an evaluation for a person."""
    operations = [
        {**row, "best_fit": row["operation_id"] or "none", "f1_range": _range(row["f1_low"], row["f1_high"])}
        for row in found.operations.iter_rows(named=True)
    ]
    if operations:
        print_rows(operations, _OPERATIONS, "table")
    wrong = found.ranking.filter(verdict="false")
    if wrong.height:
        click.echo("False operations")
        print_rows(_false_rows(wrong), ("rank", "operation", "members", "look_alike"), "table")
    figures = [
        {
            "measure": row["measure"].replace("_", " "),
            "value": "not known" if row["value"] is None else f"{row['value']:,.4f}".rstrip("0").rstrip("."),
            "range": _range(row["low"], row["high"]),
        }
        for row in found.figures.iter_rows(named=True)
    ]
    print_rows(figures, ("measure", "value", "range"), "table")


def _false_rows(wrong: pl.DataFrame) -> list[dict[str, Any]]:
    return [
        {
            **row,
            "operation": row["operation_id"],
            "look_alike": f"{row['kind_of_group']} {row['lookalike']}" if row["lookalike"] else "",
        }
        for row in wrong.head(50).iter_rows(named=True)
    ]


def _range(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{low:,.3f} to {high:,.3f}"
