"""`cib load`: files into the graph and the action log."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cibgraph.context import Context
from cibgraph.output import format_option, print_rows

if TYPE_CHECKING:
    from ingest.profiles import Profile

_File = click.Path(exists=True, dir_okay=False, path_type=Path)
_TAKEN_BACK = ("nodes", "relationships", "posts", "actions")


@click.command()
@click.argument(
    "paths", nargs=-1, type=click.Path(path_type=Path, allow_dash=True), metavar="[FILES|FOLDERS|-]..."
)
@click.option(
    "--as",
    "profile",
    metavar="PROFILE",
    help="Read every file as this kind of source (see --list); otherwise it is recognised.",
)
@click.option(
    "--map", "mapping", type=_File, help="Read every file as this mapping (YAML) says; see docs/mapping.md."
)
@click.option(
    "--name", help="What the one file, or standard input, is told by in later loads, instead of its place."
)
@click.option("--encoding", metavar="NAME", help="Encoding of texts that are not UTF-8, e.g. windows-1252.")
@click.option(
    "--strict", is_flag=True, default=None, help="Load nothing of a source of which any row is rejected."
)
@click.option(
    "--max-rejects",
    metavar="N|P%",
    help="Load nothing of a source of which more rows are rejected, e.g. 100 or 1%.",
)
@click.option(
    "--pseudonymise",
    is_flag=True,
    help="Keep identifiers of persons, and who pays for ads, as keyed hashes only.",
)
@click.option(
    "--suggest",
    type=click.Path(path_type=Path),
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
@click.option(
    "--remove",
    "removed",
    multiple=True,
    metavar="SOURCE",
    help="Take back what a source said and no other says: its id, --name or path, or what holds it "
    "(a folder, a ZIP); load nothing. Repeatable.",
)
@format_option
@click.pass_obj
def load(
    context: Context,
    /,
    paths: tuple[Path, ...],
    suggest: Path | None,
    out: Path | None,
    listed: str | None,
    removed: tuple[str, ...],
    fmt: str,
    **options: Any,
) -> int:
    r"""Load files or folders into the graph and the action log.

    Without files, what cib.toml names under [inputs] paths is loaded. Loading a file again replaces what
    it said before; loading it unchanged changes nothing. For each file, rows in = loaded + merged + rejected;
    rejected rows lie in rejected/, each with its line, column and reason, and make the exit code 3. With
    --strict or --max-rejects, a source with too many of them is not loaded at all, and the exit code is 1.

    \b
    Examples:
      cib load accounts.csv posts.ndjson.gz
      cib load data export.zip book.xlsx
      cib load --as crowdtangle_facebook --max-rejects 1% export.csv
      zcat posts.csv.gz | cib load - --name posts.csv
      cib load --suggest export.csv -o map.yaml
      cib load --map map.yaml export.csv
      cib load --list
      cib load --list coortweet
      cib load --remove data/old.csv --remove SRC-0123456789ab
      cib load --format json data
    """
    if listed is not None:
        from cibgraph.profilelist import print_profiles

        print_profiles(listed or options["profile"], fmt)
        return 0
    if suggest is not None:
        from cibgraph.mappings import write_draft

        write_draft(context, suggest, out)
        return 0
    if removed:
        return _take_back(context, paths, removed, fmt)
    return _load(context, list(paths), fmt, **options)


def _load(
    context: Context,
    paths: list[Path],
    fmt: str,
    *,
    profile: str | None,
    mapping: Path | None,
    name: str | None,
    encoding: str | None,
    strict: bool | None,
    max_rejects: str | None,
    pseudonymise: bool,
) -> int:
    from cibgraph.accounts import COLUMNS, account_rows, say_notes
    from cibgraph.inputs import input_paths, own_files
    from cibgraph.pipeline import job
    from ingest.limits import RejectLimit
    from ingest.pseudonyms import DEFAULT
    from ingest.reading import check_there
    from ingest.reading.given import given
    from ingest.sources import find_sources

    if max_rejects is not None:
        RejectLimit.parse(max_rejects)
    flags: dict[str, Any] = {"strict": strict, "max_rejects": max_rejects}
    settings = context.settings(load=flags)
    if pseudonymise and not settings.load.pseudonymise:
        flags["pseudonymise"] = DEFAULT
    chosen: Profile | str | None = profile
    if mapping is not None:
        from cibgraph.mappings import mapped_profile

        chosen = mapped_profile(mapping, profile)
    check_there(paths)
    paths = paths or input_paths(context.workspace(), settings)
    with given(paths, sys.stdin.buffer, name=name, encoding=encoding) as there:
        # Before the server: whether a file can be loaded is known in a moment, and a server takes its time.
        found = find_sources(there, chosen, own_files(context.workspace(), settings), settings.load.limit)
        with job(context, "load", later=True, load=flags) as work:
            report = work.load(found)
    print_rows(account_rows(report), COLUMNS, fmt)
    say_notes(context, report)
    context.say("Next: cib detect")
    return work.exit_code


def _take_back(context: Context, paths: tuple[Path, ...], names: tuple[str, ...], fmt: str) -> int:
    """Take sources back, and print what went with them."""
    from cibgraph.pipeline import job
    from cypher.errors import UsageError

    if paths:
        raise UsageError(
            "--remove takes sources back and loads nothing, but there are files to load as well",
            "Give --remove SOURCE for each source that is to go, and load in a command of its own.",
        )
    with job(context, "load --remove") as work:
        report = work.remove(names)
    row = {name: getattr(report, name) for name in _TAKEN_BACK}
    print_rows([{"sources": " ".join(report.sources), **row}], ("sources", *_TAKEN_BACK), fmt)
    return work.exit_code
