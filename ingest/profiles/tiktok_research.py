"""Videos and user information of the TikTok Research API, as JSON answers or as tables made of them.

`video/query` answers (`{"data": {"videos": […], "cursor": …}}`), one or many, as one JSON document or a
page a line, or a table with the same columns. Which fields are there depends on what was asked for: `id`,
`username` and `create_time` are needed, and one of `video_description`, `region_code`, `hashtag_names`,
`view_count`.

- Accounts go by their `username`, the only thing the API says of them; a renamed account is another one
  here.
- `region_code` of a video is the country in which its creator registered the account, and becomes the
  country of the account.
- Music, effects, playlist, stickers and the transcript (`voice_to_text`) are kept as `x_` columns.
- `user/info` answers do not repeat the `username` that was asked for. They can be loaded if it was added to
  each of them.
- Comments come without their authors and cannot be loaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from ingest.profiles.base import Look, Profile
from ingest.profiles.nested import flattened
from ingest.profiles.printed import printed_list
from ingest.profiles.spellings import first_of, last_of_each, table_of

_VIDEO: Final = {
    "id": "id",
    "author_id": "username",
    "created_at": "create_time",
    "text": "video_description",
    "likes": "like_count",
    "comments": "comment_count",
    "shares": "share_count",
    "views": "view_count",
}
_ONE_OF: Final = ("video_description", "region_code", "hashtag_names", "view_count")
_USER: Final = {
    "id": "username",
    "name": "display_name",
    "handle": "username",
    "followers": "follower_count",
    "verified": "is_verified",
    "bio": "bio_description",
    "url": "bio_url",
}


def recognise(look: Look) -> str | None:
    """Return `posts` for videos, `accounts` for user information with a username."""
    if not look.has("username"):
        return None
    if look.has("id", "create_time") and any(look.has(name) for name in _ONE_OF):
        return "posts"
    told = look.has("follower_count", "likes_count") or look.has("display_name", "bio_description")
    if told or ("data" in look.columns and look.rows["data"].str.contains('"follower_count"').any()):
        return "accounts"
    return None


def _map(batch: pl.DataFrame, table: str, _sides: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    if table == "accounts":
        return _users(batch)
    user, video = first_of(batch, "username"), first_of(batch, "id")
    return table_of(
        batch,
        table,
        (*_VIDEO.values(), "hashtag_names"),
        platform=pl.lit("tiktok"),
        author_kind=pl.lit("account"),
        **{name: first_of(batch, column) for name, column in _VIDEO.items()},
        hashtags=printed_list(first_of(batch, "hashtag_names")),
        url=pl.concat_str(pl.lit("https://www.tiktok.com/@"), user, pl.lit("/video/"), video),
    )


def _users(batch: pl.DataFrame) -> pl.DataFrame:
    wide = flattened(batch, "data")
    wide = wide.rename(
        {name: name.removeprefix("data.") for name in wide.columns if name.startswith("data.")}
    )
    columns = {name: first_of(wide, column) for name, column in _USER.items()}
    return table_of(wide, "accounts", _USER.values(), platform=pl.lit("tiktok"), **columns)


def _derive(batch: pl.DataFrame, table: str) -> Mapping[str, pl.DataFrame]:
    if table == "accounts":
        return {}
    rows = batch.select(
        pl.lit("tiktok").alias("platform"),
        first_of(batch, "username").alias("id"),
        first_of(batch, "username").alias("handle"),
        first_of(batch, "region_code").alias("country"),
        "line",
    )
    return {"accounts": last_of_each(rows)}


PROFILE = Profile(
    "tiktok_research",
    "videos and users of the TikTok Research API",
    recognise,
    _map,
    derive=_derive,
    covers={
        "posts": {
            "platform": "tiktok",
            "author_kind": "account",
            **_VIDEO,
            "hashtags": "hashtag_names",
            "url": "made of username and id",
        },
        "accounts": {"platform": "tiktok", **_USER, "country": "region_code of a video"},
    },
)
