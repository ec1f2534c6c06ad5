"""Temporal layers: pairs of assets that act on the same objects within seconds more than chance allows.

The null model, with its sources, is in docs/method.md.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl

from analytics.layers.actions import Rule, find_co_actions, find_posts
from analytics.layers.chance import find_chances
from analytics.layers.edges import EDGE_SCHEMA, EVIDENCE_SCHEMA, LayerResult
from analytics.layers.log import (
    TEMPORAL_LAYERS,
    log_of_folder,
    log_of_layer,
    open_database,
    posts_tell,
    read_parquet,
)
from analytics.layers.threshold import weight_threshold
from analytics.settings import DetectSettings
from cypher.progress import Progress, silent

_TESTED: Final = """
SELECT source, target, weight, objects, expected, p_value, q_value, first_at, last_at
FROM tested WHERE q_value <= $fdr AND weight > $least
ORDER BY source, target
"""
_SHOWN: Final = """
CREATE TABLE shown AS
SELECT source, target, object, source_id, target_id, x."at" AS source_at, y."at" AS target_at
FROM co_actions JOIN kept USING (source, target)
JOIN (SELECT id AS source_id, "at" FROM actions) AS x USING (source_id)
JOIN (SELECT id AS target_id, "at" FROM actions) AS y USING (target_id)
JOIN names ON names.rowid = co_actions.object
QUALIFY row_number() OVER (
    PARTITION BY source, target
    ORDER BY least(x."at", y."at"), names.name, x."at", source_id, y."at", target_id) <= $most
"""
_EVIDENCE: Final = """
SELECT s.name AS source, t.name AS target, names.name AS object, source_at, target_at,
       x.post AS source_ref, y.post AS target_ref
FROM shown JOIN (SELECT id AS source_id, post FROM posts) AS x USING (source_id)
JOIN (SELECT id AS target_id, post FROM posts) AS y USING (target_id)
JOIN names ON names.rowid = shown.object
JOIN actors AS s ON s.rowid = source JOIN actors AS t ON t.rowid = target
ORDER BY s.name, t.name, least(source_at, target_at), names.name, source_at, target_at, x.post, y.post
"""
_STATS: Final = """
SELECT (SELECT count(DISTINCT actor) FROM actions) AS assets, coalesce(sum(actions), 0)::BIGINT AS actions,
       count(*) AS objects, (SELECT count(*) FROM co_actions) AS co_actions,
       count(*) FILTER (object IN (SELECT object FROM hot)) AS hot_objects,
       coalesce(sum(actions) FILTER (object IN (SELECT object FROM hot)), 0)::BIGINT AS hot_actions,
       (SELECT count(*) FROM pairs WHERE source < target) AS observed_pairs
FROM sizes
"""


def temporal_edges(
    actions_dir: Path, settings: DetectSettings, layer: str, progress: Progress = silent
) -> LayerResult:
    """Return the tested edges of one temporal layer; the references of its evidence are ids of posts.

    The same log and settings give the same rows, bit for bit.

    Args:
        actions_dir: The action log.
        settings: Windows, participation, thresholds.
        layer: One of `TEMPORAL_LAYERS`.
        progress: Told about each step.
    """
    window = settings.windows.get(layer, settings.time_window)
    stage = f"Layer {layer}, {window} s"
    progress(stage, 0, 3)
    rule = Rule(
        window=window,
        min_participation=settings.min_participation,
        remove_loops=settings.remove_loops,
        max_co_actions=settings.max_co_actions,
        posts_tell=posts_tell(layer),
    )
    with open_database() as database:
        log_of_folder(database, actions_dir)
        told = log_of_layer(database, layer, window, similarity=settings.text_similarity, progress=progress)
        find_co_actions(database, rule)
        progress(stage, 1, 3)
        counts: dict[str, Any] = _frame(database, _STATS).row(0, named=True)
        testable = find_chances(database, window, settings.min_objects)
        least = weight_threshold(database, settings.edge_weight) if settings.edge_weight else 0.0
        kept = _frame(database, _TESTED, {"fdr": settings.fdr, "least": least})
        progress(stage, 2, 3)
        evidence = _evidence(database, kept, layer, settings.evidence_per_edge)
        names = _frame(database, "SELECT name FROM actors ORDER BY name")["name"]
    edges = kept.select(
        source=names.gather(kept["source"]),
        target=names.gather(kept["target"]),
        layer=pl.lit(layer),
        weight="weight",
        objects="objects",
        expected="expected",
        p_value="p_value",
        q_value="q_value",
        first_at=_time("first_at"),
        last_at=_time("last_at"),
    ).cast(EDGE_SCHEMA)
    progress(stage, 3, 3)
    given = {
        "time_window": window,
        "min_participation": settings.min_participation,
        "max_co_actions": settings.max_co_actions,
    }
    stats = {**given, **told, **counts, "testable_pairs": testable, "edges": edges.height}
    return LayerResult(layer, edges.sort("source", "target"), evidence, stats)


def addressed(evidence: pl.DataFrame, actions_dir: Path) -> pl.DataFrame:
    """Return evidence with the addresses of posts for their ids, where they are known.

    Args:
        evidence: Columns `EVIDENCE_SCHEMA`, of any layers.
        actions_dir: Holds `posts-*.parquet`; may hold none.
    """
    files = sorted(actions_dir.glob("posts-*.parquet"))
    ends = ("source_ref", "target_ref")
    wanted = pl.concat([evidence[end].alias("post") for end in ends]).drop_nulls().unique()
    if not files or wanted.is_empty():
        return evidence
    with open_database() as database:
        database.register("wanted", wanted.to_frame().to_arrow())
        found = _frame(
            database,
            f"SELECT post, min(url) AS url FROM {read_parquet(files)} SEMI JOIN wanted USING (post)"  # noqa: S608
            " WHERE url <> '' GROUP BY post",
        )
    return evidence.with_columns(pl.col(ends).replace(found["post"], found["url"]))


def _evidence(
    database: duckdb.DuckDBPyConnection, edges: pl.DataFrame, layer: str, most: int
) -> pl.DataFrame:
    """Return the first co-actions of each edge."""
    database.register("kept", edges.select("source", "target").to_arrow())
    database.execute(_SHOWN, {"most": most})
    find_posts(database, "SELECT source_id FROM shown UNION SELECT target_id FROM shown")
    return (
        _frame(database, _EVIDENCE)
        .with_columns(
            layer=pl.lit(layer),
            object_kind=pl.lit(TEMPORAL_LAYERS[layer]),
            source_at=_time("source_at"),
            target_at=_time("target_at"),
        )
        .select(list(EVIDENCE_SCHEMA))
        .cast(EVIDENCE_SCHEMA)
    )


def _time(column: str) -> pl.Expr:
    return pl.from_epoch(pl.col(column), "us").dt.replace_time_zone("UTC").alias(column)


def _frame(
    database: duckdb.DuckDBPyConnection, query: str, parameters: dict[str, Any] | None = None
) -> pl.DataFrame:
    return pl.DataFrame(database.sql(query, params=parameters or {}).to_arrow_table())
