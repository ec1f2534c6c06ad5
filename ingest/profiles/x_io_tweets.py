"""Tweets of the archives of information operations that Twitter (now X) released from 2018 to 2022.

One CSV file or several an operation (`…_tweets_csv_hashed.csv`, unzipped or not), with every tweet of the
accounts that were suspended. Researchers could ask for files without hashing; both are read. Copies of the
releases are kept by archives of research data.

- Ids of accounts with fewer than 5,000 followers are hashed in the public files. They pass as they are, so
  that tweets, retweets and the file of users join.
- Times have no seconds: tweets of the same minute count as simultaneous, and a window of 60 seconds takes
  in the minutes before and after. They are taken as UTC.
- A retweet repeats `retweet_tweetid`; where that is missing, retweets of the same words are taken to repeat
  one tweet (`words/<digest>`), and retweets of fewer than 20 characters repeat an unknown one.
- A quoted tweet is no repost, since the words are the author's own: its id is kept as
  `x_quoted_tweet_tweetid`. Mentions, polls, places and the app are kept as `x_` columns too.
- The accounts come from the columns of the user beside each tweet; they say the same as the file of users,
  [x_io_users](x_io_users.md). Languages and places are what the user declared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import polars as pl

from ingest.profiles.base import Look, Profile
from ingest.profiles.printed import original_by_words, printed_list
from ingest.profiles.spellings import first_of, last_of_each, table_of

ACCOUNT: Final = {
    "platform": "x",
    "id": "userid",
    "name": "user_display_name",
    "handle": "user_screen_name",
    "created_at": "account_creation_date",
    "language": "account_language",
    "followers": "follower_count",
    "bio": "user_profile_description",
    "url": "user_profile_url",
}
#: What else the files say of an account.
OF_ACCOUNT: Final = ("user_reported_location", "following_count")
_POST: Final = {
    "id": "tweetid",
    "author_id": "userid",
    "created_at": "tweet_time",
    "text": "tweet_text",
    "reply_to": "in_reply_to_tweetid",
    "likes": "like_count",
    "comments": "reply_count",
    "shares": "retweet_count",
    "language": "tweet_language",
}
_USED: Final = (
    *_POST.values(), *ACCOUNT.values(), *OF_ACCOUNT, "hashtags", "urls", "is_retweet", "retweet_tweetid",
)  # fmt: skip


def recognise(look: Look) -> str | None:
    """Return `posts` for a file of tweets of an archive."""
    return "posts" if look.has("tweetid", "userid", "tweet_text", "tweet_time") else None


def _map(batch: pl.DataFrame, _table: str, _sides: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    is_retweet = first_of(batch, "is_retweet").str.to_lowercase().is_in(["true", "1", "t"])
    by_words = original_by_words(batch["tweet_text"], batch["tweetid"])
    return table_of(
        batch,
        "posts",
        _USED,
        platform=pl.lit("x"),
        author_kind=pl.lit("account"),
        **{name: first_of(batch, column) for name, column in _POST.items()},
        hashtags=printed_list(first_of(batch, "hashtags")),
        urls=printed_list(first_of(batch, "urls"), addresses=True),
        repost_of=pl.coalesce(first_of(batch, "retweet_tweetid"), pl.when(is_retweet).then(by_words)),
    )


def account_of(batch: pl.DataFrame, used: Iterable[str]) -> pl.DataFrame:
    """Return the account that each row of an archive speaks of, and every column that is not used."""
    columns = {name: first_of(batch, column) for name, column in ACCOUNT.items() if name != "platform"}
    return table_of(batch, "accounts", used, platform=pl.lit("x"), **columns)


def _derive(batch: pl.DataFrame, _table: str) -> Mapping[str, pl.DataFrame]:
    rows = account_of(batch, set(batch.columns) - set(OF_ACCOUNT))
    return {"accounts": last_of_each(rows)}


PROFILE = Profile(
    "x_io_tweets",
    "tweets of the archives of information operations on Twitter (X)",
    recognise,
    _map,
    derive=_derive,
    covers={
        "posts": {
            "platform": "x",
            "author_kind": "account",
            **_POST,
            "hashtags": "hashtags, printed as [a, b]",
            "urls": "urls, printed as [http://…, http://…]",
            "repost_of": "retweet_tweetid, or of a retweet without it its words",
        },
        "accounts": ACCOUNT,
    },
)
