"""Identity: an operation keeps its id from run to run, matched by its members."""

from __future__ import annotations

import hashlib
from collections.abc import Container
from typing import Final

import polars as pl

#: An earlier operation lives on in a community that shares this much with it (Jaccard), the size of the
#: change aside.
LEAST_OVERLAP: Final = 0.3
#: A part that holds this share of an earlier operation, or comes to this share from it, tells a merger or a
#: split.
LEAST_SHARE: Final = 0.5


def identify(members: pl.DataFrame, earlier: pl.DataFrame) -> pl.DataFrame:
    """Give each community the id of the operation it continues, or a new one, and say what became of it.

    A new id is made of the members' keys, so that equal communities get equal ids in any workspace.

    Args:
        members: `asset`, `community`.
        earlier: `asset`, `operation`: members of the operations of the run before.

    Returns:
        `community`, `operation`, `status` (`new`, `grown`, `shrunk`, `merged`, `split`, `unchanged`), sorted
        by community.
    """
    sizes = members.group_by("community").agg(size=pl.len(), key=pl.col("asset").sort().str.join("\n"))
    earlier_sizes = earlier.group_by("operation").agg(earlier_size=pl.len())
    overlap = (
        members.join(earlier, on="asset")
        .group_by("community", "operation")
        .agg(shared=pl.len())
        .join(sizes.select("community", "size"), on="community")
        .join(earlier_sizes, on="operation")
        .with_columns(jaccard=pl.col("shared") / (pl.col("size") + pl.col("earlier_size") - pl.col("shared")))
        .sort(["jaccard", "shared", "operation", "community"], descending=[True, True, False, False])
    )
    heir: dict[int, str] = {}
    taken: set[str] = set()
    for community, operation, jaccard in overlap.select("community", "operation", "jaccard").iter_rows():
        if jaccard >= LEAST_OVERLAP and community not in heir and operation not in taken:
            heir[community] = operation
            taken.add(operation)
    parts = (
        overlap.filter(pl.col("shared") >= LEAST_SHARE * pl.col("earlier_size"))
        .group_by("community")
        .agg(eaten=pl.len())
    )
    heirs = (
        overlap.filter(pl.col("shared") >= LEAST_SHARE * pl.col("size"))
        .group_by("operation")
        .agg(heirs=pl.len())
    )
    best = overlap.unique("community", keep="first", maintain_order=True)
    status = (
        pl.when(pl.col("shared").is_null())
        .then(pl.lit("new"))
        .when((pl.col("shared") == pl.col("size")) & (pl.col("shared") == pl.col("earlier_size")))
        .then(pl.lit("unchanged"))
        .when(pl.col("eaten") > 1)
        .then(pl.lit("merged"))
        .when(pl.col("heirs") > 1)
        .then(pl.lit("split"))
        .when(pl.col("operation").is_null())
        .then(pl.lit("new"))
        .when(pl.col("size") >= pl.col("earlier_size"))
        .then(pl.lit("grown"))
        .otherwise(pl.lit("shrunk"))
    )
    return (
        sizes.join(
            best.select("community", "shared", "earlier_size", origin="operation"), on="community", how="left"
        )
        .join(parts, on="community", how="left")
        .join(heirs.rename({"operation": "origin"}), on="origin", how="left")
        .with_columns(
            operation=pl.col("community").replace_strict(heir, default=None, return_dtype=pl.String)
        )
        .with_columns(status=status)
        .with_columns(
            operation=pl.coalesce(
                "operation",
                pl.col("key").map_elements(lambda key: _new_id(key, taken), return_dtype=pl.String),
            )
        )
        .select("community", "operation", "status")
        .sort("community")
    )


def _new_id(key: str, taken: Container[str]) -> str:
    """Return an id made of the members' keys.

    An operation that outgrew the members its id was made of still owns it when these later stand alone again.
    """
    made = "OP-" + hashlib.sha256(key.encode()).hexdigest()[:10].upper()
    return made if made not in taken else _new_id(f"{key}\n", taken)
