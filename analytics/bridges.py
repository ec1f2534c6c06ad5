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
        runs: `account`, `asset`.
        least_fronts: Fewest fronts of a group.
        least_admins: Fewest accounts that run them.

    Returns:
        Columns of `runs`.
    """
    ties = nx.Graph()
    ties.add_edges_from(runs.select("account", "asset").iter_rows())
    accounts = set(runs["account"])
    parting: list[_Tie] = []
    for nodes in nx.connected_components(ties):
        admins = len(nodes & accounts)
        if admins >= 2 * least_admins and len(nodes) - admins >= 2 * least_fronts:
            parting += _between_groups(ties.subgraph(nodes), accounts, least_fronts, least_admins)
    ends = [(one, other) if one in accounts else (other, one) for one, other in parting]
    bridges = pl.DataFrame(ends, schema={"account": pl.String, "asset": pl.String}, orient="row")
    return runs.join(bridges, on=["account", "asset"], how="anti", maintain_order="left")


def _between_groups(
    ties: nx.Graph, accounts: set[str], least_fronts: int, least_admins: int
) -> Iterator[_Tie]:
    """Yield the bridges of a connected graph on both sides of which are a group's fronts and accounts."""
    bridges = set(nx.bridges(ties))
    if len(bridges) == ties.number_of_edges():
        return
    tree = nx.dfs_tree(ties, min(ties))
    fronts = {node: int(node not in accounts) for node in tree}
    admins = {node: int(node in accounts) for node in tree}
    for node in nx.dfs_postorder_nodes(tree):
        for child in tree[node]:
            fronts[node] += fronts[child]
            admins[node] += admins[child]
    whole = min(ties)
    # A bridge is in every spanning tree: what it parts is what lies below it there.
    for above, node in tree.edges:
        if (above, node) in bridges or (node, above) in bridges:
            parted = min(fronts[node], fronts[whole] - fronts[node]) >= least_fronts
            if parted and min(admins[node], admins[whole] - admins[node]) >= least_admins:
                yield above, node
