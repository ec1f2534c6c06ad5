"""Joining: suspected pieces of communities that belong together become one operation.

Leiden cuts a large operation at its seams: one cell from the next, the amplifiers from the Pages. After a
first scoring, suspected pieces are joined where the links between them are several times what their links to
the outside predict, under the configuration model: expected(A, B) = out(A) out(B) / sum of out. Only what
leaves a community counts: with total strength in its place, the inside of a tight piece hides what it has in
common with the next. Assets that no piece could hold alone are then attached to the whole. Who serves two
operations is a member of both: one partition can say that of nobody, so it is added last.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from analytics.attachment import (
    DECIMALS,
    STRONG_LINKS,
    VALUE_TIES,
    VISITS,
    both_ends,
    components,
    is_weak,
    linked,
)
from analytics.venues import VISITORS

#: Links between two pieces must be this many times what chance predicts,
LEAST_RATIO: Final = 2.0
#: or this share of all that leaves one of them: where an operation is most of the data, chance says much.
LEAST_SHARE: Final = 0.5
#: This many of them must be coordinated edges or administrators: names of payers collide by chance. Where
#: most of a piece's links are with the other, one administrator will do, who is never there by chance.
LEAST_STRONG: Final = 2
#: Such links must join so many members, as a share of the smaller piece: a seam runs through many, while one
#: or two who are in both, the fan who keeps a franchise's shop, make no operation of two crowds. Who acts
#: with everybody on the other side is still one.
LEAST_SEAM: Final = 0.1
#: What ties two pieces that have venues of their own in common: this share of both goes there.
LEAST_CROWD: Final = 0.25


def join_pieces(members: pl.DataFrame, links: pl.DataFrame, suspected: pl.Series) -> pl.DataFrame:
    """Join suspected pieces into wholes and attach what they hold together.

    Args:
        members: `asset`, `community`.
        links: `source`, `target`, `type`, `strength`.
        suspected: Communities whose first score calls for it; only these are joined and attached to.

    Returns:
        `asset`, `community`: all communities, a joined one under the number of its first piece. An asset is
        in several suspected ones if each holds it (`_serving_several`).
    """
    merged, wholes = members, suspected
    while True:
        met = _between(merged, links)
        out = pl.concat([met.select("strength", piece="a"), met.select("strength", piece="b")])
        leaving = out.group_by("piece").agg(out=pl.col("strength").sum().round(DECIMALS))
        predicted = pl.col("out") * pl.col("out_b") / leaving["out"].sum()
        beyond_chance = pl.col("strength") >= (LEAST_RATIO * predicted).round(DECIMALS)
        mostly = pl.col("strength") >= (LEAST_SHARE * pl.min_horizontal("out", "out_b")).round(DECIMALS)
        joined = (
            met.filter(pl.col("a").is_in(wholes.implode()) & pl.col("b").is_in(wholes.implode()))
            .join(leaving.rename({"piece": "a"}), on="a")
            .join(leaving.rename({"piece": "b"}), on="b", suffix="_b")
            .filter(
                ((pl.col("strong") >= LEAST_STRONG) & (beyond_chance | mostly))
                | ((pl.col("admins") > 0) & mostly)
            )
            .filter(pl.col("seam") >= LEAST_SEAM)
        )
        if joined.is_empty():
            held = _attach(merged, links, wholes)
            return pl.concat([held, _serving_several(held, links, wholes)]).sort("community", "asset")
        pieces = merged.select(pl.col("community").unique().sort())
        whole = pieces.with_columns(whole=components(pieces["community"], joined["a"], joined["b"]))
        whole = whole.with_columns(pl.col("community").min().over("whole").alias("whole"))
        merged = merged.join(whole, on="community").select("asset", community="whole")
        wholes = whole.filter(pl.col("community").is_in(wholes.implode()))["whole"].unique()


def _between(members: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Return how communities that are linked are, a < b.

    Returns:
        `a`, `b`, `strong` and `admins` (links), `seam` (the smaller's members who are run by the other or run
        any of it, and the members of the side of which fewer act with the other, by the smaller's size) and
        `strength`.
    """
    sizes = members.with_columns(size=pl.len().over("community"))
    is_strong = pl.col("type").is_in(STRONG_LINKS)
    is_admin = pl.col("type") == "ADMINISTERS"
    one_runs, other_runs = (pl.col(asset).filter(is_admin).n_unique() for asset in ("asset", "other"))
    one_acts, other_acts = (
        pl.col(asset).filter(pl.col("type") == "COORDINATED").n_unique() for asset in ("asset", "other")
    )
    run = pl.when(pl.col("size").first() <= pl.col("size_b").first()).then(one_runs).otherwise(other_runs)
    smaller = pl.min_horizontal(pl.col("size").first(), pl.col("size_b").first())
    direct = (
        both_ends(links)
        .join(sizes.rename({"community": "a"}), on="asset")
        .join(sizes.rename({"community": "b", "asset": "other", "size": "size_b"}), on="other")
        .filter(pl.col("a") < pl.col("b"))
        .group_by("a", "b")
        .agg(
            strong=is_strong.sum(),
            admins=is_admin.sum(),
            seam=(run + pl.min_horizontal(one_acts, other_acts)) / smaller,
            strength=pl.col("strength").sum(),
        )
    )
    held = (
        links.filter(pl.col("type").is_in(VALUE_TIES))
        .with_columns(holders=pl.len().over("target"))
        .join(members, left_on="source", right_on="asset")
        .group_by("target", "community")
        .agg(n=pl.len(), strength=pl.col("strength").mean(), holders=pl.col("holders").first())
    )
    crowds = (
        links.filter(pl.col("type") == VISITS)
        .join(sizes, left_on="source", right_on="asset")
        .group_by("target", "community")
        .agg(n=pl.len(), share=pl.len() / pl.col("size").first(), size=pl.col("size").first())
        .filter((pl.col("n") >= VISITORS) & (pl.col("share") >= LEAST_CROWD))
    )
    met = (
        crowds.join(crowds, on="target", suffix="_b")
        .filter(pl.col("community") < pl.col("community_b"))
        .group_by(a="community", b="community_b")
        .agg(
            strong=pl.min_horizontal("n", "n_b").max(),
            admins=pl.lit(0, pl.UInt32),
            seam=pl.min_horizontal("share", "share_b").max(),
            strength=pl.lit(0.0),
        )
    )
    through = (
        held.join(held, on="target", suffix="_b")
        .filter(pl.col("community") < pl.col("community_b"))
        .group_by(a="community", b="community_b")
        .agg(
            strong=pl.lit(0, pl.UInt32),
            admins=pl.lit(0, pl.UInt32),
            seam=pl.lit(0.0),
            strength=(
                pl.min_horizontal("strength", "strength_b")
                * pl.col("n")
                * pl.col("n_b")
                / (pl.col("holders") - 1)
            ).sum(),
        )
    )
    return (
        pl.concat([direct, through, met], how="vertical_relaxed")
        .group_by("a", "b")
        .agg(pl.col("strong", "admins").sum(), pl.col("seam").max(), pl.col("strength").sum().round(DECIMALS))
        .sort("a", "b")
    )


