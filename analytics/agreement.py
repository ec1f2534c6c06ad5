"""Agreement: whether kinds of evidence speak of the same members.

An office shares a telephone, and two of its people run Pages for those at home: two kinds of evidence, but of
different members, and each has its own innocent reason. In an operation those who share the telephones run
the Pages, or act in step with them.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from analytics.layers.edges import both_ways, without_likeness
from analytics.signals.case import Case

#: From this share of the members that two kinds speak of on, either way, both count in full.
ENOUGH: Final = 0.5
#: The kind that forms communities, so that it speaks of any two crowds in one; nothing is compared with it
#: where there is another.
FORMING: Final = "coordination"


def agreement(case: Case, said: pl.DataFrame) -> pl.DataFrame:
    """Return how far each kind speaks of the members that the leading kind of its community speaks of.

    Members are the same here as those who act in step with them, run them or are run by them. Of two kinds
    the smaller share counts, be it that of the one or of the other's members. The leading kind is the one
    beside which all others count most.

    Args:
        case: The communities.
        said: `community`, `kind`, `counted` (bits) and `by` (the members that it speaks of).

    Returns:
        `community`, `kind`, `leading`, `agree` (the share) and `counts` (what of its bits counts, 0 to 1).
    """
    by = said.select("community", "kind", asset="by").explode("asset").drop_nulls().unique()
    size = by.group_by("community", "kind").agg(n=pl.len())
    near = (
        by.join(_beside(case), on=["community", "asset"])
        .select("community", "kind", asset="other")
        .vstack(by)
        .unique()
    )
    leading = near.select("community", "asset", leading="kind")
    reached = (
        by.join(leading, on=["community", "asset"])
        .group_by("community", "kind", "leading")
        .agg(reached=pl.len())
        .join(size, on=["community", "kind"])
        .select("community", "kind", "leading", share=pl.col("reached") / pl.col("n"))
    )
    both = reached.join(
        reached.select("community", "share", kind="leading", leading="kind"),
        on=["community", "kind", "leading"],
        how="left",
        suffix="_back",
    ).select("community", "kind", "leading", agree=pl.min_horizontal("share", "share_back"))
    kinds = said.select("community", "kind", "counted")
    others = pl.col("kind") != FORMING
    leaders = kinds.filter(others | ~others.any().over("community")).select("community", leading="kind")
    pairs = (
        kinds.join(leaders, on="community")
        .join(both, on=["community", "kind", "leading"], how="left")
        .with_columns(agree=pl.when(pl.col("kind") == pl.col("leading")).then(1.0).otherwise("agree"))
        .with_columns(pl.col("agree").fill_null(0.0))
        .with_columns(counts=(pl.col("agree") / ENOUGH).clip(upper_bound=1.0))
    )
    best = (
        pairs.group_by("community", "leading")
        .agg(total=(pl.col("counted") * pl.col("counts")).sum().round(6))
        .sort(["community", "total", "leading"], descending=[False, True, False])
        .unique("community", keep="first", maintain_order=True)
    )
    return (
        pairs.join(best.select("community", "leading"), on=["community", "leading"])
        .select("community", "kind", "leading", "agree", "counts")
        .sort("community", "kind")
    )


def _beside(case: Case) -> pl.DataFrame:
    """Return `community`, `asset`, `other`: members who coordinate, or of whom one runs the other."""
    together = without_likeness(case.edges).select("source", "target")
    runs = case.population.admins.select(source="account", target="asset")
    pairs = both_ways(pl.concat([together, runs])).unique()
    members = case.members.select("community", "asset")
    return (
        pairs.rename({"source": "asset", "target": "other"})
        .join(members, on="asset")
        .join(members.rename({"asset": "other"}), on=["community", "other"])
        .select("community", "asset", "other")
    )
