"""The one way in which a trait of an operation's members becomes bits of evidence.

For k of n members with a trait whose background rate is p, the bits are the log-likelihood ratio of the
smoothed rate q = (k + p) / (n + 1) against p, less what it costs to choose q after looking:

    bits = k log2(q / p) + (n - k) log2((1 - q) / (1 - p)) - log2(n + 1) / 2     where q > p; 0 at the least

The last term is that of Schwarz (1978), "Estimating the Dimension of a Model". Without it a q that fits the
members always beats p by a little, and over twenty signals that little adds up to an alert.

Members of whom the trait is not known leave n, so that missing data weigh nothing and lower the completeness
instead. The background comes from the assets outside the candidate that are like its members (of their kind,
platform and size), steadied by a shipped prior, so that an operation cannot set its own 'usual'. Bits are
capped by signal and by supporter: one odd member never makes a case. What somebody does with all of his
Pages is one decision, so they are as many supporters as people run them, where that is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from analytics.signals.case import Case
from analytics.weights import WEIGHTS, Weight

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
#: The same of a signal that speaks for an operation, with the members it speaks of.
SHOWN: Final = pl.Schema({**MEASURED, "by": pl.List(pl.String())})


#: A trait that a smaller share of the members shows counts so much less: many of them stand beside the
#: others.
MINORITY: Final = 0.25


@dataclass(frozen=True)
class Trait:
    """A yes-or-no trait of assets and what a signal makes of it.

    Attributes:
        name: The signal's name; its weight is that of `weights.toml`.
        sentence: Format of the explanation; takes `k`, `n`, `share`, `background`.
        formative: Whether communities are made of this trait. It is then compared with other communities
            only: every community found by following shared devices has some. Of the patient look all have
            it, and no ceiling holds there.
        owners: Whether it is the owner's to decide, who is one for all that one tag or card reaches.
        minority: A smaller share of members who show it counts so much less.
    """

    name: str
    sentence: str
    formative: bool = False
    owners: bool = False
    minority: float = MINORITY

    @property
    def weight(self) -> Weight:
        """What the signal may weigh."""
        return WEIGHTS[self.name]


#: As `MINORITY`, of all members, be it known of them or not, where fewer than `MANY` show it: three sites
#: say little of sixty people, thirty say something of six hundred.
ODD: Final = 0.1
MANY: Final = 10
#: What q costs for having been chosen after the fact, in bits for each doubling of the members (Schwarz).
CHOSEN: Final = 0.5
#: How many assets the prior counts for against the data's own background.
PRIOR_WEIGHT: Final = 50.0


def likelihood(k: pl.Expr, n: pl.Expr, p: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Return q, and the bits that k of n with a trait of background rate p are before any cap."""
    q = (k + p) / (n + 1)
    ratio = k * (q / p).log(2) + (n - k) * ((1 - q) / (1 - p)).log(2)
    return q, (ratio - CHOSEN * (n + 1).log(2)).clip(lower_bound=0.0)


