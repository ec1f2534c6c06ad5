"""JSON in cells, and how sources write cells."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import tokens
from ingest.profiles import nested, spellings
from ingest.rejects import RejectFile, frame

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
NAMES = TEXTS.filter(lambda name: bool(name.strip()))
OBJECTS = st.dictionaries(NAMES, st.one_of(st.none(), TEXTS, st.integers(), st.booleans()), max_size=4)


def text_of(value: object) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.one_of(st.none(), OBJECTS, st.sampled_from(["{broken", "[1]", "text"])), max_size=6))
def test_objects_become_dotted_columns_and_nothing_is_lost(
    rows: list[dict[str, object] | str | None],
) -> None:
    given_cells = [json.dumps(row) if isinstance(row, dict) else row for row in rows]
    frame = pl.DataFrame(
        {"a": given_cells, "line": range(2, len(rows) + 2)}, schema={"a": pl.String, "line": pl.Int64}
    )
    wide = nested.flattened(frame, "a", "absent")
    assert wide["line"].to_list() == frame["line"].to_list()
    for row, out in zip(rows, wide.to_dicts(), strict=True):
        if isinstance(row, dict):
            for name, value in row.items():
                assert out[f"a.{name}"] == text_of(value)
        else:
            assert out.get("a") == row
        known = row if isinstance(row, dict) else {}
        assert all(value is None for name, value in out.items() if name[:2] == "a." and name[2:] not in known)


def test_dotted_and_nested_are_one_and_deeper_levels_follow() -> None:
    frame = pl.DataFrame(
        {
            "a": ['{"b":9007199254740993123,"c":{"d":"x"}}', None, '{"z":1}'],
            "a.b": [None, "old", "kept"],
            "line": [2, 3, 4],
        }
    )
    assert nested.flattened(frame, "a", "a.c").drop_nulls("a.b").select(
        "line", "a.b", "a.c.d", "a.z"
    ).rows() == [
        (2, "9007199254740993123", "x", None),
        (3, "old", None, None),
        (4, "kept", None, "1"),
    ]


def test_an_object_of_too_many_names_stays_json() -> None:
    wide = json.dumps({str(number): number for number in range(nested.MAX_NAMES + 1)})
    frame = pl.DataFrame({"a": [wide], "line": [2]})
    assert nested.flattened(frame, "a").equals(frame)


def test_items_of_arrays_have_the_line_of_their_row() -> None:
    frame = pl.DataFrame({"a": ['["x", {"b": 1}, null]', None, "[]", "no", '["y"]'], "line": [2, 3, 4, 5, 6]})
    assert nested.items(frame, "a").rows() == [(2, "x"), (2, '{"b":1}'), (6, "y")]
    assert nested.items(frame, "absent").is_empty()


@pytest.mark.parametrize(
    ("written", "read"),
    [("1,234", "1234"), ("1 234 567", "1234567"), ("12", "12"), ("1.234", "1.234"), ("1,23", "1,23")],
)
def test_separators_of_thousands(written: str, read: str) -> None:
    assert pl.select(spellings.number(pl.lit(written))).item() == read


@pytest.mark.parametrize(
    ("written", "read"),
    [('="123"', "123"), ("'123", "123"), ("'=1+1", "=1+1"), ("'tis so", "'tis so"), ('="a ""b"""', 'a "b"')],
)
def test_what_keeps_spreadsheets_quiet_goes(written: str, read: str) -> None:
    assert pl.select(spellings.unquoted(pl.lit(written))).item() == read


@pytest.mark.parametrize(
    "text",
    [
        "https://f.com/ads/?id=1&access_token=EAASECRET",
        "https://f.com/ads/?access_token=EAASECRET&id=1",
        '{"paging":{"next":"https://g.com/?a=b\\u0026access_token=EAASECRET\\u0026after=x"}}',
        '{"access_token": "EAASECRET"}',
        "https://f.com/ads/?id=1&access_token=12%7CSECRET",
        '{"url":"https://g.com/?access_token=12\\u007cSECRET"}',
        "https%3A%2F%2Fg.com%2F%3Faccess_token%3DEAA%7CSECRET%26x",
    ],
)
def test_no_token_is_left(text: str) -> None:
    assert "SECRET" not in pl.select(tokens.without_token_values(pl.lit(text))).item()
    if text.startswith("https:"):
        assert pl.select(tokens.without_token(pl.lit(text))).item() == "https://f.com/ads/?id=1"


def test_country_names_become_codes_and_others_stay() -> None:
    names = pl.Series(["France", "türkiye", "US", "Polska", None])
    assert pl.select(spellings.country_code(names)).to_series().to_list() == [
        "FR",
        "TR",
        "US",
        "Polska",
        None,
    ]


def test_rejected_rows_hold_no_token(tmp_path: Path) -> None:
    with RejectFile(tmp_path / "r.ndjson") as rejected:
        row = '{"ad_snapshot_url":"https://f.com/?id=1&access_token=EAA%7CSECRET", broken'
        rejected.add("ads.ndjson", "ads", frame([(2, None, row, "not valid JSON")]))
    written = rejected.path.read_text()
    assert "id=1&access_token" in written
    assert "SECRET" not in written
