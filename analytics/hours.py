"""When in the day assets post: the hours that they keep silent, and those that they work."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

#: With fewer posts nothing can be said of somebody's day.
FEWEST_POSTS: Final = 50
#: Hours of a night, and of a day's work.
NIGHT: Final = 6
WORK: Final = 9


def days(activity: pl.DataFrame) -> pl.DataFrame:
    """Return the day of each asset that posts enough.

    Args:
        activity: `asset`, `posts`, `hours` (posts in each of the day's 24), `weekend` (on its two days).

    Returns:
        `asset`, `quiet` (share of posts in the quietest `NIGHT` hours in a row), `busy` (share in the busiest
        `WORK` hours in a row), `weekend` (share on Saturdays and Sundays).
    """
    active = activity.filter((pl.col("posts") >= FEWEST_POSTS) & (pl.col("hours").list.len() == 24))
    schema = {"quiet": pl.Float64, "busy": pl.Float64, "weekend": pl.Float64}
    if active.is_empty():
        return pl.DataFrame(schema={"asset": pl.String, **schema})
    hours = active["hours"].list.to_array(24).to_numpy().astype(np.float64)
    total = hours.sum(axis=1)
    night, work = _in_a_row(hours, NIGHT), _in_a_row(hours, WORK)
    return pl.DataFrame(
        {
            "asset": active["asset"],
            "quiet": night.min(axis=1) / total,
            "busy": work.max(axis=1) / total,
            "weekend": active["weekend"].to_numpy() / total,
        },
        schema={"asset": pl.String, **schema},
    )


def _in_a_row(hours: np.ndarray, width: int) -> np.ndarray:
    """Return the sum of the `width` hours from each hour on, round the clock."""
    return np.asarray(sum(np.roll(hours, -shift, axis=1) for shift in range(width)))
