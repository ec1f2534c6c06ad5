"""`cib watch`: assets that analysts want to hear of."""

from __future__ import annotations

from pathlib import Path

import click

from cibgraph.context import Context
from cibgraph.output import format_option, print_rows


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="[FILE]", required=False)
@click.option("--note", metavar="TEXT", help="Why, for assets of which the file does not say it.")
@click.option("--remove", is_flag=True, help="Watch the assets of the file no more.")
@format_option
@click.pass_obj
def watch(context: Context, file: Path | None, note: str | None, remove: bool, fmt: str) -> None:
    r"""Watch assets: operations that touch them say so.

    Without a file, what is watched is listed. A file is a table with the columns id, kind and platform,
    or key (platform:kind:id), such as the members.csv of an earlier case; note says why. Operations
    that touch a watched asset say so in every list and export. See docs/decisions.md.

    \b
    Examples:
      cib watch suspects.csv
      cib watch old_case/members.csv --note "the case of 2019"
      cib watch suspects.csv --remove
      cib watch --format json
    """
    from cypher.errors import UsageError

    watchlist = context.workspace().memory.watchlist
    if file is None:
        if remove or note:
            raise UsageError("no file is named", "For example: cib watch suspects.csv")
        found = watchlist.read()
        print_rows(found.iter_rows(named=True), found.columns, fmt)
        if found.is_empty():
            context.say("Nothing is watched.")
        return
    import polars as pl

    from analytics.decisions.deciding import settle
    from cibgraph.pipeline import hold
    from cibgraph.watching import read_assets

    assets = read_assets(file).with_columns(note=pl.coalesce("note", pl.lit(note, pl.String)))
    with hold(context, "watch") as graph:
        changed = watchlist.remove(assets) if remove else watchlist.add(assets, file.name)
        settled = settle(graph, context.workspace().memory)
        (held,) = graph.read("operations/watched")
    context.progress.close()
    print_rows(
        [{"operation": name, "touches": touches} for name, touches in sorted(settled.touching.items())],
        ("operation", "touches"),
        fmt,
    )
    total, touching = watchlist.read().height, len(settled.touching)
    verb = " touches" if touching == 1 else "s touch"
    done = "no more watched" if remove else "newly watched"
    context.say(
        f"{changed:,} {done}, {total:,} in all, {held['assets']:,} of them in the data;"
        f" {touching:,} operation{verb} them"
    )
