"""How a community is coordinated, in numbers that count no bits: communities are made of it."""

from __future__ import annotations

from typing import Final

import polars as pl

from analytics.layers.edges import both_ways, without_likeness
from analytics.signals.case import Case
from analytics.signals.trait import MEASURED

#: The numbers, in the order in which they are read.
SHAPE: Final = ("tempo", "density", "conductance")


def shape(case: Case) -> pl.DataFrame:
    """Measure tempo, density and conductance of every community; returns columns `MEASURED`, 0 bits each.

    `tempo` is the median number of seconds from what a member does to what a fellow member does to the same
    object, of all that they do together; `density` the share of pairs of members that coordinate;
    `conductance` the share of its coordinated pairs that lead outside, of those of the smaller side (Leskovec
    et al. 2009). The background is the median of all other communities.
    """
    gaps = case.together.group_by("community").agg(
        value=(pl.col("gap").median() / 1_000_000).round(1), known=pl.len()
    )
    sizes = case.formed.group_by("community").agg(n=pl.len().cast(pl.Int64))
    ends = both_ways(without_likeness(case.edges)).select("source", "target").unique()
    inside = (
        ends.join(case.formed.select("community", source="asset"), on="source")
        .join(case.formed.select("community", target="asset"), on=["target", "community"])
        .group_by("community")
        .agg(inside=pl.len().cast(pl.Int64))
    )
    volume = (
        ends.join(case.formed.select("community", source="asset"), on="source")
        .group_by("community")
        .agg(volume=pl.len().cast(pl.Int64))
    )
    pairs = sizes.join(inside, on="community", how="left").join(volume, on="community", how="left")
    n, all_ends = pl.col("n"), pl.lit(ends.height)
    both = pairs.with_columns(pl.col("inside", "volume").fill_null(0))
    smaller = pl.min_horizontal("volume", all_ends - pl.col("volume"))
    dense = both.select("community", value=pl.col("inside") / (n * (n - 1)), known=n)
    leaving = both.filter(smaller > 0).select(
        "community", value=(pl.col("volume") - pl.col("inside")) / smaller, known=n
    )
    told = {
        "tempo": (gaps, "{} seconds between what members do together, in the median; elsewhere {}", 1),
        "density": (dense, "{}% of the pairs of members coordinate; elsewhere {}%", 100),
        "conductance": (leaving, "{}% of the coordinated pairs lead outside; elsewhere {}%", 100),
    }
    return pl.concat([_lines(name, *told[name]) for name in SHAPE])


def _lines(name: str, values: pl.DataFrame, sentence: str, times: int) -> pl.DataFrame:
    """Return the lines of one number, each with the median of all other communities."""
    values = values.sort("value", "community")

    def told(column: str) -> pl.Expr:
        return (pl.col(column) * times).round(1).cast(pl.String).fill_null("-")

    return (
        values.with_columns(background=_of_others(values["value"]))
        .with_columns(
            name=pl.lit(name),
            bits=pl.lit(0.0),
            eligible=pl.col("known"),
            why=pl.format(sentence, told("value"), told("background")),
        )
        .select(list(MEASURED))
        .cast(MEASURED)
        .sort("community")
    )


def _of_others(values: pl.Series) -> pl.Series:
    """Return for each of some sorted values the median of all others; null where there are none."""
    others = len(values) - 1
    if others < 1:
        return pl.Series([None] * len(values), dtype=pl.Float64)
    place = pl.int_range(len(values), eager=True)

    def at(middle: int) -> pl.Series:
        return values.gather(middle + (place <= middle).cast(pl.Int64))

    return (at((others - 1) // 2) + at(others // 2)) / 2
