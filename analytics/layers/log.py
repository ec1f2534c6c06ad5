"""The log that the kernel reads: the action log or a table in memory, as one view of actions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import duckdb

#: Each temporal layer and the kind of action that it looks at.
TEMPORAL_LAYERS: Final = {
    "co_url": "url",
    "co_text": "text",
    "co_hashtag": "hashtag",
    "co_repost": "repost",
    "co_reaction": "reaction",
}

#: Those of them that detection looks at.
DETECTED: Final = ("co_url", "co_text", "co_hashtag", "co_repost")

#: What DuckDB may hold in memory; what does not fit goes to disk.
MEMORY: Final = "3GB"


@contextmanager
def open_database() -> Iterator[duckdb.DuckDBPyConnection]:
    """Hold an empty database in memory whose spill lies in a folder of its own, removed at the end."""
    with TemporaryDirectory(prefix="cib-") as spill, duckdb.connect() as database:
        database.execute("SET temp_directory = $folder", {"folder": spill})
        database.execute(f"SET memory_limit = '{MEMORY}'")
        database.execute("SET TimeZone = 'UTC'")
        yield database


def read_parquet(files: Sequence[Path | str]) -> str:
    """Return the SQL that reads these files."""
    return f"read_parquet([{', '.join(quoted(str(file)) for file in files)}])"


def quoted(text: str) -> str:
    """Return a text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def log_of_folder(database: duckdb.DuckDBPyConnection, actions_dir: Path, kind: str) -> None:
    """Make the view `log` of the actions of one kind in an action log.

    Args:
        database: Receives the view: object, actor, at (microseconds since 1970), post.
        actions_dir: Holds `actions-*.parquet`; may hold none.
        kind: `url`, `text`, ...
    """
    files = sorted(actions_dir.glob("actions-*.parquet"))
    if not files:
        database.execute('CREATE TABLE log (object VARCHAR, actor VARCHAR, "at" BIGINT, post VARCHAR)')
        return
    database.execute(
        f'CREATE VIEW log AS SELECT object, actor, epoch_us("at") AS "at", post FROM {read_parquet(files)}'  # noqa: S608
        f' WHERE kind = {quoted(kind)} AND "at" IS NOT NULL'
    )
