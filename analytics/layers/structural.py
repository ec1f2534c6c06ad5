"""Structural layers: pairs of assets that share administrators, identifiers, payers or creatives.

The pairs come from Cypher, one query a layer; the test against chance is made here, in columns.

Null model: who has how many ties, and how many assets share each tied thing, are kept; which asset holds
which tie is chance (a degree-preserving bipartite null, as in Newman, Strogatz and Watts 2001, section V, and
Neal 2014). Given the things that asset i is tied to, each of the other holders of such a thing is j with a
probability in proportion to j's number of ties, so that i and j share things of u units at the rate

    rate(u; i, j) = sum over families f of exposure(i, f, u) ties(j, f) / (T(f) - ties(i, f))

with exposure(i, f, u) the number of other holders of such things of i, and T(f) all ties of the family. The
statistic is the sum of the units of what the two share (see `kinds`), its tail compound Poisson at these
rates, and p the larger of those given i's things and given j's. A single shared thing is a fact but no
surprise under this null, since the same number of pairs would share something after any rewiring; so an edge
needs two, and a pair is testable only if both have two ties.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from analytics.layers import kinds
from analytics.layers.catalogue import OVERLAP_LAYERS, TRAIT_LAYERS
from analytics.layers.edges import EDGE_SCHEMA, EVIDENCE_SCHEMA, LayerResult
from analytics.layers.overlap import overlap_edges
from analytics.layers.statistics import Floats, benjamini_hochberg, compound_poisson_tail
from analytics.layers.traits import trait_edges
from analytics.settings import DetectSettings
from cypher.session import Graph

_TIME: Final = pl.Datetime("us", "UTC")
_TIMES: Final = ("source_first", "source_last", "target_first", "target_last")
#: When and by which ad each of the two did what they share, where it was done by ads.
_BY: Final = {"source_at": _TIME, "target_at": _TIME, "source_ref": pl.String(), "target_ref": pl.String()}
_PAIRS: Final = pl.Schema(
    {
        "source": pl.String(),
        "target": pl.String(),
        "object_kind": pl.String(),
        "object": pl.String(),
        "degree": pl.Int64(),
        **dict.fromkeys(_TIMES, _TIME),
        **_BY,
    }
)
#: Ties that a layer's things are drawn from at the least, be they loaded or not: who loads few advertisers
#: loads those that somebody suspects, and texts that only these ran would else be what anybody runs.
_WORLD: Final = {"shared_creative": 5_000}
_TIES: Final = pl.Schema({"asset": pl.String(), "object_kind": pl.String(), "ties": pl.Int64()})


def structural_edges(graph: Graph, settings: DetectSettings, layer: str) -> LayerResult:
    """Return the tested edges of one structural layer.

    Args:
        graph: The loaded graph.
        settings: Uses `max_tie_degree`, `min_shared_ties`, `fdr` and `evidence_per_edge`; layers of
            traits use `seed` too.
        layer: One of `STRUCTURAL_LAYERS`.
    """
    if layer in TRAIT_LAYERS:
        return trait_edges(graph, settings, layer)
    if layer in OVERLAP_LAYERS:
        return overlap_edges(graph, settings, layer)
    pairs = _at_one_time(
        graph.read_frame(f"layers/{layer}_pairs", _PAIRS, max_degree=settings.max_tie_degree)
    )
    by_kind = graph.read_frame(f"layers/{layer}_ties", _TIES, max_degree=settings.max_tie_degree)
    edges, stats = tie_edges(pairs, by_kind, settings, _WORLD.get(layer, 0))
    return LayerResult(
        layer=layer,
        edges=edges.with_columns(layer=pl.lit(layer)).select(list(EDGE_SCHEMA)).cast(EDGE_SCHEMA),
        evidence=_evidence(pairs, edges, layer, settings.evidence_per_edge),
        stats=stats,
    )


def tie_edges(
    pairs: pl.DataFrame, by_kind: pl.DataFrame, settings: DetectSettings, world: int = 0
) -> tuple[pl.DataFrame, dict[str, int]]:
    """Return the edges of a layer, and its counts for the record of a run.

    Args:
        pairs: One row a pair and thing that the two share: `source`, `target`, `object_kind`, `object`,
            `degree` (assets that hold it), and when each held it first and last (null: not known).
        by_kind: `asset`, `object_kind`, `ties`: how many things of the kind it holds, shared or not.
        settings: Uses `min_shared_ties` and `fdr`.
        world: Ties of a family that chance draws from at the least.

    Returns:
        Columns `EDGE_SCHEMA` but for `layer`, sorted by source and target.
    """
    ties = by_kind.group_by("asset", family=kinds.family()).agg(pl.col("ties").sum())
    able = ties.group_by("asset").agg(pl.col("ties").sum()).filter(pl.col("ties") >= settings.min_shared_ties)
    testable = able.height * (able.height - 1) // 2
    tested = _tested(pairs, ties, settings.min_shared_ties, testable, world)
    edges = tested.filter(pl.col("q_value") <= settings.fdr)
    return edges, {
        "assets": ties["asset"].n_unique(),
        "testable_assets": able.height,
        "testable_pairs": testable,
        "observed_pairs": pairs.select("source", "target").n_unique(),
        "edges": edges.height,
        "max_tie_degree": settings.max_tie_degree,
    }


def _at_one_time(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs that held their thing at one time; what a layer's query does not tell is null."""
    missing = [name for name in (*_TIMES, *_BY) if name not in pairs.columns]
    return (
        pairs.with_columns(pl.lit(None, _PAIRS[name]).alias(name) for name in missing)
        .filter(kinds.at_one_time())
        .unique()
        .sort("source", "target", "object_kind", "object")
    )


