"""The action log: posts and reactions of a source as columnar files, one row a post and one row an action."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Self

import polars as pl
import pyarrow.parquet as papq

from cypher.progress import Progress, counting, silent
from ingest.actions import ACTIONS, POSTS, of_posts, of_reactions
from ingest.columnar import TableFile, batches, compact
from ingest.database import open_database
from ingest.duplicates import KeyHashes
from ingest.parallel import Behind, mapped
from ingest.validation import DATE_ONLY

#: Rows of one kind that lie together in the file of actions, so that who wants one kind reads little else.
_GROUP: Final = 100_000
#: Rows of a kind in a batch, below which they are few.
_SMALL: Final = 16_384
#: Batches worked on at a time: much of the work on one batch is done by one thread.
_THREADS: Final = 2

#: Needed only where a profile has several rows for one post, or an account reacts twice at a time.
_DISTINCT: Final = """
COPY (
    SELECT kind, object, actor, "at", post, min(raw) AS raw FROM read_parquet($raw) GROUP BY ALL
    ORDER BY kind, object, "at", actor, post
) TO '{target}' (FORMAT parquet, COMPRESSION lz4_raw)
"""

_ONCE: Final = """
COPY (
    SELECT * FROM read_parquet($raw)
    QUALIFY row_number() OVER (PARTITION BY post ORDER BY "at", actor) = 1 ORDER BY post
) TO '{target}' (FORMAT parquet, COMPRESSION lz4_raw)
"""


@dataclass(frozen=True)
class Log:
    """What was written.

    Attributes:
        posts: Rows of the posts file.
        actions: Rows of the actions file.
        undated: Rows with a date but no time, which have no place in a window of seconds and give no actions.
    """

    posts: int
    actions: int
    undated: int


def log_files(folder: Path, source: str) -> tuple[Path, Path]:
    """Return the paths of a source's posts and actions."""
    return folder / f"posts-{source}.parquet", folder / f"actions-{source}.parquet"


def write_log(
    folder: Path,
    source: str,
    *,
    posts: Path | None,
    reactions: Path | None,
    work: Path,
    progress: Progress = silent,
) -> Log:
    """Write the action log of a source from its staged tables; without any, remove an earlier one.

    The same input gives the same rows in the same order. Files appear whole or not at all.

    Args:
        folder: Where the log lies.
        source: Id of the source.
        posts: Staged posts with their keys (`ingest.actions.keyed`), if there are any. Their file becomes
            part of the log and must not be changed afterwards.
        reactions: Staged reactions, if there are any.
        work: Folder for what is not finished, on the same file system as `folder`.
        progress: Told rows done, under the stage `action log`.
    """
    posts_file, actions_file = log_files(folder, source)
    if posts is None and reactions is None:
        posts_file.unlink(missing_ok=True)
        actions_file.unlink(missing_ok=True)
        return Log(0, 0, 0)
    new_posts, new_actions = work / "posts.new", work / "actions.new"
    add = counting("action log", None, progress)
    writer = _Writer(work, posts)
    undated = 0
    with closing(writer):
        for making, table in ((of_posts, posts), (of_reactions, reactions)):
            for done in mapped(partial(_Made.of, making), _staged(table), threads=_THREADS):
                writer.hand(done)
                undated += _undated(done.frame)
                add(done.frame.height)
        writer.finish(new_posts, new_actions)
    counts = [papq.read_metadata(path).num_rows for path in (new_posts, new_actions)]
    folder.mkdir(parents=True, exist_ok=True)
    new_posts.replace(posts_file)
    new_actions.replace(actions_file)
    return Log(counts[0], counts[1], undated)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _staged(path: Path | None) -> Iterator[pl.DataFrame]:
    return iter(()) if path is None else batches(path)


def _undated(frame: pl.DataFrame) -> int:
    return frame.height - frame[DATE_ONLY].null_count() if DATE_ONLY in frame.columns else 0


@dataclass(frozen=True)
class _Made:
    """A batch of a staged table, and the actions that it gives."""

    frame: pl.DataFrame
    actions: list[pl.DataFrame]

    @classmethod
    def of(cls, making: Callable[[pl.DataFrame], Iterator[pl.DataFrame]], frame: pl.DataFrame) -> Self:
        """Make the actions of a batch."""
        return cls(frame, list(making(frame)))


class _Writer:
    """Writes actions, those of one kind together, and lets no post and no action be there twice."""

    def __init__(self, work: Path, posts: Path | None) -> None:
        self._work = work
        self._posts = posts
        self._actions = TableFile(work / "actions.raw", ACTIONS)
        self._waiting: dict[str, list[pl.DataFrame]] = {}
        self._keys = KeyHashes(work / "posts.keys"), KeyHashes(work / "reactions.keys")
        self._behind = Behind(self._write)

    def hand(self, made: _Made) -> None:
        """Have a batch written."""
        self._behind.hand(made)

    def close(self) -> None:
        """Stop writing: the folder can be removed when this returns."""
        self._behind.abandon()

    def finish(self, posts: Path, actions: Path) -> None:
        """Write what waits and give the files their names."""
        self._behind.finish()
        for kind in list(self._waiting):
            self._flush(kind)
        self._actions.close()
        several, twice = (bool(len(keys.shared())) for keys in self._keys)
        for keys in self._keys:
            keys.close()
        with open_database(self._work / "spill") as database:
            if several or twice:
                raw = {"raw": str(self._actions.path)}
                database.execute(_DISTINCT.format(target=_quoted(actions)), raw)
                self._actions.path.unlink()
            else:
                self._actions.path.rename(actions)
            if self._posts is None:
                TableFile(posts, POSTS).close()
            elif several:
                database.execute(_ONCE.format(target=_quoted(posts)), {"raw": str(self._posts)})
            else:
                _same_file(self._posts, posts)

    def _write(self, made: _Made) -> None:
        if "post" in made.frame.columns:
            self._keys[0].add(made.frame.select("post"))
        else:
            for frame in made.actions:
                self._keys[1].add(frame.select("object", "actor", "at"))
        for frame in made.actions:
            if frame.height:
                kind = frame["kind"][0]
                waiting = self._waiting.setdefault(kind, [])
                # Of a rare kind many batches wait: each must not hold on to the texts of all its posts.
                waiting.append(compact(frame) if frame.height < _SMALL else frame)
                if sum(part.height for part in waiting) >= _GROUP:
                    self._flush(kind)

    def _flush(self, kind: str) -> None:
        self._actions.write(pl.concat(self._waiting.pop(kind)))


def _same_file(path: Path, name: Path) -> None:
    """Give a file that does not change any more another name, without copying it where that can be."""
    try:
        name.hardlink_to(path)
    except OSError:
        shutil.copyfile(path, name)
