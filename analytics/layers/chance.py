"""How many objects two actors would have co-acted on by chance, and how surprising more of them are.

The null model, with its sources, is in docs/method.md. Pairs pass in batches from table to table, so what
is held beside the database grows with the actors alone, not with the pairs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import duckdb
import numpy as np
from numpy.typing import NDArray

from analytics.layers.answers import arrays, batches, insert, number
from analytics.layers.statistics import (
    Floats,
    Integers,
    falling_rates,
    poisson_tail,
    popularity_of,
    typical_crowd,
)

#: Crowds are kept as whole numbers of this fraction, so that sums do not depend on the order of threads.
_CROWD_UNIT: Final = 1 / 4096
#: Objects that are joined with what acts on them at once, to bound memory.
_OBJECTS: Final = 1 << 22

# Activity counts hot objects too: whoever is seen there could have been near on any other object.
_TAKES: Final = """
CREATE TABLE takes AS SELECT DISTINCT object, actor FROM actions;
CREATE TABLE crowded (object UINTEGER, actors BIGINT, meetings BIGINT)
"""
_CROWDED: Final = """
INSERT INTO crowded
WITH by_actor AS (
    SELECT object, actor, count(*) AS others
    FROM (SELECT object, x_actor AS actor FROM met WHERE x_actor <> y_actor AND {some}
          UNION ALL SELECT object, y_actor FROM met WHERE x_actor <> y_actor AND {some})
    GROUP BY object, actor
), popular AS (
    SELECT object, count(*) AS actors FROM takes ANTI JOIN hot USING (object) WHERE {some} GROUP BY object
)
SELECT object, actors, coalesce(meetings, 0)::BIGINT AS meetings
FROM popular LEFT JOIN (
    SELECT object, sum(least(others, actors - 1)) AS meetings FROM by_actor JOIN popular USING (object)
    GROUP BY object) USING (object)
"""
_ACTIVITY: Final = "SELECT actor, count(*) AS activity FROM takes GROUP BY actor"
# What is expected of an object depends on two numbers, so there are far fewer kinds of objects than objects.
_KINDS: Final = """
SELECT actors, meetings, count(*) AS objects FROM crowded GROUP BY ALL ORDER BY ALL
"""
_PUBLIC: Final = """
SELECT DISTINCT popularity, actor FROM {seen} JOIN popular USING (actors, meetings)
"""
_PUBLIC_OF_PARTS: Final = "SELECT DISTINCT popularity, actor FROM publics"
_EXPOSURE: Final = """
SELECT actor, tier, count(*)::UINTEGER AS objects, sum(crowd)::BIGINT AS crowd
FROM {seen} JOIN crowds USING (actors, meetings) GROUP BY actor, tier
"""
_EXPOSURE_OF_PARTS: Final = """
SELECT actor, tier, sum(objects)::UINTEGER AS objects, sum(crowd)::BIGINT AS crowd
FROM exposures GROUP BY actor, tier
"""
# To find a hundred million actions' objects by their numbers takes half a gigabyte that cannot go to disk.
_SEEN: Final = "(FROM takes WHERE {some}) JOIN (FROM crowded WHERE {some}) USING (object)"
# A pair's objects are counted only where there can be several.
_TESTABLE: Final = """
SELECT pairs.*, coalesce(objects, 1)::BIGINT AS objects
FROM pairs LEFT JOIN (
    SELECT source, target, count(*) AS objects FROM (
        SELECT DISTINCT source, target, object
        FROM co_actions SEMI JOIN (FROM pairs WHERE weight > 1) USING (source, target))
    GROUP BY source, target) USING (source, target)
