"""Members that show a profile picture that another asset of the platform shows."""

from __future__ import annotations

from typing import Final

import polars as pl

from analytics.signals.case import Case
from analytics.signals.trait import Trait, measure

TRAIT = Trait(
    name="copied_pictures",
    sentence="{k} of {n} members with a picture of their own ({share}) show the same one as somebody else on"
    " the platform; elsewhere {background} do",
)
#: Up to so many copies of one picture each counts in full; what more show is their badge.
REUSED: Final = 2.0


def copied_pictures(case: Case) -> pl.DataFrame:
    """Measure it; returns columns `MEASURED`.

    Whose it is does not matter: a face is taken from a stranger as well as from a fellow. What many members
    show is their badge, so it is pictures that count. Who shows his picture on two platforms is one person in
    the open, so copies count within a platform. What somebody shows who bears the community's own name is the
    picture of what they all stand for in the open, a star or a club (`analytics.bearing`): to show it, too,
    hides nothing.
    """
    shown = case.population.pictures.with_columns(copies=pl.len().over("platform", "picture"))
    values = shown.select("asset", has=pl.col("copies") > 1)
    inside = shown.filter(pl.col("copies") > 1).join(case.members, on="asset")
    named = case.as_one.filter(pl.col("as_one") != pl.col("asset")).select("asset", "community")
    picture = ["platform", "picture", "community"]
    of_name = inside.join(inside.join(named, on=["asset", "community"]), on=picture, how="semi")
    copied = inside.join(of_name, on=["asset", "community"], how="anti")
    counted = copied.group_by("community").agg(k=pl.len(), pictures=pl.col("picture").n_unique())
    left_out = of_name.group_by("community").agg(left_out=pl.len())
    measured = measure(TRAIT, values, case, copied)
    each = pl.col("pictures") * TRAIT.weight.per_asset
    return (
        measured.join(counted, on="community", how="left", maintain_order="left")
        .join(left_out, on="community", how="left", maintain_order="left")
        .with_columns(
            bits=pl.when(pl.col("bits") > 0)
            .then(
                pl.min_horizontal(
                    each, pl.col("bits") * pl.min_horizontal(1.0, REUSED * pl.col("pictures") / pl.col("k"))
                )
            )
            .otherwise("bits")
            .round(2),
            why=pl.concat_str(
                "why",
                pl.when(pl.col("k") > 0).then(
                    pl.when(pl.col("pictures") == 1)
                    .then(pl.lit("; they show one picture"))
                    .otherwise(pl.format("; these are {} pictures", "pictures"))
                ),
                pl.when(pl.col("left_out") > 0).then(
                    pl.format(
                        "; not counted are {} who show a picture of what members are named after", "left_out"
                    )
                ),
                ignore_nulls=True,
            ),
        )
        .select(measured.columns)
    )
