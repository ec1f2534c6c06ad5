"""Tweets of the Internet Research Agency as FiveThirtyEight published them in 2018, gathered at Clemson.

Nearly three million tweets of accounts that Twitter named to the US Congress, with the type that Linvill
and Warren gave each account by hand. The published files (`IRAhandle_tweets_1.csv` …) and a layout with the
authors apart (`tweets.csv` with `author_id`, `authors.csv`) are read.

- Accounts go by their handle in lower case, in both layouts: ids of accounts are rounded in many rows
  (`8.9E+17`) and are kept as `x_external_author_id` only. So they do not join with the archives of
  [x_io_tweets](x_io_tweets.md), which go by number or hash.
- A tweet goes by its `tweet_id`. Where there is none, or a rounded one, its id is made of handle, minute
  and words (`made/<MD5>`). Rows that agree in these are one tweet harvested twice, and are merged.
- Times have no seconds and are UTC, as the numbers of the tweets show.
- Whom a retweet repeats is not told. Retweets of the same words, their links included, are taken to repeat
  one tweet (`words/<MD5>`): each tweet has short links of its own. Retweets of fewer than 20 characters
  repeat an unknown tweet, shared with no other. So what accounts say themselves is never mixed with what
  they repeat.
- A quote (`Q`, `QUOTE_TWEET`) is marked as a retweet too, but the words are the author's own, and it is a
  post.
- Links are those behind the short ones (`tco1_step1` …) where they are given, else those in the text.
- `region` is a guess of the tool that harvested and is not taken for the country of an account. Followers
  are those at the last tweet of each account in the file; at every tweet they are kept as `x_followers`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from ingest.profiles.base import Look, Profile
from ingest.profiles.printed import digest, json_list, original_by_words
from ingest.profiles.spellings import first_of, last_of_each, table_of

_LINKS: Final = ("tco1_step1", "tco2_step1", "tco3_step1")
_USED: Final = ("content", "publish_date", "language", "tweet_id", "article_url", *_LINKS)
_QUOTES: Final = ("Q", "QUOTE_TWEET")
#: What rows of tweets say of their author.
_OF_AUTHOR: Final = (
    "external_author_id", "alt_external_id", "account_type", "account_category", "new_june_2018", "following",
    "updates",
)  # fmt: skip
_AMERICAN: Final = r"^\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d{2}$"


def recognise(look: Look) -> str | None:
    """Return `posts` for a file of tweets, `accounts` for one of authors."""
    if not (look.has("author") or look.has("author_id")):
        return None
    if look.has("content", "publish_date", "harvested_date", "post_type"):
        return "posts"
    return "accounts" if look.has("account_type", "account_category") and not look.has("content") else None


def _handle(batch: pl.DataFrame) -> pl.Expr:
    return first_of(batch, "author", "author_id")


def _time(batch: pl.DataFrame) -> pl.Expr:
    """Return `10/1/2017 19:58` as `2017-10-01 19:58`; anything else as it is."""
    given = first_of(batch, "publish_date")
    american = pl.when(given.str.contains(_AMERICAN)).then(given)
    read = american.str.to_datetime("%m/%d/%Y %H:%M", strict=False)
    return pl.coalesce(read.dt.strftime("%Y-%m-%d %H:%M"), given)


def _ids(batch: pl.DataFrame) -> pl.Series:
    parts = [_handle(batch).str.to_lowercase(), _time(batch).str.head(16), first_of(batch, "content")]
    made = pl.concat_str([part.fill_null("") for part in parts], separator="\x1f")
    number = first_of(batch, "tweet_id")
    columns = batch.select(made=made, number=pl.when(number.str.contains(r"^\d+$")).then(number))
    return columns.with_columns(digest(columns["made"])).select(
        pl.coalesce("number", pl.lit("made/") + pl.col("made"))
    )["number"]


def _map(batch: pl.DataFrame, table: str, _sides: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    if table == "accounts":
        return _authors(batch, ("author", "author_id"))
    ids = _ids(batch)
    is_repost = first_of(batch, "retweet") == "1"
    is_repost &= ~first_of(batch, "post_type").is_in(_QUOTES).fill_null(value=False)
    links = [first_of(batch, name) for name in _LINKS if name in batch.columns]
    return table_of(
        batch,
        "posts",
        _USED,
        platform=pl.lit("x"),
        id=pl.lit(ids),
        author_kind=pl.lit("account"),
        author_id=_handle(batch).str.to_lowercase(),
        created_at=_time(batch),
        text=first_of(batch, "content"),
        urls=json_list(pl.concat_list(links).list.drop_nulls()) if links else pl.lit(None, pl.String),
        repost_of=pl.when(is_repost).then(original_by_words(batch["content"], ids)),
        language=first_of(batch, "language"),
        url=first_of(batch, "article_url"),
    )


def _authors(batch: pl.DataFrame, used: tuple[str, ...]) -> pl.DataFrame:
    return table_of(
        batch,
        "accounts",
        used,
        platform=pl.lit("x"),
        id=_handle(batch).str.to_lowercase(),
        handle=_handle(batch),
        followers=first_of(batch, "followers"),
    )


def _derive(batch: pl.DataFrame, table: str) -> Mapping[str, pl.DataFrame]:
    if table == "accounts":
        return {}
    in_time = batch.sort(_time(batch), maintain_order=True)
    known = [name for name in _OF_AUTHOR if name in batch.columns]
    rows = _authors(in_time, tuple(name for name in batch.columns if name not in known))
    return {"accounts": last_of_each(rows)}


PROFILE = Profile(
    "fivethirtyeight_tweets",
    "tweets of the Internet Research Agency as FiveThirtyEight published them",
    recognise,
    _map,
    derive=_derive,
    covers={
        "posts": {
            "platform": "x",
            "id": "tweet_id, or made of author, time and words",
            "author_kind": "account",
            "author_id": "author (author_id in the layout with authors apart), in lower case",
            "created_at": "publish_date",
            "text": "content",
            "urls": "tco1_step1, tco2_step1, tco3_step1; without them links in the text",
            "repost_of": "of a retweet that is no quote its words",
            "language": "language",
            "url": "article_url",
        },
        "accounts": {
            "platform": "x",
            "id": "author or author_id, in lower case",
            "handle": "author or author_id",
            "followers": "followers at the last tweet",
        },
    },
)
