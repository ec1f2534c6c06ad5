"""The one way in which a trait of an operation's members becomes bits of evidence.

For k of n members with a trait whose background rate is p, the bits are the log-likelihood ratio of the
smoothed rate q = (k + p) / (n + 1) against p:

    bits = k log2(q / p) + (n - k) log2((1 - q) / (1 - p))     where q > p, else 0

Members of whom the trait is not known leave n, so that missing data weigh nothing and lower the completeness
instead. The background comes from the assets outside the candidate, steadied by a shipped prior, so that an
operation cannot set its own 'usual'. Bits are capped by signal and by supporting asset: one odd member never
makes a case.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from analytics.signals.case import Case

#: Columns of what a signal measures, one row a community.
MEASURED: Final = pl.Schema(
    {
        "community": pl.Int64(),
        "name": pl.String(),
        "value": pl.Float64(),
        "background": pl.Float64(),
        "bits": pl.Float64(),
        "known": pl.Int64(),
        "eligible": pl.Int64(),
        "why": pl.String(),
    }
)


@dataclass(frozen=True)
class Trait:
    """A yes-or-no trait of assets and what a signal makes of it.

    Attributes:
        name: The signal's name.
        prior: Background rate assumed before any data is seen.
        sentence: Format of the explanation; takes `k`, `n`, `share`, `background`.
        cap: Most bits of the signal.
        per_asset: Most bits for each supporting asset.
        formative: Whether communities are made of this trait. It is then compared with other communities
            only: every community found by following shared devices has some.
        ceiling: Highest background rate that the data may set, where the world is known to be better.
    """

    name: str
    prior: float
    sentence: str
    cap: float = 6.0
    per_asset: float = 2.0
    formative: bool = False
    ceiling: float = 1.0


#: How many assets the prior counts for against the data's own background.
PRIOR_WEIGHT: Final = 50.0


def measure(trait: Trait, values: pl.DataFrame, case: Case) -> pl.DataFrame:
    """Measure a trait in every community at once.

    Args:
        trait: The trait.
        values: Columns `asset` and `has` (Boolean, null: not known), one row for each asset that could have
            the trait. A column `inside` (Boolean, optional) is the trait as it shows inside the community,
            where that is narrower.
        case: Its members and its background.

    Returns:
        Columns `MEASURED`, one row for each community with an asset that could have the trait.
    """
    inside = pl.col("inside") if "inside" in values.columns else pl.col("has")
    elsewhere = case.elsewhere(values).filter(pl.col("has").is_not_null())
    if trait.formative:
        elsewhere = elsewhere.join(case.members, on="asset", how="semi")
    total, having = elsewhere.height, int(elsewhere["has"].sum())
    counts = pl.col("has").is_not_null() & pl.col("asset").is_in(elsewhere["asset"].implode())
    counted = (
        case.members.select("asset", "community")
        .join(values.with_columns(inside=inside), on="asset")
        .group_by("community")
        .agg(
            eligible=pl.len().cast(pl.Int64),
            known=pl.col("inside").is_not_null().sum().cast(pl.Int64),
            k=pl.col("inside").sum().cast(pl.Int64),
            own=(counts & pl.col("has")).sum().cast(pl.Int64),
            own_known=counts.sum().cast(pl.Int64),
        )
        .sort("community")
    )
    p = (having - pl.col("own") + PRIOR_WEIGHT * trait.prior) / (total - pl.col("own_known") + PRIOR_WEIGHT)
    k, n = pl.col("k"), pl.col("known")
    q = (k + pl.col("background")) / (n + 1)
    background = pl.col("background")
    ratio = k * (q / background).log(2) + (n - k) * ((1 - q) / (1 - background)).log(2)
    measured = counted.with_columns(background=p.clip(1e-6, min(trait.ceiling, 1 - 1e-6))).with_columns(
        name=pl.lit(trait.name),
        value=pl.when(n > 0).then(k / n),
        bits=pl.when((n > 0) & (q > background))
        .then(pl.min_horizontal(ratio, pl.lit(trait.cap), k * trait.per_asset))
        .otherwise(0.0)
        .round(2),
    )
    facts = measured.select("k", "known", "value", "background")
    sentences = [_say(trait, *row) for row in facts.iter_rows()]
    return (
        measured.with_columns(why=pl.Series(sentences, dtype=pl.String)).select(list(MEASURED)).cast(MEASURED)
    )


def _say(trait: Trait, k: int, n: int, share: float | None, background: float) -> str:
    if share is None:
        return "not known"
    return trait.sentence.format(k=k, n=n, share=f"{share:.0%}", background=f"{background:.2%}")
