"""Exports of CrowdTangle: times of New York, ids out of addresses, Groups, what zero means."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from ingest.profiles.crowdtangle import eastern
from ingest.profiles.crowdtangle_facebook import PROFILE

Canonical = Callable[..., dict[str, list[dict[str, Any]]]]
PAGE = "2300000000000017"
GROUP = "2500000000000001"


def test_posts_of_pages_and_groups(canonical: Canonical) -> None:
    rows = canonical("crowdtangle_facebook")
    link, video, photo, other, in_group, again = rows["posts"]
    assert {name: value for name, value in link.items() if not name.startswith("x_")} == {
        "platform": "facebook",
        "id": f"{PAGE}_2400000000000001",
        "author_kind": "page",
        "author_id": PAGE,
        "created_at": datetime(2019, 4, 1, 14, 15, tzinfo=UTC),
        "text": "Порт закрыт. Read this: https://sho.rt/p1, and https://else.example/b. "
        "bit.ly/m:=:https://more.example/m",
        "urls": [
            "https://harbour-daily.example/port?utm_source=fb",
            "https://else.example/b",
            "https://more.example/m",
        ],
        "likes": 1234,
        "comments": 56,
        "shares": 21,
        "url": f"https://www.facebook.com/{PAGE}/posts/2400000000000001",
        "line": 2,
    }
    assert link["x_total_interactions"] == "1,312"
    assert link["x_link"] == "https://sho.rt/p1"
    assert (video["id"], video["text"], video["views"]) == (f"{PAGE}_2400000000000002", "=Port", 0)
    assert "urls" not in video
    assert (photo["id"], photo["text"]) == (f"{PAGE}_2400000000000003", "@all look")
    assert "urls" not in photo
    assert other["id"] == "url/cc0ece8bbf1b6b6cf19cea98485b0d79"
    assert other["author_id"] == "2300000000000018"
    assert not {"likes", "text", "views"} & set(other)
    assert (in_group["author_kind"], in_group["author_id"], in_group["id"]) == (
        "group",
        GROUP,
        f"{GROUP}_2600000000000001",
    )
    assert again["id"] == f"{GROUP}_2600000000000002"
    # One hour on the clock, on either side of the change, is one hour.
    assert in_group["created_at"] - again["created_at"] == datetime(2020, 1, 1, 1) - datetime(2020, 1, 1)


def test_pages_and_groups_are_as_of_their_last_post(canonical: Canonical) -> None:
    rows = canonical("crowdtangle_facebook")
    page = next(row for row in rows["pages"] if row["id"] == PAGE)
    assert page == {
        "platform": "facebook",
        "id": PAGE,
        "name": "Harbour Daily",
        "handle": "harbourdaily",
        "category": "NEWS_SITE",
        "created_at": datetime(2017, 5, 2, 9, tzinfo=UTC),
        "followers": 2100,
        "about": "News, “fast”",
        "x_page_admin_top_country": "MD",
        "line": 3,
    }
    assert [(row["id"], row["members"], row["created_at"]) for row in rows["groups"]] == [
        (GROUP, 15300, datetime(2016, 1, 5, 13, tzinfo=UTC))
    ]


def test_posts_of_instagram(canonical: Canonical) -> None:
    rows = canonical("crowdtangle_instagram")
    photo, film = rows["posts"]
    assert (photo["id"], photo["author_id"], photo["likes"]) == ("B9x_-made01", "harbour.daily", 1000)
    assert photo["created_at"] == datetime(2020, 3, 8, 6, 59, 59, tzinfo=UTC)
    assert photo["urls"] == ["https://harbour-daily.example/port"]
    assert "views" not in photo
    assert (film["id"], film["text"], film["views"]) == ("B9x_-made02", "A film", 4500)
    assert "comments" not in film
    assert "urls" not in film
    assert rows["accounts"] == [
        {
            "platform": "instagram",
            "id": "harbour.daily",
            "name": "Harbour Daily",
            "handle": "harbour.daily",
            "followers": 8200,
            "line": 3,
        }
    ]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2019-04-01 10:15:00 EDT", "2019-04-01T10:15:00-04:00"),
        ("2019-11-03 01:30:00 EST", "2019-11-03T01:30:00-05:00"),
        ("2019-11-03 01:30 edt", "2019-11-03T01:30-04:00"),
        ("2019-04-01 10:15:00 UTC", "2019-04-01 10:15:00 UTC"),
        ("2019-04-01T10:15:00+02:00", "2019-04-01T10:15:00+02:00"),
        ("2019-04-01 10:15:00", "2019-04-01 10:15:00 LOCAL"),
        ("2019-04-01 10:15:00 CEST", "2019-04-01 10:15:00 CEST"),
        ("2019-04-01", "2019-04-01"),
    ],
)
def test_times_keep_their_own_offset(written: str, read: str) -> None:
    assert pl.select(eastern(pl.lit(written))).item() == read


@pytest.mark.parametrize(
    ("url", "post"),
    [
        ("https://www.facebook.com/1/posts/22", "1_22"),
        ("https://www.facebook.com/name/posts/a-slug/22/", "1_22"),
        ("https://www.facebook.com/name/posts/pfbid02Aa?x=1", "1_pfbid02Aa"),
        ("https://m.facebook.com/story.php?story_fbid=22&id=1", "1_22"),
        ("https://www.facebook.com/permalink.php?id=1&story_fbid=22", "1_22"),
        ("https://www.facebook.com/name/videos/vb.1/22/", "1_22"),
        ("https://www.facebook.com/watch/?v=22", "1_22"),
        ("https://www.facebook.com/1/photos/a.5.6.7/22/?type=3", "1_22"),
        ("https://www.facebook.com/photo.php?fbid=22&set=a.1", "1_22"),
        ("https://www.facebook.com/reel/22", "1_22"),
        ("https://www.facebook.com/groups/9/permalink/22/", "1_22"),
        ("https://www.facebook.com/groups/9/posts/22", "1_22"),
    ],
)
def test_posts_are_named_by_their_address(url: str, post: str) -> None:
    frame = pl.DataFrame({"URL": [url], "Facebook Id": ["1"], "Post Created": ["x"], "line": [2]})
    assert PROFILE.map(frame, "posts", {})["id"].to_list() == [post]
    alone = frame.drop("Facebook Id").with_columns(pl.lit(None, pl.String).alias("Facebook Id"))
    in_group = "/groups/9/" in url
    assert PROFILE.map(alone, "posts", {})["author_kind"].to_list() == ["group" if in_group else "page"]
    assert not in_group or PROFILE.map(alone, "posts", {})["id"].to_list() == ["9_22"]
