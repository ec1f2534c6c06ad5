"""Accounts with hardly a friend, and hardly a Group or follow outside, as who is there for a task."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import polars as pl

from analytics.signals.case import Case
from analytics.signals.trait import Trait, measure

#: Few: at most this share of the accounts that it is compared with have as few.
RARE: Final = 0.05
#: With fewer accounts to compare with the rarest share says nothing.
LEAST_PEERS: Final = 40
#: Whoever is newer than this has not had the time.
NEW: Final = timedelta(days=180)
#: Classes of activity are as wide as this factor.
_FACTOR: Final = 4

TRAIT = Trait(
    name="few_ties_outside",
    sentence="{k} of {n} accounts that run nothing ({share}) have fewer friends, and Groups and follows"
    " outside, than nineteen in twenty accounts that are as old and as active; of others {background} may",
)


def few_ties_outside(case: Case) -> pl.DataFrame:
    """Measure it; returns columns `MEASURED`.

    Pages and Groups of the community are no tie of a member's own; friends are, inside as well, since a town
    that acts together is friends with itself. Who administers something is left out: a profile made for work
    has no friends either. An account is ranked among those of its platform, activity and age (new, old, not
    known) that are in no community. Where one in twenty of these has none at all, since they are lazy,
    private, or nobody asked, no number is few.
    """
    accounts = _accounts(case)
    strangers = case.elsewhere(accounts.filter("told")).join(case.members, on="asset", how="anti")
    ranks = _ranks(strangers)
    inside = _few(_outside(case, accounts), ranks).filter("has")
    return measure(TRAIT, _few(accounts, ranks), case, inside)


def _accounts(case: Case) -> pl.DataFrame:
    """Return `asset`, `peers` (whom it is compared with), `ties` and `told` (whether ties could be known)."""
    population = case.population
    end = population.activity["last_at"].max()
    age = pl.lit(end, population.activity.schema["last_at"]) - pl.col("created_at")
    acts = pl.col("acts").fill_null(0)
    return (
        case.of_kind("account")
        .select("asset", "platform", "name", "created_at")
        .join(population.admins, left_on="asset", right_on="account", how="anti")
        .join(population.acts, on="asset", how="left")
        .join(population.ties, on="asset", how="left")
        .select(
            "asset",
            peers=pl.concat_str(
                "platform",
                (acts + 1).log(_FACTOR).floor().cast(pl.Int64),
                (age < NEW).cast(pl.String).fill_null(""),
                separator=" ",
            ),
            ties=pl.col("ties").fill_null(0),
            # Of an account that is only mentioned nobody has asked for its ties; of a platform that has none
            # on record at all, neither.
            told=(pl.col("ties").is_not_null() | pl.col("name").is_not_null())
            & pl.col("ties").is_not_null().any().over("platform"),
        )
        .sort("asset")
    )


def _outside(case: Case, accounts: pl.DataFrame) -> pl.DataFrame:
    """Return the accounts in communities, once a community, without the ties to its fronts in `ties`."""
    members = case.members.select("asset", "community")
    fronts = members.join(case.of_kind("page", "group"), on="asset", how="semi")
    inside = (
        case.population.tied.join(members.rename({"asset": "account"}), on="account")
        .join(fronts.rename({"asset": "other"}), on=["other", "community"])
        .group_by("community", asset="account")
        .agg(inside=pl.len().cast(pl.Int64))
    )
    return (
        accounts.join(members, on="asset")
        .join(inside, on=["asset", "community"], how="left")
        .with_columns(ties=pl.col("ties") - pl.col("inside").fill_null(0))
        .drop("inside")
    )


def _ranks(background: pl.DataFrame) -> pl.DataFrame:
    """Return of each group of peers that is large enough and each number of ties, whose share has no more."""
    return (
        background.group_by("peers", "ties")
        .agg(n=pl.len())
        .sort("peers", "ties")
        .with_columns(upto=pl.col("n").cum_sum().over("peers"), of=pl.col("n").sum().over("peers"))
        .filter(pl.col("of") >= LEAST_PEERS)
        .select("peers", "ties", share=pl.col("upto") / pl.col("of"))
    )


def _few(accounts: pl.DataFrame, ranks: pl.DataFrame) -> pl.DataFrame:
    """Return the accounts with `has`: null where nothing is told, or there are too few peers."""
    return (
        accounts.sort("ties")
        .join_asof(ranks.sort("ties"), on="ties", by="peers", check_sortedness=False)
        .join(ranks.select("peers", ranked=pl.lit(value=True)).unique(), on="peers", how="left")
        .with_columns(
            has=pl.when(pl.col("told") & pl.col("ranked")).then(pl.col("share").fill_null(0.0) <= RARE)
        )
        .select(*(column for column in ("asset", "community") if column in accounts.columns), "has")
        .sort("asset")
    )
