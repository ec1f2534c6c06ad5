"""Tables of 4CAT: each platform by its columns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from .canonical_rows import told

Rows = dict[str, list[dict[str, Any]]]
Canonical = Callable[..., Rows]


def test_tweets(canonical: Canonical) -> None:
    rows = canonical("fourcat", "twitterv2-made.csv")
    post, retweet, reply = rows["posts"]
    assert told(post) == {
        "platform": "x",
        "id": "1600000000000000001",
        "author_kind": "account",
        "author_id": "2912754262",
        "created_at": datetime(2022, 12, 6, 10, tzinfo=UTC),
        "text": "Read this https://t.co/aaa #Made",
        "urls": ["https://example.com/a,b", "http://example.org/c"],
        "hashtags": ["Made", "Up"],
        "likes": 2,
        "comments": 3,
        "shares": 1,
        "views": 100,
        "language": "en",
        "url": "https://x.com/made_up/status/1600000000000000001",
    }
    assert retweet["repost_of"].startswith("words/")
    assert reply["reply_to"] == "1600000000000000001"
    assert "reply_to" not in retweet
    assert [told(row) for row in rows["accounts"]] == [
        {"platform": "x", "id": "2912754262", "handle": "made_up", "name": "Made Up", "followers": 12},
        {"platform": "x", "id": "33", "handle": "other", "name": "Other"},
    ]


def test_messages_of_telegram(canonical: Canonical) -> None:
    rows = canonical("fourcat", "telegram-madechat.csv")
    channel, member, forwarded, nobody = rows["posts"]
    assert told(channel) == {
        "platform": "telegram",
        "id": "madechat-1",
        "author_kind": "account",
        "author_id": "1234567890",
        "created_at": datetime(2024, 3, 1, 12, tzinfo=UTC),
        "text": "Channel speaks: https://t.me/other",
        "urls": ["https://example.com/story", "https://t.me/other"],
        "views": 50,
    }
    assert (member["reply_to"], member["surface_kind"], member["surface_id"]) == (
        "madechat-1",
        "group",
        "madechat",
    )
    assert "views" not in member
    assert forwarded["repost_of"] == "forward/777/1709251199"
    assert (nobody["author_id"], "surface_id" in nobody) == ("madechat", False)


def test_a_company_is_a_page_and_linkedins_ids_tell_the_time(canonical: Canonical) -> None:
    rows = canonical("fourcat", "linkedin-made.csv")
    company, person = rows["posts"]
    assert company["created_at"] == datetime(2022, 8, 4, 9, 3, 1, 25000, tzinfo=UTC)
    assert (company["author_kind"], person["author_kind"]) == ("page", "account")
    assert company["urls"] == ["https://example.com/jobs"]
    assert told(rows["pages"][0]) == {
        "platform": "linkedin",
        "id": "company/made",
        "name": "Made Inc",
        "url": "https://www.linkedin.com/company/made/",
        "about": "Maker",
    }
    assert [row["id"] for row in rows["accounts"]] == ["in/ann"]


def test_pages_imported_from_crowdtangle(canonical: Canonical) -> None:
    rows = canonical("fourcat", "facebook-crowdtangle.csv")
    (post,) = rows["posts"]
    assert (post["id"], post["author_kind"], post["author_id"]) == (
        "100064000000001_123456789",
        "page",
        "100064000000001",
    )
    assert post["urls"] == ["https://example.com/final", "https://example.com/in-text"]
    assert told(rows["pages"][0]) == {
        "platform": "facebook",
        "id": "100064000000001",
        "name": "Made Page",
        "handle": "madepage",
        "category": "MEDIA",
        "followers": 11,
        "about": "We make",
    }


@pytest.mark.parametrize(
    ("file", "row", "expected"),
    [
        (
            "instagram-made.csv",
            0,
            {"platform": "instagram", "author_id": "made.up", "id": "Cabc", "likes": 5},
        ),
        ("instagram-made.csv", 0, {"comments": None, "hashtags": ["sun"]}),
        ("tiktok-made.csv", 0, {"platform": "tiktok", "author_id": "made.up_1", "views": 4}),
        ("tiktok-comments-made.csv", 0, {"platform": "tiktok", "reply_to": "7200000000000000001"}),
        ("bsky-made.csv", 0, {"platform": "bluesky", "author_id": "did:plc:made", "hashtags": ["blue"]}),
        ("bsky-made.csv", 0, {"reply_to": "at://did:plc:root/app.bsky.feed.post/3k1", "comments": 2}),
        ("vk-made.csv", 0, {"platform": "vk", "id": "wall-55_77", "author_kind": "page", "author_id": "-55"}),
        ("vk-made.csv", 1, {"id": "wall66_78", "author_kind": "account", "reply_to": None}),
        ("facebook-captured.csv", 0, {"surface_kind": "group", "surface_id": "42", "author_id": "ann.made"}),
        ("custom-upload.csv", 0, {"platform": "mastodon", "author_id": "somebody", "x_thread_id": "t1"}),
    ],
)
def test_other_platforms(canonical: Canonical, file: str, row: int, expected: dict[str, Any]) -> None:
    post = canonical("fourcat", file)["posts"][row]
    assert {name: post.get(name) for name in expected} == expected


def test_what_names_no_author_or_time_is_rejected(canonical: Canonical) -> None:
    (anonymous,) = canonical("fourcat", "custom-upload.csv")["rejected"]
    assert (anonymous["column"], anonymous["line"]) == ("author_id", 3)
    (partial,) = canonical("fourcat", "instagram-made.csv")["rejected"]
    assert (partial["column"], partial["value"]) == ("created_at", "0")
