"""Ties for the calibration of the structural layers: made, rewired, and planted pairs among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import polars as pl

from analytics.layers.structural import tie_edges
from analytics.settings import DetectSettings

#: Made things of each kind for every asset, and how unequal their popularity is (larger: less).
_KINDS: Final[Mapping[str, tuple[float, float]]] = {
    "device": (0.7, 2.5), "phone": (0.8, 3.0), "email": (0.9, 3.0), "ip": (0.8, 1.2),
}  # fmt: skip
_MOST_HOLDERS: Final = 50


def made_ties(seed: int, assets: int = 400) -> pl.DataFrame:
    """Return heavy-tailed ties: `asset`, `object_kind`, `object`; none holds a thing twice."""
    draw = np.random.default_rng(seed)
    parts = []
    for kind, (things, evenness) in _KINDS.items():
        count = int(things * assets)
        holders = np.minimum(1 + draw.pareto(evenness, count).astype(np.int64), _MOST_HOLDERS)
        parts.append(
            pl.DataFrame(
                {
                    "asset": np.minimum(draw.pareto(1.5, holders.sum()) * assets / 8, assets - 1).astype(int),
                    "object_kind": kind,
                    "object": np.repeat(np.arange(count), holders),
                }
            )
        )
    return (
        pl.concat(parts).unique().select(pl.format("a{}", "asset"), "object_kind", pl.format("o{}", "object"))
    )


def rewired(ties: pl.DataFrame, seed: int, *, within: str = "all", rounds: int = 10) -> pl.DataFrame:
    """Return the ties after double-edge swaps, that keep how many ties each asset and each thing has.

    Args:
        ties: As of `made_ties`.
        seed: Random seed.
        within: `all` swaps any two ties, `kind` only those of one kind.
        rounds: Swaps tried for every tie.
    """
    draw = np.random.default_rng(seed)
    rows = [list(row) for row in ties.sort(ties.columns).iter_rows()]
    have = {tuple(row) for row in rows}
    for one, other in draw.integers(0, len(rows), (rounds * len(rows), 2)):
        (a, kind, thing), (b, sort, object_) = rows[one], rows[other]
        swapped = (b, kind, thing), (a, sort, object_)
        if (within == "kind" and kind != sort) or a == b or not have.isdisjoint(swapped):
            continue
        have -= {tuple(rows[one]), tuple(rows[other])}
        have |= set(swapped)
        rows[one], rows[other] = list(swapped[0]), list(swapped[1])
    return pl.DataFrame(rows, schema=ties.columns, orient="row")


def tie_tests(ties: pl.DataFrame, fdr: float) -> tuple[pl.DataFrame, int]:
    """Return the edges with q up to `fdr`, and how many pairs could have been tested."""
    held = ties.with_columns(degree=pl.len().over("object_kind", "object").cast(pl.Int64)).filter(
        pl.col("degree") <= _MOST_HOLDERS
    )
    pairs = (
        held.join(held, on=["object_kind", "object", "degree"])
        .filter(pl.col("asset") < pl.col("asset_right"))
        .rename({"asset": "source", "asset_right": "target"})
    )
    never = [
        pl.lit(None, pl.Datetime("us", "UTC")).alias(f"{side}_{end}")
        for side in ("source", "target")
        for end in ("first", "last")
    ]
    by_kind = held.group_by("asset", "object_kind").agg(ties=pl.len().cast(pl.Int64))
    edges, stats = tie_edges(pairs.with_columns(never), by_kind, DetectSettings.model_validate({"fdr": fdr}))
    return edges, stats["testable_pairs"]


def planted(kinds: Sequence[str], holders: int, seed: int, pairs: int = 30) -> float:
    """Return the share found of planted pairs that share a thing of each kind, of so many holders."""
    draw = np.random.default_rng(seed)
    ties = made_ties(seed)
    background = ties["asset"].unique().sort().to_list()
    rows = []
    for pair in range(pairs):
        for place, kind in enumerate(kinds):
            crowd = draw.choice(background, holders - 2, replace=False)
            rows += [(a, kind, f"x{pair}-{place}") for a in (f"p{pair}-0", f"p{pair}-1", *crowd)]
        rows += [(f"p{pair}-{side}", "email", f"own{pair}-{side}") for side in (0, 1)]
    edges, _ = tie_tests(pl.concat([ties, pl.DataFrame(rows, schema=ties.columns, orient="row")]), 0.05)
    found = edges.filter(
        (pl.col("source").str.head(-2) == pl.col("target").str.head(-2))
        & pl.col("source").str.starts_with("p")
    )
    return found.height / pairs
