"""Users of the archives of information operations that Twitter (now X) released from 2018 to 2022.

One file an operation (`…_users_csv_hashed.csv`), one row an account that was suspended; the tweets are in
[x_io_tweets](x_io_tweets.md). Ids and names of accounts with fewer than 5,000 followers are hashed in the
public files and pass as they are. When an account was suspended is not told. The day of its creation is a
date without a time. Its declared place is kept as `x_user_reported_location`.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from ingest.profiles.base import Look, Profile
from ingest.profiles.x_io_tweets import ACCOUNT, account_of


def recognise(look: Look) -> str | None:
    """Return `accounts` for a file of users of an archive."""
    users = look.has("userid", "user_display_name", "user_screen_name", "account_creation_date")
    return "accounts" if users and not look.has("tweetid") else None


def _map(batch: pl.DataFrame, _table: str, _sides: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    return account_of(batch, ACCOUNT.values())


PROFILE = Profile(
    "x_io_users",
    "users of the archives of information operations on Twitter (X)",
    recognise,
    _map,
    covers={"accounts": ACCOUNT},
)
