"""Files with which nothing can be wrong, read by DuckDB where they lie: tables of shares and action logs."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Final

import duckdb

from analytics.layers.answers import number
from analytics.layers.given import actions_of
from analytics.layers.log import quoted, read_parquet
from cypher.errors import UsageError

_SHARES: Final = ("object_id", "account_id", "content_id", "timestamp_share")
#: Longest header that is looked at.
_HEADER: Final = 1 << 16
#: What nothing can be wrong with: ids that no spreadsheet has damaged, and epoch seconds.
_CLEAN: Final = r"""
SELECT count(*) FROM {name}
WHERE coalesce(NOT (
    regexp_full_match(timestamp_share, '\d{{9,10}}(\.\d{{1,6}})?') AND timestamp_share::DOUBLE < 4102444800
    AND trim(object_id) = object_id AND trim(account_id) = account_id AND trim(content_id) = content_id
    AND object_id <> '' AND account_id <> '' AND content_id <> ''
    AND NOT regexp_full_match(account_id, '\d+([.,]\d+)?[eE]\+?\d+|\d+\.0+')
    AND NOT regexp_full_match(content_id, '\d+([.,]\d+)?[eE]\+?\d+|\d+\.0+')
), true)
"""


def read_directly(database: duckdb.DuckDBPyConnection, path: Path, name: str) -> bool | None:
    """Make a table or view of a file that needs no checks; return whether it tells kinds of actions.

    None for a file that has to go the long way.

    Args:
        database: Receives the table or view.
        path: The file.
        name: Of the table or view.
    """
    if any(letter in str(path) for letter in "*?[") or not path.is_file():
        return None
    try:
        if path.suffix == ".parquet":
            database.execute(f"CREATE VIEW {name} AS FROM {read_parquet([path])}")
            query, kinds = actions_of(database, name)
            gaps = [f"{column} IS NULL" for column in ("object", "actor", '"at"', "post")]
            gaps += ["object = ''", "actor = ''"]
            # One by one, so that the statistics of the file answer them.
            parts = [f"(SELECT count(*) FROM ({query}) WHERE {gap})" for gap in gaps]  # noqa: S608
            clean = f"SELECT {' + '.join(parts)}"
        elif path.name.endswith((".csv", ".csv.gz")):
            columns_there = _header(path)
            if not set(_SHARES) <= set(columns_there) or "platform" in columns_there:
                return None
            typed = ", ".join(f"{quoted(column)}: 'VARCHAR'" for column in columns_there)
            database.execute(
                f"CREATE TABLE {name} AS SELECT {', '.join(_SHARES)} FROM read_csv({quoted(str(path))},"  # noqa: S608
                f" columns = {{{typed}}}, header = true, auto_detect = false, delim = ',', quote = '\"',"
                " escape = '\"')"
            )
            kinds, clean = False, _CLEAN.format(name=name)
        else:
            return None
        unclean = number(database, clean)
    except (duckdb.Error, UsageError, OSError, UnicodeDecodeError):
        return None
    return None if unclean else kinds


def _header(path: Path) -> list[str]:
    """Return the names of a CSV's columns; none where they are quoted or repeated."""
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        first = file.readline(_HEADER).decode("utf-8")
    names = first.removeprefix("\ufeff").rstrip("\r\n").split(",")
    return names if first.endswith("\n") and '"' not in first and len(set(names)) == len(names) else []
