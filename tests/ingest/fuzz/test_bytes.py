"""Damaged files of every profile, and bytes that are none: an error that says why, or rows that add up."""

from __future__ import annotations

import gzip
import shutil
import tempfile
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from ingest.profiles import PROFILES

from .checking import load_all
from .test_cells import FIXTURES, few

INSERTED = (
    b"\0", b"\xff", b"\xc3", b'"', b'""', b"\xef\xbb\xbf", b"\xff\xfe", b"\r", b"\n\n", b",", b";", b"\t",
    b"{", b"}", b"[", b"]",
    b"\\", b"\\ud800", b"\\u0000", b"\x1b", b"1e309", b"\xe2\x80\xae", b"\xed\xa0\x80", b"null",
    b'"": 1, ', b"PK\x03\x04", b"PAR1",
)  # fmt: skip
STARTS = (
    b"", b"\x1f\x8b\x08\0", b"\x28\xb5\x2f\xfd", b"PAR1", b"PK\x03\x04", b"PK\x05\x06", b"\xff\xfe",
    b"\xef\xbb\xbf", b"{", b"[{",
    b"a,b\n",
)  # fmt: skip
ENDINGS = (".csv", ".tsv", ".csv.gz", ".ndjson", ".json", ".json.zst", ".parquet", ".xlsx", ".zip")


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """Draw a file with something cut out, put in or put elsewhere, or cut off after packing."""
    data = whole
    for _ in range(draw(st.integers(1, 4))):
        first, last = sorted((draw(st.integers(0, len(data))), draw(st.integers(0, len(data)))))
        what = draw(st.sampled_from(("cut off", "cut out", "put in", "twice", "moved")))
        if what == "cut off":
            data = data[:last]
        elif what == "cut out":
            data = data[:first] + data[last:]
        elif what == "put in":
            data = data[:first] + draw(st.sampled_from(INSERTED)) + data[first:]
        elif what == "twice":
            data = data[:last] + data[first:]
        else:
            data = data[last:] + data[:first]
    encoding = draw(st.sampled_from(("", "", "utf-16", "latin-1", "cp1252", "utf-32")))
    return data.decode(errors="replace").encode(encoding, errors="replace") if encoding else data


@pytest.mark.parametrize("name", PROFILES)
@few
@given(st.data())
def test_a_damaged_file_is_an_error_or_adds_up(name: str, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "data")
        shutil.copytree(FIXTURES / name, copy)
        path = data.draw(st.sampled_from(sorted(path for path in copy.rglob("*") if path.is_file())))
        raw = data.draw(damaged(path.read_bytes()))
        packed = data.draw(st.sampled_from(("", "", ".gz", ".zst")))
        if packed:
            path.unlink()
            path = path.with_name(path.name + packed)
            raw = gzip.compress(raw) if packed == ".gz" else zstandard.compress(raw)
            raw = raw[: data.draw(st.integers(1, len(raw)))]
        path.write_bytes(raw)
        load_all(data.draw(st.sampled_from(([copy], [path]))))


@few
@given(st.sampled_from(STARTS), st.binary(max_size=300), st.sampled_from(ENDINGS))
def test_bytes_that_are_no_table(start: bytes, rest: bytes, ending: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"posts{ending}")
        path.write_bytes(start + rest)
        load_all([path])
