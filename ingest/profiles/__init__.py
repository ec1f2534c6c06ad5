"""Source profiles: one module a source format."""

from __future__ import annotations

from typing import Final

from ingest.profiles import (
    ad_library_report,
    canonical,
    cnt,
    coortweet,
    crowdtangle_facebook,
    crowdtangle_instagram,
    fivethirtyeight_tweets,
    fourcat,
    ira_ads,
    ira_ads_as_released,
    mcl_facebook_posts,
    mcl_groups,
    mcl_instagram_accounts,
    mcl_instagram_posts,
    mcl_pages,
    mcl_profiles,
    meta_ad_library,
    musae_facebook,
    page_transparency,
    tiktok_research,
    x_api_v2,
    x_io_tweets,
    x_io_users,
    youtube_data_tools,
    zeeschuimer,
)
from ingest.profiles.base import LOOKED_AT, Look, Profile, Side

#: Asked in this order; the canonical one last, since other sources may use its names.
PROFILES: Final[dict[str, Profile]] = {
    profile.name: profile
    for profile in (
        ira_ads.PROFILE,
        ira_ads_as_released.PROFILE,
        x_io_tweets.PROFILE,
        x_api_v2.PROFILE,
        x_io_users.PROFILE,
        fivethirtyeight_tweets.PROFILE,
        musae_facebook.PROFILE,
        tiktok_research.PROFILE,
        youtube_data_tools.PROFILE,
        zeeschuimer.PROFILE,
        fourcat.PROFILE,
        cnt.PROFILE,
        coortweet.PROFILE,
        meta_ad_library.PROFILE,
        ad_library_report.PROFILE,
        page_transparency.PROFILE,
        crowdtangle_facebook.PROFILE,
        crowdtangle_instagram.PROFILE,
        mcl_facebook_posts.PROFILE,
        mcl_instagram_posts.PROFILE,
        mcl_pages.PROFILE,
        mcl_groups.PROFILE,
        mcl_profiles.PROFILE,
        mcl_instagram_accounts.PROFILE,
        canonical.PROFILE,
    )
}

__all__ = ["LOOKED_AT", "PROFILES", "Look", "Profile", "Side"]
