"""Structural layers: pairs of assets that share administrators, identifiers, payers or creatives.

The pairs come from Cypher, one query a layer; the test against chance is made here, in columns.

Null model: who has how many ties, and how many assets share each tied thing, are kept; which asset holds
which tie is chance (a degree-preserving bipartite null, as in Newman, Strogatz and Watts 2001, section V, and
Neal 2014). Given the things that asset i is tied to, each of the other holders of such a thing is j with a
probability in proportion to j's number of ties, so the number of things that i and j share has the
expectation

    expected(i, j) = 1/2 (exposure(i) ties(j) / (T - ties(i)) + exposure(j) ties(i) / (T - ties(j)))

with exposure(i) the number of other holders of i's things and T all ties of the layer. Its upper tail is
bounded by the Poisson law. A single shared thing is a fact but no surprise under this null, since the same
number of pairs would share something after any rewiring; so an edge needs two, and a pair is testable only if
both have two ties.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from analytics.layers.edges import EDGE_SCHEMA, EVIDENCE_SCHEMA, LayerResult
from analytics.layers.statistics import benjamini_hochberg, poisson_tail
from analytics.settings import DetectSettings
from cypher.session import Graph

#: The structural layers; each has two queries, `layers/<layer>_pairs` and `layers/<layer>_ties`.
STRUCTURAL_LAYERS: Final = ("shared_admin", "shared_payer", "shared_identifier", "shared_creative")

_PAIRS = pl.Schema(
    {"source": pl.String(), "target": pl.String(), "object_kind": pl.String(), "object": pl.String()}
)
_TIES = pl.Schema({"asset": pl.String(), "ties": pl.Int64(), "exposure": pl.Int64()})


def structural_edges(graph: Graph, settings: DetectSettings, layer: str) -> LayerResult:
    """Return the tested edges of one structural layer.

    Args:
        graph: The loaded graph.
        settings: Uses `max_tie_degree`, `min_shared_ties`, `fdr` and `evidence_per_edge`.
        layer: One of `STRUCTURAL_LAYERS`.
    """
    pairs = graph.read_frame(f"layers/{layer}_pairs", _PAIRS, max_degree=settings.max_tie_degree)
    ties = graph.read_frame(f"layers/{layer}_ties", _TIES, max_degree=settings.max_tie_degree)
    able = ties.filter(pl.col("ties") >= settings.min_shared_ties).height
    testable = able * (able - 1) // 2
    tested = _tested(pairs, ties, settings.min_shared_ties, testable)
    edges = tested.filter(pl.col("q_value") <= settings.fdr).with_columns(
        layer=pl.lit(layer),
        first_at=pl.lit(None, pl.Datetime("us", "UTC")),
        last_at=pl.lit(None, pl.Datetime("us", "UTC")),
    )
    evidence = _evidence(pairs, edges, layer, settings.evidence_per_edge)
    return LayerResult(
        layer=layer,
        edges=edges.select(list(EDGE_SCHEMA)).cast(EDGE_SCHEMA).sort("source", "target"),
        evidence=evidence,
        stats={
            "assets": ties.height,
            "testable_assets": able,
            "testable_pairs": testable,
            "observed_pairs": pairs.select("source", "target").n_unique(),
            "edges": edges.height,
            "max_tie_degree": settings.max_tie_degree,
        },
    )


def _tested(pairs: pl.DataFrame, ties: pl.DataFrame, least: int, testable: int) -> pl.DataFrame:
    """Return the pairs that share enough, with `objects`, `weight`, `expected`, `p_value` and `q_value`."""
    total = int(ties["ties"].sum())
    counted = (
        pairs.group_by("source", "target")
        .agg(objects=pl.struct("object_kind", "object").n_unique().cast(pl.Int64))
        .filter(pl.col("objects") >= least)
        .join(ties.select(source="asset", ties="ties", exposure="exposure"), on="source")
        .join(ties.select(target="asset", ties="ties", exposure="exposure"), on="target", suffix="_target")
        .with_columns(
            weight=pl.col("objects"),
            expected=0.5
            * (
                pl.col("exposure") * pl.col("ties_target") / (total - pl.col("ties"))
                + pl.col("exposure_target") * pl.col("ties") / (total - pl.col("ties_target"))
            ),
        )
        .sort("source", "target")
    )
    p_value = poisson_tail(counted["objects"].to_numpy(), counted["expected"].to_numpy())
    q_value = benjamini_hochberg(p_value, testable)
    return counted.with_columns(p_value=pl.Series(p_value), q_value=pl.Series(q_value))


def _evidence(pairs: pl.DataFrame, edges: pl.DataFrame, layer: str, most: int) -> pl.DataFrame:
    never = pl.lit(None, pl.Datetime("us", "UTC"))
    return (
        pairs.unique()
        .join(edges.select("source", "target"), on=["source", "target"], how="semi")
        .sort("source", "target", "object_kind", "object")
        .group_by("source", "target", maintain_order=True)
        .head(most)
        .with_columns(
            layer=pl.lit(layer),
            source_at=never,
            target_at=never,
            source_ref=pl.lit(None, pl.String),
            target_ref=pl.lit(None, pl.String),
        )
        .select(list(EVIDENCE_SCHEMA))
    )
