"""Facebook posts from the Meta Content Library and its API: dotted tables, or JSON as it answers.

The library is open to researchers on application. Files are made in its clean room, as CSV
(`statistics.like_count`, `post_owner.id`, ...) or as the JSON of an answer. Ask for `text`,
`link_attachment` and `mcl_url` among the fields: they are not in the answer by default.

- **Ids are the library's own**, not Facebook's: posts and owners have ids such as `mcl/1234`, and join
  with nothing from elsewhere. `post_owner.username` and `surface.username` are kept as `handle`: by that
  one can find the same Page in another source. `mcl_url` leads to the post for who has access to the
  library. An id that a notebook wrote as a number (`123.0`) is mended where no digit can be lost, else
  rejected.
- **Views that are not told are missing**, not 0.
- **Author** is `post_owner`. Where the library does not tell it, as for private people in Groups, the
  surface stands for it. The surface is told where it is another than the author; one that is an event is
  kept as `x_surface_id` only.
- **Shares**: `shared_post_id` is the post that is shared.
- Times are in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from ingest.profiles.base import Look, Profile
from ingest.profiles.mcl import (
    addresses,
    assets,
    hashtags,
    kind,
    own_id,
    platform_of_posts,
    spread,
    statistic,
)
from ingest.profiles.spellings import first_of, table_of

_USED = (
    "id", "post_owner.id", "post_owner.type", "creation_time", "text", "hashtags", "shared_post_id", "lang",
    "mcl_url",
    "statistics.like_count", "statistics.comment_count", "statistics.share_count", "statistics.views",
)  # fmt: skip


def recognise(look: Look) -> str | None:
    """Return `posts` for posts of Facebook."""
    return "posts" if platform_of_posts(look) == "facebook" else None


def _map(batch: pl.DataFrame, table: str, _sides: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    frame = spread(batch)
    owner, surface = first_of(frame, "post_owner.id"), first_of(frame, "surface.id")
    surface_kind = kind(first_of(frame, "surface.type"))
    elsewhere = owner.is_not_null() & (surface != owner) & surface_kind.is_in(["account", "page", "group"])
    owner_kind = kind(first_of(frame, "post_owner.type"))
    return table_of(
        frame,
        table,
        _USED,
        platform=pl.lit("facebook"),
        id=own_id(first_of(frame, "id")),
        author_kind=pl.when(owner.is_not_null()).then(owner_kind).otherwise(surface_kind),
        author_id=own_id(pl.coalesce(owner, surface)),
        surface_kind=pl.when(elsewhere).then(surface_kind),
        surface_id=pl.when(elsewhere).then(own_id(surface)),
        created_at=first_of(frame, "creation_time"),
        text=first_of(frame, "text"),
        urls=addresses(frame),
        hashtags=hashtags(frame),
        repost_of=own_id(first_of(frame, "shared_post_id")),
        likes=statistic(frame, "like_count"),
        comments=statistic(frame, "comment_count"),
        shares=statistic(frame, "share_count"),
        views=statistic(frame, "views", "view_count"),
        language=first_of(frame, "lang"),
        url=first_of(frame, "mcl_url"),
    )


def _derive(batch: pl.DataFrame, _table: str) -> Mapping[str, pl.DataFrame]:
    named = assets(spread(batch), "facebook", "post_owner", "surface")
    return {
        "pages": named.filter(kind="page").drop("kind"),
        "groups": named.filter(kind="group").drop("kind", "handle"),
        "accounts": named.filter(kind="account").drop("kind"),
    }


_NAMED = {"platform": "facebook", "id": "mcl/ and post_owner.id or surface.id", "name": "its name"}

PROFILE = Profile(
    "mcl_facebook_posts",
    "Facebook posts from the Meta Content Library, as CSV or JSON",
    recognise,
    _map,
    derive=_derive,
    covers={
        "posts": {
            "platform": "facebook",
            "id": "mcl/ and id",
            "author_kind": "post_owner.type, else surface.type; neither Page nor Group is an account",
            "author_id": "mcl/ and post_owner.id, else surface.id",
            "surface_kind": "surface.type, where it is not the author",
            "surface_id": "mcl/ and surface.id, where it is not the author",
            "created_at": "creation_time",
            "text": "text",
            "urls": "link_attachment.link, and links in text",
            "hashtags": "hashtags",
            "repost_of": "mcl/ and shared_post_id",
            "likes": "statistics.like_count",
            "comments": "statistics.comment_count",
            "shares": "statistics.share_count",
            "views": "statistics.views",
            "language": "lang",
            "url": "mcl_url",
        },
        "pages": {**_NAMED, "handle": "its username"},
        "groups": _NAMED,
        "accounts": {**_NAMED, "handle": "its username"},
    },
)
