"""What a mapping makes of cells, and what it says when it is wrong."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from cypher.errors import UsageError
from ingest.mapping import read_mapping
from ingest.mapping.yamlfile import MAX_BYTES

from .reading import take

PAGES = "table: pages\ncolumns:\n  platform: {value: x}\n  id: {value: i}\n"
POSTS = (
    "table: posts\ncolumns:\n  platform: {value: x}\n  id: n\n  author_kind: {value: account}\n"
    "  author_id: {value: 007}\n"
)
OF_ACCOUNT = "platform: {value: x}, asset_kind: {value: account}, asset_id: a.id"
UNIT = "created_at: {{column: a, unit: {}}}"


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("rule", "cells", "expected"),
    [
        ("about: a", {"a": " kept "}, "kept"),
        ("about: {column: [a, b]}", {"a": " ", "b": "second"}, "second"),
        ("about: {value: no}", {"a": ""}, "no"),
        ('about: {template: "{a}/{{{b c}}}"}', {"a": "1", "b c": "2"}, "1/{2}"),
        ('about: {template: "{a}/{b}"}', {"a": "1", "b": ""}, None),
        (r"about: {column: a, regex: 'u(\d+)'}", {"a": "xu12y"}, "12"),
        (r"about: {column: a, regex: '\d+'}", {"a": "xu12y"}, "12"),
        (r"about: {column: a, regex: '\d+'}", {"a": "none"}, None),
        ("about: {column: a, strip: '@#'}", {"a": "@#name@"}, "name"),
        ("about: {column: a, map: {FB: facebook, 'N/A': null}}", {"a": "FB"}, "facebook"),
        ("about: {column: a, map: {FB: facebook, 'N/A': null}}", {"a": "N/A"}, None),
        ("about: {column: a, map: {FB: facebook}}", {"a": "other"}, "other"),
        ("about: {column: a, map: {FB: facebook}, otherwise: none}", {"a": "other"}, "none"),
        ("followers: {column: a, thousands: '.'}", {"a": "1.234.567"}, 1_234_567),
        ("followers: {column: a, thousands: ' '}", {"a": "1 234"}, 1_234),
        ("about: a.b.c", {"a": '{"b": {"c": 12345678901234567890123}}'}, "12345678901234567890123"),
        ("about: /a/b~1c/1", {"a": '{"b/c": [1, "x"]}'}, "x"),
        ("about: a.b", {"a.b": "own", "a": '{"b": "inner"}'}, "own"),
        ("about: a.b", {"a": "no JSON"}, None),
        ("about: a.b", {"a": r'{"b": "x\u0000"}'}, None),
        ("about: {column: zz, optional: true}", {"a": "1"}, None),
        (UNIT.format("milliseconds"), {"a": "1554120000123"}, utc(2019, 4, 1, 12, 0, 0, 123_000)),
        (UNIT.format("microseconds"), {"a": "1554120000123456"}, utc(2019, 4, 1, 12, 0, 0, 123_456)),
        (UNIT.format("nanoseconds"), {"a": "1554120000123456789"}, utc(2019, 4, 1, 12, 0, 0, 123_456)),
        (UNIT.format("seconds"), {"a": "1554120000.5"}, utc(2019, 4, 1, 12, 0, 0, 500_000)),
        (
            "created_at: {column: a, format: '%d.%m.%y %H:%M', zone: Europe/Athens}",
            {"a": "31.10.19 01:30"},
            utc(2019, 10, 30, 23, 30),
        ),
        (
            "created_at: {column: a, format: '%a %b %d %H:%M:%S %z %Y'}",
            {"a": "Mon Apr 01 14:00:00 +0200 2019"},
            utc(2019, 4, 1, 12),
        ),
        ("created_at: {column: a, format: '%d.%m.%Y'}", {"a": "1.4.2019"}, utc(2019, 4, 1)),
    ],
)
def test_a_cell(tmp_path: Path, rule: str, cells: dict[str, str], expected: Any) -> None:
    header = ",".join(f'"{name}"' for name in cells)
    row = ",".join('"' + value.replace('"', '""') + '"' for value in cells.values())
    taken = take(tmp_path, PAGES + "  x_n: n\n  " + rule, f"n,{header}\n1,{row}\n")
    assert taken.rejects == []
    (made,) = taken.rows["pages"]
    assert made.get(rule.partition(":")[0]) == expected


@pytest.mark.parametrize(
    ("rule", "cell", "reason"),
    [
        ("format: '%d.%m.%Y %H:%M', zone: Europe/Berlin", "27.10.2019 02:30", "this time twice"),
        ("format: '%d.%m.%Y %H:%M', zone: Europe/Berlin", "31.03.2019 02:30", "no such time"),
        (
            "format: '%d.%m.%Y %H:%M', zone: Europe/Berlin",
            "31.02.2019 12:30",
            "not a time as the mapping says",
        ),
        # Would be a time to anybody who guesses.
        ("format: '%Y%m%d%H%M%S', zone: UTC", "1554120000", "not a time as the mapping says"),
        ("unit: milliseconds", "2019-04-01T12:00:00Z", "not an epoch time in milliseconds"),
        ("unit: milliseconds", "99999999999999999999", "not an epoch time in milliseconds"),
    ],
)
def test_a_time_that_is_not_sure_is_a_rejected_row(tmp_path: Path, rule: str, cell: str, reason: str) -> None:
    good = "2019-04-01T12:00:00Z"
    taken = take(tmp_path, f"{POSTS}  created_at: {{column: t, {rule}}}\n", f"n,t,g\n1,{cell},{good}\n")
    ((line, column, why),) = taken.rejects
    assert (line, column) == (2, "created_at")
    assert reason in why
    assert taken.rows == {}


def test_lists_split_and_nothing_is_split_again(tmp_path: Path) -> None:
    mapping = POSTS + "  created_at: {value: 2019-04-01T12:00:00Z}\n  urls: {column: u, split: ';'}\n"
    taken = take(tmp_path, mapping, 'n,u\n1,"http://a/|1; http://b/"""\n')
    assert taken.rows["posts"][0]["urls"] == ["http://a/|1", 'http://b/"']
    assert taken.rows["posts"][0]["author_id"] == "007"


