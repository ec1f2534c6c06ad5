"""What every layer returns, and how the layers of one detection are kept and written to the graph."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from analytics.files import write_parquet, written
from analytics.layers.catalogue import WEAK_LAYERS
from cypher.progress import Progress, counting
from cypher.session import Graph

_TIME = pl.Datetime("us", "UTC")

#: Columns of a layer's tested edges; source < target.
EDGE_SCHEMA: Final = pl.Schema(
    {
        "source": pl.String(),
        "target": pl.String(),
        "layer": pl.String(),
        "weight": pl.Int64(),
        "objects": pl.Int64(),
        "expected": pl.Float64(),
        "p_value": pl.Float64(),
        "q_value": pl.Float64(),
        "first_at": _TIME,
        "last_at": _TIME,
    }
)

#: Columns of the co-actions and shared things behind the edges.
EVIDENCE_SCHEMA: Final = pl.Schema(
    {
        "layer": pl.String(),
        "source": pl.String(),
        "target": pl.String(),
        "object_kind": pl.String(),
        "object": pl.String(),
        "source_at": _TIME,
        "target_at": _TIME,
        "source_ref": pl.String(),
        "target_ref": pl.String(),
    }
)

#: Decades of q below the threshold that still add strength: beyond that an edge is simply certain.
_MOST_DECADES: Final = 10.0
#: What a second and further layer of the same pair adds: an admin shared by two Pages that also post the same
#: link is not two independent facts.
_FURTHER_LAYER: Final = 0.5
#: What an edge of a weak layer counts of its strength: likeness goes with coordination, but is none.
_WEAK: Final = 0.25
#: Layers that hold all that another holds: of these a pair has the strongest only.
_SAME_FACTS: Final = {"co_similar_text": "co_text"}


@dataclass(frozen=True)
class LayerResult:
    """The tested edges of one layer.

    Attributes:
        layer: The layer's name.
        edges: Columns `EDGE_SCHEMA`, sorted by source and target; only edges under the false-discovery
            threshold.
        evidence: Columns `EVIDENCE_SCHEMA`.
        stats: Counts for the run record: assets, testable pairs, edges, what was left out and by which rule.
    """

    layer: str
    edges: pl.DataFrame
    evidence: pl.DataFrame
    stats: dict[str, Any]


def better_of(quick: LayerResult, slow: LayerResult, fdr: float) -> LayerResult:
    """Return a layer that was looked at in two windows, each pair as the one that tells more found it.

    Of the counts, `edges` is in either window how many come from it.

    Args:
        quick: Of the layer's own window.
        slow: Of the wider one.
        fdr: The false-discovery threshold.
    """
    both = pl.concat([result.edges.with_columns(slow=pl.lit(n)) for n, result in enumerate((quick, slow))])
    edges = (
        looked_twice(both, fdr)
        .sort("source", "target", "q_value", "slow")
        .unique(["source", "target"], keep="first", maintain_order=True)
    )
    evidence = pl.concat(
        [
            result.evidence.join(
                edges.filter(pl.col("slow") == n).select("source", "target"),
                on=["source", "target"],
                how="semi",
            )
            for n, result in enumerate((quick, slow))
        ]
    )
    found = edges.drop("slow")
    late = edges["slow"].sum()
    stats = {
        **quick.stats,
        "edges": found.height - late,
        "slow": {**slow.stats, "edges": late},
    }
    return LayerResult(quick.layer, found, evidence, stats)


def looked_twice(edges: pl.DataFrame, fdr: float) -> pl.DataFrame:
    """Return the edges that pass a threshold though each q-value counts double (Bonferroni)."""
    doubled = edges.with_columns((pl.col("q_value") * 2).clip(upper_bound=1.0))
    return doubled.filter(pl.col("q_value") <= fdr)


def with_strength(edges: pl.DataFrame, fdr: float) -> pl.DataFrame:
    """Return the edges with `strength`, whose sum over a pair's layers is the pair's fused strength.

    An edge at the threshold counts 1, and 0.5 more for each decade of q below it, up to 6. In a pair the
    strongest layer counts in full and every further one half, which limits double counting. Of copied
    texts and similar texts, which are the same actions, only the stronger counts at all. Edges of weak
    layers count a quarter, and all that an asset has in such a layer together as much as one at the most: a
    picture that many show weighs next to nothing, as in FRAUDAR (Hooi et al. 2016).

    Args:
        edges: Columns `EDGE_SCHEMA`, any number of layers.
        fdr: The false-discovery threshold the edges passed.
    """
    decades = (pl.lit(fdr).log10() - pl.col("q_value").clip(1e-300, None).log10()).clip(0, _MOST_DECADES)
    alone = (1.0 + 0.5 * decades) * pl.when(_is_weak()).then(_WEAK / pl.col("fellows")).otherwise(1.0)

    def place(*by: str) -> pl.Expr:
        return (
            pl.col("alone").rank("ordinal", descending=True).over("source", "target", *by, order_by="layer")
        )

    part = pl.when(pl.col("first").not_()).then(0.0).when(place("first") == 1).then(1.0)
    return (
        _with_fellows(edges)
        .with_columns(alone=alone, facts=pl.col("layer").replace(_SAME_FACTS))
        .with_columns(first=place("facts") == 1)
        .with_columns(strength=pl.col("alone") * part.otherwise(_FURTHER_LAYER))
        .drop("alone", "facts", "first", "fellows")
    )


def _is_weak() -> pl.Expr:
    return pl.col("layer").is_in(WEAK_LAYERS)


def _with_fellows(edges: pl.DataFrame) -> pl.DataFrame:
    """Add `fellows`: edges in its layer of the end that has more of them."""
    ends = both_ways(edges).group_by("source", "layer").agg(many=pl.len())
    return (
        edges.join(ends, on=["source", "layer"], maintain_order="left")
        .join(
            ends.rename({"source": "target", "many": "more"}), on=["target", "layer"], maintain_order="left"
        )
        .with_columns(fellows=pl.max_horizontal("many", "more"))
        .drop("many", "more")
    )


def without_likeness(edges: pl.DataFrame) -> pl.DataFrame:
    """Return the edges that say that two act together, not merely that they look alike."""
    return edges.filter(~_is_weak())


def both_ways(ties: pl.DataFrame) -> pl.DataFrame:
    """Return `source`, `target`, and `layer` where ties have one, of every tie, each from either end."""
    ends = ties.select(name for name in ("source", "target", "layer") if name in ties.columns)
    return pl.concat([ends, ends.with_columns(source="target", target="source")])


def keep(
    edges: pl.DataFrame, evidence: pl.DataFrame, stats: Mapping[str, dict[str, Any]], layers_dir: Path
) -> None:
    """Write edges, evidence and statistics, each file whole or not at all.

    Args:
        edges: Of all layers.
        evidence: Of all layers, with addresses of posts.
        stats: Of every layer.
        layers_dir: Receives `edges.parquet`, `evidence.parquet` and `layers.json`.

    Raises:
        CibError: A file cannot be written.
    """
    write_parquet(edges, layers_dir / "edges.parquet")
    write_parquet(evidence.sort(list(EVIDENCE_SCHEMA)), layers_dir / "evidence.parquet")
    with written(layers_dir / "layers.json") as partial:
        partial.write_text(json.dumps(stats, indent=2), encoding="utf-8")


def write_to_graph(graph: Graph, edges: pl.DataFrame, run: str, progress: Progress) -> None:
    """Write the edges as `COORDINATED` and remove those that this run did not find again.

    New edges come first and old ones go last, so that an interruption leaves too many edges rather than none.
    """
    total = edges.height
    progress("Coordinated edges to the graph", 0, total)
    graph.write_rows(
        "layers/write_edges",
        edges,
        on_batch=counting("Coordinated edges to the graph", total, progress),
        run=run,
    )
    while graph.write("layers/delete_edges", run=run).relationships_deleted:
        pass
