"""Evaluation: how well exported operations match planted ones, and how the ranking puts them.

The counting, once for the demo, `cib evaluate` and the benchmark. A planted operation is measured by the
exported one that fits it best (highest F1; of equals the higher ranked). Going down the ranking, an exported
operation is a `hit` when more than half of its members belong to one planted operation not hit before,
neither hit nor miss (`piece`) when that one was hit before, and `false` otherwise. Average precision is the
mean over all planted operations of hits / (hits + false) at their hit, 0 for those never hit.

Who is not in the data cannot be found in them: an account that only administers leaves outsiders no trace.
Planted assets that the data do not hold are told apart and count in no figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from analytics.evaluation.resampling import FIGURES, member_intervals, overall_intervals

#: What is told of innocent groups.
LOOKALIKES: Final = {"group": pl.String(), "kind_of_group": pl.String(), "asset": pl.String()}
RATES: Final = ("precision", "recall", "f1")


@dataclass(frozen=True)
class Evaluation:
    """What was counted.

    Attributes:
        operations: One row a planted operation, by name: `operation`, `assets`, the exported operation that
            fits it best (`operation_id`, `rank`, `members`; null: none has any of it), `shared` assets,
            `precision` (null without one), `recall`, `f1`, each also `_low` and `_high`, `hit_rank` (of
            its hit; null: never hit), `pieces` (further operations that are mostly of it), `elsewhere`
            (what others than the best hold of it) and `others` (how many those are).
        absent: `operation`, `assets` (planted that the data do not hold), for those with any. An operation
            that is wholly absent is in no other table and no figure.
        ranking: One row an exported operation, in order of rank: `rank`, `operation_id`, `members`,
            `verdict` (`hit`, `piece`, `false`), `planted` and `shared` (of which planted operation it mostly
            is; else null), `lookalike` and `kind_of_group` (of which look-alike it mostly is).
        figures: `measure`, `value`, `low`, `high`; null where there is nothing to measure.
    """

    operations: pl.DataFrame
    ranking: pl.DataFrame
    figures: pl.DataFrame
    absent: pl.DataFrame

    def figure(self, measure: str) -> float | None:
        """Return the value of one measure."""
        value: float | None = self.figures.filter(measure=measure)["value"].item()
        return value

    def as_dict(self) -> dict[str, Any]:
        """Return everything for JSON."""
        return {
            "figures": {row.pop("measure"): row for row in self.figures.iter_rows(named=True)},
            "operations": self.operations.to_dicts(),
            "ranking": self.ranking.to_dicts(),
            "absent": self.absent.to_dicts(),
        }


def evaluate(
    truth: pl.DataFrame,
    members: pl.DataFrame,
    ranks: pl.DataFrame,
    *,
    absent: pl.Series | None = None,
    background: int | None = None,
    lookalikes: pl.DataFrame | None = None,
    resamples: int = 1000,
    seed: int = 1,
) -> Evaluation:
    """Compare what was exported with what was planted.

    Args:
        truth: `operation`, `asset` (its key); an asset may be in several.
        members: `operation_id`, `asset`.
        ranks: `operation_id`, `rank`; operations without members do not count.
        absent: Planted assets that the data do not hold; None: they hold all.
        background: Assets of the data that were not planted; None: not known.
        lookalikes: `group`, `kind_of_group`, `asset`: innocent groups that look coordinated.
        resamples: Draws of the bootstrap.
        seed: Of the bootstrap.
    """
    truth = truth.select("operation", "asset").unique().sort("operation", "asset")
    lost = truth.filter(pl.col("asset").is_in(absent.implode())) if absent is not None else truth.clear()
    truth = truth.join(lost, on=["operation", "asset"], how="anti", maintain_order="left")
    members = members.select("operation_id", "asset").unique()
    exported = (
        ranks.select("operation_id", "rank")
        .join(members.group_by("operation_id").agg(members=pl.len().cast(pl.Int64)), on="operation_id")
        .sort("rank", "operation_id")
    )
    cells = (
        truth.join(members, on="asset")
        .group_by("operation", "operation_id")
        .agg(shared=pl.len().cast(pl.Int64))
        .join(exported, on="operation_id")
        .sort("rank", "operation_id", "operation")
    )
    ranking = _go_down(exported, cells)
    operations = _best_fits(truth, cells, ranking)
    ranking = _name_lookalikes(ranking, members, lookalikes)
    intervals = member_intervals(operations.select("assets", "members", "shared"), resamples, seed)
    operations = pl.concat([operations, intervals], how="horizontal")
    order = ["operation", "assets", "operation_id", "rank", "members", "shared"]
    order += [f"{rate}{end}" for rate in RATES for end in ("", "_low", "_high")]
    overall = overall_intervals(operations, ranking, truth, members, background, resamples, seed)
    return Evaluation(
        operations.select(*order, "hit_rank", "pieces", "elsewhere", "others"),
        ranking,
        pl.concat([_counts(operations, ranking), overall]),
        lost.group_by("operation").agg(assets=pl.len().cast(pl.Int64)).sort("operation"),
    )


def _go_down(exported: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Return the exported operations, each with its verdict and the planted operation it mostly is."""
    mostly: dict[str, list[tuple[str, int]]] = {}
    most = cells.filter(2 * pl.col("shared") > pl.col("members")).sort(
        "rank", "shared", "operation", descending=[False, True, False]
    )
    for found, planted, shared in most.select("operation_id", "operation", "shared").iter_rows():
        mostly.setdefault(found, []).append((planted, shared))
    hit: set[str] = set()
    verdicts: list[tuple[str, str | None, int | None]] = []
    for found in exported["operation_id"]:
        of = mostly.get(found, [])
        fresh = [one for one in of if one[0] not in hit]
        if fresh:
            hit.add(fresh[0][0])
            verdicts.append(("hit", *fresh[0]))
        elif of:
            verdicts.append(("piece", *of[0]))
        else:
            verdicts.append(("false", None, None))
    told = pl.DataFrame(
        verdicts,
        schema={"verdict": pl.String, "planted": pl.String, "shared": pl.Int64},
        orient="row",
    )
    return pl.concat([exported.select("rank", "operation_id", "members"), told], how="horizontal")


