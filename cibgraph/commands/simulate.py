"""`cib simulate`: a dataset with known operations in it."""

from __future__ import annotations

from pathlib import Path

import click

from cibgraph.context import Context
from cibgraph.output import print_rows


@click.command()
@click.option(
    "--preset",
    default="takedown-2019",
    show_default=True,
    metavar="NAME",
    help="Which world; see below.",
)
@click.option(
    "--background",
    type=click.IntRange(0),
    default=4000,
    show_default=True,
    help="Ordinary assets to hide in.",
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Same seed, same bytes.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    metavar="DIR",
    help="Folder to write to.",
)
@click.option(
    "--format",
    "fmt",
    type=click.Choice(["csv", "parquet"]),
    default="csv",
    show_default=True,
    help="Of the tables; truth and lookalikes are always CSV.",
)
@click.option(
    "--actions",
    type=click.IntRange(0),
    metavar="N",
    help="About how many posts and reactions; by default 20 for each ordinary asset.",
)
@click.option(
    "--outsider", is_flag=True, help="Only what the public sees: countries of admins, no admins or devices."
)
@click.option(
    "--missing",
    type=click.FloatRange(0, 1, max_open=True),
    default=0.0,
    metavar="SHARE",
    help="Share of further cells that are missing.",
)
@click.option(
    "--label-noise",
    type=click.FloatRange(0, 1, max_open=True),
    default=0.0,
    metavar="SHARE",
    help="Share of truth.csv that is wrong.",
)
@click.pass_obj
def simulate(
    context: Context,
    preset: str,
    background: int,
    seed: int,
    out: Path,
    fmt: str,
    actions: int | None,
    outsider: bool,
    missing: float,
    label_noise: float,
) -> int:
    r"""Write a dataset with known operations in it.

    One file a table, ready for `cib load`. truth.csv names the members of each planted operation,
    lookalikes.csv those of innocent groups that look coordinated; neither is loaded.

    \b
    Presets:
      takedown-2019   three operations and many spam rings, at published numbers
      lockstep-farm   farms that sell likes, without shared admins
      copy-paste      networks that reword what they copy, hours apart
      hijacked-pages  Pages bought, renamed and repurposed
      ad-buyers       Pages that buy their audience and hide who pays
      careful         slow operations that share one tag or host, and nothing else
      two-platforms   operations on Facebook, Instagram and X
      mixed           all the invented ones in one world
      background      nothing to find

    \b
    Examples:
      cib simulate --out data
      cib simulate --background 50000 --seed 7 --out data --format parquet
      cib simulate --background 50000 --actions 2000000 --out busy --format parquet
      cib simulate --preset careful --outsider --out outside
      cib simulate --preset background --out quiet
    """
    from ingest.simulate import View
    from ingest.simulate import simulate as make

    report = make(
        preset,
        background=background,
        seed=seed,
        out_dir=out,
        fmt=fmt,
        actions=actions,
        view=View(outsider, missing, label_noise),
    )
    rows = [{"made": f"table {name}", "rows": rows} for name, rows in report.rows.items()]
    rows += [{"made": f"operation {name}", "rows": assets} for name, assets in report.operations.items()]
    print_rows(rows, ("made", "rows"), "table")
    context.say(f"{len(report.files)} files in {out}")
    return 0
