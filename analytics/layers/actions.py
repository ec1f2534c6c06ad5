"""Co-actions: pairs of actions on one object at most a window apart, found by DuckDB in a log of actions.

Exact, whatever the window: it is inclusive and never binned. With no object left out as too hot the pairs are
those of CooRTweet's `detect_groups`, `min_participation` and `remove_loops` included. This is the only place
that pairs actions; it is SQL over columns, so that the same statements can run elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import duckdb


@dataclass(frozen=True)
class Rule:
    """What counts as a co-action.

    Attributes:
        window: Seconds between the two actions at most, both ends included.
        min_participation: Fewest actions of an actor, and then fewest that co-act on a pair's one side.
        remove_loops: Leave out co-actions of an actor or a post with itself, and of what shares itself.
        max_co_actions: An object with more co-actions is hot.
        hot_budget: Hot objects make pairs all the same while they have no more co-actions than this in sum.
        posts_tell: Whether `post` names what the actor published; for reactions it is the object instead.
    """

    window: float = 60.0
    min_participation: int = 2
    remove_loops: bool = True
    max_co_actions: int = 250_000
    hot_budget: int = 0
    posts_tell: bool = True


#: In:  log(object, actor, at, post), a row an action, `at` in microseconds.
#: Out: actors(name, told) in the order of their names, told in so many rows, and names(name) of the objects,
#:      both numbered by rowid;
#:      taken(object, actor, at, post, own, mark), the log with numbers for names.
_NAMES: Final = """
CREATE TABLE actors AS SELECT actor AS name, count(*) AS told FROM log GROUP BY ALL ORDER BY name;
CREATE TABLE names AS SELECT object AS name FROM log GROUP BY ALL;
CREATE TABLE taken AS
SELECT names.rowid::UINTEGER AS object, actors.rowid::UINTEGER AS actor, log."at", log.post,
       getvariable('posts_tell') AND log.post = log.object AS own,
       hash(CASE WHEN getvariable('posts_tell') THEN log.post ELSE log.actor END) AS mark
FROM log JOIN actors ON actors.name = log.actor JOIN names ON names.name = log.object;
"""
# Posts mostly have one object each: then none can be told twice, or lend its authors each other's rows, and
# one count of marks shows it. The marks of reactions are their actors, which all act more than once.
_SEVERAL: Final = """
CREATE TABLE several AS
SELECT mark FROM taken WHERE getvariable('posts_tell') GROUP BY mark HAVING count(*) > 1;
CREATE TABLE repeated AS
SELECT object, mark FROM taken WHERE NOT getvariable('posts_tell') OR mark IN (FROM several)
GROUP BY ALL HAVING count(*) > 1;
"""

# Few rows share object and post with another row. Only they can be the same action told twice, or a post that
# meets itself; `twin` numbers the latter's posts, 0 for all others.
_ONCE: Final = """
CREATE VIEW once AS
SELECT object, actor, "at", own, rowid AS row, 0::UINTEGER AS twin FROM taken
"""
_ONCE_REPEATED: Final = """
CREATE VIEW once AS
SELECT object, actor, "at", own, rowid AS row, 0::UINTEGER AS twin
FROM taken ANTI JOIN repeated USING (object, mark)
UNION ALL
SELECT object, actor, "at", own, row, CASE WHEN getvariable('posts_tell')
                                           THEN dense_rank() OVER (ORDER BY object, post) ELSE 0 END::UINTEGER
FROM (SELECT object, actor, "at", post, own, min(rowid) AS row
      FROM taken SEMI JOIN repeated USING (object, mark) GROUP BY ALL)
