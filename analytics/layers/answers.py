"""What a database answers, as a number, a row, or arrays without a Python object a row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import duckdb

#: Rows that are worked on at once, to bound memory.
BATCH: Final = 1 << 16


def number(database: duckdb.DuckDBPyConnection, query: str, parameters: dict[str, Any] | None = None) -> int:
    """Return the whole number that a query answers; of a statement that makes a table, its rows."""
    (answer,) = database.execute(query, parameters or {}).fetchall()[0]
    return int(answer)


def row(database: duckdb.DuckDBPyConnection, query: str) -> dict[str, Any]:
    """Return the first row of an answer by the names of its columns."""
    answer = database.execute(query)
    return dict(zip([name for name, *_ in answer.description], answer.fetchall()[0], strict=True))


def arrays(database: duckdb.DuckDBPyConnection, query: str) -> dict[str, Any]:
    """Return the columns of an answer without nulls, each an array."""
    return dict(database.execute(query).fetchnumpy())


def batches(
    database: duckdb.DuckDBPyConnection, query: str, parameters: dict[str, Any] | None = None
) -> Iterator[dict[str, Any]]:
    """Yield an answer without nulls part by part, each its columns as arrays, while tables may be filled."""
    (schema,) = database.execute("SELECT current_schema()").fetchall()[0]
    with database.cursor() as reader:
        reader.execute(f"USE {schema}")
        for batch in reader.sql(query, params=parameters or {}).to_arrow_reader(BATCH):
            columns = zip(batch.schema.names, batch.columns, strict=True)
            yield {name: column.to_numpy() for name, column in columns}


def insert(database: duckdb.DuckDBPyConnection, table: str, columns: dict[str, Any]) -> None:
    """Add rows to a table, given as arrays by the names of its columns."""
    database.register("batch", columns)
    database.execute(f"INSERT INTO {table} BY NAME FROM batch")
    database.unregister("batch")
