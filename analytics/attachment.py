"""Attachment: how strongly links hold each asset in its community, and what kinds of links do."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

#: Links to what hardly anybody but suspects visits (`analytics.venues`): through it, and to a Group itself.
VISITS: Final = "VISITS"
POSTS_IN: Final = "POSTS_IN"
#: Ties that run through a thing (an identifier, a payer, a venue) rather than from asset to asset.
VALUE_TIES: Final = ("PAID", "USES", VISITS)
#: Links that make a member by themselves; one shared device, payer or text is what households and rivals have
#: too.
STRONG_LINKS: Final = ("ADMINISTERS", "COORDINATED")
#: Of a crowd of more than so many that hold together otherwise, so many have to hold a thing that ties it to
#: others.
LEAST_OF_CROWD: Final = 2
#: Decimals to which strengths are compared: a sum's last bits depend on the order in which threads add.
DECIMALS: Final = 9


def attachment(members: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Return how each member is held in its community.

    Args:
        members: `asset`, `community`.
        links: `source`, `target`, `type`, `strength`.

    Returns:
        Columns as of `linked`, one row a member; zeros where nothing holds it.
    """
    held = linked(members, links)
    return members.join(held, on=["asset", "community"], how="left", maintain_order="left").with_columns(
        pl.col("inside", "outside").fill_null(0.0),
        pl.col("strong", "coordinated", "neighbours", "venues").fill_null(0),
    )


def linked(members: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Return how each asset is linked to each community, be it a member or not.

    A tie to a thing is inside to the degree that the thing's other holders are members.

    Args:
        members: `asset`, `community`.
        links: `source`, `target`, `type`, `strength`.

    Returns:
        `asset`, `community`, `inside` and `outside` (strength to the community, and all other strength),
        `strong` (strong links inside), `coordinated` (coordinated edges inside), `neighbours` (members linked
        directly, and things shared with any), `venues` (that it visits with members, or members that visit
        it), sorted.
    """
    parts = pl.concat([_direct(members, links), _through_values(members, links)])
    held = parts.group_by("asset", "community").agg(
        inside=pl.col("strength").sum().round(DECIMALS),
        strong=pl.col("type").is_in(STRONG_LINKS).sum(),
        coordinated=(pl.col("type") == "COORDINATED").sum(),
        venues=pl.col("type").is_in((VISITS, POSTS_IN)).sum(),
        neighbours=pl.col("reach").filter(pl.col("type").is_in(VALUE_TIES)).max().fill_null(0)
        + pl.col("other").filter(~pl.col("type").is_in(VALUE_TIES)).n_unique(),
    )
    shared = links.filter(pl.col("type").is_in(VALUE_TIES)).filter(pl.len().over("target") > 1)
    everything = pl.concat(
        [
            both_ends(links).select("asset", "strength"),
            shared.select("strength", asset="source").select("asset", "strength"),
        ]
    )
    total = everything.group_by("asset").agg(total=pl.col("strength").sum())
    return (
        held.join(total, on="asset")
        .with_columns(outside=(pl.col("total") - pl.col("inside")).clip(0.0).round(DECIMALS))
        .drop("total")
        .sort("asset", "community")
    )


def is_weak() -> pl.Expr:
    """Say of a row of `linked` that it is held more strongly outside, or shares with one member only."""
    return (pl.col("inside") < pl.col("outside")) | ((pl.col("strong") == 0) & (pl.col("neighbours") < 2))


def both_ends(links: pl.DataFrame) -> pl.DataFrame:
    """Return the links from asset to asset, from either end: `asset`, `other`, `type`, `strength`."""
    direct = links.filter(~pl.col("type").is_in(VALUE_TIES))
    return pl.concat(
        [
            direct.select("type", "strength", asset=a, other=b).select("asset", "other", "type", "strength")
            for a, b in (("source", "target"), ("target", "source"))
        ]
    )


def connected(members: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Return the members with communities renumbered so that each is connected."""
    place = members.sort("asset").with_row_index("place")
    at = place.select("community", "place", asset="asset")
    direct = (
        links.filter(~pl.col("type").is_in(VALUE_TIES))
        .join(at.rename({"asset": "source"}), on="source")
        .join(at.rename({"asset": "target"}), on="target", suffix="_b")
        .filter(pl.col("community") == pl.col("community_b"))
        .select(a="place", b="place_b")
    )
    # A thing that three members hold ties them; between two it may be a household, or names that collide. Of
    # two crowds that each hold together otherwise, one member at one address makes no whole.
    crowd = place.with_columns(crowd=components(place["place"], direct["a"], direct["b"])).with_columns(
        size=pl.len().over("crowd")
    )
    through = (
        links.filter(pl.col("type").is_in(VALUE_TIES))
        .join(crowd.rename({"asset": "source"}), on="source")
        .filter((pl.len().over("target", "crowd") >= LEAST_OF_CROWD) | (pl.col("size") <= LEAST_OF_CROWD))
        .filter(pl.len().over("target", "community") > 2)
        .select(a="place", b=pl.col("place").min().over("target", "community"))
    )
    ends = pl.concat([direct, through])
    part = components(place["place"], ends["a"], ends["b"])
    return place.with_columns(community=part).select("asset", "community")


def components(nodes: pl.Series, a: pl.Series, b: pl.Series) -> pl.Series:
    """Return the number of each node's connected component, given the ends of the edges."""
    places = pl.DataFrame({"node": nodes}).with_row_index("place")
    ends = pl.DataFrame({"a": a, "b": b})
    rows, columns = (
        ends.join(places, left_on=end, right_on="node", maintain_order="left")["place"].to_numpy()
        for end in "ab"
    )
    ones = np.ones(len(rows), dtype=np.int8)
    matrix = coo_array((ones, (rows, columns)), shape=(places.height, places.height))
    _, part = connected_components(matrix, directed=False)
    return pl.Series(part, dtype=pl.Int64)


def _direct(members: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    return (
        both_ends(links)
        .join(members, left_on="other", right_on="asset")
        .select("asset", "other", "community", "type", "strength", reach=pl.lit(1, pl.Int64))
    )


def _through_values(members: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    ties = links.filter(pl.col("type").is_in(VALUE_TIES)).select(
        "type", "strength", asset="source", other="target"
    )
    ties = ties.with_columns(holders=pl.len().over("other"))
    fellows = ties.join(members, on="asset").select("other", "asset", "community")
    among = fellows.group_by("other", "community").agg(fellows=pl.len())
    return (
        ties.join(among, on="other")
        .join(members.rename({"community": "own"}), on="asset", how="left")
        .with_columns(
            fellows=pl.col("fellows") - (pl.col("own") == pl.col("community")).fill_null(value=False)
        )
        .filter(pl.col("fellows") > 0)
        .select(
            "asset",
            "other",
            "community",
            "type",
            strength=pl.col("strength") * pl.col("fellows") / (pl.col("holders") - 1),
            reach=pl.col("fellows").cast(pl.Int64),
        )
    )
