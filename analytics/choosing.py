"""Choosing: of candidates that overlap, those that score best are kept.

Communities are looked at in several resolutions, since nobody knows how large an operation is. A candidate is
kept if none of its assets is in one that scores better; the price of having looked at all of them is in every
score (`analytics.scoring`). Of equals the one of the usual resolution is kept, then the larger. What only a
trace joins comes after all others, with the members that these leave, if that is most of them.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from analytics.traces import MOSTLY, TRACE

#: Bits by which a candidate of the patient look must be better than one of the usual: of two one is chosen.
SECOND_LOOK: Final = 1.0

_MEMBERS: Final = pl.Schema({"asset": pl.String(), "community": pl.Int64()})


def choose(candidates: pl.DataFrame, scores: pl.DataFrame) -> pl.DataFrame:
    """Return the members of the candidates that are kept, no asset twice.

    Args:
        candidates: `asset`, `community`, `scale`, `patient`.
        scores: `community`, `score`.

    Returns:
        `asset`, `community`, sorted by community and asset.
    """
    order = (
        candidates.group_by("community")
        .agg(pl.col("asset").sort(), pl.col("scale", "patient").first(), size=pl.len())
        .join(scores.select("community", "score"), on="community")
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
    taken: dict[str, int] = {}
    for community, assets, by_trace in order.select("community", "asset", "by_trace").iter_rows():
        free = [asset for asset in assets if asset not in taken]
        if len(free) == len(assets) or (by_trace and len(free) > MOSTLY * len(assets)):
            taken.update(dict.fromkeys(free, community))
    kept = pl.DataFrame({"asset": list(taken), "community": list(taken.values())}, schema=_MEMBERS)
    return kept.sort("community", "asset")
