"""Assets that show one site's domain, host or analytics tag and claim no relation.

Who has several Pages puts one tag on all of them, and administers them all. What counts here is sharing
between assets that name no owner and are in no hand in common (`analytics.hands`).
"""

from __future__ import annotations

from typing import Final

import polars as pl

from analytics.signals.case import Case
from analytics.signals.trait import Trait, measure

SITE_KINDS: Final = ("analytics_tag", "domain", "website_host")
#: A host or tag that more assets show is a service that anybody can use.
MOST_USERS: Final = 20
#: A kind of site that more of its holders than this share with strangers is rented to anybody, as cheap
#: hosting is; where fewer than `HOLDERS` are known, that cannot be told.
USUAL: Final = 0.2
HOLDERS: Final = 50
#: Others with whom it is shared.
FEWEST_FELLOWS: Final = 2

TRAIT = Trait(
    name="shared_sites",
    formative=True,
    sentence="{k} of {n} members with known sites ({share}) share a domain, host or analytics tag with two or"
    " more members without an owner or an administrator in common; in other communities {background} do",
)


def shared_sites(case: Case) -> pl.DataFrame:
    """Measure it; returns columns `MEASURED`."""
    told = case.population.assets.filter(
        pl.col("confirmed_owner").is_not_null() | pl.col("verified").fill_null(value=False)
    )
    sites = case.population.identifiers.filter(pl.col("kind").is_in(SITE_KINDS)).select(
        "asset", "identifier", "kind"
    )
    uses = (
        sites.join(told.select("asset"), on="asset", how="anti")
        .with_columns(users=pl.len().over("identifier"))
        .filter(pl.col("users").is_between(FEWEST_FELLOWS + 1, MOST_USERS))
    )
    pairs = (
        uses.join(uses.select("identifier", other="asset"), on="identifier")
        .filter(pl.col("asset") != pl.col("other"))
        .join(case.in_one_hand(), on=["asset", "other"], how="anti")
    )
    pairs = pairs.join(_rented(sites, pairs), on="kind", how="anti")
    shared = (
        pairs.group_by("asset")
        .agg(fellows=pl.col("other").n_unique())
        .filter(pl.col("fellows") >= FEWEST_FELLOWS)
    )
    inside = (
        pairs.join(case.members, on="asset")
        .join(case.members.select(other="asset", community="community"), on=["other", "community"])
        .group_by("asset", "community")
        .agg(fellows=pl.col("other").n_unique())
        .filter(pl.col("fellows") >= FEWEST_FELLOWS)
    )
    values = sites.select(pl.col("asset").unique()).select(
        "asset", has=pl.col("asset").is_in(shared["asset"].implode())
    )
    return measure(TRAIT, values, case, inside)


def _rented(sites: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Return the kinds of sites that holders commonly share with strangers."""
    sharing = (
        pairs.group_by("kind", "asset")
        .agg(fellows=pl.col("other").n_unique())
        .filter(pl.col("fellows") >= FEWEST_FELLOWS)
        .group_by("kind")
        .agg(sharing=pl.len())
    )
    return (
        sites.group_by("kind")
        .agg(holders=pl.col("asset").n_unique())
        .join(sharing, on="kind")
        .filter((pl.col("holders") >= HOLDERS) & (pl.col("sharing") > USUAL * pl.col("holders")))
        .select("kind")
    )
