"""Drafts of mappings: what they guess, and that they are mappings whatever a file is called and holds."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ingest.mapping.schema import Mapping, parse
from ingest.mapping.suggest import suggest
from ingest.mapping.yamlfile import read_yaml
from ingest.profiles import Look
from ingest.sources import look_at

from .reading import take_file

CANONICAL = Path(__file__).parents[1] / "profiles" / "fixtures" / "canonical"


def draft_of(folder: Path, header: list[str], *rows: list[str]) -> Mapping:
    path = folder / "export.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    (folder / "map.yaml").write_text(suggest(look_at(path)), encoding="utf-8")
    return parse(read_yaml(folder / "map.yaml").content)


def sources(mapping: Mapping) -> dict[str, object]:
    return {
        name: rule.value if rule.value is not None else (rule.column or ("",))[0]
        for name, rule in mapping.columns.items()
    }


@pytest.mark.parametrize("name", [path.name for path in sorted(CANONICAL.iterdir())])
def test_the_draft_for_a_canonical_table_finds_all_of_it_and_loads(name: str, tmp_path: Path) -> None:
    path = CANONICAL / name
    (tmp_path / "map.yaml").write_text(suggest(look_at(path)), encoding="utf-8")
    mapping = parse(read_yaml(tmp_path / "map.yaml").content)
    assert name.startswith(mapping.table)
    assert {column: column for column in mapping.columns} == sources(mapping)
    assert set(look_at(path).columns) == set(mapping.columns)
    assert not mapping.also
    taken = take_file(tmp_path, tmp_path / "map.yaml", path)
    assert taken.rejects == []
    assert list(taken.rows) == [mapping.table]


def test_posts_in_other_words_with_their_authors(tmp_path: Path) -> None:
    mapping = draft_of(
        tmp_path,
        ["Post-ID", "User Id", "Screen_Name", "tweetText", "Created", "Links", "Likes", "fol", "Followers"],
        ["1", "5", "zoe", "hello", "31/12/2018 23:05", "https://x.com/a;https://b.c", "7", "?", "12"],
        ["2", "6", "ann", "bye", "01/02/2019 03:04", "", "", "", "13"],
    )  # fmt: skip
    assert sources(mapping) == {
        "platform": "x", "id": "Post-ID", "author_kind": "account", "author_id": "User Id",
        "text": "tweetText", "created_at": "Created", "urls": "Links", "likes": "Likes",
    }  # fmt: skip
    assert mapping.columns["created_at"].format == ("%d/%m/%Y %H:%M",)
    assert mapping.columns["created_at"].zone == "UTC"
    assert mapping.columns["urls"].split == ";"
    (accounts,) = mapping.also
    assert (accounts.table, accounts.columns["id"].column) == ("accounts", ("User Id",))
    assert accounts.columns["handle"].column == ("Screen_Name",)
    assert accounts.columns["followers"].column == ("Followers",)
    text = (tmp_path / "map.yaml").read_text(encoding="utf-8")
    assert "#   fol: text, e.g. ?\n" in text
    assert "check the zone" in text
    taken = take_file(tmp_path, tmp_path / "map.yaml", tmp_path / "export.csv")
    assert taken.rejects == []
    assert taken.rows["posts"][0]["x_fol"] == "?"


def test_nested_json_and_epochs(tmp_path: Path) -> None:
    path = tmp_path / "export.ndjson"
    path.write_text(
        '{"data": {"video_id": "900719925474099301", "stats": {"playCount": 5}},'
        ' "create_time": 1554120000000, "author": {"user_id": 7, "nickname": "n"}, "text": "t"}\n'
    )
    (tmp_path / "map.yaml").write_text(suggest(look_at(path)), encoding="utf-8")
    mapping = parse(read_yaml(tmp_path / "map.yaml").content)
    assert sources(mapping) == {
        "platform": "facebook", "id": "data.video_id", "author_kind": "account",
        "author_id": "author.user_id", "created_at": "create_time", "text": "text",
        "views": "data.stats.playCount",
    }  # fmt: skip
    assert mapping.columns["created_at"].unit == "milliseconds"
    taken = take_file(tmp_path, tmp_path / "map.yaml", path)
    assert (taken.rejects, taken.rows["posts"][0]["id"]) == ([], "900719925474099301")


def test_days_and_months_that_could_be_either_way_are_told(tmp_path: Path) -> None:
    mapping = draft_of(
        tmp_path, ["id", "page name", "page created"], ["1", "a", "01/02/2019"], ["2", "b", "03/04/2019"]
    )
    assert mapping.columns["created_at"].format == ("%d/%m/%Y",)
    assert "%m/%d/%Y" in (tmp_path / "map.yaml").read_text(encoding="utf-8")


def test_a_draft_says_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("text,user id,when?\nhello,1,soon\n")
    text = suggest(look_at(path))
    assert "# created_at: NAME_OF_COLUMN  # required" in text
    assert "#   when?: text, e.g. soon" in text


names = st.lists(st.text(min_size=1, max_size=12).filter(str.strip), min_size=1, max_size=6, unique=True)


@given(names, st.data())
def test_no_name_and_no_value_breaks_out_of_a_draft(header: list[str], data: st.DataObject) -> None:
    row = data.draw(st.lists(st.text(max_size=60), min_size=len(header), max_size=len(header)))
    header[0] = data.draw(st.sampled_from(["id", header[0], "page_id: x # {"]))
    rows = pl.DataFrame([[cell or None for cell in row]], dict.fromkeys(header, pl.String), orient="row")
    look = Look(Path("export\nname.csv"), tuple(rows.columns), rows)
    content = yaml.load(suggest(look), Loader=yaml.SafeLoader)
    assert set(content) <= {"title", "table", "columns", "also"}
    for rule in content["columns"].values():
        named = rule if isinstance(rule, str) else rule.get("column")
        assert named is None or named in header or named.partition(".")[0] in header
