"""What is taken off the sum of an operation's signals, since they are not independent of each other."""

from __future__ import annotations

from typing import Final

import polars as pl

from analytics.agreement import agreement
from analytics.signals.case import Case
from analytics.signals.trait import MEASURED
from analytics.weights import KIND_CAPS, LEAST_OF_A_KIND, MOST_OF_ONE_KIND, SPEAKS_FROM, WEIGHTS

#: Names of the lines that take off what signals of one kind bring beyond what their kind may.
SAME_KIND: Final = "same_kind"
#: Name of the lines that take off what a kind brings of other members than the leading kind speaks of.
APART: Final = "apart"
ONE_KIND: Final = "one_kind"
#: Kinds that tell that members belong together, and nothing that they hide or feign. Who works in one place
#: shares its telephone and acts in step: together they are one kind.
RELATED: Final = ["coordination", "infrastructure"]
#: Signals of other kinds that tell no more beside those: a class makes its accounts at once, at its school.
RELATING: Final = [name for name, weight in WEIGHTS.items() if weight.relates]
_KIND: Final = {name: weight.kind for name, weight in WEIGHTS.items()}


def corrections(case: Case, measured: pl.DataFrame, place: int) -> tuple[pl.DataFrame, ...]:
    """Return the lines that take off what is beyond a kind, said of other members, or one kind alone.

    Args:
        case: The communities.
        measured: What all signals say of them, `SHOWN`.
        place: Of the first of these lines below the signals; three are taken.
    """
    speaking = (
        measured.filter(pl.col("bits") > 0)
        .with_columns(
            kind=pl.col("name").replace_strict(_KIND, return_dtype=pl.String),
            said=pl.col("name").str.replace_all("_", " ", literal=True),
        )
        .group_by("community", "kind")
        .agg(
            bits=pl.col("bits").sum().round(2),
            relating=pl.col("bits").filter(pl.col("name").is_in(RELATING)).sum(),
            relating_names=pl.col("said").filter(pl.col("name").is_in(RELATING)).first(),
            signals=pl.col("said").sort().str.join(", "),
            by=pl.col("by").list.explode().unique(),
        )
        .with_columns(most=pl.col("kind").replace_strict(KIND_CAPS, return_dtype=pl.Float64))
        .with_columns(counted=pl.min_horizontal("bits", "most"))
        .sort("community", "kind")
    )
    beyond = speaking.filter(pl.col("bits") > pl.col("most")).with_columns(
        name=pl.format(SAME_KIND + "_{}", "kind"),
        value=pl.lit(None, pl.Float64),
        bits=(pl.col("most") - pl.col("bits")).round(2),
        why=pl.format(
            "{} are one kind of evidence, {}, which counts {} bits at most", "signals", "kind", "most"
        ),
    )
    agreed = speaking.join(agreement(case, speaking), on=["community", "kind"]).with_columns(
        taken=(pl.col("counted") * (1 - pl.col("counts"))).round(2)
    )
    apart = agreed.filter(pl.col("taken") > 0).with_columns(
        name=pl.format(APART + "_{}", "kind"),
        value="agree",
        bits=-pl.col("taken"),
        why=pl.format(
            "{} and {} speak of other members: {}% of those of the one are, act with, run or are run by those"
            " of the other",
            "kind",
            "leading",
            (pl.col("agree") * 100).round(0).cast(pl.Int64),
        ),
    )
    return lines_of(beyond, place), lines_of(apart, place + 1), lines_of(_one_kind(agreed), place + 2)


