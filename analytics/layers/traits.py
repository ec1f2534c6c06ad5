"""Layers of what assets look like: one trait each, so a pair has one likeness and no ties to count.

Each layer says how probable its likeness is where there is nothing to find; its null model is in its module.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias

import polars as pl

from analytics.layers.births import birth_pairs
from analytics.layers.edges import EDGE_SCHEMA, EVIDENCE_SCHEMA, LayerResult
from analytics.layers.names import name_pairs
from analytics.layers.pictures import picture_pairs
from analytics.layers.statistics import benjamini_hochberg
from analytics.settings import DetectSettings
from cypher.session import Graph

_TIME: Final = pl.Datetime("us", "UTC")
#: What the query `layers/traits` gives: one row an asset.
TRAITS: Final = pl.Schema(
    {
        "asset": pl.String(),
        "platform": pl.String(),
        "kind": pl.String(),
        "name": pl.String(),
        "created_at": _TIME,
        "picture": pl.String(),
    }
)


def trait_edges(graph: Graph, settings: DetectSettings, layer: str) -> LayerResult:
    """Return the tested edges of one layer of traits.

    Args:
        graph: The loaded graph.
        settings: Uses `fdr` and `seed`.
        layer: One of `TRAIT_LAYERS`.
    """
    return of_traits(graph.read_frame("layers/traits", TRAITS), settings, layer)


def of_traits(assets: pl.DataFrame, settings: DetectSettings, layer: str) -> LayerResult:
    """Return the tested edges of one layer.

    Args:
        assets: Columns `TRAITS`.
        settings: Uses `fdr` and `seed`.
        layer: One of `TRAIT_LAYERS`.
    """
    columns, apart, find = _LAYERS[layer]
    known = assets.drop_nulls(columns).select("asset", "platform", "kind", *columns)
    pairs, counts = find(known, settings)
    groups = known.group_by(apart).len()["len"].cast(pl.Int64)
    testable = int((groups * (groups - 1) // 2).sum())
    return tested(layer, pairs, testable, settings.fdr, {"assets": known.height, **counts})


_Found: TypeAlias = tuple[pl.DataFrame, dict[str, Any]]
#: What each layer looks at, within which assets pairs are made, and what finds them.
_LAYERS: Final[dict[str, tuple[list[str], list[str], Callable[[pl.DataFrame, DetectSettings], _Found]]]] = {
    "shared_image": (["picture"], ["platform"], lambda known, settings: picture_pairs(known, settings.seed)),
    "similar_name": (["name"], ["platform", "kind"], lambda known, _: name_pairs(known)),
    "created_together": (["created_at"], ["platform", "kind"], lambda known, _: birth_pairs(known)),
}


def tested(layer: str, pairs: pl.DataFrame, testable: int, fdr: float, counts: dict[str, Any]) -> LayerResult:
    """Return the pairs whose likeness is no chance as edges of weight 1.

    Args:
        layer: Its name.
        pairs: `source`, `target`, `object_kind`, `object`, `p_value`, and, where it has a time, `source_at`
            and `target_at`.
        testable: All pairs that could have been alike.
        fdr: The false-discovery threshold.
        counts: For the record of a run.
    """
    q_value = benjamini_hochberg(pairs["p_value"].cast(pl.Float64).to_numpy(), testable)
    times = [name for name in ("source_at", "target_at") if name not in pairs.columns]
    found = (
        pairs.with_columns(pl.lit(None, _TIME).alias(name) for name in times)
        .with_columns(
            layer=pl.lit(layer),
            weight=pl.lit(1),
            objects=pl.lit(1),
            expected=pl.col("p_value"),
            q_value=pl.Series(q_value, dtype=pl.Float64),
            first_at=pl.min_horizontal("source_at", "target_at"),
            last_at=pl.max_horizontal("source_at", "target_at"),
            source_ref=pl.lit(None, pl.String),
            target_ref=pl.lit(None, pl.String),
        )
        .filter(pl.col("q_value") <= fdr)
        .sort("source", "target")
    )
    stats = {
        **counts,
        "testable_pairs": testable,
        "observed_pairs": pairs.height,
        "edges": found.height,
    }
    return LayerResult(
        layer=layer,
        edges=found.select(list(EDGE_SCHEMA)).cast(EDGE_SCHEMA),
        evidence=found.select(list(EVIDENCE_SCHEMA)).cast(EVIDENCE_SCHEMA),
        stats=stats,
    )
