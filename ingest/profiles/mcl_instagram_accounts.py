"""Instagram accounts from the Meta Content Library and its API, as CSV or JSON.

Ids are the library's own (`mcl/1234`), the same as those of owners in
[mcl_instagram_posts](mcl_instagram_posts.md); the handle finds the account in other sources. `website`,
`account_type` and `following_count` are kept with `x_` before their names.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from ingest.profiles.base import Look, Profile
from ingest.profiles.mcl import DESCRIBED, DESCRIBED_COVERS, described, describes, verified
from ingest.profiles.spellings import first_of, number, table_of


def recognise(look: Look) -> str | None:
    """Return `accounts` for what describes accounts of Instagram."""
    said = bool({"biography", "account_type"} & set(look.columns))
    return "accounts" if said and describes(look, "username", "follower_count") else None


def _map(batch: pl.DataFrame, table: str, _sides: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    columns = described(
        batch,
        "instagram",
        handle=first_of(batch, "username"),
        followers=number(first_of(batch, "follower_count")),
        verified=verified(batch),
        bio=first_of(batch, "biography"),
    )
    used = (*DESCRIBED, "username", "follower_count", "biography", "is_verified")
    return table_of(batch, table, used, **columns)


PROFILE = Profile(
    "mcl_instagram_accounts",
    "Instagram accounts from the Meta Content Library",
    recognise,
    _map,
    covers={
        "accounts": {
            "platform": "instagram",
            **DESCRIBED_COVERS,
            "handle": "username",
            "followers": "follower_count",
            "verified": "is_verified",
            "bio": "biography",
        }
    },
)