"""

# Where nothing is told twice an actor's actions are counted already.
_ACTIVE: Final = """
SELECT rowid::UINTEGER AS actor FROM actors WHERE told >= getvariable('min_participation')
"""
_ACTIVE_ONCE: Final = """
SELECT actor FROM once GROUP BY actor HAVING count(*) >= getvariable('min_participation')
"""
# Ordered by object and time, so that of two actions on an object the later one has the larger id (rowid).
_ACTIONS: Final = """
CREATE TABLE actions AS
SELECT object, actor, "at", row::UINTEGER AS row, own, twin
FROM once SEMI JOIN ({active}) USING (actor)
ORDER BY object, "at", actor, row;
CREATE TABLE sizes AS SELECT object, count(*) AS actions FROM actions GROUP BY object;
"""

# How many actions lie near each one is counted without pairing them, and only on objects that can be hot: two
# that meet are in the same bucket or in neighbours, and n m <= (n n + m m) / 2 for those of neighbours.
_LARGE: Final = "sizes WHERE actions * (actions - 1) // 2 > getvariable('max_co_actions')"
_CAN_BE_HOT: Final = """
CREATE TABLE can_be_hot AS
SELECT object FROM (
    SELECT object, count(*) AS n
    FROM actions SEMI JOIN (FROM {large}) USING (object)
    GROUP BY object, "at" // greatest(getvariable('time_window'), 1))
GROUP BY object HAVING sum(n * (3 * n - 1)) > 2 * getvariable('max_co_actions')
"""
_NEARBY: Final = """
CREATE TABLE nearby AS
SELECT object, actor, sum(others)::BIGINT AS others, sum(all_near)::BIGINT AS all_near
FROM (
    SELECT object, actor, count(*) OVER near - count(*) OVER own AS others, count(*) OVER near - 1 AS all_near
    FROM actions SEMI JOIN can_be_hot USING (object)
    WINDOW near AS (PARTITION BY object ORDER BY "at" RANGE BETWEEN getvariable('time_window') PRECEDING
                    AND getvariable('time_window') FOLLOWING),
           own AS (PARTITION BY object, actor ORDER BY "at" RANGE BETWEEN getvariable('time_window') PRECEDING
                   AND getvariable('time_window') FOLLOWING)
) GROUP BY object, actor;
CREATE TABLE hot AS
SELECT object, pairs FROM (
    SELECT object, (sum(CASE WHEN getvariable('remove_loops') THEN others ELSE all_near END) // 2)::BIGINT
                       AS pairs
    FROM nearby GROUP BY object)
WHERE pairs > getvariable('max_co_actions')
QUALIFY sum(pairs) OVER () > getvariable('hot_budget');
"""
_NOT_HOT: Final = """
CREATE TABLE nearby (object UINTEGER, actor UINTEGER, others BIGINT, all_near BIGINT);
CREATE TABLE hot (object UINTEGER, pairs BIGINT);
"""

# Buckets as wide as the window find candidates (a later action within the window is in the same bucket or the
# next); the exact difference decides.
_MET: Final = """
CREATE TABLE met AS
WITH kept AS (
    SELECT rowid::UINTEGER AS id, object, actor, "at", twin,
           "at" // greatest(getvariable('time_window'), 1) AS bucket
    FROM actions SEMI JOIN (FROM sizes WHERE actions > 1) USING (object) ANTI JOIN hot USING (object)
    WHERE NOT (own AND getvariable('remove_loops'))
), later AS (
    SELECT *, bucket AS from_bucket FROM kept UNION ALL SELECT *, bucket - 1 FROM kept
)
SELECT x.object, x.id AS x, y.id AS y, x.actor AS x_actor, y.actor AS y_actor, x."at" AS first_at,
       y."at" AS last_at
FROM kept AS x JOIN later AS y
  ON x.object = y.object AND x.bucket = y.from_bucket AND x.id < y.id
     AND y."at" - x."at" <= getvariable('time_window')
WHERE NOT getvariable('remove_loops') OR (x.actor <> y.actor AND (x.twin = 0 OR x.twin <> y.twin))
"""

# CooRTweet's second filter counts an actor's rows whose content co-acts anywhere, so that a content with two
# objects, one of which co-acts, counts twice. Only contents of several rows can have such rows.
_PART: Final = """
CREATE TABLE part AS SELECT x AS id, x_actor AS actor FROM met UNION SELECT y, y_actor FROM met
"""
_CONTENTS: Final = """
CREATE TABLE contents AS
SELECT actions.rowid AS id, actor, row, mark, post, actions.rowid IN (SELECT id FROM part) AS co_acts
FROM actions JOIN (SELECT rowid AS row, mark, post FROM taken WHERE mark IN (FROM several)) USING (row);
-- Equal marks first (numbers, and few rows have one in common), then the contents themselves.
CREATE TABLE told AS
SELECT * FROM contents
WHERE NOT co_acts AND mark IN (SELECT mark FROM contents WHERE co_acts)
  AND post IN (SELECT post FROM contents WHERE co_acts)
"""
_ENOUGH: Final = """
CREATE TABLE enough AS
SELECT actor FROM ({counted}) GROUP BY actor HAVING count(*) >= getvariable('min_participation')
"""
# A content that two actors posted passes if one of the two does.
_LENT: Final = """
CREATE TABLE lent AS
WITH content AS (FROM contents WHERE co_acts UNION ALL FROM told)
SELECT id FROM contents
WHERE co_acts AND post IN (
    SELECT post FROM content GROUP BY post
    HAVING min(actor) <> max(actor) AND bool_or(actor IN (FROM enough)))
"""

#: Out: co_actions(object, source, target, source_id, target_id, first_at, last_at), source <= target.
_CO_ACTIONS: Final = """
CREATE VIEW co_actions AS
SELECT object, least(x_actor, y_actor) AS source, greatest(x_actor, y_actor) AS target,
       CASE WHEN x_actor <= y_actor THEN x ELSE y END AS source_id,
       CASE WHEN x_actor <= y_actor THEN y ELSE x END AS target_id, first_at, last_at
FROM met
"""
_PASSING: Final = """
WHERE x_actor IN (FROM enough) OR y_actor IN (FROM enough)
"""

_LENDING: Final = " OR x IN (FROM lent) OR y IN (FROM lent)"

#: Out: pairs(source, target, weight, delta, first_at, last_at), with source = target where loops are kept;
#:      delta is the sum of the differences in time.
_PAIRS: Final = """
CREATE TABLE pairs AS
SELECT source, target, count(*) AS weight, sum(last_at - first_at)::BIGINT AS delta,
       min(first_at) AS first_at, max(last_at) AS last_at
FROM co_actions GROUP BY source, target
"""


def find_co_actions(database: duckdb.DuckDBPyConnection, rule: Rule) -> None:
    """Find the co-actions of the table or view `log` of a database and add them to it.

    Adds `actors`, `names`, `taken`, `actions`, `sizes`, `hot`, `nearby`, `met`, `co_actions` and `pairs`, as
    said at the statements. A hot object makes no pairs: it is found by counting, without pairing.

    Args:
        database: Holds `log` with columns object, actor, at (microseconds), post.
        rule: What counts.
    """
    settings = {
        "time_window": f"{round(rule.window * 1_000_000)}::BIGINT",
        "min_participation": rule.min_participation,
        "remove_loops": rule.remove_loops,
        "max_co_actions": rule.max_co_actions,
        "hot_budget": rule.hot_budget,
        "posts_tell": rule.posts_tell,
    }
    database.execute("; ".join(f"SET VARIABLE {name} = {value}" for name, value in settings.items()))
    database.execute(_NAMES)
    database.execute(_SEVERAL)
    repeated = _any(database, "repeated")
    database.execute(_ONCE_REPEATED if repeated else _ONCE)
    database.execute(_ACTIONS.format(active=_ACTIVE_ONCE if repeated else _ACTIVE))
    can_be_hot = _any(database, _LARGE)
    if can_be_hot:
        database.execute(_CAN_BE_HOT.format(large=_LARGE))
        can_be_hot = _any(database, "can_be_hot")
    database.execute(_NEARBY if can_be_hot else _NOT_HOT)
    database.execute(_MET)
    database.execute(_CO_ACTIONS + _passing(database, rule))
    database.execute(_PAIRS)


def _passing(database: duckdb.DuckDBPyConnection, rule: Rule) -> str:
    """Return the condition of a co-action that has enough participation; adds the tables that it asks."""
    if rule.min_participation == 1:
        return ""
    database.execute(_PART)
    if not _any(database, "several"):
        database.execute(_ENOUGH.format(counted="FROM part"))
        return _PASSING
    database.execute(_CONTENTS)
    database.execute(_ENOUGH.format(counted="SELECT actor FROM part UNION ALL SELECT actor FROM told"))
    database.execute(_LENT)
    return _PASSING + (_LENDING if _any(database, "lent") else "")


def _any(database: duckdb.DuckDBPyConnection, table: str) -> bool:
    return database.execute(f"FROM {table} LIMIT 1").fetchone() is not None
