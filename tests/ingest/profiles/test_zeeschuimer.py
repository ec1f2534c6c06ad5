"""Captures of Zeeschuimer: each platform from the JSON that it sends."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from cypher.errors import UsageError
from ingest.profiles.nested import plucked
from ingest.sources import find_sources

from .canonical_rows import told

Canonical = Callable[..., dict[str, list[dict[str, Any]]]]


def test_tweets_of_three_kinds_of_answers(canonical: Canonical) -> None:
    rows = canonical("zeeschuimer", "zeeschuimer-export-twitter.com-2024.ndjson")
    post, retweet, reply = rows["posts"]
    assert told(post) == {
        "platform": "x",
        "id": "1600000000000000001",
        "author_kind": "account",
        "author_id": "2912754262",
        "created_at": datetime(2022, 12, 6, 10, tzinfo=UTC),
        "text": "Read this, the long form https://t.co/aaa #Made",
        "urls": ["https://example.com/a"],
        "hashtags": ["Made"],
        "likes": 2,
        "comments": 3,
        "shares": 1,
        "views": 100,
        "language": "en",
        "url": "https://x.com/i/web/status/1600000000000000001",
    }
    assert (post["x_quoted"], post["x_nav_index"]) == ("1599999999999999999", "17:2:1")
    assert retweet["id"] == "1600000000000000477", "the rounded number beside it does not count"
    assert retweet["repost_of"] == "1600000000000000001"
    assert (reply["reply_to"], reply["author_id"]) == ("1600000000000000001", "44")
    accounts = {row["id"]: told(row) for row in rows["accounts"]}
    assert accounts["2912754262"] == {
        "platform": "x",
        "id": "2912754262",
        "name": "Made Up ✨",
        "handle": "Made_Up",
        "created_at": datetime(2013, 11, 2, 10, tzinfo=UTC),
        "followers": 12,
        "verified": False,
        "bio": "all made up",
        "url": "https://example.com/me",
    }
    assert [accounts[number]["handle"] for number in ("33", "44")] == ["Old_One", "legacy"]


def test_what_4cat_imported_is_the_same(canonical: Canonical) -> None:
    captured = canonical("zeeschuimer", "zeeschuimer-export-twitter.com-2024.ndjson")
    imported = canonical("zeeschuimer", "4cat-import-x.ndjson")
    assert imported["posts"][0] == captured["posts"][0]
    assert imported["accounts"] == captured["accounts"][:1]


def test_companies_and_people_of_linkedin(canonical: Canonical) -> None:
    rows = canonical("zeeschuimer", "zeeschuimer-export-linkedin.com.ndjson")
    company, person = rows["posts"]
    assert told(company) == {
        "platform": "linkedin",
        "id": "6960882777168695296",
        "author_kind": "page",
        "author_id": "company/made",
        "created_at": datetime(2022, 8, 4, 9, 3, 1, 25000, tzinfo=UTC),
        "text": "We are hiring",
        "urls": ["https://example.com/a|b"],
        "likes": 3,
        "comments": 1,
        "shares": 2,
        "url": "https://www.linkedin.com/feed/update/urn:li:activity:6960882777168695296",
    }
    assert (person["id"], person["author_kind"], person["author_id"]) == (
        "6960882777168695300",
        "account",
        "in/ann",
    )
    assert told(rows["accounts"][0]) == {
        "platform": "linkedin",
        "id": "in/ann",
        "name": "Ann Made",
        "bio": "Maker",
        "url": "https://www.linkedin.com/in/ann",
    }
    assert rows["pages"][0]["about"] == "Maker"


@pytest.mark.parametrize(
    ("platform", "row", "expected"),
    [
        ("tiktok.com-2024", 0, {"author_id": "made.up_1", "hashtags": ["fyp"], "views": 4, "x_music": "9"}),
        ("tiktok.com-2024", 0, {"url": "https://www.tiktok.com/@made.up_1/video/7200000000000000001"}),
        ("tiktok.com-2024", 1, {"author_id": "old.author"}),
        ("tiktok-comments", 0, {"author_id": "made.up_2", "reply_to": "7200000000000000001", "comments": 1}),
        ("tiktok-comments", 1, {"author_id": "13", "reply_to": "7300"}),
        ("instagram.com", 0, {"author_id": "made.up", "likes": 5, "comments": None, "x_author_number": "99"}),
        ("instagram.com", 1, {"id": "Cgraph", "author_id": "other", "text": "Old form", "likes": 3}),
        ("threads.net", 0, {"author_id": "made.up", "shares": 3, "x_quoted": "Tq", "repost_of": None}),
        ("threads.net", 0, {"urls": ["https://l.threads.com/?u=https%3A%2F%2Fexample.com"]}),
        ("douyin.com", 0, {"author_id": "77", "hashtags": ["made"], "likes": 1}),
        ("douyin.com", 1, {"author_id": "78", "id": "7100000000000000002", "likes": 5}),
        ("truthsocial.com", 0, {"text": "Hello & bye\nthere\nend", "reply_to": "110", "author_id": "9"}),
        ("truthsocial.com", 0, {"urls": ["https://example.com/card"], "hashtags": ["made"]}),
        ("truthsocial.com", 1, {"repost_of": "100"}),
        ("truthsocial.com", 2, {"platform": "gab", "text": "Gab", "author_id": "6", "hashtags": ["t"]}),
    ],
)
def test_other_platforms(canonical: Canonical, platform: str, row: int, expected: dict[str, Any]) -> None:
    post = canonical("zeeschuimer", f"zeeschuimer-export-{platform}.ndjson")["posts"][row]
    assert {name: post.get(name) for name in expected} == expected


def test_another_platform_is_refused_as_a_file_and_rejected_as_a_row(
    canonical: Canonical, tmp_path: Path
) -> None:
    (row,) = canonical("zeeschuimer", "zeeschuimer-export-tiktok.com-2024.ndjson")["rejected"]
    assert (row["line"], row["column"], row["value"]) == (3, "platform", "zeeschuimer:9gag.com")
    path = tmp_path / "export.ndjson"
    path.write_text(json.dumps({"item_id": "a", "source_platform": "9gag.com", "data": {"id": "a"}}) + "\n")
    with pytest.raises(UsageError, match=r"9gag\.com are not read"):
        find_sources([path])


def test_values_within_json() -> None:
    cells = [
        '{"n":9007199254740993,"a":{"b":"x"},"*s":1,"l":[{"e":"1"},{"e":null},{},{"e":"a\\"b"}]}',
        None,
        "no json",
        '{"a":"text"}',
        '{"a":"\\u0000"}',
    ]
    paths = ["n", "a/b", "a", "*s", "l/*/e", "l/3/e", "none"]
    read = plucked(pl.DataFrame({"j": cells}), paths, "j")
    assert read.columns == paths
    assert read.rows() == [
        ("9007199254740993", "x", '{"b":"x"}', "1", '["1","a\\"b"]', 'a"b', None),
        (None,) * 7,
        (None,) * 7,
        (None, None, "text", None, None, None, None),
        (None,) * 7,
    ]
    whole = plucked(pl.DataFrame({"a": ['{"b":1}'], "n": ["7"]}), ["n", "a/b", "z/y"])
    assert whole.rows() == [("7", "1", None)]
