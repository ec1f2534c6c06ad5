"""The figures of an evaluation, each with a 95% interval from seeded bootstrap resampling.

What is drawn again (Efron and Tibshirani 1993, percentile intervals):

- for the members of one planted operation, its assets and those found with it;
- for figures over all operations, the planted operations (with what was found of them) and, apart from them,
  the false ones, each as often as a Poisson variable of mean 1 says. A figure over fewer than two planted
  operations has no interval.

False operations are a count, which may be 0, where resampling would say [0, 0]: their interval is the exact
one of a Poisson count (Garwood 1936).
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.sparse import csr_array
from scipy.special import gammaincinv

#: Assets per which false operations are counted.
PER: Final = 100_000
FIGURES: Final = {"measure": pl.String(), "value": pl.Float64(), "low": pl.Float64(), "high": pl.Float64()}
_LEVELS: Final = (2.5, 97.5)

_Floats = npt.NDArray[np.float64]


def member_intervals(counts: pl.DataFrame, resamples: int, seed: int) -> pl.DataFrame:
    """Return `precision_low`, `precision_high`, `recall_low`, ... of each row; null where nothing is shared.

    Args:
        counts: `assets` planted, `members` found, `shared` by both.
        resamples: Draws.
        seed: Of the draws.
    """
    rng = np.random.default_rng(seed)
    ends: dict[str, list[float | None]] = {
        f"{rate}_{end}": [] for rate in ("precision", "recall", "f1") for end in ("low", "high")
    }
    for assets, members, shared in counts.select("assets", "members", "shared").iter_rows():
        if not shared:
            for column in ends.values():
                column.append(None)
            continue
        parts = np.array([shared, assets - shared, members - shared])
        both, missed, extra = rng.multinomial(parts.sum(), parts / parts.sum(), size=resamples).T
        drawn = {
            "precision": both / np.maximum(both + extra, 1),
            "recall": both / np.maximum(both + missed, 1),
            "f1": 2 * both / np.maximum(2 * both + missed + extra, 1),
        }
        for rate, values in drawn.items():
            low, high = np.percentile(values, _LEVELS)
            ends[f"{rate}_low"].append(float(low))
            ends[f"{rate}_high"].append(float(high))
    return pl.DataFrame(ends, schema=dict.fromkeys(ends, pl.Float64))


def overall_intervals(
    operations: pl.DataFrame,
    ranking: pl.DataFrame,
    truth: pl.DataFrame,
    members: pl.DataFrame,
    background: int | None,
    resamples: int,
    seed: int,
) -> pl.DataFrame:
    """Return the figures over all operations, in columns `FIGURES`.

    `average_precision`; the means of `f1`, `precision` (of those with a fitting operation) and `recall`, and
    the least `f1`, over planted operations; `adjusted_rand_index`; `false_per_100000` background assets.

    Args:
        operations: `operation`, `precision`, `recall`, `f1`, one row a planted operation.
        ranking: `operation_id`, `verdict`, `planted`, in order of rank.
        truth: `operation`, `asset`.
        members: `operation_id`, `asset`.
        background: Assets that were not planted; None: not known.
        resamples: Draws.
        seed: Of the draws.
    """
    planted = operations["operation"].to_list()
    false = ranking.filter(pl.col("verdict") == "false")["operation_id"].to_list()
    rng = np.random.default_rng(seed)
    drawn = (
        rng.multinomial(len(planted), np.full(len(planted), 1 / len(planted)), size=resamples)
        if planted
        else np.empty((resamples, 0))
    )
    # The first row is what was seen: everything once.
    weights = np.vstack([np.ones(len(planted)), drawn]).astype(np.float64)
    weights_of_false = np.vstack([np.ones(len(false)), rng.poisson(1, (resamples, len(false)))]).astype(float)
    rows: list[tuple[str, float | None, float | None, float | None]] = []

    def add(measure: str, values: _Floats | None) -> None:
        if values is None or not planted or np.isnan(values[0]):
            rows.append((measure, None, None, None))
        elif len(planted) < 2:
            rows.append((measure, float(values[0]), None, None))
        else:
            low, high = np.nanpercentile(values[1:], _LEVELS)
            rows.append((measure, float(values[0]), float(low), float(high)))

    add("average_precision", _average_precision(ranking, planted, weights, weights_of_false))
    for rate in ("f1", "precision", "recall"):
        add(f"mean_{rate}", _mean(operations[rate].to_numpy(), weights))
    rows.append(("least_f1", float(operations["f1"].to_numpy().min()) if planted else None, None, None))
    known = background is not None
    units = np.hstack([weights, weights_of_false])
    index = _adjusted_rand_index(operations, ranking, truth, members, background or 0, units)
    add("adjusted_rand_index", index if known else None)
    rows.append(_false_rate(len(false), background))
    return pl.DataFrame(rows, schema=FIGURES, orient="row")


def _mean(values: npt.NDArray[Any], weights: _Floats) -> _Floats:
    """Return the weighted mean of those that are known, a value a draw."""
    known = ~np.isnan(values)
    total = weights[:, known].sum(axis=1)
    with np.errstate(invalid="ignore"):
        mean: _Floats = weights[:, known] @ values[known] / total
    return mean


def _average_precision(
    ranking: pl.DataFrame, planted: list[str], weights: _Floats, weights_of_false: _Floats
) -> _Floats:
    """Return the average precision of each draw, in which an operation may be several times, or never."""
    at = {name: place for place, name in enumerate(planted)}
    hits = np.zeros((len(weights), ranking.height))
    misses = np.zeros_like(hits)
    seen = 0
    for place, (verdict, of) in enumerate(ranking.select("verdict", "planted").iter_rows()):
        if verdict == "hit":
            hits[:, place] = weights[:, at[of]]
        elif verdict == "false":
            misses[:, place] = weights_of_false[:, seen]
            seen += 1
    so_far = hits.cumsum(axis=1)
    looked_at = so_far + misses.cumsum(axis=1)
    precision = np.divide(so_far, looked_at, out=np.zeros_like(hits), where=looked_at > 0)
    with np.errstate(invalid="ignore"):
        average: _Floats = (hits * precision).sum(axis=1) / weights.sum(axis=1)
    return average


def _adjusted_rand_index(
    operations: pl.DataFrame,
    ranking: pl.DataFrame,
    truth: pl.DataFrame,
    members: pl.DataFrame,
    background: int,
    weights: _Floats,
) -> _Floats:
    """Return Hubert and Arabie's (1985) index of each draw.

    Compared are two partitions of all assets: by planted operation and by exported one. An asset in none is
    alone in its class; one in several counts for the first planted by name, and the highest ranked exported.
    A false operation, or a planted one with what else was found with it, is drawn as a whole.
    """
    columns = {name: place for place, name in enumerate(operations["operation"])}
    false = ranking.filter(pl.col("verdict") == "false")["operation_id"]
    columns_of_false = {name: len(columns) + place for place, name in enumerate(false)}
    unit = {
        found: columns_of_false[found] if planted is None else columns[planted]
        for found, planted in ranking.select("operation_id", "planted").iter_rows()
    }
    place = {found: place for place, found in enumerate(ranking["operation_id"])}
    counts = (
        truth.sort("operation", "asset")
        .unique("asset", keep="first", maintain_order=True)
        .join(
            members.join(ranking.select("operation_id", "rank"), on="operation_id")
            .sort("rank", "operation_id", "asset")
            .unique("asset", keep="first", maintain_order=True),
            on="asset",
            how="full",
            coalesce=True,
        )
        .group_by("operation", "operation_id")
        .agg(n=pl.len().cast(pl.Float64))
        .sort("operation", "operation_id")
        .with_columns(
            unit=pl.coalesce(
                pl.col("operation").replace_strict(columns, default=None, return_dtype=pl.Int64),
                pl.col("operation_id").replace_strict(unit, default=None, return_dtype=pl.Int64),
            ),
            found=pl.col("operation_id").replace_strict(place, default=None, return_dtype=pl.Int64),
        )
    )
    together = counts.filter(pl.col("operation").is_not_null() & pl.col("operation_id").is_not_null())
    size = (
        counts.filter(pl.col("operation").is_not_null()).group_by("unit").agg(pl.col("n").sum()).sort("unit")
    )
    everybody = counts.group_by("unit").agg(pl.col("n").sum()).sort("unit")
    extra = counts.filter(pl.col("operation").is_null())["n"].sum()
    rest = max(background - extra, 0.0)
    shape = (weights.shape[1], ranking.height)
    inside = counts.filter(pl.col("found").is_not_null()).group_by("unit", "found").agg(pl.col("n").sum())
    held = csr_array((inside["n"], (inside["unit"], inside["found"])), shape=shape)
    within = csr_array((_pairs(inside["n"].to_numpy()), (inside["unit"], inside["found"])), shape=shape)
    both = weights[:, together["unit"]] @ _pairs(together["n"].to_numpy())
    of_planted = weights[:, size["unit"]] @ _pairs(size["n"].to_numpy())
    across = ((weights @ held) ** 2 - weights**2 @ held**2) / 2
    of_found = (weights @ within + across).sum(axis=1)
    drawn = weights[:, everybody["unit"]]
    number = everybody["n"].to_numpy()
    total = drawn @ _pairs(number) + ((drawn @ number) ** 2 - drawn**2 @ number**2) / 2
    total += rest * (drawn @ number) + _pairs(np.array(rest))
    expected = np.divide(of_planted * of_found, total, out=np.zeros_like(total), where=total > 0)
    spread = (of_planted + of_found) / 2 - expected
    # Nothing to tell apart, and nothing told apart: in full agreement.
    index: _Floats = np.divide(both - expected, spread, out=np.ones_like(spread), where=spread != 0)
    return index


def _pairs(n: npt.NDArray[Any]) -> _Floats:
    pairs: _Floats = n * (n - 1) / 2
    return pairs


def _false_rate(false: int, background: int | None) -> tuple[str, float | None, float | None, float | None]:
    if not background:
        return ("false_per_100000", None, None, None)
    per = PER / background
    low = float(gammaincinv(false, 0.025)) if false else 0.0
    return ("false_per_100000", false * per, low * per, float(gammaincinv(false + 1, 0.975)) * per)
