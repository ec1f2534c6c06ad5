"""The weight that an edge must exceed: a quantile of the weights of all observed pairs, as in CooRTweet."""

from __future__ import annotations

import math

import duckdb


def weight_threshold(database: duckdb.DuckDBPyConnection, share: float) -> float:
    """Return the quantile of the weights of the table `pairs`; 0 without pairs.

    R's `quantile` of type 7, operation by operation, since an edge passes only if its weight is larger.

    Args:
        database: Holds `pairs`.
        share: Which quantile, from 0 to 1.
    """
    counted = database.execute(
        "SELECT weight, count(*) FROM pairs GROUP BY weight ORDER BY weight"
    ).fetchall()
    pairs = sum(count for _, count in counted)
    if not pairs:
        return 0.0
    place = (pairs - 1) * share
    low, high = math.floor(place), math.ceil(place)
    below, above = (_at(counted, index) for index in (low, high))
    part = place - low
    return float(below) if below == above else (1 - part) * below + part * above


def _at(counted: list[tuple[int, int]], index: int) -> int:
    """Return the weight at a place, from 0, in the order of weights."""
    for weight, count in counted:
        if index < count:
            return weight
        index -= count
    raise IndexError(index)
