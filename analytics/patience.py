"""The patient look: candidates of those who do the same things hours apart, beside those who act in step.

Who reacts to the same posts within the hour, answers the same people within the day or pushes the same sites
all afternoon is no suspect: friends and fans do. With such edges among the others, communities blur and every
one of them acts in step. So they are looked at by themselves, after all others: they make candidates of
their own, which are measured against each other (`analytics.looks`), and hold nobody in any other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from analytics.communities import Communities, find_communities
from analytics.layers.edges import EDGE_SCHEMA, EVIDENCE_SCHEMA, LayerResult, looked_twice, with_strength
from analytics.layers.incremental import LayerCache
from analytics.settings import DetectSettings
from cypher.progress import Progress, silent
from cypher.session import Graph

#: Edges that go to the server to be projected; of more the layers with most are left out.
MOST_EDGES: Final = 500_000
#: Least share of a candidate's coordinated pairs that only this look shows; with fewer it is another's.
LEAST_OWN: Final = 0.25

_PAIR: Final = ["source", "target"]
_EDGE: Final = [*_PAIR, "layer"]


@dataclass(frozen=True)
class Patient:
    """What the patient look adds.

    Attributes:
        members: `asset`, `community`, `scale`: its candidates, numbered after the others.
        edges: Columns `EDGE_SCHEMA` and `strength`: edges within these, which no other look shows.
        evidence: Of these edges.
        links: `source`, `target`, `type`, `strength`: coordinated links of all looks within these.
        stats: Counts of each layer that was looked at; `edges_left_out` of layers with too many.
    """

    members: pl.DataFrame
    edges: pl.DataFrame
    evidence: pl.DataFrame
    links: pl.DataFrame
    stats: dict[str, dict[str, Any]]


def look_patiently(
    graph: Graph,
    cache: LayerCache,
    settings: DetectSettings,
    run: str,
    edges: pl.DataFrame,
    found: Communities,
    *,
    full: bool = False,
    progress: Progress = silent,
) -> Patient:
    """Look at the layers that `patient_windows` names in these windows, and find candidates.

    Args:
        graph: Holds this run's other edges.
        cache: Of temporal layers.
        settings: How.
        run: The run's id.
        edges: Columns `EDGE_SCHEMA`: what the other looks found.
        found: The communities of the other looks.
        full: Compute every layer.
        progress: Told about each step.

    Raises:
        ServerError: The server fails, or its heap is too small for the graph.
    """
    patient = settings.model_copy(update={"windows": settings.patient_windows})
    results = [cache.find(layer, patient, full=full, progress=progress)[0] for layer in patient.windows]
    every = _fresh(results, edges, settings.fdr)
    fresh = _bounded(every)
    stats = {result.layer: _counted(result, every, fresh) for result in results}
    if fresh.is_empty():
        nothing = pl.DataFrame(schema=EVIDENCE_SCHEMA)
        return Patient(found.members.clear(), edges.clear(), nothing, found.links.clear(), stats)
    fused = with_strength(pl.concat([edges.select(list(EDGE_SCHEMA)), fresh]), settings.fdr)
    extra = _beyond(fused, edges)
    again = find_communities(graph, settings, run, progress, extra)
    members = _own(again.members, found.members, fresh, edges)
    within = inside(fused.join(fresh, on=_EDGE, how="semi"), members)
    evidence = pl.concat([result.evidence for result in results]).join(within, on=_EDGE, how="semi")
    links = inside(again.links.filter(pl.col("type") == "COORDINATED"), members)
    return Patient(members, within, evidence, links, stats)


def _fresh(results: list[LayerResult], edges: pl.DataFrame, fdr: float) -> pl.DataFrame:
    """Return the edges of pairs that have none in the layer yet; having looked again, q counts double."""
    found = pl.concat([pl.DataFrame(schema=EDGE_SCHEMA), *(result.edges for result in results)])
    return looked_twice(found, fdr).join(edges, on=_EDGE, how="anti").sort(_EDGE)


def _counted(result: LayerResult, every: pl.DataFrame, kept: pl.DataFrame) -> dict[str, Any]:
    """Return the counts of a layer, with how many of its edges are new and how many of these are left out."""
    new, used = (frame.filter(layer=result.layer).height for frame in (every, kept))
    return {**result.stats, "edges": used, "edges_left_out": new - used}


def _beyond(fused: pl.DataFrame, edges: pl.DataFrame) -> pl.DataFrame:
    """Return `source`, `target`, `strength`: what pairs have beyond that of the edges alone."""
    before = edges.group_by(_PAIR).agg(before=pl.col("strength").sum())
    return (
        fused.group_by(_PAIR)
        .agg(pl.col("strength").sum())
        .join(before, on=_PAIR, how="left")
        .select(*_PAIR, strength=pl.col("strength") - pl.col("before").fill_null(0.0))
        .filter(pl.col("strength") > 0)
        .sort(_PAIR)
    )


def _bounded(edges: pl.DataFrame) -> pl.DataFrame:
    """Return the edges without the layers that have too many, the largest first."""
    sizes = edges.group_by("layer").len().sort("len", "layer").with_columns(all=pl.col("len").cum_sum())
    kept = sizes.filter(pl.col("all") <= MOST_EDGES)["layer"]
    return edges.filter(pl.col("layer").is_in(kept.implode()))


def _own(
    members: pl.DataFrame, earlier: pl.DataFrame, fresh: pl.DataFrame, edges: pl.DataFrame
) -> pl.DataFrame:
    """Return the candidates that no other look shows and of whose pairs enough are the patient look's."""
    name = pl.col("asset").sort().str.join("\n")
    seen = earlier.group_by("community").agg(name=name)
    named = members.group_by("community").agg(name=name).join(seen, on="name", how="anti")
    pairs = pl.concat(
        [
            fresh.select(_PAIR).unique().with_columns(own=True),
            edges.select(_PAIR).unique().with_columns(own=False),
        ]
    )
    pairs = pairs.group_by(_PAIR).agg(own=pl.col("own").all())
    shares = (
        pairs.join(members.rename({"asset": "source"}), on="source")
        .join(members.select("community", target="asset"), on=["target", "community"])
        .group_by("community")
        .agg(share=pl.col("own").mean())
        .filter(pl.col("share") >= LEAST_OWN)
    )
    kept = members.join(named, on="community", how="semi").join(shares, on="community", how="semi")
    number = (pl.col("community").rank("dense") - 1).cast(pl.Int64) + earlier["community"].n_unique()
    return kept.with_columns(community=number).sort("community", "asset")


def inside(ties: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Return the ties (`source`, `target`, ...) whose ends are members of one community."""
    fellows = (
        ties.select(_PAIR)
        .unique()
        .join(members.select("community", source="asset"), on="source")
        .join(members.select("community", target="asset"), on=["target", "community"])
    )
    return ties.join(fellows, on=_PAIR, how="semi")
