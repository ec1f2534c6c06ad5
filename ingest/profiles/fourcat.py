"""Tables that 4CAT writes: CSV files of its datasets, and what its processors filter from them.

4CAT (Digital Methods Initiative) has one table a dataset. All have `id`, `thread_id`, `timestamp` and
`body`; what else is there tells the platform: X, TikTok (videos, comments), Instagram, Telegram, Facebook
(imported from CrowdTangle, or captured), Threads, LinkedIn, Douyin, Bluesky, Gab, Truth Social, VK. Any
other table is taken with the platform in a column `platform`, or else as of platform `4cat`.

- **Times**: `unix_timestamp` where it is given, else `timestamp`, which is UTC on most servers of 4CAT but
  in the server's time zone on some. A LinkedIn post has only an estimate there; its id holds the true time,
  which is used.
- **Counts**: where a platform did not tell a number 4CAT writes 0 (or -1, which is taken as missing). A 0
  may mean that.
- **Accounts** go by what joins them with other sources: on X and Telegram by number, on TikTok, Instagram
  and Threads by handle in lower case, on Bluesky by DID. Imported CrowdTangle posts are posts of Pages.
- **Retweets**: the id of the original is not in the table. Retweets of the same words are taken to repeat
  one tweet (`words/<MD5>`). Quotes are no reposts.
- **Forwarded messages** of Telegram name the channel and the second of the original, which together stand
  for it (`forward/<channel>/<time>`); that message itself is not found by this id. A message in a chat
  other than its author's own is posted on that group.
- **Replies**: on X, Bluesky and Gab, and among comments of TikTok, `thread_id` is what the thread answers;
  on Telegram `reply_to`; on VK nothing. Elsewhere it is kept as `x_thread_id`.
- **Anonymous** posts of image boards name no author and are rejected.

The NDJSON files of 4CAT hold what the platform sent: those that were captured with Zeeschuimer are read by
[zeeschuimer](zeeschuimer.md); of all others download the CSV.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from ingest.normalise import urls_in
from ingest.profiles.base import Look, Profile
from ingest.profiles.fourcat_shapes import SHAPES, Shape
from ingest.profiles.printed import json_list, listed, original_by_words, split_addresses
from ingest.profiles.quirks import linkedin_profile, linkedin_time
from ingest.profiles.spellings import first_of, last_of_each, table_of

_EVERY: Final = ("id", "thread_id", "timestamp", "body")
_AUTHORS: Final = ("author", "author_id", "author_name", "author_user_id", "account_id")
_COUNTS: Final = ("likes", "comments", "shares", "views", "followers")
_NO_COUNT: Final = r"^(?:-\d+|N/?A|None|Unknown|False|)$"
_BY_HANDLE: Final = ("tiktok", "instagram", "threads")


def recognise(look: Look) -> str | None:
    """Return `posts` for a table of 4CAT."""
    return "posts" if look.has(*_EVERY) and any(look.has(name) for name in _AUTHORS) else None


def shape_of(columns: Sequence[str]) -> Shape:
    """Return the data source whose columns these are."""
    return next(shape for shape in SHAPES if set(shape.marks) <= set(columns))


def _map(batch: pl.DataFrame, table: str, _sides: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    shape = shape_of(batch.columns)
    columns = {name: _cell(batch, shape, name, sources) for name, sources in shape.post.items()}
    tags = [listed(first_of(batch, name)) for name in shape.hashtags if name in batch.columns]
    body = first_of(batch, "body")
    columns = {
        "platform": _platform(batch, shape),
        "id": first_of(batch, "id"),
        "author_kind": _kind(batch, shape),
        "created_at": _time(batch),
        "text": body,
        "urls": _urls(batch, shape, body),
        "hashtags": pl.coalesce(*tags, pl.lit(None, pl.String)),
        **columns,
    }
    if shape.threaded:
        thread = first_of(batch, "thread_id")
        columns["reply_to"] = pl.when(thread != first_of(batch, "id")).then(thread)
    columns |= _special(batch, shape, columns)
    whole = ("id", "body", "unix_timestamp", *_sources(shape.post))
    return table_of(batch, table, whole, **columns)


def _sources(columns: Mapping[str, tuple[str, ...]]) -> list[str]:
    return [names[0] for name, names in columns.items() if name not in _COUNTS]


def _platform(batch: pl.DataFrame, shape: Shape) -> pl.Expr:
    if shape.platform:
        return pl.lit(shape.platform)
    return pl.coalesce(first_of(batch, "platform"), pl.lit("4cat"))


def _cell(batch: pl.DataFrame, shape: Shape, name: str, sources: tuple[str, ...]) -> pl.Expr:
    cell = first_of(batch, *sources)
    if name in _COUNTS:
        return pl.when(~cell.str.contains(_NO_COUNT)).then(cell)
    if name in ("id", "author_id"):
        if shape.platform in _BY_HANDLE:
            return cell.str.to_lowercase()
        if shape.platform == "linkedin":
            return linkedin_profile(cell)
        if not shape.platform:
            return pl.when(cell.str.to_lowercase() != "anonymous").then(cell)
    return cell


def _time(batch: pl.DataFrame) -> pl.Expr:
    epoch = first_of(batch, "unix_timestamp", "timestamp_unix")
    return pl.coalesce(pl.when(epoch != "0").then(epoch), first_of(batch, "timestamp"))


def _urls(batch: pl.DataFrame, shape: Shape, body: pl.Expr) -> pl.Expr:
    given = [split_addresses(first_of(batch, name)) for name in shape.links if name in batch.columns]
    if not given:
        return pl.lit(None, pl.String)
    nothing = pl.lit([], pl.List(pl.String))
    links = pl.concat_list(value.fill_null(nothing) for value in given)
    both = links if shape.expanded else pl.concat_list(links, urls_in(body).fill_null(nothing))
    return pl.when(links.list.len() > 0).then(json_list(both.list.unique(maintain_order=True)))


def _special(batch: pl.DataFrame, shape: Shape, columns: Mapping[str, pl.Expr]) -> dict[str, pl.Expr]:
    """Return what one platform has otherwise than the others."""
    if shape.platform == "x":
        by_words = original_by_words(batch["body"], batch["id"])
        is_retweet = first_of(batch, "is_retweet").str.to_lowercase() == "yes"
        return {
            "repost_of": pl.when(is_retweet).then(by_words),
            "reply_to": pl.when(~is_retweet.fill_null(value=False)).then(columns["reply_to"]),
        }
    if shape.platform == "telegram":
        return _telegram(batch)
    if shape.platform == "linkedin":
        made = linkedin_time(first_of(batch, "id").str.extract(r"^(\d{15,19})$", 1))
        return {"created_at": pl.coalesce(made, columns["created_at"])}
    if shape.platform == "vk":
        wall = first_of(batch, "link").str.extract(r"(wall-?\d+_\d+)", 1)
        return {"id": pl.coalesce(wall, first_of(batch, "id"))}
    if shape.kind == "page":
        post = first_of(batch, "id")
        whole = pl.concat_str(first_of(batch, "page_id"), pl.lit("_"), post)
        return {"id": pl.when(post.str.contains(r"^(?:\d+|pfbid\w+)$")).then(whole).otherwise(post)}
    if "group_name" in shape.marks:
        group = pl.when(first_of(batch, "is_in_group") == "yes").then(first_of(batch, "group_name"))
        kind = pl.when(group.is_not_null()).then(pl.lit("group"))
        return {"surface_id": group, "surface_kind": kind}
    return {}


def _telegram(batch: pl.DataFrame) -> dict[str, pl.Expr]:
    chat, answered = first_of(batch, "chat"), first_of(batch, "reply_to")
    origin = first_of(
        batch, "author_forwarded_from_id", "author_forwarded_from_username", "author_forwarded_from_name"
    )
    when = first_of(batch, "unix_timestamp_forwarded_from", "timestamp_forwarded_from")
    author = first_of(batch, "author")
    own = author.is_null() | (author == chat)
    own |= (first_of(batch, "author_username") == chat).fill_null(value=False)
    return {
        "repost_of": pl.concat_str(pl.lit("forward/"), origin, pl.lit("/"), when),
        "reply_to": pl.concat_str(chat, pl.lit("-"), answered),
        "surface_kind": pl.when(~own).then(pl.lit("group")),
        "surface_id": pl.when(~own).then(chat),
    }


def _kind(batch: pl.DataFrame, shape: Shape) -> pl.Expr:
    """Return what the author of each post is."""
    if shape.platform == "linkedin":
        is_page = first_of(batch, "author_is_company").str.to_lowercase() == "yes"
    elif shape.platform == "vk":
        is_page = first_of(batch, "author_id").str.starts_with("-")
    else:
        return pl.lit(shape.kind)
    return pl.when(is_page).then(pl.lit("page")).otherwise(pl.lit("account"))


def _derive(batch: pl.DataFrame, _table: str) -> Mapping[str, pl.DataFrame]:
    shape = shape_of(batch.columns)
    columns = {name: _cell(batch, shape, name, sources) for name, sources in shape.author.items()}
    rows = batch.select(
        _platform(batch, shape).alias("platform"),
        *(value.alias(name) for name, value in columns.items()),
        _kind(batch, shape).alias("kind"),
        "line",
    )
    accounts = rows.filter(pl.col("kind") == "account").drop("kind")
    pages = rows.filter(pl.col("kind") == "page").drop("kind").rename({"bio": "about"}, strict=False)
    found = {"accounts": last_of_each(accounts), "pages": last_of_each(pages)}
    return {table: frame for table, frame in found.items() if frame.height}


PROFILE = Profile(
    "fourcat",
    "tables (CSV) of 4CAT, of any of its data sources",
    recognise,
    _map,
    derive=_derive,
    covers={
        "posts": {
            "platform": "told by the columns; else platform, or 4cat",
            "id": "id (VK: wall… in the link; imported CrowdTangle: page_id and id)",
            "author_kind": "account; page for imported CrowdTangle, companies and communities",
            "author_id": "author_id, author, account_id, author_user_id or page_id, by platform",
            "surface_kind": "group, for Telegram and captured Facebook",
            "surface_id": "chat; group_name",
            "created_at": "unix_timestamp, else timestamp (LinkedIn: id)",
            "text": "body",
            "urls": "urls, links, link_url, link_attached or url_original, with those in the body",
            "hashtags": "hashtags or tags; without them those in the body",
            "repost_of": "of a retweet its words; of a forwarded message whence and when",
            "reply_to": "thread_id of X, Bluesky, Gab, comments of TikTok; reply_to of Telegram",
            "likes": "like_count, likes, num_likes, reactions, digg_count or reaction_count",
            "comments": "reply_count, comments, num_comments, replies, …",
            "shares": "retweet_count, shares, reposts, repost_count, reblogs_count, …",
            "views": "impression_count, plays, play_count, views or views_post",
            "language": "language_guess or languages",
            "url": "link, url, tiktok_url, post_url or comment_url",
        },
        "accounts": {
            "platform": "as of the post",
            "id": "as author_id of the post",
            "name": "author_fullname, author_full, author_name, …",
            "handle": "author, author_username, …",
            "created_at": "author_created_at",
            "country": "author_country",
            "followers": "author_followers or account_followers",
            "verified": "verified, author_is_verified or account_verified",
            "bio": "author_description or account_note",
            "url": "author_url or author_profile",
        },
        "pages": {
            "platform": "as of the post",
            "id": "page_id; author of a company; author_id of a community",
            "name": "page_name or author_name",
            "handle": "author or author_screen_name",
            "category": "page_category",
            "country": "author_country",
            "followers": "page_followers or author_followers",
            "about": "page_description or author_description",
            "url": "author_url",
        },
    },
)
