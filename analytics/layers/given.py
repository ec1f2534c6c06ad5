"""Tables of actions that are given: which of their columns say what, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import duckdb

from analytics.layers.log import NAMED_ONLY, TEMPORAL_LAYERS, posted_of, quoted
from cypher.errors import UsageError

#: What a layer is called whose table does not say what its objects are.
_UNNAMED: Final = "co_action"
#: The four columns, in our words and in CooRTweet's.
_SPELLINGS: Final = (
    {"object": "object", "actor": "actor", "at": "at", "post": "post"},
    {"object": "object_id", "actor": "account_id", "at": "timestamp_share", "post": "content_id"},
)
_IDS: Final = ("VARCHAR", "INTEGER", "BIGINT", "SMALLINT", "TINYINT", "HUGEINT", "ENUM", "UUID", "UINTEGER",
               "UBIGINT", "USMALLINT", "UTINYINT", "UHUGEINT")  # fmt: skip


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
