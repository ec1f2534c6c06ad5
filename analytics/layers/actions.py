"""Co-actions: pairs of actions on one object at most a window apart, found in the action log by DuckDB.

Exact, whatever the window: it is inclusive and never binned. With `max_co_actions` out of the way the pairs
are those of CooRTweet's `detect_groups`, `min_participation` and `remove_loops` included.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import duckdb

from analytics.settings import DetectSettings

_LOG: Final = """
CREATE TABLE log AS
SELECT DISTINCT object, actor, epoch_us("at") AS "at", post
FROM read_parquet($files) WHERE kind = $kind AND "at" IS NOT NULL
"""
_NO_LOG: Final = 'CREATE TABLE log (object VARCHAR, actor VARCHAR, "at" BIGINT, post VARCHAR)'

#: In:  log(object, actor, at, post), a row an action, `at` in microseconds.
#: Out: actors(actor, name); objects(object, name, actors, actions, pairs, meetings, hot);
#:      actions(id, object, actor, at, post); co_actions(object, source, target, source_id, target_id) with
#:      source <= target. Actors and objects are numbered in the order of their names.
_KERNEL: Final = """
CREATE TABLE actors AS
SELECT row_number() OVER (ORDER BY actor) AS actor, actor AS name
FROM log GROUP BY log.actor HAVING count(*) >= getvariable('min_participation');

CREATE TABLE names AS
SELECT row_number() OVER (ORDER BY object) AS object, object AS name
FROM (SELECT DISTINCT object FROM log WHERE actor IN (SELECT name FROM actors));

-- Ordered by object and time, so that of two actions on an object the later one has the larger id.
CREATE TABLE actions AS
SELECT row_number() OVER (ORDER BY names.object, log.at, actors.actor, log.post) AS id,
       names.object, actors.actor, log.at, log.post
FROM log JOIN actors ON actors.name = log.actor JOIN names ON names.name = log.object;

-- How many actions lie near each one, counted without pairing them: this is what finds the hot objects.
CREATE TABLE nearby AS
SELECT object, actor,
       count(*) OVER near - count(*) OVER own AS others,
       count(*) OVER near - 1 AS all_near
FROM actions
WINDOW near AS (PARTITION BY object ORDER BY "at"
                RANGE BETWEEN getvariable('time_window') PRECEDING AND getvariable('time_window') FOLLOWING),
       own AS (PARTITION BY object, actor ORDER BY "at"
               RANGE BETWEEN getvariable('time_window') PRECEDING AND getvariable('time_window') FOLLOWING);

CREATE TABLE objects AS
WITH met AS (
    SELECT object, actor, sum(others) AS others, sum(all_near) AS all_near, count(*) AS actions
    FROM nearby GROUP BY object, actor
), counted AS (
    SELECT object, count(*) AS actors, sum(actions)::BIGINT AS actions,
           ((CASE WHEN getvariable('remove_loops') THEN sum(others) ELSE sum(all_near) END) // 2)::BIGINT
               AS pairs
    FROM met GROUP BY object
)
SELECT counted.*, names.name, near.meetings, counted.pairs > getvariable('max_co_actions') AS hot
FROM counted JOIN names USING (object)
JOIN (SELECT object, sum(least(met.others, counted.actors - 1))::BIGINT AS meetings
      FROM met JOIN counted USING (object) GROUP BY object) AS near USING (object);

DROP TABLE nearby;

-- Buckets as wide as the window find candidates (a later action within the window is in the same bucket or
-- the next); the exact difference decides.
CREATE TABLE met AS
WITH kept AS (
    SELECT actions.*, objects.name AS object_name, "at" // greatest(getvariable('time_window'), 1) AS bucket
    FROM actions JOIN objects USING (object) WHERE NOT hot AND pairs > 0
), later AS (
    SELECT *, bucket AS from_bucket FROM kept
    UNION ALL SELECT *, bucket - 1 FROM kept
)
SELECT x.object, x.id AS x, y.id AS y, x.actor AS x_actor, y.actor AS y_actor
FROM kept AS x JOIN later AS y
  ON x.object = y.object AND x.bucket = y.from_bucket AND x.id < y.id
     AND y.at - x.at <= getvariable('time_window')
WHERE NOT getvariable('remove_loops')
   OR (x.actor <> y.actor AND x.post <> y.post AND x.post <> x.object_name AND y.post <> x.object_name);

-- CooRTweet's second filter: a pair stays if either side takes part in enough co-acting actions.
CREATE TABLE co_actions AS
WITH taking_part AS (
    SELECT actor FROM (SELECT x AS id, x_actor AS actor FROM met UNION SELECT y, y_actor FROM met)
    GROUP BY actor HAVING count(*) >= getvariable('min_participation')
)
SELECT object, least(x_actor, y_actor) AS source, greatest(x_actor, y_actor) AS target,
       CASE WHEN x_actor <= y_actor THEN x ELSE y END AS source_id,
       CASE WHEN x_actor <= y_actor THEN y ELSE x END AS target_id
FROM met
WHERE x_actor IN (FROM taking_part) OR y_actor IN (FROM taking_part);

DROP TABLE met;
"""


@contextmanager
def co_actions(
    actions_dir: Path, kind: str, window: int, settings: DetectSettings
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Hold a database with the co-actions of one kind of action; the tables are listed at `_KERNEL`.

    An object with more co-actions than `max_co_actions` is marked `hot` and makes no pairs: it is found by
    counting, without pairing. An action that several sources tell of counts once.

    Args:
        actions_dir: The action log.
        kind: `url`, `text`, `hashtag`, `repost`, ...
        window: Seconds.
        settings: Uses `min_participation`, `remove_loops` and `max_co_actions`.
    """
    files = sorted(str(path) for path in actions_dir.glob("actions-*.parquet"))
    with TemporaryDirectory(prefix="cib-") as spill, duckdb.connect() as database:
        database.execute("SET temp_directory = $folder", {"folder": spill})
        database.execute("SET TimeZone = 'UTC'")
        if files:
            database.execute(_LOG, {"files": files, "kind": kind})
        else:
            database.execute(_NO_LOG)
        for name, value in (
            ("time_window", window * 1_000_000),
            ("min_participation", settings.min_participation),
            ("remove_loops", settings.remove_loops),
            ("max_co_actions", settings.max_co_actions),
        ):
            database.execute(f"SET VARIABLE {name} = $value", {"value": value})
        database.execute(_KERNEL)
        yield database
