"""FiveThirtyEight's tweets of the Internet Research Agency: both layouts, and the real file where it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from ingest.intake import Intake

Canonical = Callable[..., dict[str, list[dict[str, Any]]]]


def test_the_published_layout(canonical: Canonical) -> None:
    rows = canonical("fivethirtyeight_tweets", "IRAhandle_tweets_1.csv")
    post, retweet, quote, same, short = rows["posts"]
    kept = {name: value for name, value in post.items() if not name.startswith("x_")}
    assert kept == {
        "platform": "x",
        "id": "914580356430536707",
        "author_kind": "account",
        "author_id": "made_up_gop",
        "created_at": datetime(2017, 10, 1, 19, 58, tzinfo=UTC),
        "text": '"We have a made up Senator," he said https://t.co/aAaAaA1111',
        "urls": ["https://twitter.com/made_up_gop/status/914580356430536707/video/1"],
        "language": "English",
        "url": "http://twitter.com/905874659358453760/statuses/914580356430536707",
        "line": 2,
    }
    assert (post["x_external_author_id"], post["x_followers"]) == ("9.06E+17", "9636")
    assert retweet["repost_of"] == same["repost_of"]
    assert retweet["repost_of"].startswith("words/")
    assert short["repost_of"] == f"unknown/{short['id']}"
    assert "repost_of" not in quote
    assert quote["urls"] == ["https://example.com/a", "https://example.com/b"]
    author = next(row for row in rows["accounts"] if row["id"] == "made_up_gop")
    assert {
        name: author[name] for name in ("handle", "followers", "x_alt_external_id", "x_account_type")
    } == {
        "handle": "MADE_UP_GOP",
        "followers": 9636,  # at the last tweet, which is not the last row
        "x_alt_external_id": "905874659358453760",
        "x_account_type": "Right",
    }


def test_the_layout_with_authors_apart_joins_the_published_one(canonical: Canonical) -> None:
    apart = canonical("fivethirtyeight_tweets", "tweets.csv")
    published = canonical("fivethirtyeight_tweets", "IRAhandle_tweets_1.csv")
    quote, greeting, again = apart["posts"]
    assert quote["id"] == published["posts"][2]["id"], "a tweet without a number has the same id in both"
    assert quote["id"].startswith("made/")
    assert greeting["id"] == again["id"], "harvested twice"
    assert [row["line"] for row in apart["rejected"]] == [5]
    assert {row["id"] for row in apart["accounts"]} == {"made_up_gop", "sasha_made"}
    authors = canonical("fivethirtyeight_tweets", "authors.csv")["accounts"]
    assert authors[0] == {
        "platform": "x",
        "id": "sasha_made",
        "handle": "Sasha_Made",
        "x_external_author_id": "890000000000000000",
        "x_account_type": "Russian",
        "x_account_category": "NonEnglish",
        "line": 2,
    }


def test_every_real_tweet_and_author_loads(
    taken_in: Callable[[list[Path]], list[Intake]], shared_data: Path
) -> None:
    authors, tweets = taken_in([shared_data / "ira_tweets"])
    assert [(table.table, table.rows_in, table.loaded, table.merged) for table in authors.tables] == [
        ("accounts", 295, 295, 0)
    ]
    posts, accounts = tweets.tables
    assert (posts.rows_in, posts.loaded, posts.merged, posts.rejected) == (236_254, 235_002, 1_252, 0)
    assert (accounts.loaded, accounts.rejected) == (292, 0)
    staged = pl.read_parquet(tweets.staged["posts"].path, columns=["repost_of", "author_id"])
    shared = staged.drop_nulls().group_by("repost_of").agg(pl.col("author_id").n_unique())
    assert shared.filter(pl.col("author_id") > 1).height > 5_000
    assert staged["repost_of"].is_not_null().sum() < 107_970 < staged.height
