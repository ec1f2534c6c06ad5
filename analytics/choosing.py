"""Choosing: of candidates that overlap, those that score best are kept.

Communities are looked at in several resolutions, since nobody knows how large an operation is. A candidate is
kept if none of its assets is in one that scores better; the price of having looked at all of them is in every
score (`analytics.scoring`). Of equals the one of the usual resolution is kept, then the larger. Bits end at
their caps, so that a part, the whole, and the whole with strangers score much alike: of suspected ones that
are as good the one is kept whose members show most. What only a trace joins comes after all others, with the
members that these leave, if that is most of them.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from analytics.traces import MOSTLY, TRACE

#: Bits by which a candidate of the patient look must be better than one of the usual: of two one is chosen.
SECOND_LOOK: Final = 1.0

#: Candidates that have so few bits less than the best one that they overlap with are as good,
AS_GOOD: Final = 2.0
#: if so much of the smaller of the two is in both.
OVERLAP: Final = 0.5

_MEMBERS: Final = pl.Schema({"asset": pl.String(), "community": pl.Int64()})


def choose(candidates: pl.DataFrame, scores: pl.DataFrame, suspicion: float) -> pl.DataFrame:
    """Return the members of the candidates that are kept, no asset twice.

    Args:
        candidates: `asset`, `community`, `scale`, `patient`.
        scores: `community`, `score`, `shown` (members that show something, `analytics.scoring.borne_out`).
        suspicion: Bits from which on a candidate may give way to one as good.

    Returns:
        `asset`, `community`, sorted by community and asset.
    """
    order = (
        candidates.group_by("community")
        .agg(pl.col("asset").sort(), pl.col("scale", "patient").first(), size=pl.len())
        .join(scores.select("community", "score", "shown"), on="community")
        .with_columns(
            usual=(pl.col("scale") == 1.0) & ~pl.col("patient"),
            by_trace=pl.col("scale") == TRACE,
            score=pl.col("score") - pl.col("patient").cast(pl.Float64) * SECOND_LOOK,
        )
        .sort(
            ["by_trace", "score", "usual", "size", "community"],
            descending=[False, True, True, True, False],
        )
    )
    clearer = _clearer(candidates, order.filter(~pl.col("by_trace") & (pl.col("score") >= suspicion)))
    members = dict(order.select("community", "asset").iter_rows())
    taken: dict[str, int] = {}
    for community, assets, by_trace in order.select("community", "asset", "by_trace").iter_rows():
        free = [asset for asset in assets if asset not in taken]
        if len(free) == len(assets):
            as_good = clearer.get(community, [])
            kept = next((other for other in as_good if taken.keys().isdisjoint(members[other])), community)
            taken.update(dict.fromkeys(members[kept], kept))
        elif by_trace and len(free) > MOSTLY * len(assets):
            taken.update(dict.fromkeys(free, community))
    held = pl.DataFrame({"asset": list(taken), "community": list(taken.values())}, schema=_MEMBERS)
    return held.sort("community", "asset")


def _clearer(candidates: pl.DataFrame, suspected: pl.DataFrame) -> dict[int, list[int]]:
    """Return of each suspected candidate those as good whose members show more, the clearest first.

    If k of n members show something, k^2 / n is how clear it is: what is left out lowers k, strangers raise
    n. If just those belong together that show something, it is Ochiai's (1957) likeness to them, squared, but
    for a factor that all have.
    """
    clear = (pl.col("shown").fill_null(0) ** 2 / pl.col("size")).round(6)
    one = candidates.select("asset", "community").join(
        suspected.select("community", "score", "size", clear=clear), on="community"
    )
    return dict(
        one.join(one, on="asset", suffix="_other")
        .filter(pl.col("clear_other") > pl.col("clear"), pl.col("score_other") >= pl.col("score") - AS_GOOD)
        .group_by("community", "community_other")
        .agg(pl.col("size", "size_other", "clear_other").first(), common=pl.len())
        .filter(pl.col("common") >= OVERLAP * pl.min_horizontal("size", "size_other"))
        .sort(["community", "clear_other", "community_other"], descending=[False, True, False])
        .group_by("community", maintain_order=True)
        .agg("community_other")
        .iter_rows()
    )
