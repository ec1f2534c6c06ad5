"""CSV, and its relatives separated by semicolons, tabs or bars."""

from __future__ import annotations

import csv
import itertools
from codecs import BOM_UTF8
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.csv as pacsv

from cypher.errors import CibError, UsageError
from ingest.parallel import mapped
from ingest.reading.batches import MAX_CELL, Batch, NoRowsError, Reading
from ingest.reading.checks import refuse_bad_bytes
from ingest.reading.headers import column_names
from ingest.reading.records import Records, split_records
from ingest.reading.streams import text_blocks
from ingest.rejects import frame as reject_frame

#: A header with more columns than this is none of a table.
MAX_COLUMNS = 2_000

DELIMITERS = (",", ";", "\t", "|")


def read_csv(path: Path, header: tuple[str, ...] | None = None) -> Reading:
    """Open a CSV file: a header, then rows; RFC 4180 quoting, any line end, blank lines ignored.

    Args:
        path: The file.
        header: Names of the columns, by position, of a file whose first row is a row like any other.

    Raises:
        UsageError: Empty, binary, or with a header that cannot be read.
        CibError: As `ingest.reading.streams.open_plain`.
    """
    blocks = text_blocks(path)
    first = next(blocks, b"")
    if not first.strip():
        raise NoRowsError(f"{path}: is empty", "Give a file with a header and rows.")
    blocks = itertools.chain([first], blocks)
    if b"\n" not in first and b"\r" in first:
        blocks = (block.replace(b"\r", b"\n") for block in blocks)
    head = first.lstrip(b"\r\n").splitlines()[0].decode(errors="replace")
    delimiter = max(DELIMITERS, key=head.count)
    records = split_records(blocks, delimiter)
    if header is not None:
        return Reading(header, _batches(records, header, delimiter))
    header, notes, rest = _header(path, records, delimiter)
    return Reading(header, _batches(rest, header, delimiter), notes)


def _header(
    path: Path, records: Iterator[Records], delimiter: str
) -> tuple[tuple[str, ...], tuple[str, ...], Iterator[Records]]:
    head = next((found for found in records if len(found.starts) or found.broken), None)
    if head is None or not len(head.starts) or (head.broken and head.broken[0][0] < head.lines[0]):
        raise UsageError(f"{path}: the header cannot be read", "The first row must name the columns.")
    text = head.text(0)
    try:
        cells = next(csv.reader([text], delimiter=delimiter, strict=False), [])
    except csv.Error as error:
        raise UsageError(
            f"{path}: the header cannot be read ({error})", "Name the columns shortly."
        ) from None
    if len(cells) > MAX_COLUMNS:
        raise CibError(
            f"{path}: the header has {len(cells):,} columns, more than {MAX_COLUMNS:,}",
            "Keep the columns that matter.",
        )
    names, notes = column_names(cells)
    mask = np.ones(len(head.starts), np.bool_)
    mask[0] = False
    return names, notes, itertools.chain([head.keep(mask)], records)


def _batches(records: Iterator[Records], header: tuple[str, ...], delimiter: str) -> Iterator[Batch]:
    return mapped(lambda found: _parse(refuse_bad_bytes(found), header, delimiter), _some(records))


def _some(records: Iterator[Records]) -> Iterator[Records]:
    return (found for found in records if len(found.starts) or found.broken)


def _parse(records: Records, header: tuple[str, ...], delimiter: str) -> Batch:
    broken: list[tuple[int, str | None, str | None, str]] = [
        (line, None, text, reason) for line, text, reason in records.broken
    ]
    wrong: list[int] = []

    def refuse(row: pacsv.InvalidRow) -> str:
        index = row.number - 1
        wrong.append(index)
        reason = f"{row.actual_columns} cells where the header has {row.expected_columns}"
        broken.append((int(records.lines[index]), None, row.text, reason))
        return "skip"

    if len(records.starts):
        frame = _cells(records, header, delimiter, refuse)
    else:
        frame = pl.DataFrame(schema=dict.fromkeys(header, pl.String))
    lines = np.delete(records.lines, wrong)
    frame = frame.with_columns(pl.Series("line", lines, pl.Int64))
    if len(records.ends) and (records.ends - records.starts).max() > MAX_CELL:
        frame = _refuse_long(frame, header, broken)
    return Batch(frame, reject_frame(sorted(broken, key=lambda row: row[0])))


def _cells(records: Records, header: tuple[str, ...], delimiter: str, refuse: object) -> pl.DataFrame:
    data = records.data
    if data.startswith(BOM_UTF8):
        # The mark of the file is gone long since. This one is a row's own, and Arrow would take one away.
        data = BOM_UTF8 + data
    table = pacsv.read_csv(
        pa.py_buffer(data),
        # One thread and one block: only then are invalid rows numbered, and no row straddles two blocks.
        read_options=pacsv.ReadOptions(
            use_threads=False, column_names=list(header), block_size=len(data) + 1
        ),
        parse_options=pacsv.ParseOptions(
            delimiter=delimiter, newlines_in_values=True, invalid_row_handler=refuse
        ),
        convert_options=pacsv.ConvertOptions(
            check_utf8=False,
            column_types=dict.fromkeys(header, pa.large_string()),
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
            null_values=[""],
        ),
    )
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    return frame


def _refuse_long(
    frame: pl.DataFrame, header: tuple[str, ...], broken: list[tuple[int, str | None, str | None, str]]
) -> pl.DataFrame:
    for name in header:
        long = pl.col(name).str.len_bytes() > MAX_CELL
        for line, value in frame.filter(long).select("line", pl.col(name).str.slice(0, 1000)).iter_rows():
            broken.append((line, name, value, f"the cell is longer than {MAX_CELL >> 20} MiB"))
        frame = frame.filter(~long.fill_null(value=False))
    return frame
