"""Tweets of the API: flattened, enriched by 4CAT, and answers as they come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from .canonical_rows import told

Canonical = Callable[..., dict[str, list[dict[str, Any]]]]


def test_flattened_tweets(canonical: Canonical) -> None:
    rows = canonical("x_api_v2", "flattened.jsonl")
    post, retweet, reply = rows["posts"]
    assert told(post) == {
        "platform": "x",
        "id": "1600000000000000001",
        "author_kind": "account",
        "author_id": "2912754262",
        "created_at": datetime(2022, 12, 6, 10, tzinfo=UTC),
        "text": "Read this, the long form https://t.co/aaa",
        "urls": ["https://example.com/a"],
        "hashtags": ["Made"],
        "likes": 2,
        "comments": 3,
        "shares": 1,
        "views": 100,
        "language": "en",
        "url": "https://x.com/i/web/status/1600000000000000001",
    }
    assert (retweet["repost_of"], retweet.get("reply_to")) == ("1600000000000000001", None)
    assert (reply["reply_to"], reply.get("repost_of")) == ("1600000000000000001", None)
    assert '"quoted"' in reply["x_referenced_tweets"]
    first, second = rows["accounts"]
    assert told(first) == {
        "platform": "x",
        "id": "2912754262",
        "name": "Made Up",
        "handle": "made_up",
        "created_at": datetime(2013, 11, 2, 10, tzinfo=UTC),
        "followers": 12,
        "verified": False,
        "bio": "all made up",
    }
    assert second["id"] == "33"


def test_answers_without_times_have_those_in_the_numbers(canonical: Canonical) -> None:
    rows = canonical("x_api_v2", "answer.json")
    (post,) = rows["posts"]
    # FiveThirtyEight lists the tweet of this number as of 10/1/2017 19:58.
    assert post["created_at"] == datetime(2017, 10, 1, 19, 58, 43, 711000, tzinfo=UTC)
    assert [told(row) for row in rows["accounts"]] == [{"platform": "x", "id": "44"}]
