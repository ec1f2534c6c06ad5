"""Rows found by counting quotes, a block at a time, are those that are found one by one."""

from __future__ import annotations

import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from ingest.reading import open_table, streams
from ingest.reading.records import _Splitter

CELLS = st.one_of(
    st.sampled_from(
        [
            "",
            "a",
            "é",
            "a b",
            '"a"',
            '"a,b"',
            '"a\nb"',
            '"a\r\nb"',
            '"a""b"',
            '""',
            '"\n\n"',
            '""""',
            "'",
            "\ufeff",
        ]
    ),
    # Broken on purpose.
    st.sampled_from(['"', 'a"b', '"a"b', 'a"', '"""', "\r", "\0", "\udcff", ",", "\n", "\r\n", '",', '"\n']),
)
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=4).map(",".join), max_size=12)


def read(folder: Path, data: bytes, block: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    path = folder / "posts.csv"
    path.write_bytes(b"one,two,three\n" + data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(streams, "BLOCK", block)
        batches = list(open_table(path).batches)
    empty = pl.DataFrame(schema={"one": pl.String, "two": pl.String, "three": pl.String, "line": pl.Int64})
    return pl.concat([empty, *(batch.frame for batch in batches)]), pl.concat(
        [empty.clear().select("line"), *(batch.rejects for batch in batches)], how="diagonal"
    )


@given(rows=ROWS, ending=st.sampled_from(["\n", "\r\n"]), last=st.booleans(), block=st.integers(16, 64))
@settings(deadline=None, max_examples=150)
def test_counting_finds_what_matching_finds(rows: list[str], ending: str, last: bool, block: int) -> None:
    text = ending.join(rows) + ending * last
    data = text.encode(errors="surrogateescape")
    with tempfile.TemporaryDirectory() as folder:
        counted = read(Path(folder), data, 1 << 20)
        in_pieces = read(Path(folder), data, block)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(_Splitter, "_by_counting", lambda *_, **__: None)
            matched = read(Path(folder), data, 1 << 20)
    for other in (in_pieces, matched):
        assert_frame_equal(counted[0], other[0])
        assert_frame_equal(counted[1], other[1])