def _attach(members: pl.DataFrame, links: pl.DataFrame, wholes: pl.Series) -> pl.DataFrame:
    """Add assets of no community, as long as there are any that a suspected whole holds by itself."""
    kept = members
    while True:
        candidates = linked(kept.filter(pl.col("community").is_in(wholes.implode())), links)
        fresh = (
            candidates.join(kept, on="asset", how="anti")
            .filter(~is_weak())
            .sort(["asset", "inside", "community"], descending=[False, True, False])
            .unique("asset", keep="first", maintain_order=True)
        )
        if fresh.is_empty():
            return kept
        kept = pl.concat([kept, fresh.select("asset", "community")])


def _serving_several(members: pl.DataFrame, links: pl.DataFrame, wholes: pl.Series) -> pl.DataFrame:
    """Return further memberships of members: in each other suspected whole that holds them as its own.

    That is, through `LEAST_STRONG` coordinated edges or administrators to as many of its members, and at
    least as strongly as it holds its members in the median.
    """
    suspected = members.filter(pl.col("community").is_in(wholes.implode()))
    held = linked(suspected, links)
    usual = (
        held.join(suspected, on=["asset", "community"], how="semi")
        .group_by("community")
        .agg(usual=pl.col("inside").median())
    )
    return (
        held.join(suspected, on="asset", how="semi")
        .join(suspected, on=["asset", "community"], how="anti")
        .join(usual, on="community")
        .filter((pl.col("strong") >= LEAST_STRONG) & (pl.col("neighbours") >= LEAST_STRONG))
        .filter(pl.col("inside") >= pl.col("usual"))
        .select("asset", "community")
    )
