"""`cib load`: files into the graph and the action log."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cibgraph.context import Context
from cibgraph.output import format_option, print_rows

if TYPE_CHECKING:
    from ingest.profiles import Profile
    from ingest.report import LoadReport

_COLUMNS = ("source", "file", "profile", "table", "rows_in", "loaded", "merged", "rejected")


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[FILES|FOLDERS]...")
@click.option(
    "--profile", metavar="NAME", help="Read every file as this kind of source; otherwise it is recognised."
)
@click.option(
    "--map",
    "mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Read every file as this mapping (YAML) says; see docs/mapping.md.",
)
@click.option(
    "--suggest",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Write a first draft of a mapping for this file; load nothing.",
)
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), help="Where the draft goes; otherwise to stdout."
)
@click.option(
    "--list",
    "listed",
    is_flag=False,
    flag_value="",
    metavar="[NAME]",
    help="List the kinds of sources that are known, or say what one is made into; load nothing.",
)
@format_option
@click.pass_obj
def load(
    context: Context,
    paths: tuple[Path, ...],
    profile: str | None,
    mapping: Path | None,
    suggest: Path | None,
    out: Path | None,
    listed: str | None,
    fmt: str,
) -> int:
    r"""Load files or folders into the graph and the action log.

    Without files, what cib.toml names under [inputs] paths is loaded. Loading a file again replaces what
    it said before; loading it unchanged changes nothing. For each file, rows in = loaded + merged + rejected;
    rejected rows lie in rejected/, each with its line, column and reason, and make the exit code 3.

    \b
    Examples:
      cib load accounts.csv posts.ndjson.gz
      cib load data
      cib load --format json data
      cib load --suggest export.csv -o map.yaml
      cib load --map map.yaml export.csv
      cib load --list
      cib load --list coortweet
    """
    from cibgraph.pipeline import input_paths, job

    if listed is not None:
        from cibgraph.profilelist import print_profiles

        print_profiles(listed or profile, fmt)
        return 0
    if suggest is not None:
        from cibgraph.mappings import write_draft

        write_draft(context, suggest, out)
        return 0
    chosen = list(paths) or input_paths(context.workspace(), context.settings())
    chosen_profile: Profile | str | None = profile
    if mapping is not None:
        from cibgraph.mappings import mapped_profile

        chosen_profile = mapped_profile(mapping, profile)
    with job(context, "load") as work:
        report = work.load(chosen, chosen_profile)
    print_rows(account_rows(report), _COLUMNS, fmt)
    say_notes(context, report)
    return work.exit_code


def account_rows(report: LoadReport) -> list[dict[str, Any]]:
    """Return a row for each table of each source, and their sum."""
    rows: list[dict[str, Any]] = [
        {
            "source": source.source,
            "file": Path(source.path).name,
            "profile": source.profile,
            "table": table.table,
            **{name: getattr(table, name) for name in _COLUMNS[4:]},
        }
        for source in report.sources
        for table in source.tables
    ]
    return [*rows, {"source": "all", **{name: getattr(report, name) for name in _COLUMNS[4:]}}]


def say_notes(context: Context, report: LoadReport) -> None:
    """Say on stderr what a person should know about the sources."""
    for note in report.notes:
        context.say(note)
    for source in report.sources:
        name = Path(source.path).name
        if source.unchanged:
            context.say(f"{name}: unchanged since it was loaded")
        for note in source.notes:
            context.say(f"{name}: {note}")
        if source.rejected:
            rows = "row" if source.rejected == 1 else "rows"
            context.say(f"{name}: {source.rejected:,} {rows} rejected; see {source.rejected_file}")
