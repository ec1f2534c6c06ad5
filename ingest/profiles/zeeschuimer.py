"""What the browser extension Zeeschuimer captured, as NDJSON; also once 4CAT has imported it.

One object a line: `source_platform`, `item_id`, `timestamp_collected`, where it was seen, and in `data`
what the platform sent. Of the NDJSON files of 4CAT those with `__import_meta` hold the same. Read are the
posts of X, TikTok (videos and comments), Instagram, Threads, LinkedIn, Douyin, Truth Social and Gab, each
with its author; a file of another platform is refused, and in a mixed file its rows are rejected.

- A capture holds what one browser was shown: what is missing in it says nothing.
- **Accounts** go by number on X, Douyin, Truth Social and Gab, by handle in lower case on TikTok, Instagram
  and Threads (their number is kept as `x_author_number`), and by the path of the profile on LinkedIn
  (`in/…`, `company/…`; companies are Pages).
- **Reposts** name their original. A quoted post is no repost and kept as `x_quoted`.
- **LinkedIn** shows no times. They are read from the ids of posts, which count milliseconds.
- Posts of which the platform sent only a part (Instagram's grids) have no time and are rejected.
- `verified` on X is the old mark or that of an organisation, not the blue one that is paid for.
- What else the platform sent stays in your file: media, places, music of which only the id is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from cypher.errors import UsageError
from ingest.profiles import zeeschuimer_pictures as pictures
from ingest.profiles import zeeschuimer_words as words
from ingest.profiles.base import Look, Profile
from ingest.profiles.nested import plucked
from ingest.profiles.printed import one
from ingest.profiles.quirks import (
    is_linkedin_page,
    linkedin_profile,
    linkedin_time,
    twitter_time,
    without_tags,
)
from ingest.profiles.spellings import first_of, last_of_each, table_of
from ingest.profiles.zeeschuimer_shape import Paths, Shape

_META: Final = "__import_meta"
_PLATFORM: Final = "__platform"
_OF_CAPTURE: Final = ("nav_index", "timestamp_collected", "source_platform_url", "source_url")
_COUNTS: Final = ("likes", "comments", "shares", "views", "followers")
_BY_HANDLE: Final = ("tiktok", "instagram", "threads")
#: By `source_platform`, as Zeeschuimer names it or named it before.
SHAPES: Final[Mapping[str, Shape]] = {
    "twitter.com": words.X,
    "x.com": words.X,
    "threads.net": words.THREADS,
    "threads.com": words.THREADS,
    "linkedin.com": words.LINKEDIN,
    "truthsocial.com": words.TRUTH,
    "gab.com": words.GAB,
    "tiktok.com": pictures.TIKTOK,
    "tiktok-comments": pictures.TIKTOK_COMMENTS,
    "instagram.com": pictures.INSTAGRAM,
    "douyin.com": pictures.DOUYIN,
}
_URL: Final = {
    "x": ("https://x.com/i/web/status/", "id"),
    "instagram": ("https://www.instagram.com/p/", "id"),
    "linkedin": ("https://www.linkedin.com/feed/update/urn:li:activity:", "id"),
    "douyin": ("https://www.douyin.com/video/", "id"),
}


def recognise(look: Look) -> str | None:
    """Return `posts` for a capture.

    Raises:
        UsageError: It is of a platform that is not read.
    """
    if not (look.has("source_platform", "data", "item_id") or _META in look.columns):
        return None
    platforms = _source_platform(look.rows).drop_nulls().unique().sort().to_list()
    if platforms and not any(name in SHAPES for name in platforms):
        raise UsageError(
            f"{look.path}: Zeeschuimer's data of {', '.join(platforms)} are not read",
            f"Read are {', '.join(SHAPES)}; for others download the CSV from 4CAT.",
        )
    return "posts"


def _source_platform(batch: pl.DataFrame) -> pl.Series:
    named = batch.select(first_of(batch, "source_platform")).to_series()
    if _META in batch.columns:
        within = plucked(batch, ["source_platform"], _META).to_series()
        named = pl.select(pl.coalesce(named, within)).to_series()
    return named.str.to_lowercase().str.replace(r"^www\.", "").alias(_PLATFORM)


def _map(batch: pl.DataFrame, _table: str, _sides: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    parts = []
    for name, rows in _by_platform(batch):
        if name in SHAPES:
            parts.append(_posts(rows, SHAPES[name]))
        else:
            # Its platform breaks the rules: that is the reason for which it is rejected.
            parts.append(rows.select(pl.lit(f"zeeschuimer:{name}").alias("platform"), "line"))
    if not parts:
        return batch.select(pl.lit(None, pl.String).alias("platform"), "line")
    return pl.concat(parts, how="diagonal").sort("line", maintain_order=True)


def _by_platform(batch: pl.DataFrame) -> list[tuple[str, pl.DataFrame]]:
    parts = batch.with_columns(_source_platform(batch)).partition_by(
        _PLATFORM, maintain_order=True, as_dict=True
    )
    return [(str(key[0]), rows.drop(_PLATFORM)) for key, rows in parts.items()]


def _plucked(rows: pl.DataFrame, shape: Shape) -> pl.DataFrame:
    root = None if _META in rows.columns else "data"
    found = plucked(rows, sorted(shape.paths), root)
    meta = plucked(rows, _OF_CAPTURE, _META) if root is None else rows.select(
        first_of(rows, name).alias(name) for name in _OF_CAPTURE)  # fmt: skip
    return pl.concat([found, meta.rename(lambda name: f"x_{name}"), rows.select("line")], how="horizontal")


def _columns(found: pl.DataFrame, shape: Shape, paths: Paths) -> dict[str, pl.Expr]:
    columns: dict[str, pl.Expr] = {}
    for name, places in paths.items():
        cell = first_of(found, *places)
        if "author" in places:
            # A handle in old answers, an object in new ones.
            cell = pl.when(~cell.str.starts_with("{")).then(cell)
        if name in _COUNTS:
            cell = pl.when(~cell.str.starts_with("-")).then(cell)
        is_account = name == ("author_id" if paths is shape.post else "id")
        columns[name] = cell.str.to_lowercase() if is_account and shape.platform in _BY_HANDLE else cell
    return columns


def _posts(rows: pl.DataFrame, shape: Shape) -> pl.DataFrame:
    found = _plucked(rows, shape)
    columns = {
        "platform": pl.lit(shape.platform),
        "author_kind": pl.lit("account"),
        **_columns(found, shape, shape.post),
    }
    columns |= _special(found, shape, columns)
    if shape.platform in _URL:
        start, name = _URL[shape.platform]
        columns["url"] = pl.lit(start) + columns[name]
    extra = {name: first_of(found, *places) for name, places in shape.extra.items()}
    return table_of(found, "posts", shape.paths, **columns, **extra)


def _special(found: pl.DataFrame, shape: Shape, columns: Mapping[str, pl.Expr]) -> dict[str, pl.Expr]:
    """Return what one platform has otherwise than the others."""
    if shape.platform == "x":
        return {"created_at": twitter_time(columns["created_at"])}
    if shape.platform == "linkedin":
        number = columns["id"].str.extract(r"urn:li:activity:(\d{15,19})", 1)
        author = linkedin_profile(columns["author_id"])
        kind = pl.when(is_linkedin_page(author)).then(pl.lit("page")).otherwise(pl.lit("account"))
        return {
            "id": number,
            "created_at": linkedin_time(number),
            "author_id": author,
            "author_kind": kind,
            "urls": one(columns["urls"]),
        }
    if shape.platform == "tiktok":
        if "reply_to" not in columns:
            author, post = columns["author_id"], columns["id"]
            return {"url": pl.concat_str(pl.lit("https://www.tiktok.com/@"), author, pl.lit("/video/"), post)}
        answered = first_of(found, "reply_id")
        return {"reply_to": pl.when(answered != "0").then(answered).otherwise(first_of(found, "aweme_id"))}
    if shape.platform == "threads":
        author, post = columns["author_id"], columns["id"]
        link = columns["urls"]
        return {
            "urls": one(link),
            "url": pl.concat_str(pl.lit("https://www.threads.com/@"), author, pl.lit("/post/"), post),
        }
    if shape.platform in ("truthsocial", "gab"):
        return {"text": without_tags(columns["text"]), "urls": one(columns["urls"])}
    return {}


def _derive(batch: pl.DataFrame, _table: str) -> Mapping[str, pl.DataFrame]:
    tables: dict[str, list[pl.DataFrame]] = {"accounts": [], "pages": []}
    for name, rows in _by_platform(batch):
        if name in SHAPES:
            authors = _authors(rows, SHAPES[name])
            is_page = pl.lit(SHAPES[name].platform == "linkedin") & is_linkedin_page(pl.col("id"))
            pages = authors.filter(is_page).rename({"bio": "about"}, strict=False)
            tables["accounts"].append(last_of_each(authors.filter(~is_page)))
            tables["pages"].append(last_of_each(pages))
    joined = {table: pl.concat(parts, how="diagonal") for table, parts in tables.items() if parts}
    return {table: frame for table, frame in joined.items() if frame.height}


def _authors(rows: pl.DataFrame, shape: Shape) -> pl.DataFrame:
    found = _plucked(rows, shape)
    columns = {"platform": pl.lit(shape.platform), **_columns(found, shape, shape.author)}
    if shape.platform == "x":
        columns["created_at"] = twitter_time(columns["created_at"])
    if shape.platform == "linkedin":
        columns["url"] = columns["id"].str.replace(r"[?#].*$", "")
        columns["id"] = linkedin_profile(columns["id"])
    if shape.platform in ("truthsocial", "gab"):
        columns["bio"] = without_tags(columns["bio"])
    if number := shape.extra.get("x_author_number"):
        columns["x_number"] = first_of(found, *number)
    return found.select(*(value.alias(name) for name, value in columns.items()), "line")


PROFILE = Profile(
    "zeeschuimer",
    "captures of the browser extension Zeeschuimer",
    recognise,
    _map,
    derive=_derive,
    covers={
        "posts": {
            "platform": "source_platform",
            "id": "rest_id, id, cid, code, aweme_id, or the number in the urn",
            "author_kind": "account; page for companies on LinkedIn",
            "author_id": "user_id_str, uniqueId, username, path of the profile, author_user_id or account/id",
            "created_at": "created_at, createTime, create_time, taken_at; LinkedIn: id",
            "text": "full_text or note_tweet, desc, caption, commentary, content",
            "urls": "expanded_url, link previews, articles, cards; without them those in the text",
            "hashtags": "entities, textExtra, tags; without them those in the text",
            "repost_of": "retweeted_status_result, reposted_post, reblog",
            "reply_to": "in_reply_to_status_id_str, in_reply_to_id; of a comment what it answers",
            "likes": "favorite_count, diggCount, like_count, numLikes, favourites_count",
            "comments": "reply_count, commentCount, comment_count, numComments, replies_count, …",
            "shares": "retweet_count, shareCount, repost_count, numShares, reblogs_count",
            "views": "views/count, playCount, view_count or play_count",
            "language": "lang, textLanguage, comment_language, language",
            "url": "url or share_info/url; else made of the id",
        },
        "accounts": {
            "platform": "source_platform",
            "id": "as author_id of the post",
            "name": "name, nickname, full_name, display_name",
            "handle": "screen_name, uniqueId, username",
            "created_at": "created_at of the author",
            "followers": "followers_count, followerCount, follower_count",
            "verified": "verified, is_verified",
            "bio": "description, signature, note",
            "url": "address of the author",
        },
        "pages": {
            "platform": "linkedin",
            "id": "path of the profile",
            "name": "actor/name",
            "about": "actor/description",
            "url": "actor/navigationContext/actionTarget",
        },
    },
)
