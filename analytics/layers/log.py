"""The log that the kernel reads: the action log or a table in memory, as one view of actions."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import duckdb

from cypher.errors import CibError, UsageError
from cypher.progress import Progress, silent

#: Each temporal layer and the kind of action that it looks at.
TEMPORAL_LAYERS: Final = {
    "co_url": "url",
    "co_domain": "domain",
    "co_text": "text",
    "co_similar_text": "text",
    "co_image": "image",
    "co_hashtag": "hashtag",
    "co_hashtag_set": "hashtag",
    "co_hashtag_sequence": "hashtag_sequence",
    "co_repost": "repost",
    "co_fast_repost": "repost",
    "co_reply": "reply",
    "co_reaction": "reaction",
}

# The hashtags of a post together say more than each alone, whatever their order.
_HASHTAG_SET: Final = """
SELECT string_agg(DISTINCT object, ' ' ORDER BY object) AS object, actor, "at", post
FROM {acted} WHERE kind = 'hashtag' GROUP BY actor, "at", post HAVING count(DISTINCT object) >= 3
"""
# The time of an original is known where it did something itself: an action carries the time of its post.
_FAST_REPOST: Final = """
SELECT object, actor, "at", post
FROM (FROM {acted} WHERE kind = 'repost') JOIN (
    SELECT post AS object, min("at") AS original_at FROM {acted} WHERE kind <> 'reaction' GROUP BY post
) USING (object)
WHERE "at" - original_at BETWEEN 0 AND {window}
"""
_DERIVED: Final = {"co_hashtag_set": _HASHTAG_SET, "co_fast_repost": _FAST_REPOST}
#: Layers whose objects are made of actions; they are found where they are asked for.
DERIVED: Final = frozenset({*_DERIVED, "co_similar_text"})
#: Layers that are looked at only where they are named: they tell again what another tells.
NAMED_ONLY: Final = frozenset({*DERIVED, "co_hashtag_sequence"})
#: Least Jaccard similarity of the shingles of two texts that are similar: copies of which a sixth of the
#: words are changed have 0.5 to 0.6 (docs/method.md).
TEXT_SIMILARITY: Final = 0.5

#: What DuckDB may hold in memory where `CIB_MEMORY` does not say; what does not fit goes to disk.
MEMORY: Final = "3GB"
_VARIABLE: Final = "CIB_MEMORY"
_AMOUNT: Final = re.compile(r"[0-9]+(\.[0-9]+)? ?[KMGT]i?B", re.IGNORECASE)


@contextmanager
def open_database() -> Iterator[duckdb.DuckDBPyConnection]:
    """Hold an empty database in memory whose spill lies in a folder of its own, removed at the end.

    The environment variable `CIB_MEMORY` says what it may hold in memory.

    Raises:
        UsageError: `CIB_MEMORY` is no amount of memory.
        CibError: What is done with it needs more memory than that, or more disk than there is.
    """
    memory = os.environ.get(_VARIABLE) or MEMORY
    if not _AMOUNT.fullmatch(memory):
        raise UsageError(f"{_VARIABLE}={memory} is no amount of memory", "Write one such as 8GB.")
    with TemporaryDirectory(prefix="cib-") as spill, duckdb.connect() as database:
        try:
            database.execute("SET temp_directory = $folder", {"folder": spill})
            database.execute("SET TimeZone = 'UTC'")
            database.execute(f"SET memory_limit = '{memory}'")
            yield database
        except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
            if (told := _run_out(error, spill, memory)) is None:
                raise
            raise told from error


def _run_out(error: duckdb.Error, spill: str, memory: str) -> CibError | None:
    """Return what to tell of an error of a database that lacks memory or disk; None of any other."""
    said = str(error)
    # DuckDB tells of a disk that it finds full before writing as of a lack of memory.
    if "max_temp_directory_size" in said or ("No space left" in said and spill in said):
        return CibError(
            f"the disk of temporary files is full: {Path(spill).parent}",
            f"Free some space there, set TMPDIR to a folder with more, or set {_VARIABLE} (now {memory}) to"
            " more, so that less goes to disk.",
        )
    if isinstance(error, duckdb.OutOfMemoryException):
        return CibError(
            f"the {memory} of memory that may be held do not suffice for this many actions",
            f"Set the environment variable {_VARIABLE} to more, such as {_VARIABLE}=8GB, and leave the"
            " machine 1 GB beside it; or give fewer actions.",
        )
    return None


def read_parquet(files: Sequence[Path | str], *, named: bool = False) -> str:
    """Return the SQL that reads these files; with `named` each row has its file in a column `filename`."""
    paths = ", ".join(quoted(str(file)) for file in files)
    return f"read_parquet([{paths}]{', filename = true' if named else ''})"


def quoted(text: str) -> str:
    """Return a text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def log_of_folder(database: duckdb.DuckDBPyConnection, actions_dir: Path) -> None:
    """Make the view `acted` of the timed actions of an action log, and `posted` of its posts.

    Args:
        database: Receives the views: kind, object, actor, at (microseconds since 1970), post; and post, text.
        actions_dir: Holds `actions-*.parquet` and `posts-*.parquet`; may hold none.
    """
    posted_of(
        database, [posts_of_file(database, file) for file in sorted(actions_dir.glob("posts-*.parquet"))]
    )
    files = sorted(actions_dir.glob("actions-*.parquet"))
    if not files:
        database.execute(
            'CREATE TABLE acted (kind VARCHAR, object VARCHAR, actor VARCHAR, "at" BIGINT, post VARCHAR)'
        )
        return
    database.execute(
        'CREATE VIEW acted AS SELECT kind, object, actor, epoch_us("at") AS "at", post'  # noqa: S608
        f' FROM {read_parquet(files)} WHERE "at" IS NOT NULL'
    )


