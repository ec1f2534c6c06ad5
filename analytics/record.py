"""Writes operations, their members, signals and evidence to the graph."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from analytics.layers.log import TEMPORAL_LAYERS, posts_tell
from cypher.session import Graph


def write_operations(
    graph: Graph, operations: pl.DataFrame, members: pl.DataFrame, signals: pl.DataFrame, run: str
) -> None:
    """Write what this run found, then remove what earlier runs left, so that an interruption loses nothing.

    Args:
        graph: The graph.
        operations: One row an operation, column `operation` its id, all others its properties.
        members: `asset`, `operation`, `role`, `confidence`, `why`.
        signals: `operation`, `name`, `value`, `background`, `bits`, `why`, `place`.
        run: The run's id.
    """
    graph.write_rows(
        "operations/write_operations",
        operations.drop("community").with_columns(name="operation").rename({"operation": "id"}),
        run=run,
    )
    graph.write_rows(
        "operations/write_members", members.select("asset", "operation", "role", "confidence", "why"), run=run
    )
    shown = signals.with_columns(id=pl.format("{}/{}", "operation", "name"))
    graph.write_rows(
        "operations/write_signals",
        shown.select("id", "operation", "name", "value", "background", "bits", "why", "place"),
        run=run,
    )
    while graph.write("operations/delete_memberships", run=run).relationships_deleted:
        pass
    while graph.write("operations/delete_signals", run=run).nodes_deleted:
        pass
    graph.write("operations/delete_operations", run=run)


def write_patient_edges(graph: Graph, edges: pl.DataFrame, run: str) -> None:
    """Write the patient look's edges within operations in place of those that an earlier ranking wrote.

    Args:
        graph: The graph.
        edges: Columns of `edges.parquet`.
        run: The run's id.
    """
    while graph.write("layers/delete_patient_edges").relationships_deleted:
        pass
    graph.write_rows("layers/write_edges", edges, run=run)


def write_evidence(
    graph: Graph,
    layers_dir: Path,
    alerts: pl.DataFrame,
    members: pl.DataFrame,
    edges: pl.DataFrame,
    most: int,
) -> None:
    """Write the posts behind the edges of alerts, at most `most` an operation and layer.

    Only they become nodes: the graph stays small enough for Neo4j Browser, and the whole log stays in
    columns.
    """
    while graph.write("operations/delete_evidence").nodes_deleted:
        pass
    inside = members.join(alerts.select("operation"), on="operation", how="semi").select("asset", "operation")
    refs = ("source_ref", "target_ref")
    sides = (
        pl.scan_parquet(layers_dir / "evidence.parquet")
        # Of other layers the references are ads, of reactions posts that others published.
        .filter(pl.col("layer").is_in([layer for layer in TEMPORAL_LAYERS if posts_tell(layer)]))
        .filter(pl.col("source_ref").is_not_null() & pl.col("target_ref").is_not_null())
        # The file has that of candidates of the patient look, too, which are no operations.
        .join(edges.lazy(), on=["source", "target", "layer"], how="semi")
        .join(inside.lazy().rename({"asset": "source"}), on="source")
        .join(inside.lazy().rename({"asset": "target"}), on=["target", "operation"])
        .sort("operation", "layer", "source", "target", "object", "source_at", "target_at", *refs)
        .group_by("operation", "layer", maintain_order=True)
        .head(most)
        .collect()
    )
    posts = pl.concat(
        [
            sides.select(
                "object_kind", "object", asset=end, post=pl.col(f"{end}_ref"), at=pl.col(f"{end}_at")
            )
            for end in ("source", "target")
        ]
    ).unique(maintain_order=True)
    graph.write_rows(
        "operations/write_evidence",
        posts.with_columns(url=pl.when(pl.col("post").str.starts_with("http")).then("post")).sort(
            "post", "object"
        ),
    )
