"""Facebook Groups from the Meta Content Library and its API, as CSV or JSON.

Ids are the library's own (`mcl/1234`), the same as those of surfaces in
[mcl_facebook_posts](mcl_facebook_posts.md). The library holds public Groups only.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from ingest.profiles.base import Look, Profile
from ingest.profiles.mcl import DESCRIBED, DESCRIBED_COVERS, described, describes
from ingest.profiles.spellings import first_of, number, table_of


def recognise(look: Look) -> str | None:
    """Return `groups` for what describes Groups."""
    return "groups" if describes(look, "member_count", without=("follower_count",)) else None


def _map(batch: pl.DataFrame, table: str, _sides: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    columns = described(
        batch,
        "facebook",
        privacy=first_of(batch, "privacy"),
        members=number(first_of(batch, "member_count")),
    )
    return table_of(batch, table, (*DESCRIBED, "privacy", "member_count"), **columns)


PROFILE = Profile(
    "mcl_groups",
    "Facebook Groups from the Meta Content Library",
    recognise,
    _map,
    covers={
        "groups": {
            "platform": "facebook",
            **DESCRIBED_COVERS,
            "privacy": "privacy, where it is told",
            "members": "member_count",
        }
    },
)
