"""Identity: an operation keeps its id from run to run, matched by its members.

Overlap is weighted: who runs an operation and what it shows the public say more of its identity than who
spreads it, since amplifiers come and go and serve many.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container
from typing import Final

import polars as pl

#: What a member weighs by its role; 1 where that is not known.
WEIGHTS: Final = {"operator": 3.0, "front": 3.0, "advertiser": 2.0, "amplifier": 1.0}
#: An earlier operation lives on in a community that shares this much with it (Jaccard of weights, also known
#: as Ruzicka's index), the size of the change aside.
LEAST_OVERLAP: Final = 0.3
#: A part that holds this share of an earlier operation, or comes to this share from it, tells a merger or a
#: split.
LEAST_SHARE: Final = 0.5


def identify(members: pl.DataFrame, earlier: pl.DataFrame) -> pl.DataFrame:
    """Give each community the id of the operation it continues, or a new one, and say what became of it.

    A new id is made of the members' keys, so that equal communities get equal ids in any workspace.

    Args:
        members: `asset`, `community`, and `role` if it is known.
        earlier: `asset`, `operation`, and `role` if it is known: members of earlier operations.

    Returns:
        `community`, `operation`, `status` (`new`, `grown`, `shrunk`, `merged`, `split`, `unchanged`), sorted
        by community.
    """
    members, earlier = _weighed(members), _weighed(earlier)
    sizes = members.group_by("community").agg(
        assets=pl.len(), size=pl.col("weight").sum(), key=pl.col("asset").sort().str.join("\n")
    )
    earlier_sizes = earlier.group_by("operation").agg(
        earlier_assets=pl.len(), earlier_size=pl.col("weight").sum()
    )
    overlap = (
        members.join(earlier, on="asset", suffix="_then")
        .group_by("community", "operation")
        .agg(common=pl.len(), shared=pl.min_horizontal("weight", "weight_then").sum())
        .join(sizes.select("community", "assets", "size"), on="community")
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
        .when((pl.col("common") == pl.col("assets")) & (pl.col("common") == pl.col("earlier_assets")))
        .then(pl.lit("unchanged"))
        .when(pl.col("eaten") > 1)
        .then(pl.lit("merged"))
        .when(pl.col("heirs") > 1)
        .then(pl.lit("split"))
        .when(pl.col("operation").is_null())
        .then(pl.lit("new"))
        .when(pl.col("assets") >= pl.col("earlier_assets"))
        .then(pl.lit("grown"))
        .otherwise(pl.lit("shrunk"))
    )
    return (
        sizes.join(
            best.select("community", "common", "shared", "earlier_assets", origin="operation"),
            on="community",
            how="left",
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


def _weighed(members: pl.DataFrame) -> pl.DataFrame:
    if "role" not in members.columns:
        return members.with_columns(weight=pl.lit(1.0))
    weight = pl.col("role").replace_strict(WEIGHTS, default=1.0, return_dtype=pl.Float64)
    return members.with_columns(weight=weight)


def _new_id(key: str, taken: Container[str]) -> str:
    """Return an id made of the members' keys.

    An operation that outgrew the members its id was made of still owns it when these later stand alone again.
    """
    made = "OP-" + hashlib.sha256(key.encode()).hexdigest()[:10].upper()
    return made if made not in taken else _new_id(f"{key}\n", taken)
