"""Coordinated edges of one layer straight from a log: weights, threshold, and a test against chance."""

from __future__ import annotations

from typing import Any, Final, Literal, TypeAlias

import duckdb

from analytics.layers.actions import Rule, find_co_actions, find_posts
from analytics.layers.answers import row
from analytics.layers.log import quoted
from analytics.layers.threshold import weight_threshold

#: `poisson` tests every edge against chance, `none` does not.
Null: TypeAlias = Literal["poisson", "none"]

#: Columns of edges, source < target (source = target for kept loops).
EDGES: Final = (
    "source", "target", "layer", "weight", "avg_time_delta", "first_at", "last_at", "above_threshold",
)  # fmt: skip
#: Further columns of edges that were tested.
TESTED: Final = ("expected", "p_value", "q_value")
#: Columns of co-actions; `time_delta` in seconds, never negative.
CO_ACTIONS: Final = (
    "layer", "object", "source", "target", "source_post", "target_post", "source_at", "target_at",
    "time_delta",
)  # fmt: skip

# Actors are numbered in the order of their names, and numbers sort in a fraction of the time.
_EDGES: Final = """
CREATE VIEW edges AS
SELECT s.name AS source, t.name AS target, {layer} AS layer, weight,
       delta / (weight * 1e6) AS avg_time_delta, make_timestamptz(first_at) AS first_at,
       make_timestamptz(last_at) AS last_at, weight > {threshold!r} AS above_threshold{tested}
FROM ({pairs}) AS pairs JOIN actors AS s ON s.rowid = source JOIN actors AS t ON t.rowid = target
ORDER BY pairs.source, pairs.target
"""
_CO_ACTIONS: Final = """
CREATE VIEW co_action_rows AS
SELECT {layer} AS layer, names.name AS object, s.name AS source, t.name AS target, p.post AS source_post,
       q.post AS target_post, make_timestamptz(x."at") AS source_at, make_timestamptz(y."at") AS target_at,
       abs(y."at" - x."at") / 1e6 AS time_delta
FROM co_actions JOIN names ON names.rowid = co_actions.object
JOIN actors AS s ON s.rowid = source JOIN actors AS t ON t.rowid = target
JOIN (SELECT id AS source_id, "at" FROM actions) AS x USING (source_id)
JOIN (SELECT id AS target_id, "at" FROM actions) AS y USING (target_id)
JOIN posts AS p ON p.id = source_id JOIN posts AS q ON q.id = target_id
ORDER BY source, target, least(x."at", y."at"), object, source_post, target_post
"""
_COUNTS: Final = """
SELECT (SELECT count(*) FROM taken) AS rows, (SELECT count(*) FROM once) AS actions,
       (SELECT count(*) FROM actors) AS assets, (SELECT count(DISTINCT actor) FROM actions) AS active_assets,
       (SELECT count(*) FROM names) AS objects,
       (SELECT coalesce(sum(weight), 0)::BIGINT FROM pairs) AS co_actions,
       (SELECT count(*) FROM pairs) AS edges,
       (SELECT count(*) FROM pairs WHERE weight > {threshold!r}) AS above_threshold,
       (SELECT count(*) FROM hot) AS hot_objects,
       (SELECT coalesce(sum(actions), 0)::BIGINT FROM sizes SEMI JOIN hot USING (object)) AS hot_actions,
       (SELECT coalesce(sum(pairs), 0)::BIGINT FROM hot) AS hot_co_actions
"""


def find_edges(
    database: duckdb.DuckDBPyConnection, layer: str, rule: Rule, *, edge_weight: float, null: Null
) -> dict[str, Any]:
    """Find the edges of the table or view `log` of a database, and add views of them.

    Adds `edges` with the columns `EDGES` (and `TESTED` with a null), in the order of their assets' names, and
    what `find_co_actions` adds.

    Args:
        database: Holds `log` with columns object, actor, at (microseconds), post.
        layer: What the edges are called.
        rule: What counts as a co-action.
        edge_weight: An edge is above the threshold if its weight exceeds this quantile of all weights.
        null: The null model, or none.

    Returns:
        Settings and counts for the record of a run.
    """
    find_co_actions(database, rule)
    threshold = weight_threshold(database, edge_weight)
    testable = None
    if null == "poisson":
        # NumPy and SciPy are slow to import, and not needed without a test.
        from analytics.layers.chance import find_chances

        testable = find_chances(database, rule.window)
    named = {
        "layer": quoted(layer),
        "threshold": threshold,
        "tested": "".join(f", {name}" for name in TESTED) if testable is not None else "",
        # Only loops are not tested.
        "pairs": "FROM pairs"
        if testable is None
        else "FROM tested UNION ALL BY NAME FROM pairs WHERE source = target",
    }
    database.execute(_EDGES.format(**named))
    counts = row(database, _COUNTS.format(**named))
    given = {
        "time_window": rule.window,
        "min_participation": rule.min_participation,
        "remove_loops": rule.remove_loops,
        "edge_weight": edge_weight,
        "max_co_actions": rule.max_co_actions,
        "hot_budget": rule.hot_budget,
        "null": null,
    }
    return {**given, **counts, "weight_threshold": threshold, "testable_pairs": testable}


def list_co_actions(database: duckdb.DuckDBPyConnection, layer: str) -> None:
    """Add the view `co_action_rows` with the columns `CO_ACTIONS` after `find_edges`.

    Args:
        database: Holds the co-actions, and `log` as it was.
        layer: What they are called.
    """
    find_posts(database, "SELECT source_id FROM co_actions UNION SELECT target_id FROM co_actions")
    database.execute(_CO_ACTIONS.format(layer=quoted(layer)))
