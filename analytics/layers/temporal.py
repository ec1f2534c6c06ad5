"""Temporal layers: pairs of assets that act on the same objects within seconds more than chance allows.

The null model, with its sources, is in docs/method.md.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
import polars as pl

from analytics.layers.actions import co_actions
from analytics.layers.edges import EDGE_SCHEMA, EVIDENCE_SCHEMA, LayerResult
from analytics.layers.statistics import benjamini_hochberg, poisson_tail, typical_crowd
from analytics.settings import DetectSettings
from cypher.progress import Progress, silent

#: Each temporal layer and the kind of action that it looks at.
TEMPORAL_LAYERS: Final = {"co_url": "url", "co_text": "text", "co_hashtag": "hashtag", "co_repost": "repost"}

#: Crowds are kept as whole numbers of this fraction, so that sums do not depend on the order of threads.
_CROWD_UNIT: Final = 1 / 4096

# Activity counts hot objects too: whoever is seen there could have been near on any other object.
_EXPOSURE: Final = """
CREATE TABLE activity AS SELECT actor, count(DISTINCT object) AS activity FROM actions GROUP BY actor;
CREATE TABLE exposure AS
SELECT actor, tier, count(*) AS objects, sum(crowd)::BIGINT AS crowd
FROM (SELECT DISTINCT actor, object FROM actions) JOIN crowds USING (object)
GROUP BY actor, tier
"""
_PAIRS: Final = """
CREATE TABLE pairs AS
SELECT row_number() OVER (ORDER BY source, target) AS pair, counted.*,
       s.activity AS activity_s, t.activity AS activity_t
FROM (
    SELECT source, target, count(*) AS weight, count(DISTINCT co_actions.object) AS objects,
           min(least(x."at", y."at")) AS first_at, max(greatest(x."at", y."at")) AS last_at
    FROM co_actions JOIN actions AS x ON x.id = source_id JOIN actions AS y ON y.id = target_id
    WHERE source < target GROUP BY source, target
) AS counted
JOIN activity AS s ON s.actor = source JOIN activity AS t ON t.actor = target
"""
_TIERS: Final = """
SELECT pair, tier, exposure.objects, exposure.crowd
FROM pairs JOIN exposure ON exposure.actor = CASE WHEN $side = 0 THEN source ELSE target END
WHERE pairs.objects >= $least
ORDER BY pair, tier
"""
_EVIDENCE: Final = """
WITH shown AS (
    SELECT source, target, co_actions.object, x."at" AS source_at, y."at" AS target_at,
           x.post AS source_post, y.post AS target_post
    FROM co_actions JOIN kept USING (source, target)
    JOIN actions AS x ON x.id = source_id JOIN actions AS y ON y.id = target_id
    QUALIFY row_number() OVER (PARTITION BY source, target
                               ORDER BY least(x."at", y."at"), x.id, y.id) <= $most
)
SELECT s.name AS source, t.name AS target, objects.name AS object, source_at, target_at,
       coalesce(p.url, source_post) AS source_ref, coalesce(q.url, target_post) AS target_ref
FROM shown JOIN actors AS s ON s.actor = source JOIN actors AS t ON t.actor = target
JOIN objects USING (object)
LEFT JOIN posts AS p ON p.post = source_post LEFT JOIN posts AS q ON q.post = target_post
ORDER BY s.name, t.name, least(source_at, target_at), objects.name, source_at, target_at,
         source_post, target_post
"""
_STATS: Final = """
SELECT (SELECT count(*) FROM actors) AS assets, coalesce(sum(actions), 0)::BIGINT AS actions,
       count(*) AS objects, (SELECT count(*) FROM co_actions) AS co_actions,
       count(*) FILTER (hot) AS hot_objects,
       coalesce(sum(actions) FILTER (hot), 0)::BIGINT AS hot_actions,
       (SELECT count(*) FROM pairs) AS observed_pairs
