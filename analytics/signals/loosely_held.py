"""What speaks against an operation: few members coordinate with several others, or run one."""

from __future__ import annotations

from typing import Final

import polars as pl

from analytics.layers.edges import both_ways, without_likeness
from analytics.signals.case import Case
from analytics.signals.trait import MEASURED
from analytics.weights import WEIGHTS

NAME: Final = "loosely_held"
#: Bits against, where nobody coordinates with anybody.
CAP: Final = WEIGHTS[NAME].cap
#: From this share of members on, a community is an operation's shape and not a neighbourhood's.
ENOUGH: Final = 0.5
#: Others with whom one coordinates; with one it may be a spouse, and chains of couples are a town. Up to
#: `FEW` members one is enough.
SEVERAL: Final = 2
FEW: Final = 10


def loosely_held(case: Case) -> pl.DataFrame:
    """Measure it; returns columns `MEASURED`.

    A school, a town's shops or the customers of one host are a community too, joined by a few shared things
    each; an operation is made of those who coordinate, those who run them and those whom they run. Where a
    trace is all that joins the members, its fronts are held by it: nobody says that they act together.
    """
    inside = case.members.select("asset", "community")
    coordinated = (
        both_ways(without_likeness(case.edges))
        .select(asset="source", other="target")
        .unique()
        .join(inside, on="asset")
        .join(inside.rename({"asset": "other"}), on=["other", "community"])
        .group_by("asset", "community")
        .len()
        .join(inside.group_by("community").agg(size=pl.len()), on="community")
        .filter((pl.col("len") >= SEVERAL) | (pl.col("size") <= FEW))
        .select("asset", "community")
    )
    by_trace = (
        inside.filter(pl.col("community").is_in(case.traced.implode()))
        .join(case.of_kind("page", "group"), on="asset", how="semi")
        .select("asset", "community")
    )
    coordinated = pl.concat([coordinated, by_trace]).unique()
    runs = case.population.admins.join(inside.rename({"asset": "account"}), on="account").join(
        inside, on=["asset", "community"]
    )
    held = pl.concat(
        [
            coordinated,
            runs.join(coordinated, on=["asset", "community"], how="semi").select(
                pl.col("account").alias("asset"), "community"
            ),
            runs.join(
                coordinated.rename({"asset": "account"}), on=["account", "community"], how="semi"
            ).select("asset", "community"),
        ]
    ).unique()
    share = pl.col("k") / pl.col("known")
    return (
        inside.join(held.with_columns(held=pl.lit(value=True)), on=["asset", "community"], how="left")
        .group_by("community")
        .agg(eligible=pl.len(), known=pl.len(), k=pl.col("held").fill_null(value=False).sum())
        .with_columns(
            name=pl.lit(NAME),
            value=share,
            background=pl.lit(None, pl.Float64),
            bits=(-CAP * (1 - share / ENOUGH)).clip(-CAP, 0.0).round(2),
            why=pl.format(
                "{} of {} members {}, run one who does, or are run by one",
                "k",
                "known",
                pl.when(pl.col("community").is_in(case.traced.implode()))
                .then(pl.lit("have the trace in common"))
                .otherwise(pl.lit("coordinate with others")),
            ),
        )
        .select(list(MEASURED))
        .cast(MEASURED)
        .sort("community")
    )
