"""Co-actions: pairs of actions on one object at most a window apart, found by DuckDB in a log of actions.

Exact, whatever the window: it is inclusive and never binned. With no object left out as too hot the pairs are
those of CooRTweet's `detect_groups`, `min_participation` and `remove_loops` included. This is the only place
that pairs actions; it is SQL over columns, so that the same statements can run elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import duckdb

from analytics.layers.answers import number


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
#:      taken(object, actor, at, own, mark, post), the log with numbers for names, a row's number its rowid.
# Posts mostly are in one row each, and then one count of their marks shows that none is told twice, meets
# itself or lends its authors each other's rows. Only where marks are equal are the posts themselves looked at
# (and kept); the others are found again by their marks where somebody wants to see them.
_NAMES: Final = """
CREATE TABLE several AS
SELECT hash(post) AS mark FROM log WHERE {posts_tell} GROUP BY mark HAVING count(*) > 1;
CREATE TABLE actors AS SELECT actor AS name, count(*) AS told FROM log GROUP BY ALL ORDER BY name;
CREATE TABLE names AS SELECT object AS name FROM log GROUP BY ALL;
CREATE TABLE taken AS
SELECT names.rowid::UINTEGER AS object, actors.rowid::UINTEGER AS actor, log."at",
       {posts_tell} AND log.post = log.object AS own, hash(log.post) AS mark,
       CASE WHEN NOT {posts_tell} OR hash(log.post) IN (FROM several) THEN log.post END AS post
FROM log LEFT JOIN actors ON actors.name = log.actor LEFT JOIN names ON names.name = log.object
WHERE log.actor IS NOT NULL AND log.object IS NOT NULL
"""
#: Rows that share object and post with another one (reactions: object and actor). Only they can be the same
#: action told twice, or a post that meets itself.
_REPEATED: Final = """
CREATE TABLE repeated AS
SELECT object, {teller} FROM taken WHERE post IS NOT NULL GROUP BY ALL HAVING count(*) > 1
"""
# `twin` numbers the posts that can meet themselves, and is 0 for all others.
_ONCE: Final = """
CREATE VIEW once AS SELECT rowid::UINTEGER AS id, object, actor, "at", own, 0::UINTEGER AS twin FROM taken
"""
_ONCE_REPEATED: Final = """
CREATE VIEW once AS
SELECT rowid::UINTEGER AS id, object, actor, "at", own, 0::UINTEGER AS twin
FROM taken ANTI JOIN repeated USING (object, {teller})
UNION ALL
SELECT id, object, actor, "at", own,
       CASE WHEN {posts_tell} THEN dense_rank() OVER (ORDER BY object, post) ELSE 0 END::UINTEGER
FROM (SELECT object, actor, "at", post, own, min(rowid)::UINTEGER AS id
      FROM taken SEMI JOIN repeated USING (object, {teller}) GROUP BY ALL)
"""

# Where nothing is told twice an actor's actions are counted already.
_ACTIVE: Final = """
SEMI JOIN (SELECT rowid::UINTEGER AS actor FROM actors WHERE told >= {min_participation})
    USING (actor)
"""
_ACTIVE_ONCE: Final = """
SEMI JOIN (SELECT actor FROM once GROUP BY actor HAVING count(*) >= {min_participation})
    USING (actor)
