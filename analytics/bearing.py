"""Bearing one name: what calls itself alike claims a relation in the open.

A fan club's members are named after the star and show its picture, a paper's and a party's local Pages bear
its name. Whatever they have in common besides is no second fact for each of them: nobody hides that they
belong together. So they count as one where members are counted.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from analytics.layers.spelling import spelled

#: Fewer bear one name by chance, as kin do.
LEAST_BEARERS: Final = 3
#: A word is a community's own if this share of all who bear it are members; or of the members of a kind, and
#: it is rare elsewhere: pieces of a brand do not hold most of it. Among fewer than a hundred others of a kind
#: nothing is known to be rare: data of one operator alone make its subjects look like a brand.
OWN: Final = 0.5
RARE: Final = 0.01
#: Shorter words are articles and initials.
SHORTEST: Final = 3


def words_of(assets: pl.DataFrame) -> pl.DataFrame:
    """Return `asset`, `kind`, `word`: each word of each asset's name, in one spelling.

    Args:
        assets: `asset`, `kind`, `name`.
    """
    named = assets.select("asset", "kind", "name").drop_nulls("name")
    return (
        named.select("asset", "kind", word=spelled(named["name"]).str.split(" "))
        .explode("word")
        .filter(pl.col("word").str.len_bytes() >= SHORTEST)
        .unique()
    )


def one_name(members: pl.DataFrame, words: pl.DataFrame) -> pl.DataFrame:
    """Return what each member counts as: a word that is the community's own, else itself.

    Args:
        members: `asset`, `community`; an asset may be in several.
        words: `asset`, `kind`, `word` of all assets.

    Returns:
        `asset`, `community`, `as_one`, one row a member, sorted.
    """
    every = words.group_by("kind").agg(all=pl.col("asset").n_unique())
    held = words.group_by("kind", "word").agg(holders=pl.len())
    inside = members.select("asset", "community").join(words, on="asset")
    named = inside.group_by("community", "kind").agg(named=pl.col("asset").n_unique())
    bearers, outside = pl.len(), pl.col("holders") - pl.col("bearers")
    own = (
        inside.group_by("community", "kind", "word")
        .agg(bearers=bearers)
        .filter(pl.col("bearers") >= LEAST_BEARERS)
        .join(held, on=["kind", "word"])
        .join(named, on=["community", "kind"])
        .join(every, on="kind")
        .filter((pl.col("all") - pl.col("named")) * RARE >= 1)
        .filter(
            (pl.col("bearers") >= OWN * pl.col("holders"))
            | (
                (pl.col("bearers") >= OWN * pl.col("named"))
                & (outside <= RARE * (pl.col("all") - pl.col("named")))
            )
        )
    )
    borne = (
        inside.join(own.select("community", "kind", "word", "bearers"), on=["community", "kind", "word"])
        .sort(["community", "asset", "bearers", "word"], descending=[False, False, True, False])
        .unique(["community", "asset"], keep="first", maintain_order=True)
        .select("asset", "community", name=pl.concat_str(pl.lit("name:"), "word"))
    )
    return (
        members.select("asset", "community")
        .join(borne, on=["asset", "community"], how="left")
        .select("asset", "community", as_one=pl.coalesce("name", "asset"))
        .sort("community", "asset")
    )