def posts_of_file(database: duckdb.DuckDBPyConnection, file: Path) -> str:
    """Return the SQL of the posts (post, text) of a file of an action log."""
    table = read_parquet([file])
    columns = {name for name, *_ in database.execute(f"DESCRIBE FROM {table}").fetchall()}
    return f"SELECT post, {'text' if 'text' in columns else 'NULL::VARCHAR AS text'} FROM {table}"  # noqa: S608


def posted_of(database: duckdb.DuckDBPyConnection, parts: Sequence[str]) -> None:
    """Make the view `posted` (post, text) of several queries."""
    nothing = "SELECT NULL::VARCHAR AS post, NULL::VARCHAR AS text WHERE false"
    database.execute(f"CREATE VIEW posted AS {' UNION ALL '.join(parts or [nothing])}")


def log_of_layer(
    database: duckdb.DuckDBPyConnection,
    layer: str,
    window: float,
    acted: str = "acted",
    similarity: float = TEXT_SIMILARITY,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Make the view `log` (object, actor, at, post) of one layer's actions; return what was counted.

    Args:
        database: Holds actions of every kind.
        layer: One of `TEMPORAL_LAYERS`, or any other name for all the actions.
        window: Of the layer, in seconds; a fast repost comes at most so long after the original.
        acted: The view of actions.
        similarity: Of two texts, the least that makes them similar.
        progress: Told about each step of what takes long.

    Raises:
        UsageError: The layer needs what is not there.
    """
    counts: dict[str, Any] = {}
    kind = TEMPORAL_LAYERS.get(layer)
    chosen = f"WHERE kind = {quoted(kind)}" if kind else ""
    query = f'SELECT object, actor, "at", post FROM {acted} {chosen}'  # noqa: S608
    if layer in _DERIVED:
        query = _DERIVED[layer].format(acted=acted, window=round(window * 1_000_000))
    elif layer == "co_similar_text":
        # Scipy and Polars are slow to import, and not needed otherwise.
        from analytics.layers.similar_texts import similar_text_log

        query, counts = similar_text_log(database, acted, "main.posted", similarity, progress)
    database.execute(f"CREATE VIEW log AS {query}")
    return counts


def posts_tell(layer: str) -> bool:
    """Return whether a layer's actions have posts of their own; a reaction has not."""
    return TEMPORAL_LAYERS.get(layer) != "reaction"
