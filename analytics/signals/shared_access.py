"""Members who log in, register or pay with what several other members use.

Two in a household share a phone, ten in an office an address, and who runs a Page together may do so on
one tablet, and pays for all of his Pages with one card. What counts here is sharing with at least three
others with whom no Page or Group is run together and who are not in one hand (`analytics.hands`), so that
households and offices fall out, of what at most `MOST_USERS` use, so that carriers and public networks do.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from analytics.hands import ACCESS_KINDS
from analytics.signals.case import Case
from analytics.signals.trait import Trait, measure

FEWEST_USERS: Final = 4
MOST_USERS: Final = 60

TRAIT = Trait(
    name="shared_access",
    formative=True,
    sentence="{k} of {n} members with known devices, phones or payments ({share}) share one with"
    f" {FEWEST_USERS - 1} or more other members who do not openly work with them; in other communities"
    " {background} do so",
)


def shared_access(case: Case) -> pl.DataFrame:
    """Measure it; returns columns `MEASURED`."""
    uses = case.population.identifiers.filter(pl.col("kind").is_in(ACCESS_KINDS)).with_columns(
        users=pl.col("asset").n_unique().over("identifier")
    )
    many = uses.filter(pl.col("users").is_between(FEWEST_USERS, MOST_USERS)).select("asset", "identifier")
    pairs = (
        many.join(many.select("identifier", other="asset"), on="identifier")
        .filter(pl.col("asset") != pl.col("other"))
        .join(case.colleagues(), on=["asset", "other"], how="anti")
        .join(case.population.in_one_hand, on=["asset", "other"], how="anti")
    )
    enough = pl.col("other").n_unique() >= FEWEST_USERS - 1
    shared = pairs.group_by("asset", "identifier").agg(enough=enough).filter("enough")
    inside = (
        pairs.join(case.members, on="asset")
        .join(case.members.select(other="asset", community="community"), on=["other", "community"])
        .group_by("asset", "community", "identifier")
        .agg(enough=enough)
        .filter("enough")
    )
    values = uses.select(pl.col("asset").unique()).select(
        "asset", has=pl.col("asset").is_in(shared["asset"].unique().implode())
    )
    return measure(TRAIT, values, case, inside)
