"""Which format a file has: what its name says, unless its content says otherwise beyond doubt."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from cypher.errors import UsageError
from ingest.reading.batches import Reading
from ingest.reading.delimited import DELIMITERS, read_csv
from ingest.reading.json_texts import read_json
from ingest.reading.layout import find_layout
from ingest.reading.parquet import read_parquet
from ingest.reading.places import INSIDE, archive_at, innermost_name, is_archive, split_inside
from ingest.reading.spreadsheets import read_sheet
from ingest.reading.streams import plain_file, start_of, start_of_text

CSV: Final = "CSV"
JSON: Final = "JSON"
PARQUET: Final = "Parquet"
XLSX: Final = "XLSX"
ZIP: Final = "ZIP"

#: Formats by the ends of names.
ENDINGS: Final = {
    ".csv": CSV,
    ".tsv": CSV,
    ".ndjson": JSON,
    ".jsonl": JSON,
    ".json": JSON,
    ".parquet": PARQUET,
    ".xlsx": XLSX,
    ".zip": ZIP,
}
COMPRESSIONS: Final = (".gz", ".zst")
FORMATS_READ: Final = "CSV, JSON, NDJSON, Parquet or XLSX, plain, .gz, .zst or in a .zip"

_READERS: Final[dict[str, Callable[[Path], Reading]]] = {
    CSV: read_csv,
    JSON: read_json,
    PARQUET: read_parquet,
}

#: How much of a file tells its format (bytes).
_HEAD: Final = 64 << 10

_JSON_START: Final = re.compile(rb'\{\s*["}]|\[\s*[\[{\]]')


def ending_of(path: Path) -> str:
    """Return the end of a file's name that tells a format and a compression; empty if there is none."""
    suffixes = [suffix.lower() for suffix in Path(innermost_name(path)).suffixes]
    packed = suffixes.pop() if suffixes and suffixes[-1] in COMPRESSIONS else ""
    return suffixes[-1] + packed if suffixes and suffixes[-1] in ENDINGS else ""


def named_format(path: Path) -> str | None:
    """Return the format that a file's name tells."""
    ending = ending_of(path)
    return next((ENDINGS[known] for known in ENDINGS if ending.startswith(known)), None)


def format_of(path: Path) -> tuple[str, str | None]:
    """Return a file's format, and a note if its name tells another.

    Raises:
        UsageError: Neither name nor content tells one, or the file cannot be read.
        CibError: Damaged compressed data.
    """
    named, real = named_format(path), _real_format(path)
    if named is None and real is None:
        raise UsageError(f"{path}: the format is not known by its name", f"Give {FORMATS_READ}.")
    if real is None or real == named:
        return str(named or real), None
    return real, f"is {real} by its content" + (", whatever its name says" if named else "")


def _real_format(path: Path) -> str | None:
    """Return the format that the content tells; None if it does not."""
    head = start_of(path, _HEAD)
    if head.startswith(b"PAR1"):
        return PARQUET
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        with plain_file(path) as file, file.open("rb") as opened:
            return ZIP if is_archive(path, opened) else XLSX
    try:
        head = start_of_text(path, _HEAD)
    except UsageError:
        return None
    if _JSON_START.match(head.lstrip()) or find_layout(head[: head.rfind(b"\n")]).lines:
        return JSON
    first = head.lstrip().split(b"\n", 1)[0]
    named = named_format(path)
    if named == CSV or first.startswith((b"{", b"[")):
        return None
    return CSV if any(delimiter.encode() in first for delimiter in DELIMITERS) else None


def open_table(path: Path, header: tuple[str, ...] | None = None) -> Reading:
    """Open a file, a member of a ZIP or a sheet for reading.

    Args:
        path: Where it lies, see `ingest.reading.places`.
        header: Names of the columns, by position, of a CSV file without a header.

    Raises:
        UsageError: Unknown format, empty, binary or unreadable.
        CibError: The data are damaged.
    """
    if is_sheet(path):
        return read_sheet(path)
    found, note = format_of(path)
    if found not in _READERS:
        what = f"is a {found} file, whose tables are {path}{INSIDE}NAME"
        raise UsageError(f"{path}: {what}", "Name one of them.")
    if header is not None and found != CSV:
        raise UsageError(f"{path}: is {found}, which names its columns", "Leave it to be recognised.")
    reading = read_csv(path, header) if found == CSV else _READERS[found](path)
    return Reading(reading.columns, reading.batches, (note, *reading.notes)) if note else reading


def is_sheet(path: Path) -> bool:
    """Return whether a path leads to a sheet of a workbook."""
    _, inside = split_inside(path)
    if not inside:
        return False
    holder = Path(str(path).removesuffix(f"!{inside[-1]}"))
    return _holds_sheets(holder)


def _holds_sheets(path: Path) -> bool:
    if not split_inside(path)[1] and archive_at(path) is not None:
        return False
    if not start_of(path, 4).startswith(b"PK"):
        return False
    with plain_file(path) as file, file.open("rb") as opened:
        return not is_archive(path, opened)
