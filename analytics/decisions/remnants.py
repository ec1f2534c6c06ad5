"""Parts of dismissed operations: what comes out in pieces in a later run was looked at as a whole before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from analytics.decisions.journal import Decision
from analytics.history.identity import weight_of

#: Share of its weight that an operation has in a dismissed one to be a part of it.
LEAST_INSIDE: Final = 0.75


def parts_of_dismissed(members: pl.DataFrame, latest: Mapping[str, Decision]) -> dict[str, Decision]:
    """Return the dismissal under which operations fall that nobody decided on.

    Args:
        members: `asset`, `operation`, `role` of the operations that there are.
        latest: The decision that holds, by operation.
    """
    then = [
        (asset, operation)
        for operation, decision in latest.items()
        if decision.verdict == "dismissed"
        for asset in decision.subject.members
    ]
    undecided = members.filter(~pl.col("operation").is_in(list(latest))).with_columns(
        weight=weight_of("role")
    )
    inside = (
        undecided.join(
            pl.DataFrame(then, schema={"asset": pl.String, "dismissed": pl.String}, orient="row"), on="asset"
        )
        .group_by("operation", "dismissed")
        .agg(shared=pl.col("weight").sum())
        .join(undecided.group_by("operation").agg(size=pl.col("weight").sum()), on="operation")
        .filter(pl.col("shared") >= LEAST_INSIDE * pl.col("size"))
        .sort("operation", "shared", "dismissed", descending=[False, True, False])
        .unique("operation", keep="first", maintain_order=True)
    )
    return {name: latest[whole] for name, whole in inside.select("operation", "dismissed").iter_rows()}
