"""What lies in the files, folders, ZIPs and workbooks that a person names."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cypher.errors import UsageError
from ingest.reading.formats import FORMATS_READ, XLSX, ZIP, ending_of, format_of, is_sheet, named_format
from ingest.reading.places import (
    INSIDE,
    STDIN,
    archive_at,
    exists,
    identity,
    innermost_name,
    on_disk,
    split_inside,
)
from ingest.reading.spreadsheets import find_sheets
from ingest.reading.streams import encoding_in_use, plain_blocks

_PART: Final = re.compile(r"[-_.](?:part[-_]?)?\d+$")


@dataclass(frozen=True)
class Found:
    """What the named paths hold.

    Attributes:
        files: Tables, in order of name, each once.
        ignored: Files of a folder or a ZIP in no known format.
        notes: On what is passed over inside of ZIPs and workbooks.
    """

    files: tuple[Path, ...]
    ignored: tuple[Path, ...]
    notes: tuple[str, ...] = ()


def table_name(path: Path) -> str:
    """Return a file's name without format, compression, number of part: `posts-001.csv.gz` gives `posts`."""
    name = innermost_name(path).lower()
    return _PART.sub("", name.removesuffix(ending_of(path)))


def files_below(path: Path, leave_out: Collection[Path] = ()) -> list[Path]:
    """Return a file itself, or the files of a folder in order of name, searched to the bottom.

    Hidden files and folders are left out, and those in `leave_out`, which are resolved paths; but a path that
    is named itself never is.
    """
    if not path.is_dir():
        return [path]
    found: list[Path] = []
    for inside in sorted(path.iterdir()):
        if inside.name.startswith(".") or (leave_out and inside.resolve() in leave_out):
            continue
        if inside.is_file():
            found.append(inside)
        elif inside.is_dir() and not inside.is_symlink():
            found += files_below(inside, leave_out)
    return found


def check_there(paths: Sequence[Path]) -> None:
    """Raise if one of several paths leads nowhere; standard input (`-`) is always there.

    Raises:
        UsageError: One does.
    """
    for path in paths:
        if path != STDIN and not exists(path):
            raise UsageError(f"{path}: no such file or folder", "Check the path.")


def find_files(paths: Sequence[Path], leave_out: Collection[Path] = ()) -> Found:
    """Return the tables that `paths` name.

    They are files, those of folders as `files_below` finds them, those in ZIPs, and the sheets of workbooks.

    Raises:
        UsageError: A path does not exist, a named file has no known format, or a folder or ZIP holds none.
        CibError: A ZIP or workbook that is damaged, encrypted or too large.
    """
    files: dict[str, Path] = {}
    ignored: list[Path] = []
    notes: list[str] = []
    check_there(paths)
    for path in paths:
        if on_disk(path).is_dir():
            inside = files_below(path, leave_out)
            known = [file for file in inside if named_format(file)]
            ignored += [file for file in inside if not named_format(file)]
            if not known:
                raise UsageError(
                    f"{path}: holds no table", f"Tables are files such as posts.csv: {FORMATS_READ}."
                )
        else:
            known = [path]
        for file in known:
            for table in _tables_in(file, ignored, notes):
                files.setdefault(identity(table), table)
    return Found(tuple(files.values()), tuple(ignored), tuple(notes))


def _tables_in(path: Path, ignored: list[Path], notes: list[str]) -> Iterator[Path]:
    """Yield a file itself, or the tables in it."""
    if is_sheet(path):
        yield path
        return
    found, _ = format_of(path)
    if found == XLSX:
        sheets = find_sheets(path)
        notes += sheets.notes
        yield from sheets.found
    elif found == ZIP:
        yield from _members(path, ignored, notes)
    else:
        yield path


def _members(path: Path, ignored: list[Path], notes: list[str]) -> Iterator[Path]:
    if split_inside(path)[1]:
        notes.append(f"{path}: a ZIP in a ZIP, not read; unpack the outer one")
        return
    archive = archive_at(path)
    if archive is None:
        raise UsageError(f"{path}: a ZIP that is compressed once more", "Decompress it, and load the ZIP.")
    members = archive.members
    notes += [f"{path}{INSIDE}{name}: {reason}" for name, reason in members.refused]
    for name in sorted(members.found):
        member = Path(f"{path}{INSIDE}{name}")
        if named_format(member):
            yield from _tables_in(member, ignored, notes)
        else:
            ignored.append(member)


def content_hash(paths: Sequence[Path]) -> str:
    """Return the SHA-256 of a file's bytes, or of several files' one after the other, in hex.

    Of a member of a ZIP that of its own bytes, of a sheet that of the whole workbook. An encoding that is
    asked for is part of it, since the same bytes say other things in another.
    """
    digest = hashlib.sha256((encoding_in_use() or "").encode())
    for path in paths:
        outer, inside = split_inside(path)
        if inside and is_sheet(path):
            path = Path(INSIDE.join([str(outer), *inside[:-1]]))
            inside = inside[:-1]
        if inside:
            for block in plain_blocks(path):
                digest.update(block)
            continue
        with on_disk(path).open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()
