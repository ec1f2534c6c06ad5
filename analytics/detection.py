"""Detection: layers to tested edges to communities."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from analytics.communities import find_communities
from analytics.files import write_parquet
from analytics.layers.edges import LayerResult, better_of, keep, with_strength, write_to_graph
from analytics.layers.incremental import LayerCache
from analytics.layers.structural import structural_edges
from analytics.layers.temporal import addressed
from analytics.patience import look_patiently
from analytics.settings import DetectSettings
from analytics.traces import find_traces
from cypher.progress import Progress, silent, step
from cypher.session import Graph


@dataclass(frozen=True)
class DetectReport:
    """What a detection found.

    Attributes:
        layers: Statistics of each layer by name.
        edges: Coordinated edges of all layers.
        communities: Communities found.
        assets: Assets in communities.
        taken_over: Layers that were not computed, since nothing that they depend on has changed.
    """

    layers: dict[str, dict[str, Any]]
    edges: int
    communities: int
    assets: int
    # How it was come by is no part of what was found.
    taken_over: tuple[str, ...] = field(default=(), compare=False)


def detect(
    graph: Graph,
    *,
    actions_dir: Path,
    layers_dir: Path,
    settings: DetectSettings,
    run: str,
    full: bool = False,
    progress: Progress = silent,
) -> DetectReport:
    """Find coordinated edges in every layer, write them to the graph, and find communities.

    Args:
        graph: The loaded graph.
        actions_dir: The action log.
        layers_dir: Receives `edges.parquet`, `evidence.parquet`, `layers.json`, `communities.parquet`,
            `links.parquet`, `traces.parquet` (evidence of those whom only a trace joins), and in `cache` what
            the next detection may take over.
        settings: How.
        run: The run's id, stamped on all that is written.
        full: Compute every layer, even where nothing that it depends on has changed; the result is the same.
        progress: Told about each stage.

    Raises:
        CibError: A file cannot be written.
        ServerError: The server fails, or its heap is too small for the graph.
    """
    layers = [*settings.layers, *settings.structural_layers]
    cache = LayerCache(layers_dir / "cache", actions_dir)
    results: list[LayerResult] = []
    taken_over: list[str] = []
    for layer in layers:
        if layer not in settings.layers:
            with step(progress, f"Layer {layer}"):
                results.append(structural_edges(graph, settings, layer))
            continue
        result, kept = cache.find(layer, settings, full=full, progress=progress)
        if layer in settings.slow_windows:
            slower = settings.model_copy(update={"windows": settings.slow_windows})
            slow, kept_too = cache.find(layer, slower, full=full, progress=progress)
            result, kept = better_of(result, slow, settings.fdr), kept and kept_too
        results.append(result)
        taken_over += [layer] * kept
    edges = with_strength(pl.concat([result.edges for result in results]), settings.fdr).sort(
        "source", "target", "layer"
    )
    # Interrupted from here on, ranking must not take old communities with new edges.
    (layers_dir / "communities.parquet").unlink(missing_ok=True)
    write_to_graph(graph, edges, run, progress)
    found = find_communities(graph, settings, run, progress)
    patient = look_patiently(graph, cache, settings, run, edges, found, full=full, progress=progress)
    cache.prune()
    with step(progress, "Edges and evidence to files"):
        evidence = pl.concat([*(result.evidence for result in results), patient.evidence])
        evidence = addressed(evidence, actions_dir)
        flagged = [
            edges.with_columns(patient=pl.lit(value=False)),
            patient.edges.with_columns(patient=pl.lit(value=True)),
        ]
        stats = {result.layer: result.stats for result in results}
        for layer, told in patient.stats.items():
            stats[layer] = {**stats.get(layer, {}), "patient": told}
        keep(pl.concat(flagged), evidence, stats, layers_dir)
    with step(progress, "Communities: fronts with a trace in common"):
        taken = pl.concat([found.members["community"], patient.members["community"]]).n_unique()
        traces = find_traces(graph, settings, found, taken)
    members = pl.concat(
        [
            frame.with_columns(patient=pl.lit(value=late))
            for frame, late in ((found.members, False), (traces.members, False), (patient.members, True))
        ]
    )
    same = ["source", "target", "object_kind", "object"]
    beside = traces.evidence.join(evidence.select(same), on=same, how="anti", maintain_order="left")
    for name, frame in (
        ("links", found.links),
        ("patient_links", patient.links),
        ("traces", beside),
        ("communities", members),
    ):
        write_parquet(frame, layers_dir / f"{name}.parquet")
    return DetectReport(
        layers=stats,
        edges=edges.height,
        communities=members["community"].n_unique(),
        assets=members["asset"].n_unique(),
        taken_over=tuple(taken_over),
    )
