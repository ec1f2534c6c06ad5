"""Pages and Groups run by the same people without saying so."""

from __future__ import annotations

import polars as pl

from analytics.signals.case import Case
from analytics.signals.trait import Trait, measure

TRAIT = Trait(
    name="undeclared_control",
    formative=True,
    sentence="{k} of {n} Pages and Groups with known admins ({share}) share one with another member and"
    " name no owner; in other communities {background} do so with anybody",
)


def undeclared_control(case: Case) -> pl.DataFrame:
    """Measure it; returns columns `MEASURED`."""
    admins = case.population.admins
    silent = (
        case.of_kind("page", "group")
        .join(admins.select("asset").unique(), on="asset", how="semi")
        .select("asset", silent=pl.col("confirmed_owner").is_null())
    )
    runs = admins.join(silent.filter("silent"), on="asset", how="semi")
    shared = runs.with_columns(fronts=pl.len().over("account")).filter(pl.col("fronts") > 1)["asset"].unique()
    inside = (
        runs.join(case.members, on="asset")
        .with_columns(fronts=pl.len().over("account", "community"))
        .filter(pl.col("fronts") > 1)
        .select("asset", "community")
        .unique()
    )
    values = silent.select("asset", has=pl.col("asset").is_in(shared.implode()))
    return measure(TRAIT, values, case, inside)
