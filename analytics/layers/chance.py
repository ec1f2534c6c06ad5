"""How many objects two actors would have co-acted on by chance, and how surprising more of them are.

The null model, with its sources, is in docs/method.md.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

import duckdb
import numpy as np

from analytics.layers.statistics import (
    Floats,
    Integers,
    benjamini_hochberg,
    poisson_tail,
    popularity_of,
    typical_crowd,
)

#: Crowds are kept as whole numbers of this fraction, so that sums do not depend on the order of threads.
_CROWD_UNIT: Final = 1 / 4096
#: Pairs that are worked on at once, to bound memory.
_CHUNK: Final = 1 << 20

# Activity counts hot objects too: whoever is seen there could have been near on any other object.
_TAKES: Final = """
CREATE TABLE takes AS SELECT DISTINCT object, actor FROM actions;
CREATE TABLE crowded AS
WITH by_actor AS (
    SELECT object, actor, count(*) AS others
    FROM (SELECT object, x_actor AS actor FROM met WHERE x_actor <> y_actor
          UNION ALL SELECT object, y_actor FROM met WHERE x_actor <> y_actor)
    GROUP BY object, actor
), popular AS (
    SELECT object, count(*) AS actors FROM takes ANTI JOIN hot USING (object) GROUP BY object
)
SELECT object, actors, coalesce(meetings, 0)::BIGINT AS meetings
FROM popular LEFT JOIN (
    SELECT object, sum(least(others, actors - 1)) AS meetings FROM by_actor JOIN popular USING (object)
    GROUP BY object) USING (object)
"""
_PUBLIC: Final = """
SELECT popularity, count(DISTINCT actor) AS actors FROM takes JOIN popular USING (object) GROUP BY popularity
"""
_EXPOSURE: Final = """
SELECT actor, tier, count(*) AS objects, sum(crowd)::BIGINT AS crowd
FROM takes JOIN crowds USING (object) GROUP BY actor, tier ORDER BY tier, actor
"""
# A pair's objects are counted only where there can be several.
_TESTED: Final = """
CREATE TABLE tested AS
SELECT source, target, coalesce(objects, 1)::BIGINT AS objects
FROM pairs LEFT JOIN (
    SELECT source, target, count(DISTINCT object) AS objects
    FROM co_actions SEMI JOIN (FROM pairs WHERE weight > 1) USING (source, target) GROUP BY source, target
) USING (source, target)
WHERE source < target AND weight >= $least AND coalesce(objects, 1) >= $least
"""


def find_chances(database: duckdb.DuckDBPyConnection, window: float, least: int = 1) -> int:
    """Test the pairs of a database in which `find_co_actions` was run.

    Adds the table `tested`: source, target, objects, expected, p_value, q_value; never an actor with itself.

    Args:
        database: Holds the co-actions.
        window: In which they were found, in seconds.
        least: Pairs that co-act on fewer objects are left out (and have q = 1).

    Returns:
        How many pairs could have been tested: those of all actors with enough actions.
    """
    database.execute(_TAKES)
    found = _arrays(database, "SELECT actor, count(*) AS activity FROM takes GROUP BY actor")
    activity = np.zeros(int(_number(database, "SELECT count(*) FROM actors")), dtype=np.float64)
    activity[found["actor"]] = found["activity"]
    testable = len(found["actor"]) * (len(found["actor"]) - 1) // 2
    database.execute(_TESTED, {"least": least})
    pairs = _arrays(database, "SELECT source, target, objects FROM tested")
    expected = _expected(database, window, activity, pairs["source"], pairs["target"])
    p_value = poisson_tail(pairs["objects"], expected)
    q_value = benjamini_hochberg(p_value, testable)
    chances = {**pairs, "expected": expected, "p_value": p_value, "q_value": q_value}
    database.register("chances", chances)
    database.execute("CREATE OR REPLACE TABLE tested AS FROM chances")
    database.unregister("chances")
    return testable


def _expected(
    database: duckdb.DuckDBPyConnection, window: float, activity: Floats, source: Integers, target: Integers
) -> Floats:
    """Return the objects that each pair is expected to co-act on."""
    objects = _arrays(database, "SELECT object, actors, meetings FROM crowded ORDER BY object")
    popularity = popularity_of(objects["actors"])
    database.register("popular", {"object": objects["object"], "popularity": popularity})
    found = _arrays(database, _PUBLIC)
    database.unregister("popular")
    public = np.zeros(int(popularity.max(initial=0)) + 1, dtype=np.int64)
    public[found["popularity"]] = found["actors"]
    crowd = typical_crowd(objects["actors"], objects["meetings"], public, window)
    # Within a tier crowds differ by less than two, so that a tier's mean can stand for each of them.
    crowds = {
        "object": objects["object"],
        "crowd": np.ceil(crowd / _CROWD_UNIT).astype(np.int64),
        "tier": np.frexp(crowd)[1].astype(np.int64),
    }
    database.register("crowds", crowds)
    exposure = _arrays(database, _EXPOSURE)
    database.unregister("crowds")
    total = activity.sum()
    expected = np.zeros(len(source), dtype=np.float64)
    bounds = np.flatnonzero(np.diff(exposure["tier"], prepend=exposure["tier"][:1] - 1, append=np.inf))
    for start, stop in pairwise(bounds):
        own = slice(start, stop)
        count, mean = np.zeros(len(activity)), np.zeros(len(activity))
        count[exposure["actor"][own]] = exposure["objects"][own]
        mean[exposure["actor"][own]] = exposure["crowd"][own] * _CROWD_UNIT / exposure["objects"][own]
        for begin in range(0, len(source), _CHUNK):
            chunk = slice(begin, begin + _CHUNK)
            ends = source[chunk], target[chunk]
            for one, other in (ends, ends[::-1]):
                there = np.flatnonzero(count[one])
                actor, partner = one[there], other[there]
                drawn = activity[partner] / np.maximum(total - activity[actor], 1)
                # 1 - exp(-x) is concave: the tier's mean crowd gives no less than the sum over its objects.
                expected[begin + there] -= 0.5 * count[actor] * np.expm1(-mean[actor] * drawn)
    return expected


def _arrays(database: duckdb.DuckDBPyConnection, query: str) -> dict[str, Any]:
    """Return the columns of an answer without nulls, each an array."""
    return dict(database.execute(query).fetchnumpy())


def _number(database: duckdb.DuckDBPyConnection, query: str) -> int:
    row = database.execute(query).fetchone()
    assert row is not None
    return int(row[0])