"""
#: Out: actions(id, object, actor, at, own, twin), those that count; `id` is the rowid in `taken`.
_ACTIONS: Final = """
CREATE {kind} actions AS FROM once {active};
CREATE TABLE sizes AS SELECT object, count(*) AS actions FROM actions GROUP BY object
"""

# How many actions lie near each one is counted without pairing them, and only on objects that can be hot: two
# that meet are in the same bucket or in neighbours, and n m <= (n n + m m) / 2 for those of neighbours.
_CAN_BE_HOT: Final = """
CREATE TABLE can_be_hot AS
SELECT object FROM (
    SELECT object, count(*) AS n
    FROM actions SEMI JOIN (FROM sizes WHERE actions * (actions - 1) // 2 > {max_co_actions}) USING (object)
    GROUP BY object, "at" // {bucket})
GROUP BY object HAVING sum(n * (3 * n - 1)) > 2 * {max_co_actions}
"""
_HOT: Final = """
CREATE TABLE hot AS
SELECT object, pairs FROM (
    SELECT object, (sum(others) // 2)::BIGINT AS pairs FROM (
        SELECT object,
               count(*) OVER near - CASE WHEN {remove_loops} THEN count(*) OVER own ELSE 1 END AS others
        FROM actions SEMI JOIN can_be_hot USING (object)
        WINDOW near AS (PARTITION BY object ORDER BY "at" RANGE BETWEEN {time_window} PRECEDING
                        AND {time_window} FOLLOWING),
               own AS (PARTITION BY object, actor ORDER BY "at" RANGE BETWEEN {time_window} PRECEDING
                       AND {time_window} FOLLOWING))
    GROUP BY object)
WHERE pairs > {max_co_actions}
QUALIFY sum(pairs) OVER () > {hot_budget}
"""
_NOT_HOT: Final = "CREATE TABLE hot (object UINTEGER, pairs BIGINT)"

# Buckets as wide as the window find candidates (a later action within the window is in the same bucket or the
# next); the exact difference decides. Of two actions at one time the one told later counts as later.
_MET: Final = """
CREATE TABLE met AS
WITH kept AS (
    SELECT id, object, actor, "at", twin, "at" // {bucket} AS bucket
    FROM actions SEMI JOIN (FROM sizes WHERE actions > 1) USING (object) {cold}
    WHERE NOT (own AND {remove_loops})
), later AS (
    SELECT *, bucket AS from_bucket FROM kept UNION ALL SELECT *, bucket - 1 FROM kept
)
SELECT x.object, x.id AS x, y.id AS y, x.actor AS x_actor, y.actor AS y_actor, x."at" AS first_at,
       y."at" AS last_at
FROM kept AS x JOIN later AS y
  ON x.object = y.object AND x.bucket = y.from_bucket
     AND y."at" - x."at" BETWEEN 0 AND {time_window} AND (x.id < y.id OR x."at" < y."at")
WHERE NOT {remove_loops} OR (x.actor <> y.actor AND (x.twin = 0 OR x.twin <> y.twin))
"""

# CooRTweet's second filter counts an actor's rows whose content co-acts anywhere, so that a content with two
# objects, one of which co-acts, counts twice. Only contents of several rows can have such rows.
_PART: Final = """
CREATE TABLE part AS SELECT x AS id, x_actor AS actor FROM met UNION SELECT y, y_actor FROM met
"""
_CONTENTS: Final = """
CREATE TABLE contents AS
SELECT id, actor, mark, post, id IN (SELECT id FROM part) AS co_acts
FROM actions JOIN (SELECT rowid::UINTEGER AS id, mark, post FROM taken WHERE post IS NOT NULL) USING (id);
-- Equal marks first (numbers, and few rows have one in common), then the contents themselves.
CREATE TABLE told AS
SELECT * FROM contents
WHERE NOT co_acts AND mark IN (SELECT mark FROM contents WHERE co_acts)
  AND post IN (SELECT post FROM contents WHERE co_acts)
"""
_ENOUGH: Final = """
CREATE TABLE enough AS
SELECT actor FROM ({counted}) GROUP BY actor HAVING count(*) >= {min_participation}
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


#: Out: posts(id, post) of the actions that a query asks for by their ids.
_POSTS: Final = """
CREATE OR REPLACE TABLE posts AS
WITH wanted AS (SELECT rowid::UINTEGER AS id, mark, post FROM taken WHERE rowid IN ({ids}))
SELECT id, post FROM wanted WHERE post IS NOT NULL
UNION ALL
SELECT id, log.post FROM (FROM wanted WHERE post IS NULL) AS wanted JOIN log ON hash(log.post) = mark
"""


def find_co_actions(database: duckdb.DuckDBPyConnection, rule: Rule) -> None:
    """Find the co-actions of the table or view `log` of a database and add them to it.

    Adds `actors`, `names`, `taken`, `actions`, `sizes`, `hot`, `met`, `co_actions` and `pairs`, as
    said at the statements. A hot object makes no pairs: it is found by counting, without pairing.

    Args:
        database: Holds `log` with columns object, actor, at (microseconds), post.
        rule: What counts.
    """
    given = {
        "time_window": round(rule.window * 1_000_000),
        "bucket": max(round(rule.window * 1_000_000), 1),
        "min_participation": rule.min_participation,
        "remove_loops": rule.remove_loops,
        "max_co_actions": rule.max_co_actions,
        "hot_budget": rule.hot_budget,
        "posts_tell": rule.posts_tell,
        "teller": "mark" if rule.posts_tell else "actor",
    }
    database.execute(_NAMES.format(**given))
    repeated = number(database, _REPEATED.format(**given))
    database.execute((_ONCE_REPEATED if repeated else _ONCE).format(**given))
    active = _ACTIVE_ONCE if repeated else _ACTIVE
    everybody = rule.min_participation == 1
    kind = "TABLE" if repeated or not everybody else "VIEW"
    database.execute(_ACTIONS.format(kind=kind, active="" if everybody else active.format(**given)))
    can_be_hot = number(database, _CAN_BE_HOT.format(**given))
    database.execute((_HOT if can_be_hot else _NOT_HOT).format(**given))
    database.execute(_MET.format(**given, cold="ANTI JOIN hot USING (object)" if can_be_hot else ""))
    database.execute(_CO_ACTIONS + _passing(database, rule))
    database.execute(_PAIRS)


def find_posts(database: duckdb.DuckDBPyConnection, ids: str) -> None:
    """Add the table `posts` (id, post) of actions of a database in which `find_co_actions` was run.

    Args:
        database: Holds the actions, and `log` as it was.
        ids: A query of their ids.
    """
    database.execute(_POSTS.format(ids=ids))


def _passing(database: duckdb.DuckDBPyConnection, rule: Rule) -> str:
    """Return the condition of a co-action that has enough participation; adds the tables that it asks."""
    if rule.min_participation == 1:
        return ""
    database.execute(_PART)
    if not _any(database, "several"):
        database.execute(_ENOUGH.format(counted="FROM part", min_participation=rule.min_participation))
        return _PASSING
    database.execute(_CONTENTS)
    counted = "SELECT actor FROM part UNION ALL SELECT actor FROM told"
    database.execute(_ENOUGH.format(counted=counted, min_participation=rule.min_participation))
    lent = number(database, _LENT)
    return _PASSING + (_LENDING if lent else "")


def _any(database: duckdb.DuckDBPyConnection, table: str) -> bool:
    return database.execute(f"FROM {table} LIMIT 1").fetchone() is not None
