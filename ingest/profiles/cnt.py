"""Messages in the CSV format of the coordination network toolkit of the QUT Digital Observatory.

The toolkit reads eight columns by their position: `message_id`, `user_id`, `username`, `repost_id`,
`reply_id`, `message`, `timestamp`, `urls`. It passes over the first row, whatever that says. Here a file is
recognised by these names, in any order; a file without a header by its first rows, whose columns count by
position; and one with other names as the toolkit would read it with `--as cnt`.

- Times are epoch seconds, with a fraction or without. The toolkit takes any clock, also one that starts at
  0; here the rows of such a file are rejected, since they have no place among other data.
- `urls` are separated by spaces; lists as Python prints them are read too.
- Accounts are of platform `x`, or of that in a further column `platform`. What else is there is kept.
- A repost counts as a repost only, here and in the toolkit: its words and links are another's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from ingest.profiles.base import Look, Profile
from ingest.profiles.printed import addresses, printed_list
from ingest.profiles.spellings import first_of, last_of_each, table_of

_HEADER: Final = (
    "message_id", "user_id", "username", "repost_id", "reply_id", "message", "timestamp", "urls",
)  # fmt: skip


def recognise(look: Look) -> str | None:
    """Return `posts` for a file with the toolkit's columns."""
    return "posts" if look.has(*_HEADER) else None


def _platform(batch: pl.DataFrame) -> pl.Expr:
    return pl.coalesce(first_of(batch, "platform"), pl.lit("x"))


def _map(batch: pl.DataFrame, _table: str, _sides: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    urls = first_of(batch, "urls")
    printed = urls.str.starts_with("[")
    return table_of(
        batch,
        "posts",
        (*_HEADER, "platform"),
        platform=_platform(batch),
        id=first_of(batch, "message_id"),
        author_kind=pl.lit("account"),
        author_id=first_of(batch, "user_id"),
        created_at=first_of(batch, "timestamp"),
        text=first_of(batch, "message"),
        urls=pl.when(printed).then(printed_list(urls, addresses=True)).otherwise(addresses(urls)),
        repost_of=first_of(batch, "repost_id"),
        reply_to=first_of(batch, "reply_id"),
    )


def _derive(batch: pl.DataFrame, _table: str) -> Mapping[str, pl.DataFrame]:
    rows = batch.select(
        _platform(batch).alias("platform"),
        first_of(batch, "user_id").alias("id"),
        first_of(batch, "username").alias("handle"),
        "line",
    )
    return {"accounts": last_of_each(rows)}


PROFILE = Profile(
    "cnt",
    "messages as the coordination network toolkit (QUT) reads them",
    recognise,
    _map,
    derive=_derive,
    covers={
        "posts": {
            "platform": "platform, or x",
            "id": "message_id",
            "author_kind": "account",
            "author_id": "user_id",
            "created_at": "timestamp",
            "text": "message",
            "urls": "urls, separated by spaces",
            "repost_of": "repost_id",
            "reply_to": "reply_id",
        },
        "accounts": {"platform": "platform, or x", "id": "user_id", "handle": "username"},
    },
    header=_HEADER,
)
