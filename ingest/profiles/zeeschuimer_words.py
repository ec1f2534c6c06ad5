"""What Zeeschuimer captures on platforms of words: X, Threads, LinkedIn, Truth Social, Gab."""

from __future__ import annotations

from typing import Final

from ingest.profiles.zeeschuimer_shape import Shape

_USER: Final = "core/user_results/result/"
_SHARE: Final = "text_post_app_info/share_info/"

X: Final = Shape(
    "x",
    {
        # Not `id`, which Zeeschuimer makes a number of and so rounds in some views.
        "id": ("rest_id", "legacy/id_str"),
        "author_id": ("legacy/user_id_str", _USER + "rest_id", "user/id_str"),
        "created_at": ("legacy/created_at",),
        "text": ("note_tweet/note_tweet_results/result/text", "legacy/full_text", "legacy/text"),
        "urls": ("legacy/entities/urls/*/expanded_url",),
        "hashtags": ("legacy/entities/hashtags/*/text",),
        "repost_of": (
            "legacy/retweeted_status_result/result/rest_id",
            "legacy/retweeted_status_result/result/tweet/rest_id",
            "legacy/retweeted_status_id_str",
        ),
        "reply_to": ("legacy/in_reply_to_status_id_str",),
        "likes": ("legacy/favorite_count",),
        "comments": ("legacy/reply_count",),
        "shares": ("legacy/retweet_count",),
        "views": ("views/count", "ext_views/count"),
        "language": ("legacy/lang",),
    },
    {
        "id": ("legacy/user_id_str", _USER + "rest_id", "user/id_str"),
        "name": (_USER + "core/name", _USER + "legacy/name", "user/name"),
        "handle": (_USER + "core/screen_name", _USER + "legacy/screen_name", "user/screen_name"),
        "created_at": (_USER + "core/created_at", _USER + "legacy/created_at", "user/created_at"),
        "followers": (_USER + "legacy/followers_count", "user/followers_count"),
        "verified": (_USER + "verification/verified", _USER + "legacy/verified", "user/verified"),
        "bio": (_USER + "legacy/description", "user/description"),
        "url": (_USER + "legacy/entities/url/urls/0/expanded_url", "user/url"),
    },
    {
        "x_quoted": ("legacy/quoted_status_id_str", "quoted_status_result/result/rest_id"),
        "x_conversation": ("legacy/conversation_id_str",),
        "x_client": ("source", "legacy/source"),
        "x_promoted": ("promoted",),
    },
)
THREADS: Final = Shape(
    "threads",
    {
        "id": ("code",),
        "author_id": ("user/username",),
        "created_at": ("taken_at",),
        "text": ("caption/text",),
        "urls": ("text_post_app_info/link_preview_attachment/url",),
        "repost_of": (_SHARE + "reposted_post/code",),
        "likes": ("like_count",),
        "comments": ("text_post_app_info/direct_reply_count",),
        "shares": ("text_post_app_info/repost_count",),
    },
    {
        "id": ("user/username",),
        "name": ("user/full_name",),
        "handle": ("user/username",),
        "verified": ("user/is_verified",),
    },
    {"x_author_number": ("user/pk", "user/id"), "x_quoted": (_SHARE + "quoted_post/code",)},
)
LINKEDIN: Final = Shape(
    "linkedin",
    {
        "id": ("updateMetadata/urn", "preDashEntityUrn"),
        "author_id": ("actor/navigationContext/actionTarget",),
        "text": ("commentary/text/text",),
        "urls": (
            "content/navigationContext/actionTarget",
            "content/articleComponent/navigationContext/actionTarget",
        ),
        "likes": (
            "*socialDetail/*totalSocialActivityCounts/numLikes",
            "*socialDetail/likes/paging/total",
        ),
        "comments": (
            "*socialDetail/*totalSocialActivityCounts/numComments",
            "*socialDetail/comments/paging/total",
        ),
        "shares": ("*socialDetail/*totalSocialActivityCounts/numShares", "*socialDetail/totalShares"),
    },
    {
        "id": ("actor/navigationContext/actionTarget",),
        "name": ("actor/name/text",),
        "bio": ("actor/description/text",),
    },
    {"x_ago": ("actor/subDescription/text",), "x_context": ("header/text/text",)},
)
TRUTH: Final = Shape(
    "truthsocial",
    {
        "id": ("id",),
        "author_id": ("account/id",),
        "created_at": ("created_at",),
        "text": ("content",),
        "urls": ("card/url",),
        "hashtags": ("tags/*/name",),
        "repost_of": ("reblog/id",),
        "reply_to": ("in_reply_to_id",),
        "likes": ("favourites_count",),
        "comments": ("replies_count",),
        "shares": ("reblogs_count",),
        "language": ("language",),
        "url": ("url",),
    },
    {
        "id": ("account/id",),
        "name": ("account/display_name",),
        "handle": ("account/username",),
        "created_at": ("account/created_at",),
        "followers": ("account/followers_count",),
        "verified": ("account/verified",),
        "bio": ("account/note",),
        "url": ("account/url",),
    },
    {"x_quoted": ("quote_id",), "x_group": ("group/id",)},
)
GAB: Final = Shape(
    "gab",
    {
        "id": ("i", "id"),
        "author_id": ("author_info/i", "account/id"),
        "created_at": ("ca", "created_at"),
        "text": ("c", "content"),
        "urls": ("card/url", "link/url"),
        "hashtags": ("tg/*/name", "tags/*/name"),
        "repost_of": ("reblog/id",),
        "reply_to": ("in_reply_to_id",),
        "likes": ("fbc", "favourites_count"),
        "comments": ("replies_count",),
        "shares": ("rbc", "reblogs_count"),
        "url": ("ul", "url"),
    },
    {
        "id": ("author_info/i", "account/id"),
        "name": ("author_info/dn", "account/display_name"),
        "handle": ("author_info/un", "account/username"),
        "bio": ("author_info/nt", "account/note"),
    },
    {"x_group": ("g/id", "group/id")},
)
