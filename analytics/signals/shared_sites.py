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
#: If more than this of all who show such a thing share it with as many strangers, it is what anybody has, as
#: cheap hosting is, and owners of three Pages; where fewer than `HOLDERS` others are known, that cannot be
#: told.
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
    uses = sites.join(told.select("asset"), on="asset", how="anti")
    few = uses.filter(pl.len().over("identifier").is_between(FEWEST_FELLOWS + 1, MOST_USERS))
    pairs = (
        few.join(few.select("identifier", other="asset"), on="identifier")
        .filter(pl.col("asset") != pl.col("other"))
        .join(case.population.in_one_hand, on=["asset", "other"], how="anti")
    )
    pairs = pairs.join(_usual(sites, uses, pairs), on="identifier", how="anti")
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


def _usual(sites: pl.DataFrame, uses: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Return the `identifier` of what is shared with no more strangers than is common for its kind.

    Its own holders are left out: an operation that is most of what is known must not be its own excuse.
    """
    fellows = pairs.group_by("kind", "identifier", "asset").agg(fellows=pl.len())
    many = pl.len().over("identifier")
    # All strangers, as far as it takes to say so: what so many use is no one's.
    public = uses.filter(many > MOST_USERS).select("kind", "identifier", "asset", fellows=many - 1)
    most = pl.concat([fellows, public]).group_by("kind", "asset").agg(most=pl.col("fellows").max())
    as_many = (
        most.group_by("kind", "most")
        .agg(n=pl.len())
        .sort("kind", "most", descending=[False, True])
        .select("kind", "most", at_least=pl.col("n").cum_sum().over("kind"))
    )
    shared = (
        fellows.with_columns(most_of_it=pl.col("fellows").max().over("identifier"))
        .join(most, on=["kind", "asset"])
        .group_by("kind", "identifier", most="most_of_it")
        .agg(own=(pl.col("most") >= pl.col("most_of_it")).sum())
    )
    users = sites.group_by("identifier").agg(users=pl.len())
    known = sites.group_by("kind").agg(holders=pl.col("asset").n_unique())
    others = pl.col("holders") - pl.col("users")
    return (
        shared.join(as_many, on=["kind", "most"])
        .join(users, on="identifier")
        .join(known, on="kind")
        .filter((others >= HOLDERS) & (pl.col("at_least") - pl.col("own") > USUAL * others))
        .select("identifier")
    )
