"""Communities: assets that coordinated edges and ties join densely, by seeded Leiden, then refined.

Leiden (Traag, Waltman and van Eck 2019) runs in GDS on a projection of coordinated edges and raw ties, in
several resolutions. What it gives is refined: members held by less than half of their own strength, or by a
single shared identifier and nothing else (a household, an office), are let go; what is then no longer
connected falls apart; a community needs a coordinated edge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from analytics.attachment import attachment, connected, is_weak, linked
from analytics.layers.catalogue import WEAK_LAYERS
from analytics.settings import DetectSettings
from cypher.gds import projection
from cypher.progress import Progress, silent, step
from cypher.session import Graph

_KEYS = pl.Schema({"node": pl.Int64(), "key": pl.String(), "is_asset": pl.Boolean()})
_MEMBERS = pl.Schema({"asset": pl.String(), "community": pl.Int64()})
_CANDIDATES = pl.Schema({**_MEMBERS, "scale": pl.Float64()})
_LINKS = pl.Schema(
    {"source": pl.String(), "target": pl.String(), "type": pl.String(), "strength": pl.Float64()}
)

#: All strength of a graph in which `resolution` is Leiden's gamma. Modularity weighs two communities against
#: the whole graph, so that small ones vanish in a large one (the resolution limit: Fortunato and Barthélemy
#: 2007). With gamma in proportion to the whole, as in a constant Potts model (Traag, Van Dooren and Nesterov
#: 2011), what is a community depends on its own links, and not on how much else was loaded.
_REFERENCE_STRENGTH: Final = 15_000.0


#: Fewest who coordinate with each other, one with the next, in the core of a community: two are a couple.
CORE: Final = 3

#: Multiples of `resolution` that are looked at besides it: nobody knows how large an operation is.
SCALES: Final = (1.0, 0.2, 5.0)


@dataclass(frozen=True)
class Communities:
    """The communities of one detection.

    Attributes:
        members: `asset`, `community`, `scale` (the multiple of `resolution` it was found at). Those of scale
            1 are apart from each other and numbered from 0 in the order of their first member's key; those
            that only other scales show follow, and overlap with them.
        links: `source`, `target` (keys of assets, identifiers or payers), `type`, `strength`: what was
            projected.
        whole: `asset`, `community`: what Leiden gives at `resolution`, before anything is refined.
    """

    members: pl.DataFrame
    links: pl.DataFrame
    whole: pl.DataFrame


def find_communities(
    graph: Graph,
    settings: DetectSettings,
    run: str,
    progress: Progress = silent,
    extra: pl.DataFrame | None = None,
) -> Communities:
    """Project, run Leiden, refine.

    Args:
        graph: Holds this run's `COORDINATED` edges.
        settings: Uses `resolution`, `seed`, `min_community` and `max_tie_degree`.
        run: The run's id; names the projection.
        progress: Told about each step.
        extra: `source`, `target`, `strength`: of coordinated pairs, beside what the graph holds.

    Raises:
        ServerError: The graph is too large for the server's heap.
    """
    stage = "Communities" if extra is None else "Patient look"
    progress(f"{stage}: projected", 0, 1)
    with projection(
        graph,
        f"communities-{run}",
        "operations/project",
        max_degree=settings.max_tie_degree,
        weak=list(WEAK_LAYERS),
        extra=extra.rows() if extra is not None else [],
    ) as projected:
        if projected is None:
            nothing = pl.DataFrame(schema=_MEMBERS)
            return Communities(pl.DataFrame(schema=_CANDIDATES), pl.DataFrame(schema=_LINKS), nothing)
        links = projected.links()
        progress(f"{stage}: projected", 1, 1)
        gamma = settings.resolution * float(links["strength"].sum()) / _REFERENCE_STRENGTH
        found = {}
        for scale in SCALES:
            with step(progress, f"{stage}: Leiden, resolution times {scale:g}"):
                found[scale] = projected.leiden(gamma=gamma * scale, seed=settings.seed)
    progress(f"{stage}: refined", 0, 1)
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
    assets = keys.filter("is_asset")
    members = {
        scale: frame.join(assets, on="node").select("community", asset="key")
        for scale, frame in found.items()
    }
    refined = candidates(members, named, settings.min_community)
    progress(f"{stage}: refined", 1, 1)
    return Communities(refined, named, members[1.0])


def candidates(members: Mapping[float, pl.DataFrame], links: pl.DataFrame, least: int) -> pl.DataFrame:
    """Refine the communities of every scale and leave out what an earlier scale shows as well.

    Args:
        members: By scale, `asset`, `community`.
        links: `source`, `target`, `type`, `strength`.
        least: Fewest assets of a community.

    Returns:
        Columns `asset`, `community`, `scale`.
    """
    kept: list[pl.DataFrame] = []
    seen: set[str] = set()
    count = 0
    # Numbers in the order of keys: what is joined again and again is joined by number.
    keys = pl.concat([links["source"], links["target"], *(frame["asset"] for frame in members.values())])
    keys = keys.unique().sort()
    number = pl.Enum(keys)
    numbered_links = links.with_columns(pl.col("source", "target").cast(number).to_physical())
    for scale, frame in members.items():
        by_number = frame.with_columns(pl.col("asset").cast(number).to_physical())
        refined = refine(by_number, numbered_links, least)
        refined = refined.with_columns(asset=keys.gather(refined["asset"]))
        names = (
            refined.group_by("community").agg(name=pl.col("asset").sort().str.join("\n")).sort("community")
        )
        fresh = names.filter(~pl.col("name").is_in(list(seen)))
        seen.update(fresh["name"])
        numbered = fresh.select("community").with_row_index("number", offset=count)
        count += fresh.height
        kept.append(
            refined.join(numbered, on="community", maintain_order="left").select(
                "asset", community=pl.col("number").cast(pl.Int64), scale=pl.lit(scale)
            )
        )
    return pl.concat(kept).select(list(_CANDIDATES)).cast(_CANDIDATES).sort("community", "asset")


def refine(members: pl.DataFrame, links: pl.DataFrame, least: int) -> pl.DataFrame:
    """Prune weak members, split what has come apart, drop what is small or has no coordinated edge.

    Args:
        members: `asset`, `community`, no asset twice.
        links: `source`, `target`, `type`, `strength`.
        least: Fewest assets of a community.

    Returns:
        Columns `asset`, `community`, renumbered.
    """
    large = pl.len().over("community") >= least
    doubtful = members.filter(large)
    kept = doubtful.clear()
    while not doubtful.is_empty():
        weak = attachment(doubtful, links).filter(is_weak())
        # How a member is held depends on its own community alone: where nobody goes, nothing changes.
        shaken = pl.col("community").is_in(weak["community"].implode())
        kept = pl.concat([kept, doubtful.filter(~shaken)])
        doubtful = doubtful.filter(shaken).join(weak.select("asset"), on="asset", how="anti").filter(large)
    # Who held two crowds together may be let go with what is not around a core.
    around = connected(around_core(connected(kept, links), links), links)
    held = attachment(around, links)
    return renumbered(
        held.with_columns(
            size=pl.len().over("community"), edges=pl.col("coordinated").sum().over("community")
        )
        .filter((pl.col("size") >= least) & (pl.col("edges") > 0))
        .select("asset", "community")
    )


def around_core(members: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Return the members who coordinate in groups of `CORE` or more, and whom these hold, and so on.

    Pruning alone leaves what holds itself: the families and own Pages of a fan club's members, each tied to
    one of them and to one another. An operation's members are held by those who coordinate: step by step at
    least half of their strength goes to who is in already. Where all groups are smaller the largest of these
    are the core.

    Args:
        members: `asset`, `community`.
        links: `source`, `target`, `type`, `strength`.

    Returns:
        Columns `asset`, `community`.
    """
    coordinated = links.filter(pl.col("type") == "COORDINATED")
    ends = attachment(members, coordinated).filter(pl.col("coordinated") > 0).select(list(_MEMBERS))
    groups = connected(ends, coordinated).select("asset", group="community")
    size = pl.len().over("group")
    core = (
        ends.join(groups, on="asset")
        .with_columns(size=size)
        .filter(pl.col("size") >= pl.min_horizontal(pl.lit(CORE), pl.col("size").max().over("community")))
        .select(list(_MEMBERS))
    )
    grown = core
    while not grown.is_empty():
        fresh = (
            members.join(core, on="asset", how="anti")
            .join(linked(grown, links), on=["asset", "community"])
            .filter(~is_weak())
            .select(list(_MEMBERS))
        )
        core = pl.concat([core, fresh])
        grown = core.filter(pl.col("community").is_in(fresh["community"].implode()))
    return core


def renumbered(members: pl.DataFrame) -> pl.DataFrame:
    """Return the members with communities numbered from 0 in the order of their first member's key."""
    first = pl.col("asset").min().over("community")
    return (
        members.with_columns(community=(first.rank("dense") - 1).cast(pl.Int64))
        .select(list(_MEMBERS))
        .sort("community", "asset")
    )
