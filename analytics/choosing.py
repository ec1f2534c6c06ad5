"""Choosing: of candidates that overlap, those that score best are kept.

Communities are looked at in several resolutions, since nobody knows how large an operation is. A candidate is
kept if none of its assets is in one that scores better; the price of having looked at all of them is in every
score (`analytics.scoring`). Of equals the one of the usual resolution is kept, then the larger.
"""

from __future__ import annotations

import polars as pl


def choose(candidates: pl.DataFrame, scores: pl.DataFrame) -> pl.DataFrame:
    """Return the members of the candidates that are kept, no asset twice.

    Args:
        candidates: `asset`, `community`, `scale`.
        scores: `community`, `score`.

    Returns:
        `asset`, `community`, sorted by community and asset.
    """
    order = (
        candidates.group_by("community")
        .agg(pl.col("asset").sort(), pl.col("scale").first(), size=pl.len())
        .join(scores.select("community", "score"), on="community")
        .with_columns(usual=pl.col("scale") == 1.0)
        .sort(["score", "usual", "size", "community"], descending=[True, True, True, False])
    )
    taken: set[str] = set()
    kept = []
    for community, assets in order.select("community", "asset").iter_rows():
        if taken.isdisjoint(assets):
            taken.update(assets)
            kept.append(community)
    return (
        candidates.filter(pl.col("community").is_in(kept))
        .select("asset", "community")
        .sort("community", "asset")
    )
