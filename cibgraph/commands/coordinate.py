"""`cib coordinate`: files in, coordinated edges out, without a workspace or a server."""

from __future__ import annotations

from pathlib import Path

import click

from cibgraph.context import Context
from cibgraph.output import FORMATS


@click.command()
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="FILES|FOLDERS..."
)
@click.option(
    "--layer", "layers", metavar="NAMES", default="", help="co_url, co_text, ...; default: all with actions."
)
@click.option(
    "--time-window",
    "windows",
    multiple=True,
    metavar="[LAYER=]SECONDS|estimate",
    default=("60",),
    help="Two actions on one object co-act at most this far apart; 60 seconds, unless given.",
)
@click.option(
    "--min-participation",
    type=click.IntRange(1),
    default=2,
    show_default=True,
    help="Fewest actions of an asset, and fewest that co-act on a pair's one side.",
)
@click.option(
    "--edge-weight",
    type=click.FloatRange(0, 1),
    default=0.5,
    show_default=True,
    help="Quantile of all weights that an edge above the threshold exceeds.",
)
@click.option("--keep-loops", is_flag=True, help="Keep co-actions of an asset with itself.")
@click.option(
    "--null",
    type=click.Choice(["poisson", "none"]),
    default="poisson",
    show_default=True,
    help="Test every edge against chance, or none.",
)
@click.option(
    "--max-co-actions",
    type=click.IntRange(1),
    default=250_000,
    show_default=True,
    help="An object with more is hot; hot ones with over 20 million in sum are left out.",
)
@click.option(
    "--text-similarity",
    type=click.FloatRange(0.5, 1),
    default=0.5,
    show_default=True,
    help="Of co_similar_text: the part of their shingles that two similar texts share (Jaccard), below 0.6"
    " or enough rare words; of more than five million different texts at least 0.6.",
)
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File for the edges: .csv, .csv.gz, .json, .ndjson, .parquet, .graphml or .gexf.",
)
@click.option("--pairs", type=click.Path(path_type=Path, dir_okay=False), help="File for every co-action.")
@click.option(
    "--record", type=click.Path(path_type=Path, dir_okay=False), help="JSON file: settings, counts."
)
@click.option(
    "--rejected", type=click.Path(path_type=Path, dir_okay=False), help="NDJSON file: rows set aside."
)
@click.option("--profile", metavar="NAME", help="Read every file as this kind of source (cib load --list).")
@click.option(
    "--format",
    "fmt",
    type=click.Choice(FORMATS),
    default="table",
    show_default=True,
    help="Of edges on stdout.",
)
@click.pass_obj
def coordinate(
    context: Context,
    paths: tuple[Path, ...],
    layers: str,
    windows: tuple[str, ...],
    min_participation: int,
    edge_weight: float,
    keep_loops: bool,
    null: str,
    max_co_actions: int,
    text_similarity: float,
    out: Path | None,
    pairs: Path | None,
    record: Path | None,
    rejected: Path | None,
    profile: str | None,
    fmt: str,
) -> int:
    r"""Find coordinated edges straight from files: no workspace, no server.

    Takes posts and reactions, what CooRTweet and the coordination network toolkit read, action logs,
    and whatever cib load recognises. Without -o the edges go to stdout. See docs/coordinate.md.

    \b
    Examples:
      cib coordinate posts.csv -o edges.csv
      cib coordinate posts.csv --layer co_url,co_text --time-window 60 --time-window co_text=3600
      cib coordinate shares.csv --null none --edge-weight 0.9 -o network.graphml --pairs pairs.csv
      cib coordinate .cib/actions --format csv
    """
    from cibgraph.coordinating import Order, carry_out

    order = Order(
        layers=[name.strip() for name in layers.split(",") if name.strip()],
        windows=windows,
        min_participation=min_participation,
        edge_weight=edge_weight,
        keep_loops=keep_loops,
        null=null,
        max_co_actions=max_co_actions,
        text_similarity=text_similarity,
        out=out,
        pairs=pairs,
        record=record,
        rejected=rejected,
        profile=profile,
        fmt=fmt,
    )
    return carry_out(context, paths, order)
