"""`cib load --map` and `cib load --suggest`: sources that no profile knows."""

from __future__ import annotations

from pathlib import Path

import click

from cibgraph.context import Context
from cypher.errors import CibError, UsageError
from ingest.mapping import read_mapping
from ingest.mapping.suggest import suggest
from ingest.profiles import Profile
from ingest.reading import find_files
from ingest.sources import look_at


def mapped_profile(mapping: Path, named: str | None) -> Profile:
    """Return the profile that a mapping describes.

    Raises:
        UsageError: It is no mapping, or a profile was named as well.
    """
    if named is not None:
        raise UsageError("a mapping and a profile were given", "Give one of them.")
    return read_mapping(mapping)


def write_draft(context: Context, file: Path, out: Path | None) -> None:
    """Write a draft of a mapping for a file, on stdout if `out` is None.

    Raises:
        UsageError: The file cannot be read, or `out` is there already.
        CibError: `out` cannot be written.
    """
    tables = find_files([file]).files
    if len(tables) > 1:
        context.say(f"{file} holds {len(tables)} tables; the draft is for {tables[0]}")
    draft = suggest(look_at(tables[0]))
    if out is None:
        click.echo(draft, nl=False)
        return
    try:
        with out.open("x", encoding="utf-8") as written:
            written.write(draft)
    except FileExistsError:
        raise UsageError(f"{out} is there already and is left as it is", "Give another name to -o.") from None
    except OSError as error:
        raise CibError(f"{out}: {error.strerror}", "Give a place to -o where you may write.") from error
    try:
        read_mapping(out)
    except UsageError as error:
        context.say(f"{out} is written but not complete: {error}")
    else:
        context.say(f"{out} is written; check every line, then: cib load --map {out} {tables[0]}")