def test_several_tables_from_a_row_and_nothing_is_lost(tmp_path: Path) -> None:
    mapping = (
        POSTS.replace("{value: 007}", "a.id") + "  created_at: {value: 2019-04-01}\n"
        "also:\n"
        "  - {table: accounts, columns: {platform: {value: x}, id: a.id, name: a.name}}\n"
        f"  - {{table: identifiers, columns: {{{OF_ACCOUNT}, kind: {{value: email}}, value: mail}}}}\n"
        f"  - {{table: identifiers, columns: {{{OF_ACCOUNT}, kind: {{value: phone}}, value: tel}}}}\n"
        "ignore: [junk]\n"
    )
    data = (
        '{"n": 1, "a": {"id": 5, "name": "Zoë"}, "mail": "z@x.example", "tel": "1", "junk": 1, "rest": "r"}\n'
        '{"n": 2, "a": {"id": 6}, "tel": "2", "platform": "p"}\n'
        '{"n": 3, "tel": "3"}\n'
    )
    taken = take(tmp_path, mapping, data, "export.ndjson")
    assert [(row["id"], row["author_id"]) for row in taken.rows["posts"]] == [("1", "5"), ("2", "6")]
    assert [(line, column) for line, column, _ in taken.rejects] == [(3, "author_id")]
    assert taken.rows["posts"][0]["x_rest"] == "r"
    assert taken.rows["posts"][0]["x_a"] == '{"id":5,"name":"Zoë"}'
    assert taken.rows["posts"][1]["x_platform"] == "p"
    assert "x_junk" not in taken.rows["posts"][0]
    assert [(row["id"], row.get("name")) for row in taken.rows["accounts"]] == [("5", "Zoë"), ("6", None)]
    assert [(row["kind"], row["value"]) for row in taken.rows["identifiers"]] == [
        ("email", "z@x.example"), ("phone", "1"), ("phone", "2"),
    ]  # fmt: skip


