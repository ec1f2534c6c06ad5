"""Rows of a result as dictionaries and frames, one by one or in lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import neo4j
import polars as pl

from cypher.values import plain

#: Rows of a result that are Python's objects at one time.
_ROWS_AT_ONCE: Final = 20_000
#: Rows of a result that come as one list.
_ROWS_A_LIST: Final = 1_000


def dicts(result: neo4j.Result) -> list[dict[str, Any]]:
    """Return the rows as dictionaries; nodes become their properties, times Python's."""
    columns = result.keys()
    return [dict(zip(columns, map(plain, row), strict=True)) for row in result.values()]


def frame(result: neo4j.Result, types: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Return the rows as a frame; types of columns that are not given are inferred."""
    columns = result.keys()
    if not types.keys() >= set(columns):
        # What is to be inferred is inferred from all rows.
        return _columns(columns, result.values(), types)
    parts = [_columns(columns, [], types)]
    while rows := result.fetch(_ROWS_AT_ONCE):
        parts.append(_columns(columns, [row.values() for row in rows], types))
    return pl.concat(parts)


def in_lists(text: str, columns: Sequence[str]) -> str:
    """Return the statement that gives the rows of another in lists, with the names of the columns."""
    quoted = ["`" + name.replace("`", "``") + "`" for name in columns]
    names = ", ".join("'" + name.replace("\\", "\\\\").replace("'", "\\'") + "'" for name in columns)
    return (
        f"CALL () {{\n{text.rstrip().rstrip(';')}\n}}\nWITH collect([{', '.join(quoted)}]) AS rows\n"
        f"UNWIND range(0, size(rows), {_ROWS_A_LIST}) AS start\n"
        f"RETURN [{names}] AS columns, rows[start..start + {_ROWS_A_LIST}] AS rows"
    )


def listed(result: neo4j.Result, types: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Return the rows that `in_lists` gives; one record at least, so that no rows still have columns."""
    parts: list[pl.DataFrame] = []
    rows: list[Any] = []
    columns: list[str] = []
    for columns, more in result:
        rows += more
        # Columns whose types are to be inferred are inferred from all rows.
        if len(rows) >= _ROWS_AT_ONCE and types.keys() >= set(columns):
            parts.append(_columns(columns, rows, types))
            rows = []
    return pl.concat([*parts, _columns(columns, rows, types)])


def _columns(names: Sequence[str], rows: Sequence[Any], types: Mapping[str, pl.DataType]) -> pl.DataFrame:
    values = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    return pl.DataFrame(
        [
            pl.Series(name, [plain(v) for v in column], dtype=types.get(name), strict=False)
            for name, column in zip(names, values, strict=True)
        ]
    )
