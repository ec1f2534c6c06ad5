"""Shares as the R package CooRTweet reads them: who shared which object, with which content, and when.

The content is the post, the object what it reposts; an object that looks like an address or a hashtag is
one. A content that is its own object is the original post, and shares nothing. One content may share
several objects: rows are told apart by both. Times are epoch seconds, or `2021-03-06 03:06:45` in UTC.
Accounts are of platform `x`, or of that in a column `platform`. The order of columns does not matter;
further ones are kept.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from ingest.profiles.base import Look, Profile
from ingest.profiles.printed import one

_COLUMNS = ("object_id", "account_id", "content_id", "timestamp_share")


def recognise(look: Look) -> str | None:
    """Return `posts` for a file with CooRTweet's four columns."""
    return "posts" if look.has(*_COLUMNS) else None


def _map(batch: pl.DataFrame, _table: str, _sides: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Map shares to posts: the content is the post, the object what it reposts, or its URL or hashtag."""
    shared = pl.col("object_id")
    is_url = shared.str.contains(r"^(?i:https?)://").fill_null(value=False)
    is_tag = shared.str.starts_with("#").fill_null(value=False)
    # A content that is its own object is the original post: its author shares nothing.
    is_own = (shared == pl.col("content_id")).fill_null(value=False)
    is_post = ~(is_url | is_tag | is_own)
    extra = [name for name in batch.columns if name not in _COLUMNS and name not in ("line", "platform")]
    platform = pl.col("platform").fill_null("x") if "platform" in batch.columns else pl.lit("x")
    return batch.select(
        platform.alias("platform"),
        pl.col("content_id").alias("id"),
        pl.lit("account").alias("author_kind"),
        pl.col("account_id").alias("author_id"),
        pl.col("timestamp_share").alias("created_at"),
        # As JSON, so that a `|` in them separates nothing.
        one(pl.when(is_url).then(shared)).alias("urls"),
        one(pl.when(is_tag).then(shared)).alias("hashtags"),
        pl.when(is_post).then(shared).alias("repost_of"),
        *(pl.col(name).alias(f"x_{name}") for name in extra),
        "line",
    )


PROFILE = Profile(
    "coortweet",
    "shares as CooRTweet reads them (object_id, account_id, content_id, timestamp_share)",
    recognise,
    _map,
    covers={
        "posts": {
            "platform": "platform, or x",
            "id": "content_id",
            "author_kind": "account",
            "author_id": "account_id",
            "created_at": "timestamp_share",
            "urls": "object_id that is an address",
            "hashtags": "object_id that begins with #",
            "repost_of": "any other object_id, unless it is the content itself",
        }
    },
    # One content may share several objects, one a row.
    keys={"posts": ("platform", "id", "repost_of", "urls", "hashtags")},
)