def _tested(pairs: pl.DataFrame, ties: pl.DataFrame, least: int, testable: int, world: int) -> pl.DataFrame:
    """Return the pairs that share enough, with `objects`, `weight`, `expected`, `p_value` and `q_value`."""
    shared = pairs.with_columns(family=kinds.family(), units=kinds.units())
    began, ended = pl.max_horizontal(*_TIMES[::2]), pl.min_horizontal(*_TIMES[1::2])
    counted = (
        shared.group_by("source", "target")
        .agg(
            objects=pl.len().cast(pl.Int64),
            weight=pl.len().cast(pl.Int64),
            units=pl.col("units").sum(),
            first_at=pl.min_horizontal(began, ended).min(),
            last_at=pl.max_horizontal(began, ended).max(),
        )
        .filter(pl.col("objects") >= least)
        .sort("source", "target")
        .with_row_index("row")
    )
    ends = [
        shared.select("family", "units", asset=end, other=other)
        for end, other in (("source", "target"), ("target", "source"))
    ]
    exposure = pl.concat(ends).group_by("asset", "family", "units").agg(exposure=pl.len())
    sides = [
        _rates(counted, exposure, ties, world, end, other)
        for end, other in (("source", "target"), ("target", "source"))
    ]
    score = counted["units"].to_numpy()
    p_value = np.maximum(*(compound_poisson_tail(score, side) for side in sides))
    q_value = benjamini_hochberg(p_value, testable)
    expected = sum(side.sum(axis=1) for side in sides) / 2
    return counted.with_columns(
        expected=pl.Series(expected), p_value=pl.Series(p_value), q_value=pl.Series(q_value)
    )


def _rates(
    counted: pl.DataFrame, exposure: pl.DataFrame, ties: pl.DataFrame, world: int, end: str, other: str
) -> Floats:
    """Return the rate at which each pair shares things of so many units, given those of one end.

    Returns:
        One row a pair, column u for things of u units.
    """
    found = (
        counted.select("row", asset=end, other=other)
        .join(exposure, on="asset")
        .join(
            ties.with_columns(total=pl.col("ties").sum().over("family").clip(world)), on=["asset", "family"]
        )
        .join(ties.select("family", other="asset", drawn="ties"), on=["other", "family"])
        .sort("row", "family", "units")
    )
    rate = found["exposure"] * found["drawn"] / (found["total"] - found["ties"])
    rates = np.zeros((counted.height, kinds.MOST_UNITS + 1))
    np.add.at(rates, (found["row"].to_numpy(), found["units"].to_numpy()), rate.to_numpy())
    return rates


def _evidence(pairs: pl.DataFrame, edges: pl.DataFrame, layer: str, most: int) -> pl.DataFrame:
    return (
        pairs.join(edges.select("source", "target"), on=["source", "target"], how="semi")
        .sort("source", "target", "object_kind", "object")
        .group_by("source", "target", maintain_order=True)
        .head(most)
        .with_columns(
            layer=pl.lit(layer),
            source_at=pl.coalesce("source_first", "source_at"),
            target_at=pl.coalesce("target_first", "target_at"),
        )
        .select(list(EVIDENCE_SCHEMA))
    )
