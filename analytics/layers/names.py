"""`similar_name`: assets with one name, in whatever script or disguise, that chance would not give them.

Null model: a name's words are drawn independently of each other, each as often as the other assets of that
kind on that platform have it. Given one of the pair, the other has all of its words with the chance

    p = TOGETHER * product over the words of (others that have the word) / (others)

which the pair's own second use of the word is part of, as in a degree-preserving null; so two rare words are
no surprise where names are many, and common ones never are. Words do go together, by language, hence the
factor. What more than `MOST_NAMESAKES` assets are called is a common name, however odd: it is left out.
"""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from analytics.layers.spelling import spelled

#: A name that more assets of a kind and platform have makes no pairs.
MOST_NAMESAKES: Final = 12
#: How much likelier than independent words those of one language are together, at the most usually.
_TOGETHER: Final = 10.0


def name_pairs(assets: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, Any]]:
    """Return the pairs of assets with one name of two words or more, and counts.

    Args:
        assets: `asset`, `platform`, `kind`, `name`, no nulls.

    Returns:
        `source`, `target`, `object_kind`, `object` (the name as compared), `p_value`, and counts for the
        record.
    """
    group = ["platform", "kind"]
    named = assets.select("asset", *group, object=spelled(assets["name"])).filter(pl.col("object") != "")
    words = named.with_columns(word=pl.col("object").str.split(" "), others=pl.len().over(group) - 1)
    share = (pl.len().over(*group, "word") - 1) / pl.col("others")
    chance = (
        words.explode("word")
        .with_columns(share=share)
        .group_by(*group, "object")
        .agg(
            words=pl.col("word").n_unique(),
            namesakes=pl.col("asset").n_unique(),
            # A name's own words, once each: every asset of that name brings the same ones.
            p_value=pl.col("share").log().sum() / pl.col("asset").n_unique(),
        )
        .filter((pl.col("namesakes") > 1) & (pl.col("words") > 1))
    )
    rare = chance.filter(pl.col("namesakes") <= MOST_NAMESAKES)
    able = named.join(rare, on=[*group, "object"])
    pairs = (
        able.join(able.select(*group, "object", target="asset"), on=[*group, "object"])
        .rename({"asset": "source"})
        .filter(pl.col("source") < pl.col("target"))
        .select(
            "source",
            "target",
            "object",
            object_kind=pl.lit("name"),
            p_value=(pl.col("p_value").exp() * _TOGETHER).clip(upper_bound=1.0),
        )
        .sort("source", "target")
    )
    return pairs, {"common_names": chance.height - rare.height}
