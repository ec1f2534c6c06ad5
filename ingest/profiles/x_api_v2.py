"""Tweets in the JSON of version 2 of the Twitter (X) API, as twarc and 4CAT collect them.

One tweet a line (`twarc2 flatten`, the NDJSON of 4CAT's Twitter API source), or the answers of the API
themselves (`{"data": […], "includes": …}`), one or many. The coordination network toolkit reads the same
files. Answers that are not flattened keep their authors apart from the tweets, and those are not read:
accounts then have their number only.

- A retweet repeats the tweet that `referenced_tweets` names, a reply answers the one named there. A quoted
  tweet is no repost; all three stay in `x_referenced_tweets`.
- Where `created_at` was not asked for, the time is read from the number of the tweet, which counts
  milliseconds.
- Links are those behind the short ones; the text of long tweets is that of `note_tweet`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from ingest.profiles.base import Look, Profile
from ingest.profiles.nested import items, plucked
from ingest.profiles.spellings import first_of, last_of_each, table_of

_POST: Final = {
    "id": ("id",),
    "author_id": ("author_id",),
    "text": ("note_tweet/text", "text"),
    "urls": ("entities/urls/*/expanded_url",),
    "hashtags": ("entities/hashtags/*/tag",),
    "likes": ("public_metrics/like_count",),
    "comments": ("public_metrics/reply_count",),
    "shares": ("public_metrics/retweet_count",),
    "views": ("public_metrics/impression_count",),
    "language": ("lang",),
}
_AUTHOR: Final = {
    "id": ("author_id",),
    "name": ("author/name", "author_user/name", "author_fullname"),
    "handle": ("author/username", "author_user/username", "author_username"),
    "created_at": ("author/created_at", "author_user/created_at"),
    "followers": (
        "author/public_metrics/followers_count",
        "author_user/public_metrics/followers_count",
    ),
    "verified": ("author/verified", "author_user/verified"),
    "bio": ("author/description", "author_user/description"),
}
_TELLING: Final = ("referenced_tweets", "public_metrics", "edit_history_tweet_ids", "conversation_id")
#: Numbers of tweets count milliseconds from here, in all their bits but the last 22 (since November 2010).
_EPOCH: Final = 1_288_834_974_657
_FIRST: Final = 30_000_000_000
_BITS: Final = 1 << 22


def recognise(look: Look) -> str | None:
    """Return `posts` for tweets of the API."""
    known = look.has("id", "text", "author_id") and any(look.has(name) for name in _TELLING)
    return "posts" if known else None


def _time_of(number: pl.Expr) -> pl.Expr:
    """Return the time in the number of a tweet; null for the older ones, which hold none."""
    value = number.str.extract(r"^(\d{11,19})$", 1).cast(pl.Int64, strict=False)
    made = pl.when(value > _FIRST).then(value // _BITS + _EPOCH).cast(pl.Datetime("ms"))
    return made.dt.strftime("%Y-%m-%dT%H:%M:%S%.3fZ")


def _referenced(batch: pl.DataFrame) -> pl.DataFrame:
    """Return for each row the tweet that it repeats and the one that it answers."""
    found = items(batch, "referenced_tweets")
    told = pl.concat([found.select("line"), plucked(found, ["type", "id"], "item")], how="horizontal")
    lines = batch.select("line")
    for kind in ("retweeted", "replied_to"):
        one = told.filter(pl.col("type") == kind).unique("line", keep="first", maintain_order=True)
        lines = lines.join(
            one.select("line", pl.col("id").alias(kind)), on="line", how="left", maintain_order="left"
        )
    return lines


def _map(batch: pl.DataFrame, table: str, _sides: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    found = plucked(batch, sorted({path for paths in _POST.values() for path in paths}))
    referenced = _referenced(batch)
    cells = {name: found.select(first_of(found, *paths)).to_series() for name, paths in _POST.items()}
    number = first_of(batch, "id")
    return table_of(
        batch,
        table,
        ("id", "author_id", "created_at", "text", "lang"),
        platform=pl.lit("x"),
        author_kind=pl.lit("account"),
        **{name: pl.lit(cell) for name, cell in cells.items()},
        created_at=pl.coalesce(first_of(batch, "created_at"), _time_of(number)),
        repost_of=pl.lit(referenced["retweeted"]),
        reply_to=pl.lit(referenced["replied_to"]),
        url=pl.lit("https://x.com/i/web/status/") + number,
    )


def _derive(batch: pl.DataFrame, _table: str) -> Mapping[str, pl.DataFrame]:
    found = plucked(batch, sorted({path for paths in _AUTHOR.values() for path in paths}))
    columns = [first_of(found, *paths).alias(name) for name, paths in _AUTHOR.items()]
    rows = pl.concat(
        [found.select(pl.lit("x").alias("platform"), *columns), batch.select("line")], how="horizontal"
    )
    return {"accounts": last_of_each(rows)}


PROFILE = Profile(
    "x_api_v2",
    "tweets of version 2 of the Twitter (X) API, as twarc and 4CAT collect them",
    recognise,
    _map,
    derive=_derive,
    covers={
        "posts": {
            "platform": "x",
            "author_kind": "account",
            **{name: " or else ".join(paths) for name, paths in _POST.items()},
            "created_at": "created_at, else the time in the id",
            "repost_of": "referenced_tweets of type retweeted",
            "reply_to": "referenced_tweets of type replied_to",
            "url": "made of the id",
        },
        "accounts": {"platform": "x", **{name: " or else ".join(paths) for name, paths in _AUTHOR.items()}},
    },
)
