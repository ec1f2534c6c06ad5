"""What joins two assets: their coordinated edges by layer, and the evidence that detection kept of each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from analytics.results import quotes_of
from cypher.errors import CibError, UsageError


def pair_of(layers_dir: Path, one: str, other: str) -> dict[str, Any]:
    """Return what joins two assets in the last detection; needs no server.

    Args:
        layers_dir: Where detection left its edges and evidence; the action log in `actions` beside it, if it
            is there, gives the words of posts.
        one: Key of an asset, `platform:kind:id`, or its id where only one asset with edges has it.
        other: Of the other.

    Returns:
        `source` and `target` (keys), `alone` (those of the two that have no edge with anybody: an asset that
        is not in the data is one of them), and `edges`, strongest first: the columns of `edges.parquet` but
        for the ends, and `evidence`, the first things in time: `object_kind`, `object`, `quote` (the words
        of a text), and of each side when (`source_at`, `target_at`) and by which post (`source_ref`,
        `target_ref`: its address where known, else its id; null for what is no post). No edges: nothing joins
        them.

    Raises:
        UsageError: An id is that of no asset with edges, or of several; or both are one asset.
        CibError: There was no detection here, or its files cannot be read.
    """
    path = layers_dir / "edges.parquet"
    if not path.is_file():
        raise CibError(f"{path} is missing: nothing was detected here", "cib detect")
    try:
        edges = pl.scan_parquet(path)
        source, target = sorted(_key(edges, name) for name in (one, other))
        if source == target:
            raise UsageError(f"{one} and {other} are one asset", "Name two.")
        both = (pl.col("source") == source) & (pl.col("target") == target)
        found = edges.filter(both).collect(engine="streaming")
        alone = [] if found.height else _without_edges(edges, source, target)
        evidence = (
            pl.scan_parquet(layers_dir / "evidence.parquet").filter(both).collect(engine="streaming")
            if found.height
            else pl.DataFrame(schema={"layer": pl.String, "object_kind": pl.String})
        )
    except (pl.exceptions.PolarsError, OSError) as error:
        raise CibError(
            f"{layers_dir} cannot be read: {str(error).splitlines()[0]}", "Run `cib detect` again."
        ) from error
    if evidence.height:
        quotes = quotes_of(evidence, layers_dir.parent / "actions")
        evidence = (
            evidence.join(quotes, on="object", how="left")
            .sort(pl.min_horizontal("source_at", "target_at"), "object_kind", "object", nulls_last=True)
            .select(
                "layer",
                "object_kind",
                "object",
                "quote",
                "source_at",
                "target_at",
                "source_ref",
                "target_ref",
            )
        )
    ordered = found.sort("strength", "layer", descending=[True, False]).drop("source", "target", "patient")
    return {
        "source": source,
        "target": target,
        "alone": alone,
        "edges": [
            {**edge, "evidence": evidence.filter(pl.col("layer") == edge["layer"]).drop("layer").to_dicts()}
            for edge in ordered.to_dicts()
        ],
    }


def _ends(edges: pl.LazyFrame) -> pl.LazyFrame:
    """Return the `key` of each end of each edge."""
    return pl.concat([edges.select(key=end) for end in ("source", "target")])


def _without_edges(edges: pl.LazyFrame, *keys: str) -> list[str]:
    known = _ends(edges).filter(pl.col("key").is_in(keys)).unique().collect(engine="streaming")["key"]
    return [key for key in keys if key not in known]


def _key(edges: pl.LazyFrame, name: str) -> str:
    """Return the key of the asset that is meant."""
    if name.count(":") >= 2:
        return name
    keys = (
        _ends(edges)
        .filter(pl.col("key").str.splitn(":", 3).struct.field("field_2") == name)
        .unique()
        .sort("key")
        .collect(engine="streaming")["key"]
        .to_list()
    )
    if len(keys) > 1:
        raise UsageError(f"{len(keys)} assets have the id {name}", f"Name one: {', '.join(keys[:5])}")
    if not keys:
        raise UsageError(
            f"no asset with the id {name} has a coordinated edge",
            "An asset is named by its key, as facebook:page:1234, or by its id.",
        )
    return str(keys[0])
