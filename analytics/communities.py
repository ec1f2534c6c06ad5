"""Communities: assets that coordinated edges and ties join densely, by seeded Leiden, then refined.

Leiden (Traag, Waltman and van Eck 2019) runs in GDS on a projection of coordinated edges and raw ties. What
it gives is
refined: members held by less than half of their own strength, or by a single shared identifier and nothing
    else (a
household, an office), are let go; what is then no longer connected falls apart; a community needs a
coordinated edge.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from analytics.attachment import attachment, connected, is_weak
from analytics.layers.catalogue import WEAK_LAYERS
from analytics.settings import DetectSettings
from cypher.gds import projection
from cypher.session import Graph

_KEYS = pl.Schema({"node": pl.Int64(), "key": pl.String(), "is_asset": pl.Boolean()})
_MEMBERS = pl.Schema({"asset": pl.String(), "community": pl.Int64()})
_LINKS = pl.Schema(
    {"source": pl.String(), "target": pl.String(), "type": pl.String(), "strength": pl.Float64()}
)

#: All strength of a graph in which `resolution` is Leiden's gamma. Modularity weighs two communities against
#: the whole graph, so that small ones vanish in a large one (the resolution limit: Fortunato and Barthélemy
#: 2007). With gamma in proportion to the whole, as in a constant Potts model (Traag, Van Dooren and Nesterov
#: 2011), what is a community depends on its own links, and not on how much else was loaded.
_REFERENCE_STRENGTH: Final = 15_000.0


@dataclass(frozen=True)
class Communities:
    """The communities of one detection.

    Attributes:
        members: `asset`, `community`. Communities are numbered from 0 in the order of their first member's
            key.
        links: `source`, `target` (keys of assets, identifiers or payers), `type`, `strength`: what was
            projected.
    """

    members: pl.DataFrame
    links: pl.DataFrame


def find_communities(graph: Graph, settings: DetectSettings, run: str) -> Communities:
    """Project, run Leiden, refine.

    Args:
        graph: Holds this run's `COORDINATED` edges.
        settings: Uses `resolution`, `seed`, `min_community` and `max_tie_degree`.
        run: The run's id; names the projection.

    Raises:
        ServerError: The graph is too large for the server's heap.
    """
    with projection(
        graph,
        f"communities-{run}",
        "operations/project",
        max_degree=settings.max_tie_degree,
        weak=list(WEAK_LAYERS),
    ) as projected:
        if projected is None:
            return Communities(pl.DataFrame(schema=_MEMBERS), pl.DataFrame(schema=_LINKS))
        links = projected.links()
        gamma = settings.resolution * float(links["strength"].sum()) / _REFERENCE_STRENGTH
        found = projected.leiden(gamma=gamma, seed=settings.seed)
    keys = graph.read_frame("operations/node_keys", _KEYS)
    of_assets = keys.select(source="node", source_key="key", starts_at_asset="is_asset")
    named = (
        links.join(of_assets, on="source")
        .join(keys.select(target="node", target_key="key"), on="target")
        # An undirected relationship may come back from its far end: ties begin at the asset.
        .select(
            source=pl.when("starts_at_asset").then("source_key").otherwise("target_key"),
            target=pl.when("starts_at_asset").then("target_key").otherwise("source_key"),
            type="type",
            strength="strength",
        )
        .sort("source", "target", "type")
    )
    members = found.join(keys.filter("is_asset"), on="node").select("community", asset="key")
    return Communities(refine(members, named, settings.min_community), named)


def refine(members: pl.DataFrame, links: pl.DataFrame, least: int) -> pl.DataFrame:
    """Prune weak members, split what has come apart, drop what is small or has no coordinated edge.

    Args:
        members: `asset`, `community`.
        links: `source`, `target`, `type`, `strength`.
        least: Fewest assets of a community.

    Returns:
        Columns `asset`, `community`, renumbered.
    """
    kept = members
    while True:
        weak = attachment(kept, links).filter(is_weak())
        if weak.is_empty():
            break
        kept = kept.join(weak.select("asset"), on="asset", how="anti")
    held = attachment(connected(kept, links), links)
    return renumbered(
        held.with_columns(
            size=pl.len().over("community"), edges=pl.col("coordinated").sum().over("community")
        )
        .filter((pl.col("size") >= least) & (pl.col("edges") > 0))
        .select("asset", "community")
    )


def renumbered(members: pl.DataFrame) -> pl.DataFrame:
    """Return the members with communities numbered from 0 in the order of their first member's key."""
    first = pl.col("asset").min().over("community")
    return (
        members.with_columns(community=(first.rank("dense") - 1).cast(pl.Int64))
        .select(list(_MEMBERS))
        .cast(_MEMBERS)
        .sort("community", "asset")
    )
