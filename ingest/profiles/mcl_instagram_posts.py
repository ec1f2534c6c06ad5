"""Instagram posts from the Meta Content Library and its API: dotted tables, or JSON as it answers.

What is said of [mcl_facebook_posts](mcl_facebook_posts.md) holds here too: ids are the library's own
(`mcl/1234`), a handle finds the same account elsewhere, and views that are not told are missing.

- A file is taken for Instagram by the types of its owners (`creator`, `business`, `personal`), else by
  having nothing that only Facebook has: surfaces, shares, reactions beside likes.
- Every author is an account. `mentions` are kept as `x_mentions`.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from ingest.profiles.base import Look, Profile
from ingest.profiles.mcl import addresses, assets, hashtags, own_id, platform_of_posts, spread, statistic
from ingest.profiles.spellings import first_of, table_of

_USED = (
    "id", "post_owner.id", "creation_time", "text", "hashtags", "lang", "mcl_url", "statistics.like_count",
    "statistics.comment_count", "statistics.share_count", "statistics.views",
)  # fmt: skip


def recognise(look: Look) -> str | None:
    """Return `posts` for posts of Instagram."""
    return "posts" if platform_of_posts(look) == "instagram" else None


def _map(batch: pl.DataFrame, table: str, _sides: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    frame = spread(batch)
    return table_of(
        frame,
        table,
        _USED,
        platform=pl.lit("instagram"),
        id=own_id(first_of(frame, "id")),
        author_kind=pl.lit("account"),
        author_id=own_id(first_of(frame, "post_owner.id")),
        created_at=first_of(frame, "creation_time"),
        text=first_of(frame, "text"),
        urls=addresses(frame),
        hashtags=hashtags(frame),
        likes=statistic(frame, "like_count"),
        comments=statistic(frame, "comment_count"),
        shares=statistic(frame, "share_count"),
        views=statistic(frame, "views", "view_count"),
        language=first_of(frame, "lang"),
        url=first_of(frame, "mcl_url"),
    )


def _derive(batch: pl.DataFrame, _table: str) -> Mapping[str, pl.DataFrame]:
    return {"accounts": assets(spread(batch), "instagram", "post_owner").drop("kind")}


PROFILE = Profile(
    "mcl_instagram_posts",
    "Instagram posts from the Meta Content Library, as CSV or JSON",
    recognise,
    _map,
    derive=_derive,
    covers={
        "posts": {
            "platform": "instagram",
            "id": "mcl/ and id",
            "author_kind": "account",
            "author_id": "mcl/ and post_owner.id",
            "created_at": "creation_time",
            "text": "text",
            "urls": "links in text",
            "hashtags": "hashtags",
            "likes": "statistics.like_count",
            "comments": "statistics.comment_count",
            "shares": "statistics.share_count, where it is told",
            "views": "statistics.views",
            "language": "lang",
            "url": "mcl_url",
        },
        "accounts": {
            "platform": "instagram",
            "id": "mcl/ and post_owner.id",
            "name": "post_owner.name",
            "handle": "post_owner.username",
        },
    },
)
