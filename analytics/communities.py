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

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from analytics.settings import DetectSettings
from cypher.gds import projection
from cypher.session import Graph

_KEYS = pl.Schema({"node": pl.Int64(), "key": pl.String(), "is_asset": pl.Boolean()})
_MEMBERS = pl.Schema(
    {"asset": pl.String(), "community": pl.Int64(), "inside": pl.Float64(), "outside": pl.Float64()}
)
_LINKS = pl.Schema(
    {"source": pl.String(), "target": pl.String(), "type": pl.String(), "strength": pl.Float64()}
)

#: Ties that by themselves make nobody a member: one shared device or payer is what households and offices
#: have too.
_WEAK_TYPES = ("USES", "PAID", "ADVERTISED")


@dataclass(frozen=True)
class Communities:
    """The communities of one detection.

    Attributes:
        members: `asset`, `community`, `inside` and `outside` (strength to the own community, and beyond it).
            Communities are numbered from 0 in the order of their first member's key.
        links: `source`, `target` (keys of assets, identifiers or payers), `type`, `strength`: what was
            projected.
    """

    members: pl.DataFrame
    links: pl.DataFrame


def find_communities(graph: Graph, settings: DetectSettings, run: str) -> Communities:
    """Project, run Leiden, refine.

    Args:
        graph: Holds this run's `COORDINATED` edges.
        settings: Uses `resolution`, `seed`, `max_household`, `min_community`.
        run: The run's id; names the projection.

    Raises:
        ServerError: The graph is too large for the server's heap.
    """
    with projection(graph, f"communities-{run}", "operations/project") as projected:
        if projected is None:
            return Communities(pl.DataFrame(schema=_MEMBERS), pl.DataFrame(schema=_LINKS))
        found = projected.leiden(gamma=settings.resolution, seed=settings.seed)
        links = projected.links()
    keys = graph.read_frame("operations/node_keys", _KEYS)
    named = (
        links.join(keys.select(source="node", source_key="key"), on="source")
        .join(keys.select(target="node", target_key="key"), on="target")
        .select(source="source_key", target="target_key", type="type", strength="strength")
        .sort("source", "target", "type")
    )
    nodes = found.join(keys, on="node").select("key", "community", "is_asset").sort("key")
    return Communities(refine(nodes, named, settings.min_community), named)


def refine(nodes: pl.DataFrame, links: pl.DataFrame, least: int) -> pl.DataFrame:
    """Prune weak members, split what has come apart, drop what is small or has no coordinated edge.

    Args:
        nodes: `key`, `community`, `is_asset`.
        links: `source`, `target`, `type`, `strength`, each pair and type once.
        least: Fewest assets of a community.

    Returns:
        Columns `asset`, `community`, `inside`, `outside`.
    """
    kept = nodes
    while True:
        held = _attachment(kept, links)
        weak = held.filter(
            pl.col("is_asset")
            & (
                (pl.col("inside") < pl.col("outside"))
                | ((pl.col("strong") == 0) & (pl.col("neighbours") < 2))
            )
        )
        if weak.is_empty():
            break
        kept = kept.join(weak.select("key"), on="key", how="anti")
    split = _split(kept, links)
    held = _attachment(split, links).filter("is_asset")
    lively = held.filter(pl.col("coordinated") > 0)["community"].unique()
    sized = (
        held.filter(pl.col("community").is_in(lively.implode()))
        .with_columns(size=pl.len().over("community"), first=pl.col("key").min().over("community"))
        .filter(pl.col("size") >= least)
    )
    return (
        sized.with_columns(community=(pl.col("first").rank("dense") - 1).cast(pl.Int64))
        .select("community", "inside", "outside", asset="key")
        .select(list(_MEMBERS))
        .sort("community", "asset")
    )


def _attachment(nodes: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Return each node with its strength inside and outside its community, and what holds it there."""
    both = pl.concat(
        [links, links.select(source="target", target="source", type="type", strength="strength")]
    )
    side = nodes.select("key", "community")
    inside = pl.col("community") == pl.col("community_target")
    seen = (
        both.join(side, left_on="source", right_on="key")
        .join(side, left_on="target", right_on="key", how="left", suffix="_target")
        .group_by("source")
        .agg(
            inside=pl.col("strength").filter(inside.fill_null(value=False)).sum(),
            outside=pl.col("strength").filter(~inside.fill_null(value=False)).sum(),
            strong=(inside & ~pl.col("type").is_in(_WEAK_TYPES)).sum(),
            coordinated=(inside & (pl.col("type") == "COORDINATED")).sum(),
            neighbours=pl.col("target").filter(inside.fill_null(value=False)).n_unique(),
        )
    )
    return nodes.join(seen, left_on="key", right_on="source", how="left").with_columns(
        pl.col("inside", "outside").fill_null(0.0), pl.col("strong", "coordinated", "neighbours").fill_null(0)
    )


def _split(nodes: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Return the nodes with communities renumbered so that each is connected."""
    place = nodes.sort("key").with_row_index("place")
    ends = (
        links.join(place.select("place", "community", source="key"), on="source")
        .join(place.select("place", "community", target="key"), on="target", suffix="_target")
        .filter(pl.col("community") == pl.col("community_target"))
    )
    ones = np.ones(ends.height, dtype=np.int8)
    matrix = coo_array(
        (ones, (ends["place"].to_numpy(), ends["place_target"].to_numpy())),
        shape=(place.height, place.height),
    )
    _, part = connected_components(matrix, directed=False)
    return place.with_columns(community=pl.Series(part, dtype=pl.Int64)).drop("place")
