"""`cib export`: the ranked operations to files."""

from __future__ import annotations

from pathlib import Path

import click

from cibgraph.context import Context
from cibgraph.formats import FORMATS


@click.command()
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(FORMATS),
    metavar="FORMAT",
    help=f"{', '.join(FORMATS[:-1])} or {FORMATS[-1]}; may be given several times.",
)
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Folder to write to."
)
@click.option("--all", "everything", is_flag=True, help="Also write candidates below the alert threshold.")
@click.option(
    "--tlp",
    type=click.Choice(["clear", "green", "amber", "red"]),
    help="Traffic Light Protocol marking of stix, misp and brief (default: amber).",
)
@click.option("--bom", is_flag=True, default=None, help="Begin CSV files with a byte-order mark, for Excel.")
@click.option(
    "--links",
    type=click.Choice(["defanged", "plain"]),
    help="How the workbook shows links: made harmless (default), or as found.",
)
@click.option(
    "--redact",
    is_flag=True,
    default=None,
    help="Write keyed hashes for ids, and no names, texts or profile addresses: a copy to share.",
)
@click.pass_obj
def export(
    context: Context,
    formats: tuple[str, ...],
    out: Path | None,
    everything: bool,
    tlp: str | None,
    bom: bool | None,
    links: str | None,
    redact: bool | None,
) -> None:
    r"""Write the ranked operations to files.

    The names of the files are printed. What is not given here comes from [export] in cib.toml.

    \b
    Examples:
      cib export --format xlsx --out results
      cib export --format csv --format html
      cib export --format stix --tlp green --redact --out to-share
    """
    from cibgraph.pipeline import job

    with job(
        context,
        "export",
        export={
            "formats": formats or None,
            "out": out and str(out.resolve()),
            "tlp": tlp,
            "bom": bom,
            "links": links,
            "redact": redact,
        },
    ) as work:
        chosen = work.settings.export
        folder = work.workspace.root / chosen.out
        written, results = work.export(chosen.formats, folder, include_candidates=everything)
    for path in written:
        click.echo(path)
    if results.operations.is_empty():
        context.say("No operation is in them: none is ranked, or none reaches the alert threshold.")
