"""What changed between two rankings: operations that came, grew, shrank, merged, split and went, and members.

An operation is the same in both where it has the same id; ids follow an operation from run to run by its
members (`analytics.history.identity`). Those whose id the other ranking does not have are matched by
the weighted overlap of their members.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from analytics.columns import schema
from analytics.history.identity import trace
from analytics.history.rankings import OPERATIONS, Ranking

#: In the order in which a reader wants them.
STATUSES: Final = ("new", "merged", "split", "grown", "shrunk", "gone", "unchanged")


@dataclass(frozen=True)
class Difference:
    """What changed.

    Attributes:
        earlier: The earlier run's id.
        later: The later run's id.
        changes: The export table `changes`: one row an operation, by status (`STATUSES`), then rank.
        moves: The export table `moves`: one row a member that joined or left an operation that is in both.
    """

    earlier: str
    later: str
    changes: pl.DataFrame
    moves: pl.DataFrame

    def as_dict(self) -> dict[str, Any]:
        """Return everything for JSON."""
        return {
            "earlier": self.earlier,
            "later": self.later,
            "changes": self.changes.to_dicts(),
            "moves": self.moves.to_dicts(),
        }


def differ(earlier: Ranking, later: Ranking, *, everything: bool = False) -> Difference:
    """Compare two rankings.

    Args:
        earlier: What was found before.
        later: What was found then.
        everything: Also operations that are an alert in neither.
    """
    pairs = _pair(earlier, later)
    moves = _moves(pairs, earlier.members, later.members)
    moved = moves.group_by("operation_id").agg(
        joined=(pl.col("change") == "joined").sum(), left=(pl.col("change") == "left").sum()
    )
    before = earlier.operations.rename({name: f"{name}_before" for name in OPERATIONS})
    changes = (
        pairs.join(later.operations, on="operation", how="left")
        .join(before, on="operation_before", how="left")
        .with_columns(pl.col("alert", "alert_before").fill_null(value=False))
        .filter(pl.lit(everything) | pl.col("alert") | pl.col("alert_before"))
        .join(moved, on="operation_id", how="left")
        .with_columns(
            joined=pl.when(pl.col("operation_before").is_null()).then("assets").otherwise("joined"),
            left=pl.when(pl.col("operation").is_null()).then("assets_before").otherwise("left"),
        )
        .with_columns(pl.col("joined", "left").fill_null(0))
    )
    order = pl.Enum(STATUSES)
    changes = changes.with_columns(why=_why()).sort(
        pl.col("status").cast(order), pl.coalesce("rank", "rank_before"), "operation_id"
    )
    place = changes.select("operation_id").with_row_index("place")
    key = pl.col("asset").str.splitn(":", 3).struct.rename_fields(["platform", "kind", "id"])
    shown = moves.join(place, on="operation_id").with_columns(key.alias("key")).unnest("key")
    return Difference(
        earlier.run,
        later.run,
        changes.select(pl.col(name).cast(dtype) for name, dtype in schema("changes").items()),
        shown.sort("place", "change", "asset").select(list(schema("moves"))),
    )


def _pair(earlier: Ranking, later: Ranking) -> pl.DataFrame:
    """Return which operations are the same: `operation_id`, `operation`, `operation_before`, `status`, `was`.

    Either of the two is null where it is not there; `was` tells where else members were, or are.
    """
    now = later.members.select("asset", "role", community="operation")
    then = earlier.members.select("asset", "role", "operation")
    in_both = set(later.operations["operation"]) & set(earlier.operations["operation"])
    found = trace(now, then, {name: name for name in in_both}).select(
        operation_id="community",
        operation="community",
        operation_before="heir_of",
        status="status",
        was=_others("origins", "heir_of"),
    )
    went = earlier.operations.select("operation").filter(
        ~pl.col("operation").is_in(found["operation_before"].drop_nulls().implode())
    )
    back = trace(then.rename({"operation": "community"}), now.rename({"community": "operation"}))
    gone = went.join(back, left_on="operation", right_on="community", how="left").select(
        operation_id="operation",
        operation=pl.lit(None, pl.String),
        operation_before="operation",
        status=pl.lit("gone"),
        was=pl.col("origins").fill_null([]),
    )
    return pl.concat([found, gone])


def _others(column: str, name: str) -> pl.Expr:
    return pl.col(column).list.set_difference(pl.concat_list(pl.col(name).fill_null("")))


def _moves(pairs: pl.DataFrame, before: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """Return who joined and left operations that are in both rankings, and from where, or where to."""
    both = pairs.drop_nulls(["operation", "operation_before"]).select(
        "operation_id", "operation", "operation_before"
    )
    inside = now.join(both, on="operation")
    was_inside = before.join(both, left_on="operation", right_on="operation_before")
    there = was_inside.select("operation_id", "asset")
    here = inside.select("operation_id", "asset")
    told = ["operation_id", "asset", "name", "role"]
    joined = inside.join(there, on=["operation_id", "asset"], how="anti").select(
        *told, change=pl.lit("joined")
    )
    left = was_inside.join(here, on=["operation_id", "asset"], how="anti").select(
        *told, change=pl.lit("left")
    )
    return pl.concat(
        [
            joined.join(_elsewhere(before), on="asset", how="left"),
            left.join(_elsewhere(now), on="asset", how="left"),
        ]
    ).with_columns(pl.col("other").fill_null([]))


def _elsewhere(members: pl.DataFrame) -> pl.DataFrame:
    return members.group_by("asset").agg(other=pl.col("operation").sort())


def _why() -> pl.Expr:
    """Return what happened, in words."""
    others = pl.col("was").list.join(", ")
    score = (pl.col("score") - pl.col("score_before")).round(1)
    moved = pl.concat_str(
        _counted("joined", "joined"),
        _counted("left", "left"),
        pl.when(score.abs() >= 1).then(
            pl.format(
                "score {} by {} bits",
                pl.when(score > 0).then(pl.lit("rose")).otherwise(pl.lit("fell")),
                score.abs(),
            )
        ),
        pl.when(pl.col("alert") & ~pl.col("alert_before")).then(pl.lit("an alert now")),
        pl.when(~pl.col("alert") & pl.col("alert_before")).then(pl.lit("no alert any more")),
        separator="; ",
        ignore_nulls=True,
    )
    status = pl.col("status")
    head = (
        pl.when((status == "new") & (others != ""))
        .then(pl.format("new, with members of {}", others))
        .when((status == "merged") & (others != ""))
        .then(pl.format("took in {}", others))
        .when((status == "split") & (others != ""))
        .then(pl.format("a part of {}", others))
        .when((status == "gone") & (others != ""))
        .then(pl.format("gone into {}", others))
        .otherwise(status)
    )
    return (
        pl.when(pl.col("operation").is_null() | pl.col("operation_before").is_null() | (moved == ""))
        .then(head)
        .otherwise(pl.format("{}: {}", head, moved))
    )


def _counted(column: str, verb: str) -> pl.Expr:
    return pl.when(pl.col(column) > 0).then(pl.format(f"{{}} {verb}", column))
