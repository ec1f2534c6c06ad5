"""Layers of what two assets have in common beyond their sizes: members, and links to Pages.

`shared_members`: Groups with members, and Pages with accounts that like or follow them, in common.
`mutual_links`: Pages that link to each other and to the same Pages.

Interests, towns and parties make assets overlap, so two null models have to be beaten, and p is the larger:

1. Sizes and popularity are kept (the degree-preserving null of `structural`): the number in common is Poisson
   of the rate at which the other holders of i's things would be j.
2. Overlap is as usual in this data. Of pairs that meet at all (one member in common; links both ways), the
   share of what the smaller could have in common beyond that is beta-binomial, fitted to all such pairs by
   moments. That a pair meets has the chance that it has here.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from scipy.stats import betabinom

from analytics.layers.edges import EDGE_SCHEMA, EVIDENCE_SCHEMA, LayerResult
from analytics.layers.log import open_database
from analytics.layers.statistics import Floats, benjamini_hochberg, poisson_tail
from analytics.settings import DetectSettings
from cypher.session import Graph

_TIME: Final = pl.Datetime("us", "UTC")
_TIES: Final = {"asset": pl.String(), "object": pl.String(), "at": _TIME}
#: What an overlap is of, by layer.
_OBJECTS: Final = {"shared_members": "member", "mutual_links": "page"}
#: A pair's departure from the usual overlap counts for its spread up to this quantile of all pairs: what few
#: have in common by design must not be what is usual.
_USUAL: Final = 0.95
#: Correlation within a pair, at the least.
_LEAST_SPREAD: Final = 0.01


def overlap_edges(graph: Graph, settings: DetectSettings, layer: str) -> LayerResult:
    """Return the tested edges of one layer of overlap.

    Args:
        graph: The loaded graph.
        settings: Uses `max_tie_degree`, `min_shared_ties`, `fdr` and `evidence_per_edge`.
        layer: `shared_members` or `mutual_links`.
    """
    if layer == "shared_members":
        return of_ties(graph.read_frame("layers/shared_members", pl.Schema(_TIES)), settings, layer)
    links = graph.read_frame("layers/mutual_links", pl.Schema({**_TIES, "mutual": pl.Boolean()}))
    back = links.filter("mutual").select(asset="object", object="asset", at="at")
    ties = pl.concat([links.select(list(_TIES)), back])
    return of_ties(ties, settings, layer, mutual=True)


def of_ties(ties: pl.DataFrame, settings: DetectSettings, layer: str, *, mutual: bool = False) -> LayerResult:
    """Return the tested edges of ties.

    Args:
        ties: `asset`, `object`, `at` (null: not known).
        settings: As of `overlap_edges`.
        layer: Its name.
        mutual: Objects are assets too, and only those pairs are looked at that are tied to each other; else
            those with an object in common.
    """
    held = (
        ties.group_by("asset", "object")
        .agg(pl.col("at").min())
        .with_columns(degree=pl.len().over("object").cast(pl.Int64))
    )
    told = held.filter(pl.col("degree") <= settings.max_tie_degree)
    sizes = told.group_by("asset").agg(
        ties=pl.len().cast(pl.Int64), exposure=(pl.col("degree") - 1).sum().cast(pl.Float64)
    )
    met = _tied(held) if mutual else None
    common = _in_common(told, met)
    able = sizes.filter(pl.col("ties") >= settings.min_shared_ties).height
    testable = able * (able - 1) // 2
    tested = _tested(common, sizes, testable, settings.min_shared_ties, apart=0 if mutual else 1)
    edges = tested.filter(pl.col("q_value") <= settings.fdr).with_columns(layer=pl.lit(layer))
    evidence = _evidence(told, edges, layer, settings.evidence_per_edge)
    times = evidence.group_by("source", "target").agg(
        first_at=pl.min_horizontal("source_at", "target_at").min(),
        last_at=pl.max_horizontal("source_at", "target_at").max(),
    )
    stats = {
        "assets": sizes.height,
        "testable_assets": able,
        "testable_pairs": testable,
        "observed_pairs": common.height,
        "edges": edges.height,
        "max_tie_degree": settings.max_tie_degree,
    }
    dated = edges.join(times, on=["source", "target"], how="left", maintain_order="left")
    return LayerResult(layer, dated.select(list(EDGE_SCHEMA)).cast(EDGE_SCHEMA), evidence, stats)


def _tied(held: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs that are tied to each other: `source` < `target`."""
    ends = held.select(source="asset", target="object")
    both = ends.join(ends, left_on=["source", "target"], right_on=["target", "source"], how="semi")
    return both.filter(pl.col("source") < pl.col("target"))


