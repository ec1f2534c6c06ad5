from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cypher.errors import CibError, UsageError
from ingest.reading import streams
from ingest.reading.documents import MAX_DEPTH

from .reading_files import read

ROWS: list[dict[str, Any]] = [
    {"page": "1", "text": 'a]}\\"{,', "nested": [{"a": 1}, {"b": [2]}]},
    {"page": 12345678901234567890123, "text": None},
    {"page": "3", "nested": {"data": [{"page": "not a row"}]}},
]
PAGES = [{"data": ROWS[:2], "paging": {"cursors": [{"data": [{"x": 1}]}]}}, {"data": []}, {"data": ROWS[2:]}]


def json_file(folder: Path, text: str | bytes, name: str = "rows.json") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def lines(values: list[Any], indent: int | None = None) -> str:
    return "\n".join(json.dumps(value, indent=indent) for value in values)


@pytest.mark.parametrize("block", [1, 7, 64, 1 << 20])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("rows.json", json.dumps(ROWS)),
        ("rows.json", json.dumps(ROWS, indent=2)),
        ("rows.json", json.dumps({"data": ROWS, "paging": {"next": "x"}})),
        ("rows.json", json.dumps({"paging": {"next": "[{"}, "data": ROWS}, indent=1)),
        ("rows.json", json.dumps({"ads": ROWS, "count": 3, "query": {"data": 1}})),
        ("rows.json", json.dumps({"data": {"videos": ROWS, "search_id": "7"}, "error": {"code": "ok"}})),
        ("rows.json", json.dumps(PAGES)),
        ("rows.ndjson", lines(PAGES)),
        ("rows.json", lines(PAGES, indent=2)),
        ("rows.json", lines(ROWS)),
        ("rows.jsonl", lines(ROWS, indent=2)),
    ],
)
def test_rows_are_found_in_every_shape(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str, block: int
) -> None:
    monkeypatch.setattr(streams, "BLOCK", block)
    frame, rejects, rows = read(json_file(tmp_path, text, name))
    assert rejects == []
    assert rows == 3
    assert frame["line"].to_list() == [1, 2, 3]
    assert frame["page"].to_list() == ["1", "12345678901234567890123", "3"]
    assert frame["text"].to_list() == ['a]}\\"{,', None, None]
    assert [json.loads(cell) if cell else None for cell in frame["nested"]] == [
        ROWS[0]["nested"], None, ROWS[2]["nested"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    "row",
    [
        {"id": "1", "payers": [{"payer": "x"}]},
        {"page_id": "1", "payers": [{"payer": "x"}]},
        {"info": {"history": [{"event": "CREATION"}]}, "data": {"id": "1", "tags": [{"tag": "x"}]}},
    ],
)
def test_an_object_with_a_list_of_its_own_is_a_row(tmp_path: Path, row: dict[str, object]) -> None:
    for text in (json.dumps(row), json.dumps(row, indent=2), json.dumps([row])):
        frame, _, rows = read(json_file(tmp_path, text))
        assert rows == 1
        assert {*frame.columns} == {*row, "line"}


def test_what_is_no_row_is_set_aside_with_its_number(tmp_path: Path) -> None:
    deep = '{"id":6,"a":' + "[" * 100_000 + "]" * 100_000 + "}"
    long = '{"id":7,"a":"' + '[\\"' * (9 << 20) + '"}'
    bad_bytes = b'{"id":"\xe9"}'
    text = f'[{{"id":1}},2,[3],,{{"id":5 5}},{deep},{long},{{"id":"\\ud800"}},{{"id":1e999999999999}},'
    frame, rejects, rows = read(json_file(tmp_path, text.encode() + bad_bytes + b',{"id":"last"}]'))
    assert frame.rows() == [("1", 1), ("1e999999999999", 9), ("last", 11)]
    assert [(row["line"], row["reason"]) for row in rejects] == [
        (2, "not a JSON object"),
        (3, "not a JSON object"),
        (4, "not valid JSON"),
        (5, "not valid JSON"),
        (6, f"nested more than {MAX_DEPTH} levels deep"),
        (7, "the row is longer than 1 MiB"),
        (8, "not valid JSON"),
        (10, "not valid UTF-8 (byte 0xe9); save the file as UTF-8, or name its --encoding"),
    ]
    assert rows == 11


def test_a_page_without_rows_is_told(tmp_path: Path) -> None:
    pages = [PAGES[0], {"error": {"message": "too many calls", "data": [{"x": 1}]}}, PAGES[2]]
    frame, rejects, rows = read(json_file(tmp_path, lines(pages)))
    assert frame["line"].to_list() == [1, 2, 3]
    assert [(row["line"], row["reason"]) for row in rejects] == [(3, "a page without a list 'data'")]
    assert rows == 4


def test_a_broken_line_does_not_make_a_document_of_lines(tmp_path: Path) -> None:
    frame, rejects, _ = read(json_file(tmp_path, '[{bad\n{"id":1}\n{"id":2}\n{"id":3}', "rows.ndjson"))
    assert frame["line"].to_list() == [2, 3, 4]
    assert [row["line"] for row in rejects] == [1]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"", "is empty"),
        (b"[]", "is empty"),
        (b'{"data": []}', "is empty"),
        (b"hello", "is no JSON"),
        (b'{"data":[{"id":1},{"id":2', "damaged or cut off"),
        (b'[{"id":1},{"id":"2]', "damaged or cut off"),
        (b'[{"id":1}]]', "damaged or cut off"),
        (b"[" * (3 << 20), "damaged or cut off"),
        (b'[{"id":"' + b"x" * (3 << 20), "damaged or cut off"),
        (json.dumps([{f"c{n}": n for n in range(50_000)}]).encode(), "more than 500 different names"),
    ],
)
def test_documents_that_cannot_be_read_say_why(tmp_path: Path, text: bytes, says: str) -> None:
    with pytest.raises((CibError, UsageError), match=says) as caught:
        read(json_file(tmp_path, text))
    assert caught.value.hint


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.sampled_from('[]{},:"\\ aé'), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)


@given(
    rows=st.lists(st.dictionaries(st.sampled_from("xyz"), values, min_size=1), min_size=1, max_size=8),
    block=st.integers(1, 40),
    indent=st.sampled_from([None, 1]),
    page=st.booleans(),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_object_comes_back_whole(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    rows: list[dict[str, object]],
    block: int,
    indent: int | None,
    page: bool,
) -> None:
    monkeypatch.setattr(streams, "BLOCK", block)
    text = json.dumps({"data": rows} if page else rows, indent=indent)
    frame, rejects, count = read(json_file(tmp_path, gzip.compress(text.encode()), "rows.json.gz"))
    assert rejects == []
    assert count == len(rows)
    for row, cells in zip(rows, frame.sort("line").to_dicts(), strict=True):
        for name, value in row.items():
            expected = None if value is None else value if isinstance(value, str) else json.dumps(value)
            found = cells[name]
            if isinstance(value, str) or found is None or expected is None:
                assert found == expected
            else:
                assert json.loads(found) == value
