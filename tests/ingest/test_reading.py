from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json
from pathlib import Path

import polars as pl
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cypher.errors import CibError, UsageError
from ingest.reading import find_files, source_id, streams, table_name

from .reading_files import read


def csv_file(folder: Path, data: bytes | str, name: str = "posts.csv") -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def test_lines_count_through_blank_lines_and_quoted_newlines(tmp_path: Path) -> None:
    frame, rejects, _ = read(csv_file(tmp_path, 'id,name\n1,a\n\n2,"x\ny"\r\n\r\n3,""\n4,last'))
    assert frame.rows() == [("1", "a", 2), ("2", "x\ny", 4), ("3", None, 7), ("4", "last", 8)]
    assert rejects == []


@pytest.mark.parametrize("block", [3, 7, 64, 1 << 20])
def test_broken_rows_are_set_aside_and_the_rest_still_loads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(streams, "BLOCK", block)
    data = (
        b'id,name\n1,a\n3\n4,"ok ""q"""x\n5,5" screen\n6,\xe9\n7,n\0l\n8,a,b\n9,"two\nlines"\n'
        b'10,"open\n11,fine\n12,fine'
    )
    frame, rejects, rows = read(csv_file(tmp_path, data))
    assert frame["id"].to_list() == ["1", "5", "9", "11", "12"]
    assert frame["line"].to_list() == [2, 5, 9, 12, 13]
    assert [(row["line"], str(row["reason"])[:14]) for row in rejects] == [
        (3, "1 cells where "),
        (4, "text after a c"),
        (6, "not valid UTF-"),
        (7, "holds a NUL ch"),
        (8, "3 cells where "),
        (11, "a quote is ope"),
    ]
    assert rows == 11


cells = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\ufeff"), max_size=12)


