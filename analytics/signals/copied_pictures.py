"""Members of one platform that show the same profile picture."""

from __future__ import annotations

import polars as pl

from analytics.signals.case import Case
from analytics.signals.trait import Trait, measure

TRAIT = Trait(
    name="copied_pictures",
    sentence="{k} of {n} members with a picture of their own ({share}) show the same one as another member on"
    " the platform; elsewhere {background} share one with anybody",
)


def copied_pictures(case: Case) -> pl.DataFrame:
    """Measure it; returns columns `MEASURED`.

    Who shows his picture on two platforms is one person in the open, so copies count within a platform. What
    somebody shows who bears the community's own name is the picture of what they all stand for in the open, a
    star or a club (`analytics.bearing`): to show it, too, hides nothing.
    """
    shown = case.population.pictures.with_columns(copies=pl.len().over("platform", "picture"))
    inside = (
        shown.join(case.members, on="asset")
        .with_columns(fellows=pl.len().over("platform", "picture", "community"))
        .filter(pl.col("fellows") > 1)
    )
    named = case.as_one.filter(pl.col("as_one") != pl.col("asset")).select("asset", "community")
    picture = ["platform", "picture", "community"]
    of_name = inside.join(inside.join(named, on=["asset", "community"]), on=picture, how="semi")
    values = shown.select("asset", has=pl.col("copies") > 1)
    measured = measure(TRAIT, values, case, inside.join(of_name, on=["asset", "community"], how="anti"))
    counted = of_name.group_by("community").agg(left_out=pl.len())
    return (
        measured.join(counted, on="community", how="left", maintain_order="left")
        .with_columns(
            why=pl.when(pl.col("left_out").is_null())
            .then("why")
            .otherwise(
                pl.format(
                    "{}; not counted are {} who show a picture of what members are named after",
                    "why",
                    "left_out",
                )
            )
        )
        .select(measured.columns)
    )