def measure(
    trait: Trait, values: pl.DataFrame, case: Case, inside: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Measure a trait in every community at once.

    Args:
        trait: The trait.
        values: Columns `asset` and `has` (Boolean, null: not known), one row for each asset that could have
            the trait.
        case: Its members and its background.
        inside: `asset`, `community` of the members who show the trait inside, where that is narrower.

    Returns:
        Columns `SHOWN`, one row for each community with an asset that could have the trait.
    """
    weight = trait.weight
    ceiling = 1 - 1e-6 if trait.formative and case.patient else weight.ceiling
    like = case.population.likeness
    elsewhere = case.elsewhere(values).filter(pl.col("has").is_not_null())
    if trait.formative:
        elsewhere = elsewhere.join(case.formed, on="asset", how="semi")
    members = (
        case.members.select("asset", "community").join(values, on="asset").join(like, on="asset", how="left")
    )
    if inside is None:
        members = members.with_columns(shows=pl.col("has"))
    else:
        shown = inside.select("asset", "community", shown=pl.lit(value=True)).unique()
        members = members.join(shown, on=["asset", "community"], how="left").with_columns(
            shows=pl.when(pl.col("has").is_not_null()).then(pl.col("shown").fill_null(value=False))
        )
    members = members.join(
        elsewhere.select("asset", counts=pl.lit(value=True)), on="asset", how="left"
    ).with_columns(pl.col("counts").fill_null(value=False))
    outside = (
        elsewhere.join(like, on="asset", how="left")
        .group_by("like")
        .agg(total=pl.len().cast(pl.Int64), having=pl.col("has").sum().cast(pl.Int64))
    )
    groups = (
        members.group_by("community", "like")
        .agg(
            eligible=pl.len().cast(pl.Int64),
            known=pl.col("shows").is_not_null().sum().cast(pl.Int64),
            k=pl.col("shows").sum().cast(pl.Int64),
            own=(pl.col("counts") & pl.col("has")).sum().cast(pl.Int64),
            own_known=pl.col("counts").sum().cast(pl.Int64),
        )
        .join(outside, on="like", how="left", nulls_equal=True)
        .with_columns(pl.col("total", "having").fill_null(0))
        .with_columns(
            p=(pl.col("having") - pl.col("own") + PRIOR_WEIGHT * weight.prior)
            / (pl.col("total") - pl.col("own_known") + PRIOR_WEIGHT)
        )
        .sort("community", "like")
    )
    counted = (
        groups.group_by("community", maintain_order=True)
        .agg(
            pl.col("eligible", "known", "k").sum(),
            background=pl.when(pl.col("known").sum() > 0)
            .then((pl.col("p") * pl.col("known")).sum() / pl.col("known").sum())
            .otherwise(pl.col("p").mean())
            .round(12),
        )
        .sort("community")
    )
    k, n, background = pl.col("k"), pl.col("known"), pl.col("background")
    q, ratio = likelihood(k, n, background)
    few = pl.max_horizontal(k / pl.col("size") / ODD, k / MANY)
    sizes = case.members.group_by("community").agg(size=pl.len())
    measured = (
        counted.join(sizes, on="community", maintain_order="left")
        .join(_supporters(members, case, trait), on="community", how="left", maintain_order="left")
        .with_columns(background=background.clip(weight.floor, ceiling))
        .with_columns(
            name=pl.lit(trait.name),
            value=pl.when(n > 0).then(k / n),
            bits=pl.when((n > 0) & (q > background))
            .then(
                pl.min_horizontal(
                    ratio,
                    weight.cap * pl.min_horizontal(k / n / trait.minority, few, 1.0),
                    pl.min_horizontal(k, pl.col("people").fill_null(0)) * weight.per_asset,
                )
            )
            .otherwise(0.0)
            .round(2),
        )
    )
    facts = measured.select("k", "known", "value", "background")
    sentences = [_say(trait, *row) for row in facts.iter_rows()]
    return measured.with_columns(why=pl.Series(sentences, dtype=pl.String)).select(list(SHOWN)).cast(SHOWN)


def _supporters(members: pl.DataFrame, case: Case, trait: Trait) -> pl.DataFrame:
    """Return for each `community` the members `by` whom a trait is shown, and the number of `people` behind.

    Behind a Page or Group are the hands that it is in; where none is known, it stands for itself. Who bears
    one name counts as one, and so does what one tag or card reaches, where the owner decides.
    """
    shows = members.filter("shows")
    if trait.owners:
        owned = shows.join(case.owners, on=["asset", "community"], how="left")
        owners = owned.group_by("community").agg(owners=pl.coalesce("owner", "asset").n_unique())
    else:
        owners = shows.group_by("community").agg(owners=pl.len())
    names = (
        shows.join(case.as_one, on=["asset", "community"])
        .group_by("community")
        .agg(names=pl.col("as_one").n_unique())
    )
    return (
        shows.join(case.population.hands, on="asset", how="left")
        .group_by("community")
        .agg(people=pl.coalesce("hand", "asset").n_unique(), by=pl.col("asset").unique().sort())
        .join(names, on="community")
        .join(owners, on="community")
        .select("community", "by", people=pl.min_horizontal("people", "names", "owners"))
    )


def _say(trait: Trait, k: int, n: int, share: float | None, background: float) -> str:
    if share is None:
        return "not known"
    return trait.sentence.format(k=k, n=n, share=f"{share:.0%}", background=f"{background:.2%}")
