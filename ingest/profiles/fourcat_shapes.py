"""How the columns of a 4CAT table differ from platform to platform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

#: Of each canonical column the columns of a table that may hold it, the best first.
Columns = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Shape:
    """The columns of one data source of 4CAT.

    Attributes:
        platform: Name of the platform; empty where only a column `platform` can tell.
        marks: Columns that together tell this data source from the others.
        post: Where canonical columns of a post are, besides `id`, `body` and the times.
        author: Where those of its author are.
        links: Columns of URLs, separated by commas.
        hashtags: Columns of hashtags, separated by commas.
        expanded: Links stand in for the short ones in the text, which then do not count.
        threaded: `thread_id` is the post that others of the thread answer.
        kind: What authors are.
    """

    platform: str
    marks: tuple[str, ...]
    post: Columns = field(default_factory=dict)
    author: Columns = field(default_factory=dict)
    links: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ("hashtags",)
    expanded: bool = False
    threaded: bool = False
    kind: str = "account"


def _post(
    author: tuple[str, ...],
    likes: str = "",
    comments: str = "",
    shares: str = "",
    views: str = "",
    url: str = "",
) -> dict[str, tuple[str, ...]]:
    named = {"likes": likes, "comments": comments, "shares": shares, "views": views, "url": url}
    columns = {"author_id": author}
    columns.update({name: (column,) for name, column in named.items() if column})
    return columns


#: Asked in this order; the last one fits every table.
SHAPES: Final = (
    Shape(
        "x",
        ("retweet_count", "quote_count", "is_retweet"),
        _post(
            ("author_id", "author"), "like_count", "reply_count", "retweet_count", "impression_count", "link"
        )
        | {"language": ("language_guess",)},
        {
            "id": ("author_id", "author"),
            "handle": ("author",),
            "name": ("author_fullname",),
            "followers": ("author_followers",),
        },
        links=("urls",),
        expanded=True,
        threaded=True,
    ),
    Shape(
        "tiktok",
        ("tiktok_url",),
        _post(("author",), "likes", "comments", "shares", "plays", "tiktok_url"),
        {
            "id": ("author",),
            "handle": ("author",),
            "name": ("author_full",),
            "followers": ("author_followers",),
        },
    ),
    Shape(
        "tiktok",
        ("is_comment_on_comment", "post_id"),
        _post(("author",), "likes", "replies", url="comment_url") | {"language": ("language_guess",)},
        {"id": ("author",), "handle": ("author",), "name": ("author_full",)},
        threaded=True,
    ),
    Shape(
        "instagram",
        ("num_likes", "num_comments"),
        _post(("author",), "num_likes", "num_comments", views="play_count", url="url"),
        {
            "id": ("author",),
            "handle": ("author",),
            "name": ("author_fullname",),
            "verified": ("verified", "is_verified"),
        },
    ),
    Shape(
        "telegram",
        ("chat", "views"),
        _post(("author", "chat"), views="views"),
        {"id": ("author", "chat"), "handle": ("author_username",), "name": ("author_name",)},
        links=("link_attached",),
    ),
    Shape(
        "facebook",
        ("page_id", "page_name"),
        _post(("page_id",), "likes", "comments", "shares", "views_post", "url"),
        {
            "id": ("page_id",),
            "name": ("page_name",),
            "handle": ("author",),
            "category": ("page_category",),
            "followers": ("page_followers",),
            "about": ("page_description",),
        },
        links=("url_original",),
        kind="page",
    ),
    Shape(
        "facebook",
        ("is_in_group", "group_name"),
        _post(("author",), url="url"),
        {"id": ("author",), "handle": ("author",), "name": ("author_name",)},
    ),
    Shape(
        "threads",
        ("author_is_verified", "reposts", "quotes"),
        _post(("author",), "likes", "replies", "reposts", url="url"),
        {"id": ("author",), "handle": ("author",), "verified": ("author_is_verified",)},
        links=("link_url",),
    ),
    Shape(
        "linkedin",
        ("author_is_company", "post_url"),
        _post(("author",), "reactions", "comments", "shares", url="post_url"),
        {"id": ("author",), "name": ("author_name",), "url": ("author_url",), "bio": ("author_description",)},
        links=("link_url",),
    ),
    Shape(
        "douyin",
        ("digg_count", "author_user_id"),
        _post(("author_user_id",), "digg_count", "comment_count", "share_count", "play_count", "post_url"),
        {"id": ("author_user_id",), "name": ("author_nickname",), "url": ("author_profile_url",)},
    ),
    Shape(
        "bluesky",
        ("repost_count", "replied_to_post"),
        _post(("author_id",), "like_count", "reply_count", "repost_count", url="link")
        | {"language": ("languages",)},
        {
            "id": ("author_id",),
            "handle": ("author",),
            "name": ("author_display_name",),
            "created_at": ("author_created_at",),
            "url": ("author_profile",),
        },
        links=("links",),
        hashtags=("tags",),
        threaded=True,
    ),
    Shape(
        "gab",
        ("account_account", "reblogs_count"),
        _post(("account_id",), "reaction_count", "replies_count", "reblogs_count", url="url"),
        {
            "id": ("account_id",),
            "handle": ("account_username",),
            "name": ("account_display_name",),
            "bio": ("account_note",),
        },
        links=("link_url",),
        hashtags=("tags",),
        threaded=True,
    ),
    Shape(
        "truthsocial",
        ("account_username", "reblogs_count"),
        _post(("account_id",), comments="replies_count", shares="reblogs_count", url="url"),
        {
            "id": ("account_id",),
            "handle": ("account_username",),
            "name": ("account_display_name",),
            "followers": ("account_followers",),
            "verified": ("account_verified",),
        },
    ),
    Shape(
        "vk",
        ("author_screen_name", "in_reply_to_comment_id"),
        _post(("author_id",), "likes", "post_comments", views="views", url="link"),
        {
            "id": ("author_id",),
            "handle": ("author_screen_name",),
            "name": ("author_name",),
            "followers": ("author_followers",),
            "country": ("author_country",),
        },
        links=("links",),
    ),
    Shape(
        "",
        (),
        _post(("author_id", "author", "author_name"), url="url"),
        {"id": ("author_id", "author", "author_name"), "name": ("author_name", "author")},
        links=("urls",),
    ),
)
