"""Detection: layers to tested edges to communities."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analytics.communities import find_communities
from analytics.layers.edges import keep, write_to_graph
from analytics.layers.structural import STRUCTURAL_LAYERS, structural_edges
from analytics.layers.temporal import temporal_edges
from analytics.settings import DetectSettings
from cypher.progress import Progress, silent
from cypher.session import Graph


@dataclass(frozen=True)
class DetectReport:
    """What a detection found.

    Attributes:
        layers: Statistics of each layer by name.
        edges: Coordinated edges of all layers.
        communities: Communities found.
        assets: Assets in communities.
    """

    layers: dict[str, dict[str, Any]]
    edges: int
    communities: int
    assets: int


def detect(
    graph: Graph,
    *,
    actions_dir: Path,
    layers_dir: Path,
    settings: DetectSettings,
    run: str,
    progress: Progress = silent,
) -> DetectReport:
    """Find coordinated edges in every layer, write them to the graph, and find communities.

    Args:
        graph: The loaded graph.
        actions_dir: The action log.
        layers_dir: Receives `edges.parquet`, `evidence.parquet`, `layers.json`, `communities.parquet`,
            `links.parquet`.
        settings: How.
        run: The run's id, stamped on all that is written.
        progress: Told about each stage.

    Raises:
        ServerError: The server fails, or its heap is too small for the graph.
    """
    layers = [*settings.layers, *STRUCTURAL_LAYERS]
    results = []
    for done, layer in enumerate(layers):
        progress(f"Layer {layer}", done, len(layers))
        if layer in settings.layers:
            results.append(temporal_edges(actions_dir, settings, layer, progress))
        else:
            results.append(structural_edges(graph, settings, layer))
    progress("Layers", len(layers), len(layers))
    # Interrupted from here on, ranking must not take old communities with new edges.
    (layers_dir / "communities.parquet").unlink(missing_ok=True)
    edges = keep(results, settings.fdr, layers_dir)
    write_to_graph(graph, edges, run, progress)
    progress("Communities", 0, 1)
    found = find_communities(graph, settings, run)
    for name, frame in (("communities", found.members), ("links", found.links)):
        part = layers_dir / f"{name}.parquet.part"
        frame.write_parquet(part)
        part.replace(layers_dir / f"{name}.parquet")
    progress("Communities", 1, 1)
    return DetectReport(
        layers={result.layer: result.stats for result in results},
        edges=edges.height,
        communities=found.members["community"].n_unique(),
        assets=found.members.height,
    )
