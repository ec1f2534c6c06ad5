"""Verified Facebook Pages and their mutual likes, as gathered in 2017 for research (MUSAE).

The data set `facebook_large` of the Stanford collection SNAP (B. Rozemberczki, C. Allen and R. Sarkar,
*Multi-scale Attributed Node Embedding*, 2019): 22,470 Pages of four types and 171,002 pairs that like each
other. It is an honest background to measure coordination against.

- Every Page in it was verified by Facebook, so `verified` is true for all.
- Edges name rows of the file of Pages. Load both from one folder, and edges lead to the Pages by their
  Facebook ids, which join with any other source. An edge whose Page is not in the file beside it, or that
  comes without such a file, leads to `musae/<number>`.
- An edge means that both Pages like each other. It is kept as one link `likes` with `x_mutual` true. 179
  Pages like themselves.
- The file of features (JSON) is not read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from ingest.profiles.base import Look, Profile, Side
from ingest.profiles.spellings import table_of

_PAGES: Final = Side("pages", ("id", "facebook_id", "page_name", "page_type"), ("id",))
_EDGES: Final = ("id_1", "id_2")


def recognise(look: Look) -> str | None:
    """Return `pages` or `links`, by their columns."""
    if look.has(*_PAGES.columns):
        return "pages"
    return "links" if set(look.columns) == set(_EDGES) else None


def _map(batch: pl.DataFrame, table: str, sides: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    if table == "pages":
        return table_of(
            batch,
            table,
            ("facebook_id", "page_name", "page_type"),
            platform=pl.lit("facebook"),
            id=pl.col("facebook_id"),
            name=pl.col("page_name"),
            category=pl.col("page_type"),
            verified=pl.lit("true"),
            x_musae_id=pl.col("id"),
        ).drop("x_id")
    return batch.select(
        pl.lit("facebook").alias("platform"),
        pl.lit("page").alias("source_kind"),
        _facebook_id("id_1", sides).alias("source_id"),
        pl.lit("page").alias("target_kind"),
        _facebook_id("id_2", sides).alias("target_id"),
        pl.lit("likes").alias("type"),
        pl.lit("true").alias("x_mutual"),
        "line",
    )


def _facebook_id(column: str, sides: Mapping[str, pl.DataFrame]) -> pl.Expr:
    number = pl.col(column)
    unknown = pl.lit("musae/") + number
    if "pages" not in sides:
        return unknown
    pages = sides["pages"]
    found = number.replace_strict(pages["id"], pages["facebook_id"], default=None, return_dtype=pl.String)
    return pl.coalesce(found, unknown)


PROFILE = Profile(
    "musae_facebook",
    "verified Facebook Pages and their mutual likes (MUSAE, SNAP)",
    recognise,
    _map,
    covers={
        "pages": {
            "platform": "facebook",
            "id": "facebook_id",
            "name": "page_name",
            "category": "page_type",
            "verified": "true: the data set is of verified Pages",
        },
        "links": {
            "platform": "facebook",
            "source_kind": "page",
            "source_id": "facebook_id of id_1",
            "target_kind": "page",
            "target_id": "facebook_id of id_2",
            "type": "likes",
        },
    },
    sides=(_PAGES,),
)
