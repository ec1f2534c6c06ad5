"""`cib detect`: coordinated edges and communities."""

from __future__ import annotations

from typing import Any, Final

import click

from cibgraph.context import Context
from cibgraph.output import format_option, print_rows, set_option

#: Of what is counted in a layer, what a person is shown; JSON and CSV have all.
_COLUMNS: Final = (
    "layer", "time_window", "assets", "actions", "objects", "co_actions", "hot_objects", "observed_pairs",
    "testable_pairs", "edges",
)  # fmt: skip


@click.command()
@set_option
@click.option("--full", is_flag=True, help="Compute every layer, even where nothing can have changed.")
@format_option
@click.pass_obj
def detect(context: Context, changes: tuple[str, ...], full: bool, fmt: str) -> None:
    r"""Find coordinated edges and the communities they join.

    Every layer's edges are tested against chance; see docs/method.md. --set overrides what cib.toml
    says under [detect]. A temporal layer whose actions, settings and code are those of the last time is
    taken over from it; the result is the same, bit for bit.

    \b
    Examples:
      cib detect
      cib detect --set fdr=0.01 --set seed=7 --format json
    """
    from cibgraph.pipeline import job
    from cibgraph.settingsfile import parse_changes

    with job(context, "detect", need_gds=True, detect=parse_changes(changes)) as work:
        report = work.detect(full=full)
    rows = [{"layer": layer, **counts} for layer, counts in report.layers.items()]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    if fmt == "table":
        rows, columns = for_people(rows), list(_COLUMNS)
    print_rows(rows, columns, fmt)
    found = (
        f"{report.edges:,} coordinated edges; {report.communities:,} communities of {report.assets:,} assets"
    )
    context.say(f"{found}. Next: cib rank")


def for_people(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the counts of layers with those of a layer's wider windows in rows of their own."""
    told = []
    for row in rows:
        looks = [row, row.get("slow", {}), row.get("patient", {})]
        told += [{**look, "layer": row["layer"]} for look in looks if "edges" in look]
    return told
