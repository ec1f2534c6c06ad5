"""Members who log in, register or pay with what several other members use.

Two in a household share a phone, ten in an office an address. What counts here is sharing by at least four
assets, so that households fall out, and at most `MOST_USERS`, so that carriers and public networks do.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from analytics.signals.case import Case
from analytics.signals.trait import Trait, measure

#: What one uses to reach an account, as against what a site shows to all.
#: Addresses of the network are left out: offices and carriers put hundreds of strangers behind one.
ACCESS_KINDS: Final = ("device", "email", "payment", "phone")
FEWEST_USERS: Final = 4
MOST_USERS: Final = 60

TRAIT = Trait(
    name="shared_access",
    formative=True,
    prior=0.02,
    sentence="{k} of {n} members with known devices, phones or payments ({share}) share one with"
    f" {FEWEST_USERS - 1} or more other members; in other communities {{background}} do so",
)


def shared_access(case: Case) -> pl.DataFrame:
    """Measure it; returns columns `MEASURED`."""
    uses = case.population.identifiers.filter(pl.col("kind").is_in(ACCESS_KINDS)).with_columns(
        users=pl.len().over("identifier")
    )
    inside = (
        uses.filter(pl.col("users") <= MOST_USERS)
        .join(case.members, on="asset")
        .with_columns(fellows=pl.len().over("identifier", "community"))
        .filter(pl.col("fellows") >= FEWEST_USERS)["asset"]
        .unique()
    )
    values = (
        uses.group_by("asset")
        .agg(has=pl.col("users").is_between(FEWEST_USERS, MOST_USERS).any())
        .with_columns(inside=pl.col("asset").is_in(inside.implode()))
    )
    return measure(TRAIT, values, case)
