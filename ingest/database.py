"""DuckDB as the loaders use it: quiet, in UTC, spilling to disk instead of growing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

_MEMORY: Final = "1GB"
_OF_THREAD: Final = threading.local()


def open_database(spill: Path | None = None) -> duckdb.DuckDBPyConnection:
    """Return a connection to a database in memory, to be used as a context manager.

    Args:
        spill: Folder for what does not fit in memory; None for work on one batch, which one thread does.
    """
    database = duckdb.connect()
    # A bar on the terminal would mix with ours and with what is piped on.
    database.execute("SET enable_progress_bar = false")
    database.execute("SET TimeZone = 'UTC'")
    if spill is None:
        database.execute("SET threads = 1")
    else:
        database.execute(f"SET memory_limit = '{_MEMORY}'")
        database.execute("SET temp_directory = '" + str(spill).replace("'", "''") + "'")
    return database


@contextmanager
def batch_database(**tables: pl.DataFrame) -> Iterator[duckdb.DuckDBPyConnection]:
    """Lend the database of this thread, with some frames as tables, which it forgets at the end.

    For small work on a batch, many times: opening a database takes longer than that. Not to be nested.
    """
    if not hasattr(_OF_THREAD, "database"):
        _OF_THREAD.database = open_database()
    database: duckdb.DuckDBPyConnection = _OF_THREAD.database
    try:
        for name, table in tables.items():
            # Views of texts are handed over as they lie in memory.
            database.register(name, table.to_arrow(compat_level=pl.CompatLevel.newest()))
        yield database
    finally:
        for name in tables:
            database.unregister(name)


def quoted(path: Path) -> str:
    """Return a path as a literal of SQL, for statements that take no parameters."""
    return "'" + str(path).replace("'", "''") + "'"