def _best_fits(truth: pl.DataFrame, cells: pl.DataFrame, ranking: pl.DataFrame) -> pl.DataFrame:
    planted = truth.group_by("operation").agg(assets=pl.len().cast(pl.Int64))
    best = (
        cells.join(planted, on="operation")
        .with_columns(f1=2 * pl.col("shared") / (pl.col("assets") + pl.col("members")))
        .sort(["f1", "rank", "operation_id"], descending=[True, False, False])
        .unique("operation", keep="first", maintain_order=True)
        .drop("assets")
    )
    held = cells.group_by("operation").agg(held=pl.col("shared").sum(), holders=pl.len().cast(pl.Int64))
    counted = ranking.group_by(operation="planted").agg(
        hit_rank=pl.col("rank").filter(pl.col("verdict") == "hit").min(),
        pieces=(pl.col("verdict") == "piece").sum().cast(pl.Int64),
    )
    return (
        planted.join(best, on="operation", how="left")
        .join(held, on="operation", how="left")
        .join(counted, on="operation", how="left")
        .with_columns(pl.col("shared", "held", "holders", "pieces").fill_null(0), pl.col("f1").fill_null(0.0))
        .with_columns(
            precision=pl.col("shared") / pl.col("members"),
            recall=pl.col("shared") / pl.col("assets"),
            elsewhere=pl.col("held") - pl.col("shared"),
            others=(pl.col("holders") - 1).clip(0),
        )
        .sort("operation")
    )


def _name_lookalikes(
    ranking: pl.DataFrame, members: pl.DataFrame, lookalikes: pl.DataFrame | None
) -> pl.DataFrame:
    """Add the innocent group that most members of an exported operation belong to."""
    if lookalikes is None:
        lookalikes = pl.DataFrame(schema=LOOKALIKES)
    groups = lookalikes.select(list(LOOKALIKES)).unique()
    mostly = (
        groups.join(members, on="asset")
        .group_by("operation_id", "group", "kind_of_group")
        .agg(of_group=pl.len())
        .join(ranking.select("operation_id", "members"), on="operation_id")
        .filter(2 * pl.col("of_group") > pl.col("members"))
        .sort(["of_group", "group"], descending=[True, False])
        .unique("operation_id", keep="first", maintain_order=True)
        .select("operation_id", "kind_of_group", lookalike="group")
    )
    return ranking.join(mostly, on="operation_id", how="left", maintain_order="left").select(
        *ranking.columns, "lookalike", "kind_of_group"
    )


def _counts(operations: pl.DataFrame, ranking: pl.DataFrame) -> pl.DataFrame:
    """Return what is counted, in columns `FIGURES`."""
    false = ranking.filter(verdict="false")
    last_hit = ranking.filter(verdict="hit")["rank"].max()
    missed = operations["hit_rank"].null_count()
    alike = ranking.filter(pl.col("lookalike").is_not_null() & (pl.col("verdict") == "false"))
    above = alike if missed else alike.filter(pl.col("rank") < (last_hit or 0))
    counts: dict[str, float | None] = {
        "planted": operations.height,
        "hit": operations.height - missed,
        "exported": ranking.height,
        "pieces": ranking.filter(verdict="piece").height,
        "false": false.height,
        "lookalikes": alike.height,
        "lookalikes_above_planted": above.height if operations.height else None,
    }
    return pl.DataFrame(
        [(name, None if value is None else float(value), None, None) for name, value in counts.items()],
        schema=FIGURES,
        orient="row",
    )