def _in_common(told: pl.DataFrame, met: pl.DataFrame | None) -> pl.DataFrame:
    """Return `source`, `target` and `objects`, the number in common, of the pairs that meet."""
    # Names become numbers: pairs are many.
    names = told.select(name=pl.col("asset").unique().sort()).with_row_index("id")
    numbered = told.join(names, left_on="asset", right_on="name").select("id", thing=pl.col("object").hash())
    with open_database() as database:
        database.register("ties", numbered.to_arrow())
        query = (
            "SELECT x.id AS a, y.id AS b, count(*) AS objects FROM ties AS x JOIN ties AS y USING (thing)"
            " {met} WHERE x.id < y.id GROUP BY ALL"
        )
        if met is not None:
            pairs = met.join(names.select("name", a="id"), left_on="source", right_on="name").join(
                names.select("name", b="id"), left_on="target", right_on="name"
            )
            database.register("met", pairs.select("a", "b").to_arrow())
        among = "SEMI JOIN met ON met.a = x.id AND met.b = y.id" if met is not None else ""
        found = pl.DataFrame(database.sql(query.format(met=among)).to_arrow_table())
    if met is not None:
        found = pairs.select("a", "b").join(found, on=["a", "b"], how="left")
    return (
        found.join(names.select(a="id", source="name"), on="a")
        .join(names.select(b="id", target="name"), on="b")
        .select("source", "target", pl.col("objects").fill_null(0).cast(pl.Int64))
        .sort("source", "target")
    )


def _tested(common: pl.DataFrame, sizes: pl.DataFrame, testable: int, least: int, apart: int) -> pl.DataFrame:
    """Return the pairs with enough in common, with `weight`, `expected`, `p_value` and `q_value`.

    Args:
        common: As of `_in_common`.
        sizes: `asset`, `ties`, `exposure`.
        testable: All pairs that could have been tested.
        least: Fewest in common.
        apart: How many in common make a pair meet, and are no part of the overlap.
    """
    total = float(sizes["ties"].sum())
    sized = common.join(sizes.rename({"asset": "source"}), on="source", maintain_order="left").join(
        sizes.rename({"asset": "target"}), on="target", suffix="_b", maintain_order="left"
    )
    trials = (sized.select(pl.min_horizontal("ties", "ties_b"))["ties"] - 1).to_numpy()
    overlap = np.clip(sized["objects"].to_numpy() - apart, 0, np.maximum(trials, 0))
    alpha, beta = _usual_overlap(overlap, trials)
    enough = np.flatnonzero(sized["objects"].to_numpy() >= least)
    pairs = sized[enough]
    one = pairs["exposure"].to_numpy() * pairs["ties_b"].to_numpy() / (total - pairs["ties"].to_numpy())
    other = pairs["exposure_b"].to_numpy() * pairs["ties"].to_numpy() / (total - pairs["ties_b"].to_numpy())
    by_size = poisson_tail(pairs["objects"].to_numpy(), np.maximum(one, other))
    meeting = min(1.0, common.height / max(testable, 1))
    as_usual = betabinom.sf(overlap[enough] - 1, trials[enough], alpha, beta) * meeting
    p_value = np.maximum(by_size, np.clip(as_usual, 0.0, 1.0))
    return pairs.select(
        "source",
        "target",
        "objects",
        weight="objects",
        expected=pl.Series((one + other) / 2, dtype=pl.Float64),
        p_value=pl.Series(p_value, dtype=pl.Float64),
        q_value=pl.Series(benjamini_hochberg(p_value, max(testable, p_value.size)), dtype=pl.Float64),
    )


def _usual_overlap(overlap: Floats, trials: Floats) -> tuple[float, float]:
    """Return alpha and beta of the beta-binomial overlap of the pairs that meet, by moments.

    One pair with half of what it could have in common is added, since few pairs tell little.
    """
    some = trials > 0
    k, n = np.append(overlap[some], 0.5), np.append(trials[some], 1.0)
    mean = k.sum() / n.sum()
    far = (k - n * mean) ** 2 / (n * mean * (1 - mean))
    near = np.minimum(far, np.quantile(far, _USUAL))
    spread = float(np.clip((near - 1).sum() / max((n - 1).sum(), 1.0), _LEAST_SPREAD, 0.99))
    size = (1 - spread) / spread
    return float(mean * size), float((1 - mean) * size)


def _evidence(told: pl.DataFrame, edges: pl.DataFrame, layer: str, most: int) -> pl.DataFrame:
    """Return what the pairs have in common, the rarest first."""
    held = told.select("asset", "object", "at", "degree")
    return (
        edges.select("source", "target")
        .join(held.select(source="asset", object="object", source_at="at", degree="degree"), on="source")
        .join(held.select(target="asset", object="object", target_at="at"), on=["target", "object"])
        .sort("source", "target", "degree", "object")
        .group_by("source", "target", maintain_order=True)
        .head(most)
        .with_columns(
            layer=pl.lit(layer),
            object_kind=pl.lit(_OBJECTS[layer]),
            source_ref=pl.lit(None, pl.String),
            target_ref=pl.lit(None, pl.String),
        )
        .select(list(EVIDENCE_SCHEMA))
        .cast(EVIDENCE_SCHEMA)
    )