def test_a_file_without_the_columns_says_which(tmp_path: Path) -> None:
    with pytest.raises(
        UsageError, match=r"names the columns name, followerz, which the file does not have; it"
    ):
        take(tmp_path, PAGES + "  x_n: n\n  name: name\n  followers: followerz\n", "n,followers\n1,2\n")
    with pytest.raises(UsageError, match="no profile recognises"):
        take(tmp_path, PAGES + "  name: name\n", "n,followers\n1,2\n")


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("table: pagez\ncolumns: {}\n", 1, "table: there is no table 'pagez'; there are accounts"),
        ("title: x\ntable: pages\n", 1, "columns: must be given"),
        ("table: pages\ncolumns:\n  platform: {value: x}\n", 2, "columns: pages needs id as well"),
        (PAGES + "  nmae: n\n", 5, "columns.nmae: pages has no column 'nmae'; it has platform, id, name"),
        (PAGES + "  name: {colum: n}\n", 5, "colum: there is no such entry; there are column, value"),
        (PAGES + "tables: []\n", 5, "tables: there is no such entry; there are table, columns, title"),
        (PAGES + "  name: {column: n, value: m}\n", 5, "columns.name: needs one of column, value"),
        (PAGES + "  name: {template: x}\n", 5, "columns.name: the template names no column"),
        (PAGES + "  name: {column: n, split: ','}\n", 5, "columns.name: name is no list or countries"),
        (PAGES + "  name: {column: n, regex: '('}\n", 5, "columns.name.regex: no valid regular expression"),
        (PAGES + "  name: {column: n, optional: perhaps}\n", 5, "columns.name.optional: must be true"),
        (PAGES + "  name:\n", 5, "columns.name: says nothing"),
        (PAGES + "  created_at:\n    column: n\n    format: '%H'\n", 7, "created_at.format.0: no usable"),
        (PAGES + "  created_at:\n    column: n\n    format: '%d.%m.%Y %H:%M'\n", 5, "so zone must be given"),
        (PAGES + "  created_at: {column: n, format: '%d %H:%M %Z'}\n", 5, "names of zones (%Z) are"),
        (PAGES + "  created_at: {column: n, format: '%d', zone: Berlin}\n", 5, "zone: no such time zone"),
        (PAGES + "  created_at: {column: n, unit: days}\n", 5, "columns.created_at.unit: "),
        (PAGES + "also:\n  - table: groups\n    columns: {platform: p, id: {}}\n", 7, "also.0.columns.id: "),
        (PAGES + "  id: n\n", 5, "'id' is there twice, first in line 4"),
        ("a: &x 1\nb: *x\n", 2, "aliases (`*name`) are not read"),
        ("a: !!python/object/apply:os.system ['true']\n", 1, "the tag tag:yaml.org,2002:python/object/apply"),
        ("a: !own 1\n", 1, "the tag !own is not read"),
        ("a: " + "[" * 50 + "]" * 50 + "\n", 1, "nested deeper than"),
        ("table: pages\n\tcolumns: {}\n", 2, "no valid YAML"),
        ("table: pages: x\n", 1, "no valid YAML"),
        ("? [a]\n: b\n", 1, "a name must be a text"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, text: str, line: int, told: str) -> None:
    path = tmp_path / "map.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read_mapping(path)
    assert f"{path}, line {line}: " in str(caught.value)
    assert told in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "holds no mapping"),
        (b"- a\n", "holds no mapping"),
        (b"\xff\xfe", "not UTF-8"),
        (b"#" * (MAX_BYTES + 1), "larger than 1 MiB"),
        (b"a: b\0c\n", "no valid YAML"),
        (b"[" * 100_000, "nested deeper than"),
    ],
)
def test_what_is_no_mapping_at_all(tmp_path: Path, raw: bytes, told: str) -> None:
    path = tmp_path / "map.yaml"
    path.write_bytes(raw)
    with pytest.raises(UsageError, match=told):
        read_mapping(path)
    with pytest.raises(UsageError, match="No such file"):
        read_mapping(tmp_path / "none.yaml")


def test_another_wording_is_another_profile_and_comments_are_not(tmp_path: Path) -> None:
    names = []
    for text in (PAGES, "# a comment\n" + PAGES, PAGES + "  name: n\n"):
        (tmp_path / "map.yaml").write_text(text, encoding="utf-8")
        names.append(read_mapping(tmp_path / "map.yaml").name)
    assert names[0] == names[1] != names[2]
    assert names[0].startswith("map@")
