"""`coordinate` and `co_actions` for notebooks: tables of pandas, Polars or Arrow in, and the same out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import duckdb

from analytics.layers.actions import Rule
from analytics.layers.coordination import Null, find_edges
from analytics.layers.interval import estimated_window
from analytics.layers.log import (
    NAMED_ONLY,
    TEMPORAL_LAYERS,
    TEXT_SIMILARITY,
    log_of_layer,
    open_database,
    posted_of,
    posts_tell,
    quoted,
    read_parquet,
)
from cypher.errors import UsageError

#: Hot objects make pairs all the same while they have no more co-actions than this in sum.
HOT_BUDGET: Final = 20_000_000

#: What a layer is called whose table does not say what its objects are.
_UNNAMED: Final = "co_action"
#: The four columns, in our words and in CooRTweet's.
_SPELLINGS: Final = (
    {"object": "object", "actor": "actor", "at": "at", "post": "post"},
    {"object": "object_id", "actor": "account_id", "at": "timestamp_share", "post": "content_id"},
)
_IDS: Final = ("VARCHAR", "INTEGER", "BIGINT", "SMALLINT", "TINYINT", "HUGEINT", "ENUM", "UUID", "UINTEGER",
               "UBIGINT", "USMALLINT", "UTINYINT", "UHUGEINT")  # fmt: skip


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
        text_similarity: Of `co_similar_text`: the least Jaccard similarity of two texts' shingles, 0.5 to 1.

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


def use_table(database: duckdb.DuckDBPyConnection, name: str, layers: Sequence[str] | None) -> Sequence[str]:
    """Make the views `acted` and `posted` of a table; return the layers.

    `acted` has kind, object, actor, at (microseconds), post; `posted` has post, text.

    Raises:
        UsageError: A column is missing or has values that cannot be used.
    """
    columns = {column for column, *_ in database.execute(f"DESCRIBE {name}").fetchall()}
    if "text" in columns and "object" not in columns and layers in (["co_text"], ["co_similar_text"]):
        database.execute(f"CREATE VIEW told AS SELECT *, md5(text::VARCHAR) AS object FROM {name}")  # noqa: S608
        name = "told"
    query, kinds = actions_of(database, name)
    post = next((column for column in ("post", "content_id") if column in columns), None)
    telling = [f"SELECT {post}::VARCHAR AS post, text::VARCHAR AS text FROM {name}"] if post else []  # noqa: S608
    posted_of(database, telling if "text" in columns else [])
    if not kinds:
        layers = [layers[0] if layers else _UNNAMED]
        kind = quoted(TEMPORAL_LAYERS.get(layers[0], ""))
        query = f'SELECT {kind} AS kind, object, actor, "at", post FROM ({query})'  # noqa: S608
    database.execute(f"CREATE VIEW acted AS {query}")
    refuse_gaps(database, "acted")
    return layers_of(database, layers) if kinds else layers or ()


def actions_of(database: duckdb.DuckDBPyConnection, name: str) -> tuple[str, bool]:
    """Return the SQL of a table's actions (kind, object, actor, at, post), and whether it tells their kinds.

    What cannot be read as a time is null.

    Raises:
        UsageError: A column is missing or of a type that cannot be used.
    """
    types = {column: str(kind) for column, kind, *_ in database.execute(f"DESCRIBE {name}").fetchall()}
    spelling = next((one for one in _SPELLINGS if set(one.values()) <= types.keys()), None)
    if spelling is None:
        raise UsageError(
            f"no actions in a table with the columns {', '.join(types)}",
            "It needs object, actor, at and post, or CooRTweet's object_id, account_id, timestamp_share and"
            " content_id.",
        )
    for ours in ("object", "actor", "post"):
        if types[spelling[ours]].partition("(")[0] not in _IDS:
            raise UsageError(
                f"the column {spelling[ours]} is {types[spelling[ours]]}, not text or whole numbers",
                "Ids that were numbers with a fraction have lost digits: read them as text.",
            )
    kind = "kind" if "kind" in types else "NULL"
    at = _microseconds(f'"{spelling["at"]}"', types[spelling["at"]])
    columns = [f'"{spelling[ours]}"::VARCHAR AS {ours}' for ours in ("object", "actor", "post")]
    columns = [f"{kind}::VARCHAR AS kind", *columns, f'{at} AS "at"']
    return f"SELECT {', '.join(columns)} FROM {name}", "kind" in types  # noqa: S608


def refuse_gaps(database: duckdb.DuckDBPyConnection, name: str) -> None:
    """Refuse actions of which something is not known.

    Raises:
        UsageError: There are some.
    """
    columns = ("object", "actor", "at", "post")
    missing = ", ".join(f'count(*) - count("{column}")' for column in columns)
    found = database.execute(f"SELECT {missing} FROM {name}").fetchone()  # noqa: S608
    for column, rows in zip(columns, found or (), strict=True):
        if rows:
            raise UsageError(
                f"{rows:,} {'row has' if rows == 1 else 'rows have'} no {column} that can be used",
                "Complete them, or take them out.",
            )


def layers_of(database: duckdb.DuckDBPyConnection, layers: Sequence[str] | None) -> Sequence[str]:
    """Return the layers that are wanted of a log with kinds."""
    for unknown in set(layers or ()) - TEMPORAL_LAYERS.keys():
        raise UsageError(f"there is no layer {unknown!r}", f"Layers: {', '.join(TEMPORAL_LAYERS)}.")
    if layers:
        return layers
    kinds = {kind for (kind,) in database.execute("SELECT DISTINCT kind FROM acted").fetchall()}
    return [
        layer for layer, kind in TEMPORAL_LAYERS.items() if kind in kinds and layer not in NAMED_ONLY
    ] or list(TEMPORAL_LAYERS)[:1]


def _microseconds(column: str, kind: str) -> str:
    """Return the SQL that makes microseconds since 1970 of a column."""
    number = f"round({column}::DECIMAL(24, 6) * 1000000)::BIGINT"
    if kind.startswith("TIMESTAMP"):
        return f"epoch_us({column})" if kind != "TIMESTAMP_NS" else f"epoch_us({column}::TIMESTAMP)"
    if kind in ("FLOAT", "DOUBLE") or kind.startswith("DECIMAL") or kind in _IDS[1:]:
        return number
    if kind == "VARCHAR":
        return (
            rf"CASE WHEN regexp_full_match({column}, '-?\d+(\.\d+)?') THEN {number}"
            f" ELSE epoch_us(try_cast({column} AS TIMESTAMPTZ)) END"
        )
    raise UsageError(
        f"the column {column} is {kind}, not a time", "Times are timestamps, or seconds since 1970."
    )


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
