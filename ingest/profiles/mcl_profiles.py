"""Facebook profiles of people from the Meta Content Library and its API, as CSV or JSON.

Ids are the library's own (`mcl/1234`), the same as those of owners in
[mcl_facebook_posts](mcl_facebook_posts.md). The library holds public profiles that are verified or have
many followers.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from ingest.profiles.base import Look, Profile
from ingest.profiles.mcl import DESCRIBED, DESCRIBED_COVERS, described, describes, verified
from ingest.profiles.spellings import first_of, number, table_of

_OTHERS = (
    "page_categories",
    "about",
    "website",
    "biography",
    "account_type",
    "following_count",
    "member_count",
)


def recognise(look: Look) -> str | None:
    """Return `accounts` for what describes profiles."""
    found = describes(look, "follower_count", "verification_status", without=(*_OTHERS, "description"))
    return "accounts" if found else None


def _map(batch: pl.DataFrame, table: str, _sides: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    columns = described(
        batch,
        "facebook",
        handle=first_of(batch, "username"),
        followers=number(first_of(batch, "follower_count")),
        verified=verified(batch),
    )
    return table_of(batch, table, (*DESCRIBED, "username", "follower_count"), **columns)


PROFILE = Profile(
    "mcl_profiles",
    "Facebook profiles from the Meta Content Library",
    recognise,
    _map,
    covers={
        "accounts": {
            "platform": "facebook",
            **DESCRIBED_COVERS,
            "handle": "username",
            "followers": "follower_count",
            "verified": "verification_status: anything but not_verified",
        }
    },
)
