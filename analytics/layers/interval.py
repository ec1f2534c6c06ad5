"""A window estimated from the data, as CooRnet does it."""

from __future__ import annotations

from typing import Final

import duckdb

from cypher.errors import UsageError

_INTERVAL: Final = """
WITH ranked AS (
    SELECT object, "at" - min("at") OVER shares AS after,
           row_number() OVER (PARTITION BY object ORDER BY "at") AS place, count(*) OVER shares AS shares
    FROM log WINDOW shares AS (PARTITION BY object) QUALIFY shares > 1
), second AS (
    SELECT object, after FROM ranked WHERE place = 2
), quick AS (
    SELECT object FROM second WHERE after <= (SELECT quantile_cont(after, $quickest) FROM second)
)
SELECT median(seconds) FROM (
    SELECT min(after) / 1e6 AS seconds FROM ranked SEMI JOIN quick USING (object)
    WHERE place / shares > $reached GROUP BY object)
"""


def estimated_window(
    database: duckdb.DuckDBPyConnection, quickest: float = 0.1, reached: float = 0.5
) -> float:
    """Return CooRnet's coordination interval of the view `log`, in seconds, at least 1.

    Args:
        database: Holds `log`: object, actor, at (microseconds), post.
        quickest: Of the objects shared more than once, the quantile with the soonest second share (its q).
        reached: The part of its shares that an object must exceed (its p).

    Raises:
        UsageError: No object is shared twice, or the part is never exceeded.
    """
    found = database.execute(_INTERVAL, {"quickest": quickest, "reached": reached}).fetchall()[0][0]
    if found is None:
        raise UsageError(
            "no window can be estimated: no object is shared twice", "Give the window in seconds."
        )
    return max(float(found), 1.0) if found == 0 else float(found)
