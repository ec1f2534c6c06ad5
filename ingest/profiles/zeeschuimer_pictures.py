"""What Zeeschuimer captures on platforms of pictures: TikTok, Instagram, Douyin."""

from __future__ import annotations

from typing import Final

from ingest.profiles.zeeschuimer_shape import Shape

TIKTOK: Final = Shape(
    "tiktok",
    {
        "id": ("id",),
        "author_id": ("author/uniqueId", "author"),
        "created_at": ("createTime",),
        "text": ("desc",),
        "hashtags": ("textExtra/*/hashtagName",),
        "likes": ("statsV2/diggCount", "stats/diggCount"),
        "comments": ("statsV2/commentCount", "stats/commentCount"),
        "shares": ("statsV2/shareCount", "stats/shareCount"),
        "views": ("statsV2/playCount", "stats/playCount"),
        "language": ("textLanguage",),
    },
    {
        "id": ("author/uniqueId", "author"),
        "name": ("author/nickname", "nickname"),
        "handle": ("author/uniqueId", "author"),
        "followers": ("authorStatsV2/followerCount", "authorStats/followerCount"),
        "verified": ("author/verified",),
        "bio": ("author/signature",),
    },
    {
        "x_author_number": ("author/id", "authorId"),
        "x_music": ("music/id",),
        "x_duet_from": ("duetInfo/duetFromId",),
        "x_ad": ("isAd",),
        "x_location_created": ("locationCreated",),
    },
)
TIKTOK_COMMENTS: Final = Shape(
    "tiktok",
    {
        "id": ("cid",),
        "author_id": ("user/unique_id", "user/uid"),
        "created_at": ("create_time",),
        "text": ("text",),
        "reply_to": ("reply_id", "aweme_id"),
        "likes": ("digg_count",),
        "comments": ("reply_comment_total",),
        "language": ("comment_language",),
        "url": ("share_info/url",),
    },
    {
        "id": ("user/unique_id", "user/uid"),
        "name": ("user/nickname",),
        "handle": ("user/unique_id",),
    },
    {"x_video": ("aweme_id",)},
)
INSTAGRAM: Final = Shape(
    "instagram",
    {
        "id": ("code", "shortcode"),
        "author_id": ("user/username", "owner/username"),
        "created_at": ("taken_at", "taken_at_timestamp"),
        "text": ("caption/text", "edge_media_to_caption/edges/0/node/text"),
        "likes": ("like_count", "edge_media_preview_like/count"),
        "comments": ("comment_count", "edge_media_preview_comment/count", "edge_media_to_comment/count"),
        "views": ("view_count", "play_count", "video_view_count"),
    },
    {
        "id": ("user/username", "owner/username"),
        "name": ("user/full_name", "owner/full_name"),
        "handle": ("user/username", "owner/username"),
        "followers": ("user/follower_count",),
        "verified": ("user/is_verified", "owner/is_verified"),
    },
    {
        "x_author_number": ("user/pk", "user/id", "owner/id"),
        "x_product_type": ("product_type",),
        "x_coauthors": ("coauthor_producers/*/username",),
        "x_location": ("location/name",),
    },
)
DOUYIN: Final = Shape(
    "douyin",
    {
        "id": ("aweme_id", "awemeId"),
        "author_id": ("author_user_id", "authorUserId", "author/uid", "authorInfo/uid"),
        "created_at": ("create_time", "createTime"),
        "text": ("desc",),
        "hashtags": ("text_extra/*/hashtag_name", "textExtra/*/hashtagName"),
        "likes": ("statistics/digg_count", "stats/diggCount"),
        "comments": ("statistics/comment_count", "stats/commentCount"),
        "shares": ("statistics/share_count", "stats/shareCount"),
        "views": ("statistics/play_count", "stats/playCount"),
    },
    {
        "id": ("author_user_id", "authorUserId", "author/uid", "authorInfo/uid"),
        "name": ("author/nickname", "authorInfo/nickname"),
        "followers": ("author/follower_count", "authorInfo/followerCount"),
        "bio": ("author/signature", "authorInfo/signature"),
    },
    {"x_region": ("region",), "x_music": ("music/id_str", "music/id")},
)