WHERE source < target AND weight >= {least} AND coalesce(objects, 1) >= {least}
"""
_CHANCES: Final = """
CREATE TABLE chances AS
SELECT *, 0::DOUBLE AS expected, 0::DOUBLE AS p_value FROM ({testable}) LIMIT 0;
CREATE TABLE rates (p_value DOUBLE, q_value DOUBLE)
"""
# A larger p has q = 1 whatever its rank, since no rank is above the number of tests that are listed.
_LISTED: Final = """
SELECT p_value, count(*) AS pairs FROM chances WHERE p_value < $bound GROUP BY p_value ORDER BY p_value DESC
"""
_TESTED: Final = """
CREATE VIEW tested AS
SELECT chances.*, coalesce(q_value, 1) AS q_value FROM chances LEFT JOIN rates USING (p_value)
"""


def find_chances(database: duckdb.DuckDBPyConnection, window: float, least: int = 1) -> int:
    """Test the pairs of a database in which `find_co_actions` was run.

    Adds the view `tested`: the columns of `pairs`, and objects, expected, p_value, q_value; never an actor
    with itself.

    Args:
        database: Holds the co-actions.
        window: In which they were found, in seconds.
        least: Pairs that co-act on fewer objects are left out (and have q = 1).

    Returns:
        How many pairs could have been tested: those of all actors with enough actions.
    """
    database.execute(_TAKES)
    for some in _some(database):
        database.execute(_CROWDED.format(some=some))
    found = arrays(database, _ACTIVITY)
    testable = len(found["actor"]) * (len(found["actor"]) - 1) // 2
    activity = np.zeros(number(database, "SELECT count(*) FROM actors"), dtype=np.float64)
    activity[found["actor"]] = found["activity"]
    exposure = _exposure(database, window, activity)
    query = _TESTABLE.format(least=least)
    database.execute(_CHANCES.format(testable=query))
    listed = 0
    for pairs in batches(database, query):
        pairs["expected"] = exposure.expected(pairs["source"], pairs["target"])
        pairs["p_value"] = poisson_tail(pairs["objects"], pairs["expected"])
        listed += len(pairs["p_value"])
        insert(database, "chances", pairs)
    _rate(database, listed, testable)
    database.execute(_TESTED)
    return testable


@dataclass(frozen=True)
class _Exposure:
    """What each actor does, and the objects of each by the crowd around them.

    Within a tier crowds differ by less than two, so that a tier's mean can stand for each of them.

    Attributes:
        activity: Distinct objects of each actor, hot ones included.
        total: Of all actors.
        begins: Where each actor's tiers begin, and the end of all.
        tier: From 0, rising within an actor.
        objects: Of the tier.
        crowd: Their mean.
        tiers: How many there are.
    """

    activity: Floats
    total: float
    begins: Integers
    tier: NDArray[np.uint8]
    objects: NDArray[np.uint32]
    crowd: Floats
    tiers: int

    def expected(self, source: Integers, target: Integers) -> Floats:
        """Return the objects that each pair is expected to co-act on."""
        terms = np.zeros((self.tiers, 2, len(source)))
        for side, (actor, partner) in enumerate(((source, target), (target, source))):
            drawn = self.activity[partner] / np.maximum(self.total - self.activity[actor], 1)
            begin = self.begins[actor]
            count = self.begins[actor + 1] - begin
            pair = np.repeat(np.arange(len(source)), count)
            place = np.arange(len(pair)) + np.repeat(begin - (np.cumsum(count) - count), count)
            # 1 - exp(-x) is concave: the tier's mean crowd gives no less than the sum over its objects.
            missed = np.expm1(-self.crowd[place] * drawn[pair])
            terms[self.tier[place], side, pair] = 0.5 * self.objects[place] * missed
        expected = np.zeros(len(source), dtype=np.float64)
        # In this order whatever the batch: sums of fractions depend on theirs.
        for term in terms.reshape(2 * self.tiers, -1):
            expected -= term
        return expected


def _exposure(database: duckdb.DuckDBPyConnection, window: float, activity: Floats) -> _Exposure:
    kinds = arrays(database, _KINDS)
    popularity = popularity_of(kinds["actors"])
    told = {"actors": kinds["actors"], "meetings": kinds["meetings"]}
    database.register("popular", {**told, "popularity": popularity})
    found = arrays(
        database,
        "SELECT popularity, count(*) AS actors"  # noqa: S608
        f" FROM ({_in_parts(database, 'publics', _PUBLIC, _PUBLIC_OF_PARTS)}) GROUP BY popularity",
    )
    database.unregister("popular")
    public = np.zeros(int(popularity.max(initial=0)) + 1, dtype=np.int64)
    public[found["popularity"]] = found["actors"]
    crowd = typical_crowd(kinds["actors"], kinds["meetings"], public, window, kinds["objects"])
    tier = np.frexp(crowd)[1].astype(np.int64)
    tier -= tier.min(initial=0)
    whole = np.ceil(crowd / _CROWD_UNIT).astype(np.int64)
    database.register("crowds", {**told, "crowd": whole, "tier": tier.astype(np.uint8)})
    exposures = _in_parts(database, "exposures", _EXPOSURE, _EXPOSURE_OF_PARTS)
    database.execute(f"CREATE TABLE exposure AS {exposures}")
    database.execute("DROP TABLE IF EXISTS publics; DROP TABLE IF EXISTS exposures")
    database.unregister("crowds")
    rows = number(database, "SELECT count(*) FROM exposure")
    held = np.zeros(activity.size + 1, dtype=np.int64)
    tiers, objects = np.empty(rows, dtype=np.uint8), np.empty(rows, dtype=np.uint32)
    means, begin = np.empty(rows, dtype=np.float64), 0
    for batch in batches(database, "FROM exposure ORDER BY actor, tier"):
        end = begin + len(batch["actor"])
        tiers[begin:end], objects[begin:end] = batch["tier"], batch["objects"]
        means[begin:end] = batch["crowd"] * _CROWD_UNIT / batch["objects"]
        np.add.at(held, batch["actor"] + 1, 1)
        begin = end
    total, begins = float(activity.sum()), np.cumsum(held)
    return _Exposure(activity, total, begins, tiers, objects, means, int(tier.max(initial=0)) + 1)


def _in_parts(database: duckdb.DuckDBPyConnection, table: str, query: str, of_parts: str) -> str:
    """Return the SQL of a query's answer; of many objects, of its answers for some at a time in a table."""
    queries = [query.format(seen=_SEEN.format(some=some)) for some in _some(database)]
    if len(queries) == 1:
        return queries[0]
    for place, part in enumerate(queries):
        database.execute(f"{f'INSERT INTO {table}' if place else f'CREATE TABLE {table} AS'} {part}")
    return of_parts


def _some(database: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the conditions by which objects are taken some at a time."""
    objects = number(database, "SELECT count(*) FROM names")
    if objects <= _OBJECTS:
        return ["true"]
    return [f"object >= {first} AND object < {first + _OBJECTS}" for first in range(0, objects, _OBJECTS)]


def _rate(database: duckdb.DuckDBPyConnection, listed: int, testable: int) -> None:
    """Fill the table `rates`: the q-value of each p-value that can have one below 1."""
    if not listed:
        return
    bound = {"bound": np.nextafter(listed / testable, 1)}
    rank = number(database, "SELECT count(*) FROM chances WHERE p_value < $bound", bound)
    least = 1.0
    for batch in batches(database, _LISTED, bound):
        ranks = rank - (np.cumsum(batch["pairs"]) - batch["pairs"])
        q_value = falling_rates(batch["p_value"], ranks, testable, least)
        least, rank = q_value[-1], ranks[-1] - batch["pairs"][-1]
        insert(database, "rates", {"p_value": batch["p_value"], "q_value": q_value})
