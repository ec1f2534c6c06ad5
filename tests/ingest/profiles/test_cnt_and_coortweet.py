"""The formats of two other tools that look for coordination."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from ingest.intake import Intake
from ingest.profiles.printed import addresses

Canonical = Callable[..., dict[str, list[dict[str, Any]]]]


def test_messages_of_the_toolkit(canonical: Canonical) -> None:
    rows = canonical("cnt")
    assert rows["posts"] == [
        {
            "platform": "x",
            "id": "1",
            "author_kind": "account",
            "author_id": "4",
            "created_at": datetime(2020, 11, 27, 4, 26, 10, 518101, tzinfo=UTC),
            "text": "mango, reindeer",
            "urls": ["https://example.com/a,b", "http://example.org/?q=1|2"],
            "line": 2,
        },
        {
            "platform": "x",
            "id": "2",
            "author_kind": "account",
            "author_id": "4",
            "created_at": datetime(2020, 11, 27, 4, 26, 11, tzinfo=UTC),
            "text": "RT mango",
            "repost_of": "1",
            "line": 3,
        },
        {
            "platform": "x",
            "id": "3",
            "author_kind": "account",
            "author_id": "5",
            "created_at": datetime(2020, 11, 27, 4, 26, 12, tzinfo=UTC),
            "text": "camel",
            "urls": ["http://example.com/4", "http://example.com/6"],
            "reply_to": "1",
            "line": 4,
        },
    ]
    assert [(row["line"], row["value"]) for row in rows["rejected"]] == [(5, "59")]
    assert [(row["id"], row["handle"]) for row in rows["accounts"]] == [("4", "user_4"), ("5", "user_5")]


def test_shares_with_dates_other_order_and_further_columns(canonical: Canonical) -> None:
    address, tag = canonical("coortweet", "with_dates.csv")["posts"]
    assert address == {
        "platform": "facebook",
        "id": "c1",
        "author_kind": "account",
        "author_id": "a1",
        "created_at": datetime(2021, 3, 6, 3, 6, 45, tzinfo=UTC),
        "urls": ["https://example.com/x|y"],
        "x_campaign": "spring",
        "line": 2,
    }
    assert (tag["platform"], tag["hashtags"]) == ("telegram", ["#Tag"])


def test_addresses_between_commas_or_spaces() -> None:
    def read(cell: str) -> str | None:
        found: str | None = pl.select(addresses(pl.lit(cell))).item()
        return found

    assert read("http://a.example/1,2,http://b.example") == '["http://a.example/1,2","http://b.example"]'
    assert read("www.a.example  b.example/x, https://c.example,") == (
        '["www.a.example","b.example/x","https://c.example"]'
    )
    assert read(" ") is None


def test_messages_without_a_header(taken_in: Callable[[list[Path]], list[Intake]], tmp_path: Path) -> None:
    path = tmp_path / "messages.csv"
    path.write_text(
        '11,4,user_4,,,"mango, kiwi",1606451180.5,https://example.com/a https://example.com/b\n'
        "12,5,user_5,11,,RT mango,1606451181,\n"
    )
    (intake,) = taken_in([path])
    assert [(table.table, table.rows_in, table.loaded) for table in intake.tables] == [
        ("posts", 2, 2),
        ("accounts", 2, 2),
    ]
    posts = pl.read_parquet(intake.staged["posts"].path).sort("id")
    assert posts["urls"].to_list()[0] == ["https://example.com/a", "https://example.com/b"]
    assert posts["repost_of"].to_list() == [None, "11"]


def test_every_real_share_loads(taken_in: Callable[[list[Path]], list[Intake]], shared_data: Path) -> None:
    (intake,) = taken_in([shared_data / "coortweet" / "russian_coord_tweets.csv.gz"])
    (posts,) = intake.tables
    assert (posts.rows_in, posts.rejected) == (35_125, 0)
    assert posts.loaded + posts.merged == posts.rows_in
    staged = pl.read_parquet(intake.staged["posts"].path, columns=["author_id", "repost_of"])
    assert staged["author_id"].n_unique() == 9_509
