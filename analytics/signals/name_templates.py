"""Accounts whose names are made after one template, such as first name, last name and five digits."""

from __future__ import annotations

from typing import Final

import polars as pl

from analytics.signals.case import Case
from analytics.signals.trait import MINORITY, PRIOR_WEIGHT, SHOWN, likelihood
from analytics.weights import WEIGHTS

NAME: Final = "name_templates"
WEIGHT: Final = WEIGHTS[NAME]


def name_templates(case: Case) -> pl.DataFrame:
    """Measure the most telling template of each community; returns columns `SHOWN`.

    A template is a name's pattern of capitals, small letters and digits. Only those with digits are looked
    at: plain names are of few patterns, and whose names are in another script is no news. The background is
    the share of the other accounts of the platforms that have the same template; the bits are corrected for
    having looked at every template of the community.
    """
    shape = (
        pl.col("name")
        .str.replace_all(r"\p{Lu}", "A")
        .str.replace_all(r"\p{Ll}+", "a")
        .str.replace_all(r"\p{N}", "9")
        .str.replace_all(r"\p{Lo}+", "o")
    )
    named = case.of_kind("account").select("asset", "platform", "name").with_columns(shape=shape)
    known = named.drop_nulls("name")
    outside = case.elsewhere(known)
    members = case.members.select("asset", "community").join(named, on="asset")
    counts = members.group_by("community").agg(
        eligible=pl.len(), known=pl.col("name").is_not_null().sum(), templates=pl.col("shape").n_unique()
    )
    usual = outside.group_by("platform", "shape").agg(having=pl.len())
    everyone = outside.group_by("platform").agg(total=pl.len())
    own = (
        members.join(outside.select("asset"), on="asset", how="semi")
        .group_by("community", "platform")
        .agg(own_total=pl.len())
    )
    inside = members.filter(pl.col("shape").str.contains("99")).join(case.as_one, on=["asset", "community"])
    own_shape = (
        inside.join(outside.select("asset"), on="asset", how="semi")
        .group_by("community", "platform", "shape")
        .agg(own=pl.len())
    )
    k, n, p = pl.col("k"), pl.col("known"), pl.col("p")
    q, ratio = likelihood(k, n, p)
    return (
        inside.group_by("community", "platform", "shape")
        .agg(k=pl.len(), names=pl.col("as_one").n_unique(), by=pl.col("asset").sort())
        .join(usual, on=["platform", "shape"], how="left")
        .join(everyone, on="platform", how="left")
        .join(own, on=["community", "platform"], how="left")
        .join(own_shape, on=["community", "platform", "shape"], how="left")
        .with_columns(pl.col("having", "total", "own_total", "own").fill_null(0))
        .with_columns(
            p=(pl.col("having") - pl.col("own") + PRIOR_WEIGHT * WEIGHT.prior)
            / (pl.col("total") - pl.col("own_total") + PRIOR_WEIGHT)
        )
        .join(counts, on="community")
        .with_columns(
            bits=pl.when(q > p)
            .then(
                pl.min_horizontal(
                    ratio - pl.col("templates").log(2),
                    WEIGHT.cap * (k / n / MINORITY).clip(upper_bound=1.0),
                    pl.col("names") * WEIGHT.per_asset,
                ).clip(0.0)
            )
            .otherwise(0.0)
            .round(2)
        )
        .sort(["community", "bits", "k", "shape"], descending=[False, True, True, False])
        .unique("community", keep="first", maintain_order=True)
        .with_columns(
            name=pl.lit(NAME),
            value=k / n,
            background=p,
            why=pl.format(
                "{} of {} accounts with a known name have names of one pattern with digits;"
                " of others {}% have it",
                "k",
                "known",
                (p * 100).round(2),
            ),
        )
        .select(list(SHOWN))
        .cast(SHOWN)
    )
