"""Bridges: single ties by which two groups of fronts hang together, and nothing else.

Who stayed with a Page that was sold, and runs a dozen others with friends, ties all of these to the buyer's
Pages. A tie whose removal parts a graph is a bridge (Tarjan 1974). One on both sides of which there would be
a group is taken for such a helping hand's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import networkx as nx
import polars as pl

_Tie: TypeAlias = tuple[str, str]


def without_bridges(runs: pl.DataFrame, least_fronts: int, least_admins: int) -> pl.DataFrame:
    """Return the ties without those that alone join two groups.

    Where ties make no ring (each account has a front in common with the next) all are bridges, and none
    tells where one group ends: those stay whole.

    Args:
        runs: `account`, `asset`, `group`: in which connected group the two are.
        least_fronts: Fewest fronts of a group.
        least_admins: Fewest accounts that run them.

    Returns:
        Columns of `runs`.
    """
    large = runs.filter(
        (pl.col("asset").n_unique().over("group") >= 2 * least_fronts)
        & (pl.col("account").n_unique().over("group") >= 2 * least_admins)
    )
    parting = [
        tie
        for _, part in large.group_by("group", maintain_order=True)
        for tie in _between_groups(part, least_fronts, least_admins)
    ]
    bridges = pl.DataFrame(parting, schema={"account": pl.String, "asset": pl.String}, orient="row")
    return runs.join(bridges, on=["account", "asset"], how="anti", maintain_order="left")


def _between_groups(runs: pl.DataFrame, least_fronts: int, least_admins: int) -> Iterator[_Tie]:
    """Yield the bridges of a connected group on both sides of which are a group's fronts and accounts."""
    accounts = set(runs["account"])
    ties = nx.Graph(runs.select("account", "asset").iter_rows())
    bridges = set(nx.bridges(ties))
    if len(bridges) == ties.number_of_edges():
        return
    root = min(ties)
    tree = nx.dfs_tree(ties, root)
    fronts = {node: int(node not in accounts) for node in tree}
    admins = {node: int(node in accounts) for node in tree}
    for node in nx.dfs_postorder_nodes(tree):
        for child in tree[node]:
            fronts[node] += fronts[child]
            admins[node] += admins[child]
    # A bridge is in every spanning tree: what it parts is what lies below it there.
    for above, node in tree.edges:
        if (above, node) in bridges or (node, above) in bridges:
            parted = min(fronts[node], fronts[root] - fronts[node]) >= least_fronts
            if parted and min(admins[node], admins[root] - admins[node]) >= least_admins:
                yield (above, node) if above in accounts else (node, above)
