"""`coordinate` and `co_actions` for notebooks: tables of pandas, Polars or Arrow in, and the same out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import duckdb

from analytics.layers.actions import Rule
from analytics.layers.coordination import Null, find_edges, list_co_actions
from analytics.layers.given import use_table
from analytics.layers.interval import estimated_window
from analytics.layers.log import (
    TEXT_SIMILARITY,
    log_of_layer,
    open_database,
    posts_tell,
    read_parquet,
)
from cypher.errors import UsageError

#: Hot objects make pairs all the same while they have no more co-actions than this in sum.
HOT_BUDGET: Final = 20_000_000


def coordinate(
    actions: Any,
    *,
    layer: str | Sequence[str] | None = None,
    time_window: float = 60,
    min_participation: int = 2,
    edge_weight: float = 0.5,
    remove_loops: bool = True,
    null: Null = "poisson",
    max_co_actions: int = 250_000,
    hot_budget: int = HOT_BUDGET,
    text_similarity: float = TEXT_SIMILARITY,
) -> Any:
    """Return the coordinated edges of a table of actions.

    Args:
        actions: A pandas or Polars data frame, an Arrow table, or the path of a Parquet file or of a folder
            of them. Columns `object`, `actor`, `at`, `post` (and `kind`, as in the action log), or
            CooRTweet's `object_id`, `account_id`, `timestamp_share`, `content_id`. Times are timestamps (UTC
            without a zone), epoch seconds, or text of either. `co_similar_text` needs a column `text` too.
        layer: With a column `kind`, the layers to find (default: all that have actions); otherwise a name.
        time_window: Seconds between two actions on one object at most, both ends included.
        min_participation: Fewest actions of an asset, and fewest that co-act on a pair's one side.
        edge_weight: An edge is above the threshold if its weight exceeds this quantile of all weights.
        remove_loops: Leave out co-actions of an asset with itself.
        null: `poisson` adds expected, p_value and q_value (docs/method.md); `none` does not.
        max_co_actions: An object with more co-actions is hot.
        hot_budget: Hot objects are left out if they have more co-actions than this in sum.
        text_similarity: Of `co_similar_text`: the least Jaccard similarity of two texts' shingles, 0.5 to 1;
            below 0.6 texts with enough rare words in common are similar too.

    Returns:
        A row an edge, in the kind of table that was given (a path gives a Polars frame): source, target
        (source < target), layer, weight (co-actions), avg_time_delta (seconds), first_at, last_at,
        above_threshold, and with a null expected, p_value, q_value.

    Raises:
        UsageError: A column is missing or has values that cannot be used.
    """
    rule = Rule(time_window, min_participation, remove_loops, max_co_actions, hot_budget)
    return _run(actions, layer, rule, edge_weight, null, "edges", text_similarity)


def co_actions(
    actions: Any,
    *,
    layer: str | Sequence[str] | None = None,
    time_window: float = 60,
    min_participation: int = 2,
    remove_loops: bool = True,
    max_co_actions: int = 250_000,
    hot_budget: int = HOT_BUDGET,
    text_similarity: float = TEXT_SIMILARITY,
) -> Any:
    """Return every co-action of a table of actions: CooRTweet's `detect_groups`.

    Args:
        actions: As `coordinate` takes it.
        layer: As there.
        time_window: As there.
        min_participation: As there.
        remove_loops: As there.
        max_co_actions: As there.
        hot_budget: As there.
        text_similarity: As there.

    Returns:
        A row a co-action: layer, object, source, target, source_post, target_post, source_at, target_at,
        time_delta (seconds, never negative).

    Raises:
        UsageError: A column is missing or has values that cannot be used.
    """
    rule = Rule(time_window, min_participation, remove_loops, max_co_actions, hot_budget)
    return _run(actions, layer, rule, 0.0, "none", "co_action_rows", text_similarity)


def estimate_window(
    actions: Any, *, layer: str | None = None, quickest: float = 0.1, reached: float = 0.5
) -> float:
    """Return the seconds within which quickly shared objects get their shares: CooRnet's estimate.

    CooRnet's `estimate_coord_interval(q, p)`: of the objects shared more than once, those whose second share
    comes soonest; the median of the seconds in which each gets more than a part of its shares; at least 1.

    Args:
        actions: As `coordinate` takes it.
        layer: Which, of a table with a column `kind`.
        quickest: Which quantile of objects counts as quick (q).
        reached: Which part of its shares (p).

    Raises:
        UsageError: A column is missing or has values that cannot be used, or no object is shared twice.
    """
    with _opened(actions, layer) as (database, layers), one_layer(database, layers[0], 0):
        return estimated_window(database, quickest, reached)


def _run(
    actions: Any,
    layer: str | Sequence[str] | None,
    rule: Rule,
    edge_weight: float,
    null: Null,
    wanted: str,
    similarity: float,
) -> Any:
    check(rule, edge_weight, null)
    check_similarity(similarity)
    with _opened(actions, layer) as (database, layers):
        parts = []
        for name in layers:
            with one_layer(database, name, rule.window, similarity):
                find_edges(database, name, rule_of(name, rule), edge_weight=edge_weight, null=null)
                if wanted == "co_action_rows":
                    list_co_actions(database, name)
                parts.append(database.sql(f"FROM {wanted}").to_arrow_table())
    return _like(actions, parts)


@contextmanager
def _opened(
    actions: Any, layer: str | Sequence[str] | None
) -> Iterator[tuple[duckdb.DuckDBPyConnection, Sequence[str]]]:
    """Hold a database with the view `acted` of what was given, and the layers to find."""
    with open_database() as database:
        if isinstance(actions, str | Path):
            path = Path(actions)
            files = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
            database.execute(f"CREATE VIEW given AS FROM {read_parquet(files)}")
        else:
            database.register("given", actions.collect() if hasattr(actions, "collect") else actions)
        yield database, use_table(database, "given", [layer] if isinstance(layer, str) else layer)


def check(rule: Rule, edge_weight: float, null: str) -> None:
    """Refuse settings that have no meaning.

    Raises:
        UsageError: One has none.
    """
    for wrong, said in (
        (not rule.window >= 0, f"a time window of {rule.window} seconds"),
        (rule.min_participation < 1, f"min_participation {rule.min_participation}"),
        (not 0 <= edge_weight <= 1, f"edge_weight {edge_weight}"),
        (rule.max_co_actions < 1, f"max_co_actions {rule.max_co_actions}"),
        (null not in ("poisson", "none"), f"null {null!r}"),
    ):
        if wrong:
            raise UsageError(
                f"{said} has no meaning",
                "The window is 0 or more, edge_weight a quantile from 0 to 1, null poisson or none, and the"
                " others 1 or more.",
            )


def check_similarity(similarity: float) -> None:
    """Refuse a similarity of texts below which unrelated ones on one subject are alike.

    Raises:
        UsageError: It is below 0.5, or above 1.
    """
    if not 0.5 <= similarity <= 1:
        raise UsageError(f"a similarity of texts of {similarity} has no meaning", "It goes from 0.5 to 1.")


def rule_of(layer: str, rule: Rule) -> Rule:
    """Return the rule as it is for a layer: a reaction has no post of its own."""
    return replace(rule, posts_tell=posts_tell(layer))


@contextmanager
def one_layer(
    database: duckdb.DuckDBPyConnection, layer: str, window: float, similarity: float = TEXT_SIMILARITY
) -> Iterator[dict[str, Any]]:
    """Hold a schema in which `log` is one layer's actions, and drop it with all that was added.

    Gives what was counted while the actions were made.
    """
    database.execute("CREATE SCHEMA layer; USE layer")
    try:
        yield log_of_layer(database, layer, window, "main.acted", similarity)
    finally:
        database.execute("USE main; DROP SCHEMA layer CASCADE")


def _like(given: Any, parts: Sequence[Any]) -> Any:
    """Return the parts as one table of the kind that was given."""
    import pyarrow as pa

    table = pa.concat_tables(parts)
    library = type(given).__module__.partition(".")[0]
    if library == "pandas":
        return table.to_pandas()
    if library == "pyarrow":
        return table
    import polars as pl

    return pl.from_arrow(table)
