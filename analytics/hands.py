"""Hands: who decides for an asset.

What somebody does with all of his Pages is one decision: one card pays for them, one tag is on their sites.
A couple with one telephone, or one person with a second account, decides as one too. And where nobody is
known to run a Page, but all who share a card, a telephone or a tag with it are in one hand, it is in that
hand as well: a missing row is no stranger.
"""

from __future__ import annotations

from typing import Final

import polars as pl

#: What one uses to reach an account, as against what a site shows to all.
#: Addresses of the network are left out: offices and carriers put hundreds of strangers behind one.
ACCESS_KINDS: Final = ("device", "email", "payment", "phone")
#: What has one owner; hosts are rented to anybody, and anybody may name a domain.
_OWNED_KINDS: Final = (*ACCESS_KINDS, "analytics_tag")
#: Accounts that run anything and share a telephone are one household up to so many. What more share is an
#: office's, in which people decide for themselves, or an operation's.
HOUSEHOLD: Final = 3
#: Accounts with more Pages are agencies' tools; pairing all of them would be quadratic.
MOST_FRONTS: Final = 200
#: What more assets use says nothing of whose it is.
_MOST_USERS: Final = 20


def hands(admins: pl.DataFrame, identifiers: pl.DataFrame, fronts: pl.DataFrame) -> pl.DataFrame:
    """Return in whose hands assets are: `asset`, `hand`, several for a Page that several people run.

    Args:
        admins: `account`, `asset`.
        identifiers: `asset`, `identifier`, `kind`.
        fronts: `asset` of all Pages and Groups.

    Returns:
        Accounts that run anything, what they run, and what can only be theirs. The hand is an account's key.
    """
    people = admins.select(asset="account").unique()
    owned = (
        identifiers.filter(pl.col("kind").is_in(_OWNED_KINDS))
        .unique(["asset", "identifier"])
        .select("asset", "identifier", "kind")
    )
    homes = (
        owned.join(people, on="asset", how="semi")
        .filter(pl.col("kind").is_in(ACCESS_KINDS))
        .filter(pl.len().over("identifier").is_between(2, HOUSEHOLD))
        .with_columns(first=pl.col("asset").min().over("identifier"))
        .group_by("asset")
        .agg(hand=pl.col("first").min())
    )
    persons = people.join(homes, on="asset", how="left").select("asset", hand=pl.coalesce("hand", "asset"))
    run = admins.join(persons.select("hand", account="asset"), on="account").select("asset", "hand")
    told = pl.concat([persons, run]).unique()
    return pl.concat([told, _only_theirs(told, owned, fronts)]).sort("asset", "hand")


def _only_theirs(told: pl.DataFrame, owned: pl.DataFrame, fronts: pl.DataFrame) -> pl.DataFrame:
    """Return `asset`, `hand` of what nobody is known to run, where all who share with it are in one hand."""
    untold = fronts.select("asset").join(told, on="asset", how="anti")
    uses = owned.filter(pl.len().over("identifier").is_between(2, _MOST_USERS)).select("asset", "identifier")
    sharing = (
        uses.join(untold, on="asset", how="semi")
        .join(uses.select("identifier", other="asset"), on="identifier")
        .join(told.select("hand", other="asset"), on="other")
        .select("asset", "other", "hand")
        .unique()
    )
    sharers = sharing.group_by("asset").agg(sharers=pl.col("other").n_unique())
    return (
        sharing.group_by("asset", "hand")
        .agg(of=pl.len())
        .join(sharers, on="asset")
        .filter(pl.col("of") == pl.col("sharers"))
        .group_by("asset")
        .agg(pl.col("hand").min())
    )
