"""Identity: an operation keeps its id from run to run, matched by its members.

Overlap is weighted: who runs an operation and what it shows the public say more of its identity than who
spreads it, since amplifiers come and go and serve many.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Mapping
from typing import Any, Final

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
    traced = trace(members, earlier)
    taken = set(traced["heir_of"].drop_nulls())
    keys = members.group_by("community").agg(key=pl.col("asset").sort().str.join("\n"))
    return (
        traced.join(keys, on="community")
        .with_columns(
            operation=pl.coalesce(
                "heir_of",
                pl.col("key").map_elements(lambda key: _new_id(key, taken), return_dtype=pl.String),
            )
        )
        .select("community", "operation", "status")
        .sort("community")
    )


def trace(
    members: pl.DataFrame, earlier: pl.DataFrame, same: Mapping[Any, str] | None = None
) -> pl.DataFrame:
    """Say what each community was before.

    Args:
        members: `asset`, `community`, and `role` if it is known.
        earlier: `asset`, `operation`, and `role` if it is known.
        same: Communities that are known to continue an operation, however little of it stayed.

    Returns:
        `community`, `heir_of` (the earlier operation that it continues; null: none), `origins` (earlier
        operations of which it holds half or more, or that it continues or is a part of, the closest first),
        `status`; sorted by community.
    """
    overlap = _overlaps(_weighed(members), _weighed(earlier))
    heir: dict[Any, str] = dict(same or {})
    taken: set[str] = set(heir.values())
    for community, operation, jaccard in overlap.select("community", "operation", "jaccard").iter_rows():
        if jaccard >= LEAST_OVERLAP and community not in heir and operation not in taken:
            heir[community] = operation
            taken.add(operation)
    inherits = pl.DataFrame(
        {"community": list(heir), "heir_of": list(heir.values())},
        schema={"community": members.schema["community"], "heir_of": pl.String},
    )
    overlap = overlap.join(inherits, on="community", how="left", maintain_order="left").with_columns(
        eaten=pl.col("shared") >= LEAST_SHARE * pl.col("earlier_size"),
        part=pl.col("shared") >= LEAST_SHARE * pl.col("size"),
        continued=(pl.col("heir_of") == pl.col("operation")).fill_null(value=False),
    )
    parts = overlap.filter("part").group_by("operation").agg(parts=pl.len())
    origins = (
        overlap.filter(pl.col("eaten") | pl.col("part") | pl.col("continued"))
        .sort("continued", descending=True, maintain_order=True)
        .group_by("community", maintain_order=True)
        .agg(origins="operation", eaten=pl.col("eaten").sum())
    )
    closest = (
        overlap.sort("continued", descending=True, maintain_order=True)
        .unique("community", keep="first", maintain_order=True)
        .join(parts, on="operation", how="left")
        .drop("heir_of", "eaten")
    )
    common = pl.col("common")
    status = (
        pl.when(common.is_null() & pl.col("heir_of").is_null())
        .then(pl.lit("new"))
        .when((common == pl.col("assets")) & (common == pl.col("earlier_assets")))
        .then(pl.lit("unchanged"))
        .when(pl.col("eaten") > 1)
        .then(pl.lit("merged"))
        .when(pl.col("parts") > 1)
        .then(pl.lit("split"))
        .when(pl.col("heir_of").is_null())
        .then(pl.lit("new"))
        .when(pl.col("assets_now") >= pl.col("assets_then"))
        .then(pl.lit("grown"))
        .otherwise(pl.lit("shrunk"))
    )
    return (
        members.group_by("community")
        .agg(assets_now=pl.len())
        .join(closest, on="community", how="left")
        .join(inherits, on="community", how="left")
        .join(earlier.group_by(heir_of="operation").agg(assets_then=pl.len()), on="heir_of", how="left")
        .join(origins, on="community", how="left")
        .select("community", "heir_of", pl.col("origins").fill_null([]), status=status)
        .sort("community")
    )


def _overlaps(members: pl.DataFrame, earlier: pl.DataFrame) -> pl.DataFrame:
    """Return how much of each earlier operation is in each community, the closest first."""
    sizes = members.group_by("community").agg(assets=pl.len(), size=pl.col("weight").sum())
    earlier_sizes = earlier.group_by("operation").agg(
        earlier_assets=pl.len(), earlier_size=pl.col("weight").sum()
    )
    return (
        members.join(earlier, on="asset", suffix="_then")
        .group_by("community", "operation")
        .agg(common=pl.len(), shared=pl.min_horizontal("weight", "weight_then").sum())
        .join(sizes, on="community")
        .join(earlier_sizes, on="operation")
        .with_columns(jaccard=pl.col("shared") / (pl.col("size") + pl.col("earlier_size") - pl.col("shared")))
        .sort(["jaccard", "shared", "operation", "community"], descending=[True, True, False, False])
    )


def weight_of(role: str) -> pl.Expr:
    """Return what a member weighs, by the column that holds its role."""
    return pl.col(role).replace_strict(WEIGHTS, default=1.0, return_dtype=pl.Float64)


def _weighed(members: pl.DataFrame) -> pl.DataFrame:
    known = "role" in members.columns
    return members.with_columns(weight=weight_of("role") if known else pl.lit(1.0))


def _new_id(key: str, taken: Container[str]) -> str:
    """Return an id made of the members' keys.

    An operation that outgrew the members its id was made of still owns it when these later stand alone again.
    """
    made = "OP-" + hashlib.sha256(key.encode()).hexdigest()[:10].upper()
    return made if made not in taken else _new_id(f"{key}\n", taken)
