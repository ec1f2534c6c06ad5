"""Cells and files as adversaries, spreadsheets and broken exports make them."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from typing import Final

import polars as pl
import xlsxwriter
import zstandard
from hypothesis import strategies as st

#: Cells that have broken loaders.
CELLS: Final = (
    "", " ", "NULL", "null", "N/A", "1e309", "-1e309", "NaN", "-inf", "0", "-1", "1,234", "1.5", "0x10",
    "١٢٣",
    "0000-00-00", "0000-00-00 00:00:00", "9999-12-31T23:59:60Z", "2019-02-30", "2019-04-01",
    "2019-04-01T12:00",
    "2019-04-01T12:00:00+99:99", "24:00", "1554120000", "1554120000000", "99999999999999999999", "Mon",
    "1/2/3",
    "00012", "12345678901234567890", "9007199254740993", "1.23E+15", "1234.0", "true", "TRUE", "page",
    "facebook",
    "\u202egnp.exe", "zero\u200bwidth", "\ufeffbom", "e\u0301", "\U0001f468\u200d\U0001f469",
    "\U0010ffff", "\ufffe",
    "=cmd()", "+1", "@x", "'", '"', '""', '"a"b', "a,b;c\td", "line\nbreak", "return\rhere", "both\r\n",
    "\\", "\\\"",
    "|", "a|b||c", "[", "[1,", '["a"', '["a", null, {"b": 1}]', "[[[[]]]]", "{", '{"a":', "{}", "[]",
    '{"a": {"b": [1]}}',
    '{"a": "\\ud800"}', '{"a": "\\u0000"}', '{"": 1}', '{"a": 1, "a": 2}', "{'a': 1}", "\x1b[31m", "\x07",
    "\x7f", "\x85",
    "%s %d {} {0}", "%00", "#", "#tag", "##", "@", "RT @x: https://t.co/a", "https://", "https://[::1",
    "https://a:b@c.d:99999/",
    "http://l.facebook.com/l.php?u=%ff%00", "javascript:alert(1)",
    "HTTPS://EXAMPLE.COM/%2e%2e/?a=1&a=2#x", "xn--", "http://\u0131.com",
    "é" * 300, "x" * 1_500, "\U0001d49c" * 520, "a" * 70_000, "﷽" * 400,
)  # fmt: skip

texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=20)
cells = st.one_of(
    st.sampled_from(CELLS),
    texts,
    st.integers(-(10**20), 10**20).map(str),
    st.floats().map(str),
    st.datetimes().map(str),
)


def write_csv(columns: Sequence[str], rows: Sequence[Sequence[str]], delimiter: str = ",") -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL)
    if columns:
        writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue().encode()


def write_ndjson(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    lines = [
        json.dumps({name: _json(cell) for name, cell in zip(columns, row, strict=True) if cell})
        for row in rows
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def write_json(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    return b"[" + write_ndjson(columns, rows).strip().replace(b"\n", b",\n") + b"]"


def _json(cell: str) -> object:
    """Return what stands in a cell that is JSON, as sources that are JSON have it; else the text."""
    if cell[:1] not in ("{", "["):
        return cell
    try:
        return json.loads(cell)
    except ValueError:
        return cell


def write_parquet(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    out = io.BytesIO()
    pl.DataFrame(rows, dict.fromkeys(columns, pl.String), orient="row").write_parquet(out)
    return out.getvalue()


def write_xlsx(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("sheet")
        for index, row in enumerate([columns, *rows]):
            for column, cell in enumerate(row):
                sheet.write_string(index, column, cell)
    return out.getvalue()


def write_zip(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("export.csv", write_csv(columns, rows))
    return out.getvalue()


Writer = Callable[[Sequence[str], Sequence[Sequence[str]]], bytes]

#: How the same rows can be written, by the end of the file's name: `-001` has semicolons, `-002` is UTF-16.
WRITERS: Final[dict[str, Writer]] = {
    ".csv": write_csv,
    ".tsv": lambda columns, rows: write_csv(columns, rows, "\t"),
    "-001.csv": lambda columns, rows: write_csv(columns, rows, ";"),
    "-002.csv": lambda columns, rows: write_csv(columns, rows).decode().encode("utf-16"),
    ".csv.gz": lambda columns, rows: gzip.compress(write_csv(columns, rows)),
    ".ndjson": write_ndjson,
    ".ndjson.zst": lambda columns, rows: zstandard.compress(write_ndjson(columns, rows)),
    ".json": write_json,
    ".parquet": write_parquet,
}

#: Formats in which a table has a name of its own.
CONTAINERS: Final[dict[str, Writer]] = {".zip": write_zip, ".xlsx": write_xlsx}
