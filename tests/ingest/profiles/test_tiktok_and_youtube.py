"""The TikTok Research API and YouTube Data Tools: videos, comments, and the accounts behind them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ingest.profiles import PROFILES, Look

Canonical = Callable[..., dict[str, list[dict[str, Any]]]]


def without_extra(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if not name.startswith("x_") and name != "line"}


def test_videos_of_the_research_api(canonical: Canonical) -> None:
    rows = canonical("tiktok_research", "videos.json")
    full, bare = rows["posts"]
    assert without_extra(full) == {
        "platform": "tiktok",
        "id": "7201388525814961199",
        "author_kind": "account",
        "author_id": "made.up_1",
        "created_at": datetime(2023, 2, 18, 8, 46, 40, tzinfo=UTC),
        "text": "Look at this #made #Up https://example.com/x",
        "hashtags": ["made", "Up"],
        "likes": 10,
        "comments": 2,
        "shares": 1,
        "views": 1000,
        "url": "https://www.tiktok.com/@made.up_1/video/7201388525814961199",
    }
    assert (full["x_music_id"], full["x_playlist_id"]) == ("7201388525814960000", "9223372036854775807")
    assert full["x_region_code"] == "FR"
    assert "views" not in bare, "a count that was not asked for is missing, not 0"
    assert [without_extra(row) for row in rows["accounts"]] == [
        {"platform": "tiktok", "id": "made.up_1", "handle": "made.up_1", "country": "FR"},
        {"platform": "tiktok", "id": "made.up_2", "handle": "made.up_2", "country": "US"},
    ]
    assert canonical("tiktok_research", "answers.ndjson")["posts"][0]["hashtags"] == ["it's", 'a "b" é']


def test_users_of_the_research_api(canonical: Canonical) -> None:
    first, second = canonical("tiktok_research", "user_info.ndjson")["accounts"]
    assert without_extra(first) == {
        "platform": "tiktok",
        "id": "made.up_1",
        "name": "Made Up",
        "handle": "made.up_1",
        "followers": 232,
        "verified": False,
        "bio": "all of it",
        "url": "https://example.com",
    }
    assert first["x_following_count"] == "45"
    assert (second["name"], second["followers"], second["verified"]) == ("Zwei ✨", 0, True)


@pytest.mark.parametrize(
    "columns",
    [
        ("id", "create_time", "video_description"),
        ("data", "error"),
        ("id", "video_id", "text", "create_time", "like_count", "parent_comment_id"),
        ("username", "id", "create_time"),
    ],
)
def test_what_names_no_account_is_not_taken_for_the_research_api(columns: tuple[str, ...]) -> None:
    look = Look(Path("x.json"), columns, pl.DataFrame(schema=dict.fromkeys(columns, pl.String)))
    assert PROFILES["tiktok_research"].recognise(look) is None


def test_videos_of_youtube(canonical: Canonical) -> None:
    rows = canonical("youtube_data_tools", "videolist_search2_2024_01_01-10_00_00.csv")
    (video,) = rows["posts"]
    assert without_extra(video) == {
        "platform": "youtube",
        "id": "aaaaaaaaaaa",
        "author_kind": "account",
        "author_id": "UCmade0000000000000000001",
        "created_at": datetime(2023, 5, 4, 10, 11, 12, tzinfo=UTC),
        "text": 'A title, with "quotes"\nSee https://example.com/x #made',
        "likes": 12,
        "comments": 3,
        "views": 12345,
        "language": "en-US",
        "url": "https://www.youtube.com/watch?v=aaaaaaaaaaa",
    }
    assert video["x_tags"] == "made,up,secret"
    assert [row["line"] for row in rows["rejected"]] == [3]
    assert [without_extra(row) for row in rows["accounts"]] == [
        {"platform": "youtube", "id": "UCmade0000000000000000001", "name": "Made Up Channel"}
    ]
    newer = canonical("youtube_data_tools", "videos_with_channels.tsv")
    assert (newer["posts"][0]["id"], newer["posts"][0]["language"]) == ("-bbbbbbbbbb", "de")
    assert without_extra(newer["accounts"][0]) == {
        "platform": "youtube",
        "id": "UCmade0000000000000000002",
        "name": "Second",
        "created_at": datetime(2019, 1, 1, tzinfo=UTC),
        "country": "DE",
        "followers": 99,
    }


def test_channels_and_comments_of_youtube(canonical: Canonical) -> None:
    (channel,) = canonical("youtube_data_tools", "channelsearch_channels1_2024.csv")["accounts"]
    assert without_extra(channel) == {
        "platform": "youtube",
        "id": "UCmade0000000000000000001",
        "name": "Made Up Channel",
        "handle": "madeup",
        "created_at": datetime(2015, 6, 7, 8, 9, 10, tzinfo=UTC),
        "country": "US",
        "language": "en",
        "followers": 4000,
        "bio": "Über uns",
    }
    assert channel["x_viewcount"] == "100000"
    rows = canonical("youtube_data_tools", "videoinfo_aaaaaaaaaaa_2024_comments.csv")
    top, reply = rows["posts"]
    assert without_extra(top) == {
        "platform": "youtube",
        "id": "UgxAAA",
        "author_kind": "account",
        "author_id": "UCcommenter01",
        "created_at": datetime(2023, 5, 4, 11, tzinfo=UTC),
        "text": "So true",
        "likes": 5,
        "comments": 1,
    }
    assert reply["reply_to"] == "UgxAAA"
    assert without_extra(rows["accounts"][1]) == {
        "platform": "youtube",
        "id": "UCcommenter02",
        "name": "@other",
        "url": "http://www.youtube.com/@other",
    }
    (hidden,) = canonical("youtube_data_tools", "comments_hidden.csv")["posts"]
    assert hidden["reply_to"] == "aaaaaaaaaaa"
    assert hidden["author_id"] == "da39a3ee5e6b4b0d3255bfef95601890afd80709"
