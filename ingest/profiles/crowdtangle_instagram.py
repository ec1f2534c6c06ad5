"""Instagram posts as CrowdTangle exported them to CSV.

CrowdTangle was closed in August 2024; its exports live on in archives. Load them as they came.

- **Times** are in the time of New York, as in [crowdtangle_facebook](crowdtangle_facebook.md): `EST` and
  `EDT` are converted; a time without a zone, or with another, is rejected.
- **Accounts**: CrowdTangle gives no number of an account, so its handle (`User Name`, in lower case) is
  the id.
- **Posts** are named by the short code in their `URL` (`instagram.com/p/<code>/`).
- **Texts**: `Description` is the caption; links in it count, those to the post itself do not.
- **Views**: the 0 that CrowdTangle writes for photos is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from ingest.profiles.base import Look, Profile
from ingest.profiles.crowdtangle import addresses, count, eastern, tidied
from ingest.profiles.printed import digest, json_list
from ingest.profiles.spellings import first_of, simple_name, table_of

_CODE: Final = r"(?i:instagram\.com/(?:[^/?#]+/)?(?:p|tv|reels?)/)([\w-]+)"
_USED: Final = ("post_created", "url", "likes", "comments", "views")


def recognise(look: Look) -> str | None:
    """Return `posts` for an export of posts of Instagram."""
    names = {simple_name(name) for name in look.columns}
    return "posts" if names >= {"account", "user_name", "post_created", "url"} else None


def _map(batch: pl.DataFrame, table: str, _sides: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    frame = tidied(batch)
    url, text = first_of(frame, "url"), first_of(frame, "description", "title")
    frame = frame.with_columns(url.alias("\0url"))
    frame = frame.with_columns(digest(frame["\0url"]))
    link = first_of(frame, "link")
    views = count(frame, "views")
    no_video = (views == "0") & ~first_of(frame, "type").fill_null("").str.contains(
        "(?i)video|igtv|reel|live"
    )
    return table_of(
        frame,
        table,
        (*_USED, "\0url"),
        platform=pl.lit("instagram"),
        id=pl.coalesce(url.str.extract(_CODE, 1), pl.concat_str(pl.lit("url/"), pl.col("\0url"))),
        author_kind=pl.lit("account"),
        author_id=first_of(frame, "user_name").str.to_lowercase(),
        created_at=eastern(first_of(frame, "post_created")),
        text=text,
        urls=json_list(
            addresses(frame, link, link.str.contains(r"(?i)instagram\.com/|cdninstagram\.com/"), text)
        ),
        likes=count(frame, "likes"),
        comments=count(frame, "comments"),
        views=pl.when(~no_video.fill_null(value=False)).then(views),
        url=url,
    )


def _derive(batch: pl.DataFrame, _table: str) -> Mapping[str, pl.DataFrame]:
    frame = tidied(batch)
    handle = first_of(frame, "user_name")
    described = frame.select(
        first_of(frame, "post_created").alias("at"),
        pl.lit("instagram").alias("platform"),
        handle.str.to_lowercase().alias("id"),
        first_of(frame, "account").alias("name"),
        handle.alias("handle"),
        count(frame, "followers_at_posting").alias("followers"),
        "line",
    )
    last = described.sort("at", maintain_order=True).unique("id", keep="last", maintain_order=True)
    return {"accounts": last.drop("at")}


PROFILE = Profile(
    "crowdtangle_instagram",
    "Instagram posts, exported by CrowdTangle",
    recognise,
    _map,
    derive=_derive,
    covers={
        "posts": {
            "platform": "instagram",
            "id": "the short code in URL",
            "author_kind": "account",
            "author_id": "User Name in lower case",
            "created_at": "Post Created, with the offset of EST or EDT",
            "text": "Description, else Title",
            "urls": "Link that leads away from Instagram, and links in the text",
            "likes": "Likes",
            "comments": "Comments",
            "views": "Views; 0 only for videos",
            "url": "URL",
        },
        "accounts": {
            "platform": "instagram",
            "id": "User Name in lower case",
            "name": "Account",
            "handle": "User Name",
            "followers": "Followers at Posting",
        },
    },
)
