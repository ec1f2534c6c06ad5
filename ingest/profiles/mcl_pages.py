"""Facebook Pages from the Meta Content Library and its API, as CSV or JSON.

Ids are the library's own (`mcl/1234`), the same as those of owners and surfaces in
[mcl_facebook_posts](mcl_facebook_posts.md); the handle finds the Page in other sources. `about` is the
short text of the Page, and the long one where there is no short one. `website` is kept as `x_website`:
`url` leads to the Page in the library.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from ingest.profiles.base import Look, Profile
from ingest.profiles.mcl import DESCRIBED, DESCRIBED_COVERS, described, describes, joined, verified
from ingest.profiles.spellings import first_of, number, table_of

_USED = (*DESCRIBED, "username", "page_categories", "follower_count", "about")


def recognise(look: Look) -> str | None:
    """Return `pages` for what describes Pages."""
    said = look.has("page_categories") or (
        look.has("verification_status") and bool({"about", "description", "website"} & set(look.columns))
    )
    return "pages" if said and describes(look, "follower_count", without=("biography",)) else None


def _map(batch: pl.DataFrame, table: str, _sides: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    columns = described(
        batch,
        "facebook",
        handle=first_of(batch, "username"),
        category=joined(batch, "page_categories"),
        followers=number(first_of(batch, "follower_count")),
        verified=verified(batch),
        about=first_of(batch, "about", "description"),
    )
    return table_of(batch, table, _USED, **columns)


PROFILE = Profile(
    "mcl_pages",
    "Facebook Pages from the Meta Content Library",
    recognise,
    _map,
    covers={
        "pages": {
            "platform": "facebook",
            **DESCRIBED_COVERS,
            "handle": "username",
            "category": "page_categories",
            "followers": "follower_count",
            "verified": "verification_status: anything but not_verified",
            "about": "about, else description",
        }
    },
)
