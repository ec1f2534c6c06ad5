"""The archives of information operations on Twitter: tweets, users, and what joins them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ingest.intake import Intake
from ingest.profiles.printed import printed_list

HASHED = "q3Zf0/x+made0hash0one0aaaaaaaaaaaaaaaaaaaaaa="
KNOWN = "2912754262"
Canonical = Callable[..., dict[str, list[dict[str, Any]]]]


def test_tweets_are_posts(canonical: Canonical) -> None:
    rows = canonical("x_io_tweets")
    first, retweet, without_original, short, reply = rows["posts"]
    assert first == {
        "platform": "x",
        "id": "877919995476496385",
        "author_kind": "account",
        "author_id": HASHED,
        "created_at": datetime(2017, 6, 22, 16, 3, tzinfo=UTC),
        "text": "Смотрите, что пишут https://t.co/aaa #выборы",
        "urls": ["http://example.com/a,b?x=1", "https://example.org/c"],
        "hashtags": ["выборы"],
        "likes": 2,
        "comments": 1,
        "shares": 3,
        "language": "ru",
        "x_tweet_client_name": "TweetDeck",
        "x_latitude": "absent",
        "x_longitude": "absent",
        "x_quote_count": "0",
        "x_user_mentions": "[]",
        "line": 2,
    }
    assert retweet["repost_of"] == "877919995476400000"
    assert retweet["x_retweet_userid"] == KNOWN
    assert without_original["repost_of"].startswith("words/")
    assert without_original["hashtags"] == ["maga", "#qanon"]
    assert short["repost_of"] == "unknown/877919995476496388"
    assert "repost_of" not in reply
    assert (reply["reply_to"], reply["likes"]) == ("877919995476496385", 100)
    assert reply["x_quoted_tweet_tweetid"] == "877919995476400009"
    assert (reply["hashtags"], reply["urls"]) == (["a", "b"], ["http://example.com/q"])
    assert [(row["column"], row["value"]) for row in rows["rejected"]] == [("id", "8.77919995476496E+17")]


def test_accounts_beside_tweets_are_those_of_the_file_of_users(canonical: Canonical) -> None:
    def told(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
        return {row.pop("id"): {k: v for k, v in row.items() if k != "line"} for row in rows}

    users = told(canonical("x_io_users")["accounts"])
    assert users == told(canonical("x_io_tweets")["accounts"])
    assert users[HASHED] == {
        "platform": "x",
        "name": HASHED,
        "handle": HASHED,
        "bio": 'мама, "кот"\nи дача',
        "followers": 431,
        "created_at": datetime(2014, 3, 15, tzinfo=UTC),
        "language": "ru",
        "x_date_only": "created_at",
        "x_user_reported_location": "Нижний Новгород",
        "x_following_count": "1003",
    }


def test_the_account_of_rows_adds_up(taken_in: Callable[[list[Path]], list[Intake]]) -> None:
    (intake,) = taken_in([Path(__file__).parent / "fixtures" / "x_io_tweets"])
    posts, accounts = intake.tables
    assert (posts.rows_in, posts.loaded, posts.merged, posts.rejected) == (6, 5, 0, 1)
    assert (accounts.rows_in, accounts.loaded, accounts.derived) == (2, 2, True)


@pytest.mark.parametrize(
    ("printed", "values"),
    [
        ("[]", None),
        ("", None),
        (None, None),
        ("[a]", '["a"]'),
        ("['a b', 'c\"d']", '["a b","c\\"d"]'),
        ('["a, b", "c\\u00e9"]', '["a, b", "c\\u00e9"]'),
        ("a, b", '["a","b"]'),
        ("['it's']", '["it\'s"]'),
    ],
)
def test_lists_as_programs_print_them(printed: str | None, values: str | None) -> None:
    assert pl.select(printed_list(pl.lit(printed, pl.String))).item() == values


def test_commas_in_addresses_separate_nothing() -> None:
    printed = "[http://a.example/x,y, https://b.example/,http://c.example/]"
    values = pl.select(printed_list(pl.lit(printed), addresses=True)).item()
    assert values == '["http://a.example/x,y","https://b.example/","http://c.example/"]'