@given(rows=st.lists(st.tuples(cells, cells, cells), max_size=15), block=st.integers(1, 40))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_the_csv_module_writes_comes_back_with_its_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: list[tuple[str, str, str]], block: int
) -> None:
    monkeypatch.setattr(streams, "BLOCK", block + 8)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["a", "b", "c"])
    lines = []
    for row in rows:
        lines.append(out.getvalue().count("\n") + 1)
        writer.writerow(row)
    frame, rejects, _ = read(csv_file(tmp_path, out.getvalue()))
    assert rejects == []
    assert frame.rows() == [
        (*(cell or None for cell in row), line) for row, line in zip(rows, lines, strict=True)
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks_are_understood(tmp_path: Path, encoding: str) -> None:
    frame, _, _ = read(csv_file(tmp_path, "id;name\n007;Žluťoučký 🐎\n".encode(encoding)))
    assert frame.rows() == [("007", "Žluťoučký 🐎", 2)]


def test_a_column_called_line_is_kept(tmp_path: Path) -> None:
    frame, _, _ = read(csv_file(tmp_path, "id,line\n1,bus 7\n"))
    assert frame.to_dicts() == [{"id": "1", "x_line": "bus 7", "line": 2}]


def test_old_line_ends_and_tabs(tmp_path: Path) -> None:
    frame, _, _ = read(csv_file(tmp_path, "id\tname\r1\ta\r2\tb\r", "accounts.tsv"))
    assert frame.rows() == [("1", "a", 2), ("2", "b", 3)]


def test_cells_over_the_limit_are_rejected(tmp_path: Path) -> None:
    frame, rejects, _ = read(
        csv_file(tmp_path, f"id,name\n1,{'x' * (1 << 20)}\n2,{'y' * ((1 << 20) + 1)}\n3,c\n")
    )
    assert frame["id"].to_list() == ["1", "3"]
    assert [(row["line"], row["column"], row["reason"]) for row in rejects] == [
        (3, "name", "the cell is longer than 1 MiB")
    ]


def test_a_line_without_end_is_skipped_not_kept(tmp_path: Path) -> None:
    frame, rejects, _ = read(csv_file(tmp_path, b"id,name\n1," + b"x" * (40 << 20) + b"\n2,b\n"))
    assert frame.rows() == [("2", "b", 3)]
    assert [row["line"] for row in rejects] == [2]


def test_ndjson_keeps_digits_and_says_what_is_broken(tmp_path: Path) -> None:
    rows = [
        '{"id":9007199254740993,"tags":["a|b","c"],"ok":true,"n":null}',
        "",
        '{"id":"007","line":4}',
        "{bad",
        "[1]",
        '{"id":12345678901234567890123}',
        '{"id":"a\\u0000b"}',
    ]
    frame, rejects, count = read(csv_file(tmp_path, "\n".join(rows), "posts.ndjson"))
    assert frame["id"].to_list() == ["9007199254740993", "007", "12345678901234567890123"]
    assert frame["tags"][0] == '["a|b","c"]'
    assert frame["x_line"].to_list() == [None, "4", None]
    assert frame["line"].to_list() == [1, 3, 6]
    assert [(row["line"], row["reason"]) for row in rejects] == [
        (4, "not valid JSON"),
        (5, "not a JSON object"),
        (7, "holds a NUL character"),
    ]
    assert count == 6


@given(ids=st.lists(st.integers(-(10**40), 10**40), min_size=1, max_size=8))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_numbers_in_ndjson_come_back_digit_by_digit(tmp_path: Path, ids: list[int]) -> None:
    path = csv_file(tmp_path, "\n".join(json.dumps({"id": number}) for number in ids), "accounts.ndjson")
    assert read(path)[0]["id"].to_list() == [str(number) for number in ids]


def test_parquet_becomes_text_in_one_way(tmp_path: Path) -> None:
    path = tmp_path / "posts.parquet"
    pl.DataFrame(
        {
            "id": [9007199254740993, 2],
            "count": [12.0, None],
            "tags": [["a", "b|c"], None],
            "at": [dt.datetime(2019, 4, 1, 12, tzinfo=dt.UTC), None],
            "day": [dt.date(2019, 4, 1), None],
        }
    ).write_parquet(path)
    frame, _, _ = read(path)
    assert frame.row(0) == (
        "9007199254740993",
        "12",
        '["a","b|c"]',
        "2019-04-01T12:00:00.000000Z",
        "2019-04-01",
        1,
    )
    assert frame.row(1) == ("2", None, None, None, None, 2)


@pytest.mark.parametrize("ending", [".gz", ".zst"])
@pytest.mark.parametrize("form", [".csv", ".ndjson", ".parquet"])
def test_every_format_is_read_compressed(tmp_path: Path, form: str, ending: str) -> None:
    made = io.BytesIO()
    frame = pl.DataFrame({"id": ["007", "2"]})
    {".csv": frame.write_csv, ".ndjson": frame.write_ndjson, ".parquet": frame.write_parquet}[form](made)
    data = made.getvalue()
    packed = gzip.compress(data) if ending == ".gz" else zstandard.compress(data)
    path = csv_file(tmp_path, packed, f"accounts-001{form}{ending}")
    assert read(path)[0]["id"].to_list() == ["007", "2"]
    assert table_name(path) == "accounts"


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("posts.csv", b"", "is empty"),
        ("posts.csv", b"\n\n", "is empty"),
        ("posts.ndjson", b"", "is empty"),
        ("posts.csv", b"PK\x03\x04abc", "damaged ZIP"),
        ("posts.csv", b"<html><table>", "web page"),
        ("posts.csv", ",".join(map(str, range(100_000))).encode(), "100,000 columns"),
        ("posts.csv", b"x" * 200_000 + b",id\n", "header cannot be read"),
        ("posts.csv", bytes(range(256)) * 9, "binary"),
        ("posts.csv.gz", gzip.compress(b"id\n1\n" * 999, mtime=0)[:-20], "damaged or cut off"),
        ("posts.parquet", b"PAR1id,name\n", "not a Parquet file"),
    ],
)
def test_files_that_cannot_be_read_say_why(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    with pytest.raises(CibError, match=says) as caught:
        read(csv_file(tmp_path, data, name))
    assert caught.value.hint


def test_a_decompression_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "FREE_SIZE", 1 << 20)
    bomb = gzip.compress(b"id\n" + b"1\n" * (8 << 20))
    with pytest.raises(CibError, match="bomb"):
        read(csv_file(tmp_path, bomb, "accounts.csv.gz"))


def test_folders_are_searched_and_strangers_reported(tmp_path: Path) -> None:
    inner = tmp_path / "data" / "2019"
    inner.mkdir(parents=True)
    csv_file(inner, "id\n1\n", "posts-002.csv")
    csv_file(inner, "id\n1\n", "posts-001.csv")
    csv_file(inner, "hello", "README.md")
    found = find_files([tmp_path / "data", inner / "posts-001.csv"])
    assert [path.name for path in found.files] == ["posts-001.csv", "posts-002.csv"]
    assert [path.name for path in found.ignored] == ["README.md"]
    with pytest.raises(UsageError, match="no such file"):
        find_files([tmp_path / "missing.csv"])
    with pytest.raises(UsageError, match="format is not known"):
        find_files([inner / "README.md"])
    (tmp_path / "void").mkdir()
    with pytest.raises(UsageError, match="holds no table"):
        find_files([tmp_path / "void"])


def test_what_is_left_out_is_passed_over_unless_named(tmp_path: Path) -> None:
    for name in ("a.csv", ".hidden/b.csv", "results/c.csv", "deep/d.csv", "deep/mine.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("id\n1\n")
    results, mine = tmp_path / "results", tmp_path / "deep" / "mine.csv"

    def names(path: Path) -> list[str]:
        return [file.name for file in find_files([path], {results, mine}).files]

    assert names(tmp_path) == ["a.csv", "d.csv"]
    assert names(results) == ["c.csv"]
    assert names(mine) == ["mine.csv"]


def test_a_source_keeps_its_id_while_it_stays_in_place(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "id\n1\n")
    before = source_id(path)
    csv_file(tmp_path, "id\n2\n")
    assert source_id(path) == before
    assert len(before) == len("SRC-") + 12
