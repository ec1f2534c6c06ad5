"""Tables of YouTube Data Tools (Bernhard Rieder): lists of videos, lists of channels, comments of videos.

CSV or tab-separated files of the modules Video List, Channel Search or List, and Video Info and Comments,
of both versions of the tools. Networks (GDF, GEXF) are not read.

- A channel is an account and goes by its id (`UC…`).
- The text of a video is its title and, after a line break, its description; links and hashtags are taken
  from it. The tags that its makers gave it, which viewers do not see, are kept as `x_tags`.
- A comment is a post of its author and a reply to the comment that it answers or else to the video. Files
  of the first version do not name the video, so comments at the top reply to nothing there.
- Comments with hidden authors (a hash as name, no channel) belong to an account that goes by that hash.
- A video that is gone has no date and is rejected.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from ingest.profiles.base import Look, Profile
from ingest.profiles.spellings import first_of, last_of_each, table_of

_TITLE: Final = ("videoTitle", "videoDescription")
_VIDEO: Final = {
    "id": ("videoId",),
    "author_id": ("channelId",),
    "created_at": ("publishedAt", "publishedAtSQL"),
    "likes": ("likeCount",),
    "comments": ("commentCount",),
    "views": ("viewCount",),
    "language": ("defaultLanguage", "defaultAudioLanguage", "defaultLAudioLanguage"),
}
_COMMENT: Final = {
    "id": ("id",),
    "author_id": ("authorChannelId", "authorName"),
    "created_at": ("publishedAt",),
    "text": ("text",),
    "likes": ("likeCount",),
    "comments": ("totalReplyCount", "replyCount"),
    "reply_to": ("isReplyToId", "isReplyTo", "videoId"),
}
_CHANNEL: Final = {
    "id": ("id",),
    "name": ("title",),
    "handle": ("customUrl",),
    "created_at": ("publishedAt",),
    "country": ("country",),
    "language": ("defaultLanguage",),
    "followers": ("subscriberCount",),
    "bio": ("description",),
}
_CHANNEL_OF_VIDEO: Final = {
    "id": ("channelId",),
    "name": ("channelTitle",),
    "created_at": ("channel_publishedAt",),
    "country": ("channel_country",),
    "followers": ("channel_subscriberCount",),
}
_AUTHOR: Final = {
    "id": ("authorChannelId", "authorName"),
    "name": ("authorName",),
    "url": ("authorChannelUrl",),
}


def recognise(look: Look) -> str | None:
    """Return `posts` for videos and comments, `accounts` for channels."""
    if _are_videos(look.columns) or _are_comments(look.columns):
        return "posts"
    return "accounts" if look.has("id", "title", "subscriberCount", "videoCount") else None


def _are_videos(columns: tuple[str, ...]) -> bool:
    return {"channelId", "channelTitle", "videoId", "publishedAt", *_TITLE} <= set(columns)


def _are_comments(columns: tuple[str, ...]) -> bool:
    return {"id", "authorName", "text", "publishedAt", "isReply"} <= set(columns)


def _columns(batch: pl.DataFrame, sources: Mapping[str, tuple[str, ...]]) -> dict[str, pl.Expr]:
    return {name: first_of(batch, *columns) for name, columns in sources.items()}


def _map(batch: pl.DataFrame, table: str, _sides: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    if table == "accounts":
        used = ("id", "title", "customUrl", "publishedAt", "country", "subscriberCount", "description")
        columns = _columns(batch, _CHANNEL) | {"url": first_of(batch, "channelUrl")}
        columns["handle"] = columns["handle"].str.strip_prefix("@")
        return table_of(batch, table, used, platform=pl.lit("youtube"), **columns)
    posted = {"platform": pl.lit("youtube"), "author_kind": pl.lit("account")}
    if _are_comments(tuple(batch.columns)):
        taken = ("id", "authorChannelId", "publishedAt", "text", "likeCount", "isReplyToId", "isReplyTo")
        return table_of(batch, table, taken, **posted, **_columns(batch, _COMMENT))
    words = pl.concat_str([first_of(batch, name) for name in _TITLE], separator="\n", ignore_nulls=True)
    address = pl.lit("https://www.youtube.com/watch?v=") + first_of(batch, "videoId")
    whole = ("videoId", "channelId", "publishedAt", "likeCount", "commentCount", "viewCount", *_TITLE)
    return table_of(batch, table, whole, **posted, text=words, url=address, **_columns(batch, _VIDEO))


def _derive(batch: pl.DataFrame, table: str) -> Mapping[str, pl.DataFrame]:
    if table == "accounts":
        return {}
    sources = _AUTHOR if _are_comments(tuple(batch.columns)) else _CHANNEL_OF_VIDEO
    columns = [value.alias(name) for name, value in _columns(batch, sources).items()]
    return {"accounts": last_of_each(batch.select(pl.lit("youtube").alias("platform"), *columns, "line"))}


def _either(*sources: tuple[str, ...]) -> str:
    return "; ".join(" or else ".join(columns) for columns in sources)


PROFILE = Profile(
    "youtube_data_tools",
    "videos, channels and comments as YouTube Data Tools lists them",
    recognise,
    _map,
    derive=_derive,
    covers={
        "posts": {
            "platform": "youtube",
            "author_kind": "account",
            "id": "videoId; id of a comment",
            "author_id": "channelId; of a comment authorChannelId or else authorName",
            "created_at": "publishedAt",
            "text": "videoTitle and videoDescription; text of a comment",
            "reply_to": "of a comment isReplyToId, isReplyTo or else videoId",
            "likes": "likeCount",
            "comments": "commentCount; of a comment totalReplyCount or replyCount",
            "views": "viewCount",
            "language": _either(_VIDEO["language"]),
            "url": "made of videoId",
        },
        "accounts": {
            "platform": "youtube",
            "id": "id of a channel; channelId of a video; author of a comment",
            "name": "title; channelTitle; authorName",
            "handle": "customUrl",
            "created_at": "publishedAt of a channel; channel_publishedAt",
            "country": "country; channel_country",
            "language": "defaultLanguage of a channel",
            "followers": "subscriberCount; channel_subscriberCount",
            "bio": "description of a channel",
            "url": "channelUrl; authorChannelUrl",
        },
    },
)
