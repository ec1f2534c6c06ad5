"""Fronts that the same few people run, name no owner and do nothing in step.

One administrator in common is a fact and no surprise, and so no edge; and Pages of one hand do not coordinate
with each other. So whoever buys ads through a dozen Pages, which four accounts run in turns, is in no
community, and nobody sees them. They become candidates as traces do (`analytics.traces`): what else the
members show has to tell. An agency's clients look the same.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from analytics.attachment import components
from analytics.bridges import without_bridges

#: Fewest fronts, and fewest accounts that run them: two are a couple, and three Pages are a business.
LEAST_FRONTS: Final = 4
LEAST_ADMINS: Final = 3
#: What a single tie joins to another group is parted from it from so many times as large on: what is smaller
#: hides nothing of the other, and shows much by chance.
PARTED: Final = 2


def run_together(
    runs: pl.DataFrame, open_fronts: pl.DataFrame, whole: pl.DataFrame, most: int
) -> pl.DataFrame:
    """Return `identifier` (one for each group), `front`.

    Args:
        runs: `account`, `asset`.
        open_fronts: `asset`: Pages and Groups that say who they belong to, and so conceal nothing.
        whole: `asset`, `community`: what Leiden found, not refined. Ties from one of its communities
            to another are a helping hand's, by which a town would be one group.
        most: Accounts that run more fronts join nothing.
    """
    within = (
        runs.filter(pl.len().over("account") <= most)
        .join(open_fronts, on="asset", how="anti")
        .join(whole, on="asset")
        .join(whole.rename({"asset": "account"}), on=["account", "community"])
        .sort("account", "asset")
    )
    parted = without_bridges(_grouped(within), PARTED * LEAST_FRONTS, PARTED * LEAST_ADMINS)
    return (
        _grouped(parted)
        .filter(pl.col("asset").n_unique().over("group") >= LEAST_FRONTS)
        .filter(pl.col("account").n_unique().over("group") >= LEAST_ADMINS)
        .select(identifier=pl.lit("run together: ") + pl.col("account").min().over("group"), front="asset")
        .unique()
        .sort("identifier", "front")
    )


def _grouped(runs: pl.DataFrame) -> pl.DataFrame:
    """Return `account`, `asset` with `group`: what one administrator joins with the next."""
    nodes = pl.concat([runs["account"], runs["asset"]]).unique().sort()
    group = components(nodes, runs["account"], runs["asset"])
    return runs.select("account", "asset").join(
        pl.DataFrame({"asset": nodes, "group": group}), on="asset", maintain_order="left"
    )
