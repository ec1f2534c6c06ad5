"""DuckDB as the loaders use it: quiet, in UTC, spilling to disk instead of growing."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import duckdb

_MEMORY: Final = "1GB"


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
