"""Facebook posts of Pages and Groups as CrowdTangle exported them to CSV.

CrowdTangle was closed in August 2024; its exports (historical data, lists, saved searches) live on in
archives. Load them as they came: a file that a spreadsheet has saved again often has ids cut and time
zones lost.

- **Times**: `Post Created` is in the time of New York, if the dashboard was not set to another zone, and
  says `EST` or `EDT`, both in one file; each is converted by its own offset. A time without a zone, or
  with another, is rejected: a guess would be hours off.
- **Ids**: the post's comes from its `URL` and is written as Facebook's own, `<Page or Group>_<post>`. An
  address without one gives `url/<MD5 of the address>`. In a file that was cut down to some columns,
  without `Facebook Id`, the Page or Group is that of the address.
- **Groups**: CrowdTangle never says who wrote in a Group, so the Group stands for its authors.
- **Addresses**: `Final Link`, else `Link`, and the links in `Message`; a link to the Page's own photo or
  video is none that it shares.
- **Views**: the 0 that CrowdTangle writes for what is no video is missing.
- **Pages and Groups** are described as of their last post. `Page Created` is read as UTC. `Page Admin Top
  Country` says where most administrators are but not how many, so it is kept as `x_page_admin_top_country`
  and makes no row of `page_admin_countries`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from ingest.profiles.base import Look, Profile
from ingest.profiles.crowdtangle import addresses, count, eastern, tidied
from ingest.profiles.printed import digest, json_list
from ingest.profiles.spellings import first_of, simple_name, table_of

_POST: Final = r"(\d+|pfbid\w+)"
_IN_PATH: Final = rf"(?i)/(?:posts|permalink|videos|photos|reels?)/(?:[^?#]*/)?{_POST}/?(?:[?#]|$)"
_IN_QUERY: Final = rf"(?i)[?&](?:story_fbid|fbid|v)={_POST}"
_GROUP: Final = r"(?i)^https?://[^/]*facebook\.com/groups/([^/?#]+)"
_OWNER: Final = r"(?i)^https?://[^/]*facebook\.com/(?:pages/[^/]+/)?([^/?#]+)"
#: Where Facebook keeps photos and videos under nobody's name.
_MEDIA: Final = ("photo", "photo.php", "watch", "video.php", "reel")
_USED: Final = ("facebook_id", "post_created", "message", "url", "likes", "comments", "shares")


def recognise(look: Look) -> str | None:
    """Return `posts` for an export of posts of Facebook."""
    names = {simple_name(name) for name in look.columns}
    told = names >= {"post_created", "url"} and names & {"page_name", "group_name", "facebook_id"}
    return "posts" if told and "account" not in names else None


def _owner(frame: pl.DataFrame) -> tuple[pl.Expr, pl.Expr]:
    """Return kind and id of whose post each is."""
    url = first_of(frame, "url")
    in_group = url.str.contains(_GROUP).fill_null(value=False) | first_of(frame, "group_name").is_not_null()
    named = pl.coalesce(
        url.str.extract(_GROUP, 1), url.str.extract(r"[?&]id=(\d+)", 1), url.str.extract(_OWNER, 1)
    )
    kind = pl.when(in_group).then(pl.lit("group")).otherwise(pl.lit("page"))
    return kind, pl.coalesce(first_of(frame, "facebook_id"), named.str.to_lowercase())


def _map(batch: pl.DataFrame, table: str, _sides: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    frame = tidied(batch)
    kind, owner = _owner(frame)
    url, text = first_of(frame, "url"), first_of(frame, "message")
    post = pl.coalesce(url.str.extract(_IN_PATH, 1), url.str.extract(_IN_QUERY, 1))
    frame = frame.with_columns(url.alias("\0url"))
    frame = frame.with_columns(digest(frame["\0url"]))
    link = first_of(frame, "final_link", "link")
    at = link.str.extract(_OWNER, 1).str.to_lowercase()
    own = (at == owner) | (at == first_of(frame, "user_name").str.to_lowercase())
    own |= at.is_in(_MEDIA) & first_of(frame, "type").str.contains("(?i)photo|video|album")
    views = pl.coalesce(count(frame, "post_views"), count(frame, "total_views"))
    no_video = (views == "0") & ~first_of(frame, "type").fill_null("").str.contains("(?i)video|live")
    return table_of(
        frame,
        table,
        (*_USED, "\0url"),
        platform=pl.lit("facebook"),
        id=pl.coalesce(
            pl.concat_str(owner, pl.lit("_"), post), pl.concat_str(pl.lit("url/"), pl.col("\0url"))
        ),
        author_kind=kind,
        author_id=owner,
        created_at=eastern(first_of(frame, "post_created")),
        text=text,
        urls=json_list(addresses(frame, link, own, text)),
        likes=count(frame, "likes"),
        comments=count(frame, "comments"),
        shares=count(frame, "shares"),
        views=pl.when(~no_video.fill_null(value=False)).then(views),
        url=url,
    )


def _derive(batch: pl.DataFrame, _table: str) -> Mapping[str, pl.DataFrame]:
    frame = tidied(batch)
    kind, owner = _owner(frame)
    size = pl.coalesce(count(frame, "followers_at_posting"), count(frame, "likes_at_posting"))
    described = frame.select(
        first_of(frame, "post_created").alias("at"),
        kind.alias("kind"),
        pl.lit("facebook").alias("platform"),
        owner.alias("id"),
        first_of(frame, "group_name", "page_name").alias("name"),
        first_of(frame, "user_name").alias("handle"),
        first_of(frame, "page_category").alias("category"),
        eastern_or_utc(first_of(frame, "page_created")).alias("created_at"),
        size.alias("followers"),
        first_of(frame, "page_description").alias("about"),
        first_of(frame, "page_admin_top_country").alias("x_page_admin_top_country"),
        "line",
    )
    last = described.sort("at", maintain_order=True).unique(["kind", "id"], keep="last", maintain_order=True)
    groups = last.filter(kind="group").rename({"followers": "members"})
    return {
        "pages": last.filter(kind="page").drop("kind", "at"),
        "groups": groups.select("platform", "id", "name", "created_at", "members", "line"),
    }


def eastern_or_utc(cell: pl.Expr) -> pl.Expr:
    """Return a time that may name its zone as `Post Created` does, and is in UTC where it names none."""
    return pl.when(cell.str.contains(r"(?i)E[SD]T$")).then(eastern(cell)).otherwise(cell)


PROFILE = Profile(
    "crowdtangle_facebook",
    "Facebook posts of Pages and Groups, exported by CrowdTangle",
    recognise,
    _map,
    derive=_derive,
    covers={
        "posts": {
            "platform": "facebook",
            "id": "Facebook Id and the post's id in URL",
            "author_kind": "group for what is in a Group, else page",
            "author_id": "Facebook Id, else the number or handle in URL",
            "created_at": "Post Created, with the offset of EST or EDT",
            "text": "Message",
            "urls": "Final Link, else Link, and links in Message",
            "likes": "Likes",
            "comments": "Comments",
            "shares": "Shares",
            "views": "Post Views, else Total Views; 0 only for videos",
            "url": "URL",
        },
        "pages": {
            "platform": "facebook",
            "id": "Facebook Id",
            "name": "Page Name",
            "handle": "User Name",
            "category": "Page Category",
            "created_at": "Page Created",
            "followers": "Followers at Posting, else Likes at Posting",
            "about": "Page Description",
        },
        "groups": {
            "platform": "facebook",
            "id": "Facebook Id",
            "name": "Group Name",
            "created_at": "Page Created",
            "members": "Followers at Posting, else Likes at Posting",
        },
    },
)