def _one_kind(agreed: pl.DataFrame) -> pl.DataFrame:
    """Return the lines that take off what a kind brings without a second one beside it."""
    beyond = pl.col("total") - MOST_OF_ONE_KIND
    least = pl.when("rests").then(pl.lit(SPEAKS_FROM)).otherwise(0.0)
    return (
        _two_kinds(agreed)
        .with_columns(value=((pl.col("second") - least) / (LEAST_OF_A_KIND - least)).clip(0.0, 1.0))
        .filter((pl.col("value") < 1) & (beyond > 0))
        .with_columns(
            name=pl.lit(ONE_KIND),
            bits=(-beyond * (1 - pl.col("value"))).round(2),
            why=pl.when(pl.col("value") > 0)
            .then(
                pl.format(
                    "beside {}, {} has only {} bits, where a kind speaks by itself{} from {} on: {}% of what"
                    " all have beyond {} counts",
                    "kind",
                    "other",
                    "second",
                    pl.when("rests")
                    .then(pl.lit(f" with more than {SPEAKS_FROM}, and in full"))
                    .otherwise(pl.lit("")),
                    pl.lit(LEAST_OF_A_KIND),
                    (pl.col("value") * 100).round(1),
                    pl.lit(MOST_OF_ONE_KIND),
                )
            )
            .otherwise(
                pl.format(
                    "only {}: without a second kind of evidence all count {} bits at most",
                    pl.when("rests")
                    .then(pl.format("what tells that members belong together speaks ({})", "related"))
                    .otherwise(pl.format("{} speaks by itself", "kind")),
                    pl.lit(MOST_OF_ONE_KIND),
                )
            ),
        )
    )


def _two_kinds(agreed: pl.DataFrame) -> pl.DataFrame:
    """Return the two kinds of each community that speak loudest.

    Where what relates its members (`RELATED`) is one of the two, the other is the strongest without the
    signals that tell no more beside it (`RELATING`).

    Returns:
        `community`, `total` (bits of all kinds), `kind`, `other`, `second` (bits of the other), `rests`
        (whether the first is what relates members), `related` (names of all that does).
    """
    relates = pl.col("kind").is_in(RELATED)
    whole, alone = pl.col("whole").filter(~relates), pl.col("alone").filter(~relates)
    strongest = (
        agreed.with_columns(whole=(pl.col("counted") - pl.col("taken")).round(2))
        .with_columns(
            alone=pl.min_horizontal("whole", (pl.col("bits") - pl.col("relating")).round(2)),
            related=pl.when(relates & (pl.col("whole") > 0))
            .then("kind")
            .when(~relates)
            .then("relating_names"),
        )
        .sort(["community", "whole", "kind"], descending=[False, True, False])
        .group_by("community", maintain_order=True)
        .agg(
            pl.col("related").drop_nulls().str.join(", "),
            total=pl.col("whole").sum().round(2),
            tie=pl.col("kind").filter(relates).first(),
            tie_bits=pl.col("whole").filter(relates).first().fill_null(0.0),
            first=pl.col("kind").filter(~relates).first(),
            next=pl.col("kind").filter(~relates).get(1, null_on_oob=True),
            second=whole.get(1, null_on_oob=True).fill_null(0.0),
            beside=pl.col("kind").filter(~relates).get(alone.arg_max(), null_on_oob=True),
            alone=alone.max().fill_null(0.0),
        )
    )
    among = (pl.col("tie_bits") > 0) & (pl.col("tie_bits") >= pl.col("second"))
    rests = among & (pl.col("tie_bits") > pl.col("alone"))

    def chosen(resting: str, beside: str, otherwise: str) -> pl.Expr:
        return pl.when(rests).then(resting).when(among).then(beside).otherwise(otherwise)

    return strongest.select(
        "community",
        "total",
        "related",
        kind=chosen("tie", "beside", "first"),
        other=chosen("beside", "tie", "next"),
        second=chosen("alone", "tie_bits", "second"),
        rests=rests,
    )


def lines_of(frame: pl.DataFrame, place: int) -> pl.DataFrame:
    """Return `MEASURED` and `place` of corrections with `community`, `name`, `value`, `bits` and `why`."""
    one = pl.lit(1, pl.Int64)
    return (
        frame.with_columns(background=pl.lit(None, pl.Float64), known=one, eligible=one)
        .select(list(MEASURED))
        .cast(MEASURED)
        .with_columns(place=pl.lit(place))
    )