FROM objects
"""


def temporal_edges(
    actions_dir: Path, settings: DetectSettings, layer: str, progress: Progress = silent
) -> LayerResult:
    """Return the tested edges of one temporal layer.

    The same log and settings give the same rows, bit for bit.

    Args:
        actions_dir: The action log.
        settings: Windows, participation, thresholds.
        layer: One of `TEMPORAL_LAYERS`.
        progress: Told about each step.
    """
    window = settings.windows.get(layer, settings.time_window)
    stage = f"Layer {layer}: co-actions"
    progress(stage, 0, 3)
    with co_actions(actions_dir, TEMPORAL_LAYERS[layer], window, settings) as database:
        progress(stage, 1, 3)
        _count(database)
        counts: dict[str, Any] = _frame(database, _STATS).row(0, named=True)
        testable = counts["assets"] * (counts["assets"] - 1) // 2
        tested = _test(database, settings.min_objects, testable)
        kept = tested.filter(
            (pl.col("q_value") <= settings.fdr) & (pl.col("weight") > _least_weight(database, settings))
        )
        progress(stage, 2, 3)
        evidence = _evidence(database, kept, actions_dir, layer, settings.evidence_per_edge)
        names = _frame(database, "SELECT name FROM actors ORDER BY actor")["name"]
    edges = kept.select(
        source=names.gather(kept["source"] - 1),
        target=names.gather(kept["target"] - 1),
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
    stats = {**given, **counts, "testable_pairs": testable, "edges": edges.height}
    return LayerResult(layer, edges.sort("source", "target"), evidence, stats)


def _count(database: duckdb.DuckDBPyConnection) -> None:
    """Add the tables `activity`, `exposure` (an actor's objects and their crowds, by tier) and `pairs`."""
    objects = _frame(database, "SELECT object, actors, meetings FROM objects WHERE NOT hot ORDER BY object")
    crowd = typical_crowd(objects["actors"].to_numpy(), objects["meetings"].to_numpy())
    # Within a tier crowds differ by less than two, so that a tier's mean can stand for each of them.
    crowds = objects.select("object").with_columns(
        crowd=pl.Series(np.ceil(crowd / _CROWD_UNIT).astype(np.int64)),
        tier=pl.Series(np.frexp(crowd)[1].astype(np.int64)),
    )
    database.register("crowds", crowds.to_arrow())
    database.execute(_EXPOSURE)
    database.execute(_PAIRS)


def _test(database: duckdb.DuckDBPyConnection, least: int, testable: int) -> pl.DataFrame:
    """Return the pairs that co-act on enough objects, with `expected`, `p_value` and `q_value`."""
    pairs = _frame(database, "SELECT * FROM pairs WHERE objects >= $least ORDER BY pair", {"least": least})
    total = _frame(database, "SELECT coalesce(sum(activity), 0)::BIGINT AS total FROM activity").item()
    expected = np.zeros(pairs.height, dtype=np.float64)
    for side, (own, other) in enumerate((("activity_s", "activity_t"), ("activity_t", "activity_s"))):
        drawn = pl.col(other) / (total - pl.col(own)).clip(1)
        # 1 - exp(-x) is concave: the tier's mean crowd gives no less than the sum over its objects.
        mean = pl.col("crowd") * _CROWD_UNIT / pl.col("objects")
        chance = (
            _frame(database, _TIERS, {"side": side, "least": least})
            .join(pairs.select("pair", drawn=drawn), on="pair", how="left", maintain_order="left")
            .select("pair", chance=pl.col("objects") * (1.0 - (-mean * pl.col("drawn")).exp()))
            .group_by("pair", maintain_order=True)
            .agg(pl.col("chance").sum())
        )
        side_by_side = pairs.select("pair").join(chance, on="pair", how="left", maintain_order="left")
        expected += 0.5 * side_by_side["chance"].to_numpy()
    p_value = poisson_tail(pairs["objects"].to_numpy(), expected)
    return pairs.with_columns(
        expected=pl.Series(expected),
        p_value=pl.Series(p_value),
        q_value=pl.Series(benjamini_hochberg(p_value, testable)),
    )


def _least_weight(database: duckdb.DuckDBPyConnection, settings: DetectSettings) -> float:
    """Return the weight that an edge must exceed: a quantile over all observed pairs, as in CooRTweet."""
    if settings.edge_weight == 0:
        return 0.0
    weights = _frame(database, "SELECT weight FROM pairs")["weight"]
    return weights.quantile(settings.edge_weight, "linear") or 0.0


def _evidence(
    database: duckdb.DuckDBPyConnection, edges: pl.DataFrame, actions_dir: Path, layer: str, most: int
) -> pl.DataFrame:
    """Return the first co-actions of each edge, with the posts' addresses where they are known."""
    database.register("kept", edges.select("source", "target").to_arrow())
    database.execute("CREATE TABLE posts (post VARCHAR, url VARCHAR)")
    if files := sorted(str(path) for path in actions_dir.glob("posts-*.parquet")):
        database.execute(
            "INSERT INTO posts SELECT post, min(url) FROM read_parquet($files) WHERE url <> '' GROUP BY post",
            {"files": files},
        )
    return (
        _frame(database, _EVIDENCE, {"most": most})
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
