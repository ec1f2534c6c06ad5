"""What lies in the files and folders that a person names."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cypher.errors import UsageError
from ingest.reading.batches import Reading
from ingest.reading.delimited import read_csv
from ingest.reading.json_texts import read_json
from ingest.reading.parquet import read_parquet

_READERS: Final[dict[str, Callable[[Path], Reading]]] = {
    ".csv": read_csv,
    ".tsv": read_csv,
    ".ndjson": read_json,
    ".jsonl": read_json,
    ".json": read_json,
    ".parquet": read_parquet,
}
_COMPRESSIONS: Final = (".gz", ".zst")
FORMATS_READ: Final = "CSV, JSON, NDJSON or Parquet, plain, .gz or .zst"
_PART: Final = re.compile(r"[-_.](?:part[-_]?)?\d+$")


@dataclass(frozen=True)
class Found:
    """What the named paths hold.

    Attributes:
        files: Files in a known format, in order of name, each once.
        ignored: Files of a folder in no known format.
    """

    files: tuple[Path, ...]
    ignored: tuple[Path, ...]


def format_of(path: Path) -> str | None:
    """Return a file's format (`.csv`, …) by its name, compression aside; None if it is not known."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in _COMPRESSIONS:
        suffixes.pop()
    return suffixes[-1] if suffixes and suffixes[-1] in _READERS else None


def table_name(path: Path) -> str:
    """Return a file's name without format, compression, number of part: `posts-001.csv.gz` gives `posts`."""
    name = path.name.lower()
    for ending in (*_COMPRESSIONS, format_of(path) or ""):
        name = name.removesuffix(ending)
    return _PART.sub("", name)


def open_table(path: Path) -> Reading:
    """Open a file of a known format for reading.

    Raises:
        UsageError: Unknown format, empty, binary or unreadable.
        CibError: The compressed data are damaged.
    """
    found = format_of(path)
    if found is None:
        raise UsageError(f"{path}: the format is not known by its name", f"Give {FORMATS_READ}.")
    return _READERS[found](path)


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


def find_files(paths: Sequence[Path], leave_out: Collection[Path] = ()) -> Found:
    """Return the files that `paths` name, those of folders as `files_below` finds them.

    Raises:
        UsageError: A path does not exist, a named file has no known format, or a folder holds none.
    """
    files: dict[Path, Path] = {}
    ignored: list[Path] = []
    for path in paths:
        if not path.exists():
            raise UsageError(f"{path}: no such file or folder", "Check the path.")
        if not path.is_dir():
            if format_of(path) is None:
                raise UsageError(f"{path}: the format is not known by its name", f"Give {FORMATS_READ}.")
            files.setdefault(path.resolve(), path)
            continue
        inside = files_below(path, leave_out)
        known = [file for file in inside if format_of(file)]
        if not known:
            raise UsageError(
                f"{path}: holds no table", f"Tables are files such as posts.csv: {FORMATS_READ}."
            )
        ignored += [file for file in inside if not format_of(file)]
        for file in known:
            files.setdefault(file.resolve(), file)
    return Found(tuple(files.values()), tuple(ignored))


def source_id(path: Path) -> str:
    """Return the id of a file as a source: the same for the same place, whatever the content."""
    return "SRC-" + hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]


def content_hash(paths: Sequence[Path]) -> str:
    """Return the SHA-256 of a file's bytes, or of several files' one after the other, in hex."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()
