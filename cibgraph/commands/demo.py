"""`cib demo`: a dataset with known operations, from making it to finding them."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cibgraph.commands.init import make_workspace
from cibgraph.commands.run import print_results
from cibgraph.context import Context

if TYPE_CHECKING:
    from analytics.evaluation.figures import Evaluation

_PRESET = "takedown-2019"
#: In the names of the background's rings of spam.
_RING = "-SPAM-"


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    show_default="that of --workspace, else demo",
    metavar="DIR",
    help="Workspace to make, or a demo's to use again.",
)
@click.option(
    "--background",
    type=click.IntRange(0),
    default=4000,
    show_default=True,
    help="Ordinary assets to hide in.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Same seed, same dataset.")
@click.pass_obj
def demo(context: Context, out: Path | None, background: int, seed: int) -> int:
    r"""Make, load, detect, rank and export a dataset with known operations.

    The dataset rebuilds Facebook's takedown of 1 April 2019: its networks, with their published numbers of
    Pages, accounts, Groups and ads, among ordinary assets. What is found is compared with what was planted.

    \b
    Examples:
      cib demo
      cib demo --out small --background 500 --seed 7
    """
    from analytics.evaluation.answers import read_ranked, read_truth
    from analytics.evaluation.figures import evaluate
    from cibgraph.pipeline import job
    from ingest.simulate import simulate

    out = out or context.folder or Path("demo")
    data = out / "data"
    _check_free(out, data)
    make_workspace(out, inputs=[data.name])
    context.choose(out, quiet=context.progress.quiet, verbose=context.verbose)
    context.kept = f"{out} is kept; run the same command again for whole results"
    context.say(f"Making the dataset {_PRESET} in {data} ...")
    simulate(_PRESET, background=background, seed=seed, out_dir=data)
    with job(context, "demo", need_gds=True, later=True) as work:
        work.load([data])
        work.detect()
        work.rank()
        written, results = work.export(work.settings.export.formats, out / work.settings.export.out)
        members, ranks, _ = read_ranked(work.graph)
    found = evaluate(read_truth(data), members, ranks)
    # As it can be typed: `make demo` puts the command into a folder that no shell looks in.
    started = Path(sys.argv[0])
    name = os.path.relpath(started) if started.name == "cib" and not shutil.which("cib") else "cib"
    command = f"{name} -w {out}"
    print_results(results, "table", written, command)
    click.echo("What was planted, and what was found of it")
    for line in compare(found):
        click.echo(f"  {line}")
    click.echo("\nFiles")
    for path in written:
        click.echo(f"  {path}")
    click.echo(f"\nExplain an operation:  {command} show 1")
    click.echo(f"Open Neo4j Browser:    {command} browser")
    click.echo(f"Stop the server:       {command} server stop")
    return work.exit_code


def compare(found: Evaluation) -> list[str]:
    """Return sentences on the planted operations: which found operation holds how much of each.

    Operations come by name, those of the takedown before the rings of spam that the background holds. Rings
    that were found whole, and rings that were not found, are told together.
    """
    import polars as pl

    ring = pl.col("operation").str.contains(_RING)
    exact = (pl.col("shared") == pl.col("assets")) & (pl.col("members") == pl.col("shared"))
    whole = ring & exact & (pl.col("others") == 0)
    missed = ring & (pl.col("shared") == 0)
    lines = []
    planted = found.operations.sort(ring, "operation")
    for row in planted.filter(~(whole | missed)).iter_rows(named=True):
        name, size, hit = row["operation"], row["assets"], row["shared"]
        if not hit:
            lines.append(f"{name}: none of its {size:,} assets is in a ranked operation")
            continue
        extra = row["members"] - hit
        line = f"{name}: {row['operation_id']} holds {'all ' if hit == size else ''}{hit:,} of its {size:,}"
        line += " assets"
        line += f", and {extra:,} other{'s' * (extra > 1)}" if extra else " and no other"
        if others := row["others"]:
            line += f"; {row['elsewhere']:,} in {others} other operation{'s' * (others > 1)}"
        lines.append(line)
    for which, told in (
        (whole, "each one operation, with no other asset"),
        (missed, "in no ranked operation"),
    ):
        if names := planted.filter(which)["operation"].to_list():
            rings = f"{len(names):,} ring{'s' * (len(names) > 1)} of spam"
            assets = planted.filter(which)["assets"].sum()
            lines.append(f"{rings} ({', '.join(names)}; {assets:,} assets): {told}")
    return lines


def _check_free(out: Path, data: Path) -> None:
    """Refuse to mix the demo's made data into a folder that holds something else.

    Raises:
        UsageError: The folder is neither empty nor a demo's.
    """
    from cypher.errors import UsageError

    if out.is_dir() and any(out.iterdir()) and not (data / "truth.csv").is_file():
        raise UsageError(
            f"{out} holds something else than a demo", "Choose another folder: cib demo --out DIR"
        )
