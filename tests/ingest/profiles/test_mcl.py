"""The Meta Content Library: ids of its own, missing views, who posted where, and which format a file is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ingest.profiles import PROFILES
from ingest.profiles.base import Look
from ingest.profiles.mcl import own_id

Canonical = Callable[..., dict[str, list[dict[str, Any]]]]
LIBRARY = "https://www.facebook.com/transparency-tools/content-library"
PAGE, GROUP, PERSON = "mcl/410000000000001", "mcl/420000000000001", "mcl/440000000000001"


def told(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if not name.startswith("x_")}


def test_posts_of_facebook_as_json(canonical: Canonical) -> None:
    rows = canonical("mcl_facebook_posts", "answer.json")
    own, in_group, private, at_event = rows["posts"]
    assert told(own) == {
        "platform": "facebook",
        "id": "mcl/430000000000001",
        "author_kind": "page",
        "author_id": PAGE,
        "created_at": datetime(2023, 5, 1, 10, tzinfo=UTC),
        "text": "Порт закрито #порт\nhttps://harbour-daily.example/port",
        "urls": ["https://harbour-daily.example/port?fbclid=a", "https://harbour-daily.example/port"],
        "likes": 120,
        "comments": 4,
        "shares": 9,
        "views": 3400,
        "language": "uk",
        "url": f"{LIBRARY}/430000000000001",
        "line": 1,
    }
    assert (own["x_statistics_reaction_count"], own["x_content_type"]) == ("124", "links")
    assert told(in_group) == {
        "platform": "facebook",
        "id": "mcl/430000000000002",
        "author_kind": "page",
        "author_id": PAGE,
        "surface_kind": "group",
        "surface_id": GROUP,
        "created_at": datetime(2023, 5, 1, 10, 0, 7, tzinfo=UTC),
        "text": "Look",
        "hashtags": ["порт", "news"],
        "repost_of": "mcl/430000000000001",
        "likes": 120,
        "comments": 4,
        "shares": 9,
        "language": "uk",
        "line": 2,
    }
    assert (private["author_kind"], private["author_id"]) == ("group", GROUP)
    assert not {"likes", "views", "surface_id"} & set(private)
    assert (at_event["author_kind"], at_event["author_id"], at_event["likes"]) == ("account", PERSON, 0)
    assert "surface_id" not in at_event
    assert at_event["x_surface_id"] == "450000000000001"
    assert [(row["id"], row["handle"]) for row in rows["pages"]] == [(PAGE, "harbourdaily")]
    assert [(row["id"], row["name"][-1]) for row in rows["groups"]] == [(GROUP, "🌻")]
    assert [(row["id"], row["name"]) for row in rows["accounts"]] == [(PERSON, "Ann Example")]


def test_posts_of_facebook_out_of_a_notebook(canonical: Canonical) -> None:
    rows = canonical("mcl_facebook_posts", "mcl-posts.csv")
    (post,) = rows["posts"]
    assert (post["repost_of"], post["likes"], post["hashtags"]) == (
        "mcl/430000000000001",
        12,
        ["news", "port"],
    )
    assert "views" not in post
    assert [(row["column"], row["value"]) for row in rows["rejected"]] == [("id", "4.3e+14")]


def test_posts_of_instagram(canonical: Canonical) -> None:
    rows = canonical("mcl_instagram_posts")
    table, reel, photo = rows["posts"]
    assert told(reel) == {
        "platform": "instagram",
        "id": "mcl/460000000000001",
        "author_kind": "account",
        "author_id": "mcl/470000000000001",
        "created_at": datetime(2023, 5, 1, 11, tzinfo=UTC),
        "text": "Порт #harbour https://harbour-daily.example/port",
        "urls": ["https://harbour-daily.example/port"],
        "hashtags": ["harbour"],
        "likes": 5,
        "comments": 0,
        "views": 1000,
        "language": "uk",
        "url": f"{LIBRARY}/460000000000001",
        "line": 1,
    }
    assert reel["x_mentions"] == '["ann"]'
    assert not {"views", "text", "hashtags"} & set(photo)
    assert (table["likes"], table["hashtags"]) == (1005, ["a", "b"])
    assert {row["handle"] for row in rows["accounts"]} == {"harbour.daily", "ann.example"}


def test_producers(canonical: Canonical) -> None:
    page, mill = canonical("mcl_pages")["pages"]
    assert told(page) == {
        "platform": "facebook",
        "id": PAGE,
        "name": "Harbour Daily",
        "handle": "harbourdaily",
        "category": "News & media website, Newspaper",
        "created_at": datetime(2017, 5, 2, tzinfo=UTC),
        "followers": 2100,
        "verified": True,
        "about": "News, fast",
        "url": f"{LIBRARY}/410000000000001",
        "line": 1,
    }
    assert (mill["about"], mill["verified"], mill.get("followers"), mill.get("category")) == (
        "A mill",
        False,
        None,
        None,
    )
    group, _ = canonical("mcl_groups")["groups"]
    assert (group["id"], group["members"], group["privacy"]) == (GROUP, 15300, "PUBLIC")
    ann, bo = canonical("mcl_profiles")["accounts"]
    assert (ann["id"], ann["followers"], ann["verified"], bo["verified"]) == (PERSON, 1200, False, True)
    account, _ = canonical("mcl_instagram_accounts")["accounts"]
    assert (account["platform"], account["bio"], account["verified"]) == ("instagram", "Порт", True)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("430000000000001", "mcl/430000000000001"),
        ("430000000000001.0", "mcl/430000000000001"),
        ("4300000000000012.0", "4300000000000012.0"),
        ("4.3E+14", "4.3E+14"),
        ("9007199254740993", "mcl/9007199254740993"),
    ],
)
def test_an_id_that_was_cut_gets_no_mark_that_hides_it(written: str, read: str) -> None:
    assert pl.select(own_id(pl.lit(written))).item() == read


@pytest.mark.parametrize(
    ("row", "profile"),
    [
        ({"id": "1", "creation_time": "x", "post_owner.id": "2", "surface.id": "3"}, "mcl_facebook_posts"),
        ({"id": "1", "creation_time": "x", "post_owner.id": "2"}, "mcl_instagram_posts"),
        ({"id": "1", "creation_time": "x", "post_owner": '{"type":"business"}'}, "mcl_instagram_posts"),
        ({"id": "1", "creation_time": "x", "post_owner": '{"type":"profile"}'}, "mcl_facebook_posts"),
        (
            {"id": "1", "creation_time": "x", "post_owner": '{"id":"2"}', "statistics": '{"love_count":1}'},
            "mcl_facebook_posts",
        ),
        ({"id": "1", "post_owner": '{"type":"page"}'}, None),
        ({"id": "1", "name": "a", "username": "b", "follower_count": "2", "biography": "c"}, None),
    ],
)
def test_what_a_file_is(row: dict[str, str], profile: str | None) -> None:
    look = Look(Path("export.json"), tuple(row), pl.DataFrame([row]))
    found = [name for name in PROFILES if name.startswith("mcl_") and PROFILES[name].recognise(look)]
    assert found == ([profile] if profile else [])
