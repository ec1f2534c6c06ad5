"""The actions of files, for `cib coordinate`: as one view of a database, without a workspace or a server.

Clean files of shares, and action logs, are read by DuckDB where they lie. Everything else, and whatever is
not clean, goes through the profiles and checks of `cib load`, which account for every row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import duckdb

from analytics.layers.answers import number
from analytics.layers.given import actions_of, layers_of
from analytics.layers.log import TEMPORAL_LAYERS, posted_of, posts_of_file, quoted, read_parquet
from cibgraph.cleanfiles import read_directly
from cypher.errors import UsageError
from cypher.progress import Progress

if TYPE_CHECKING:
    from ingest.sources import Source

#: A table of shares does not say what its objects are.
_KIND: Final = """
CASE WHEN regexp_matches(object, '^(?i:https?)://') THEN 'url' WHEN object LIKE '#%' THEN 'hashtag'
     ELSE 'repost' END
"""
#: Profiles of other tools' files, whose ids stay as they are there while no other source is with them.
_OWN_IDS: Final = ("coortweet", "cnt")


@dataclass
class Gathered:
    """What the files gave; the actions are in the view `acted`.

    Attributes:
        layers: The layers to find.
        inputs: Of each file its path and rows, and what became of them.
        notes: What a person should know.
        rejected: Rows set aside.
    """

    layers: Sequence[str] = ()
    inputs: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    rejected: int = 0


def gather(
    database: duckdb.DuckDBPyConnection,
    paths: Sequence[Path],
    *,
    layers: Sequence[str],
    profile: str | None,
    work: Path,
    rejected_file: Path,
    progress: Progress,
) -> Gathered:
    """Make the views `acted` (kind, object, actor, at in microseconds, post) and `posted` (post, text).

    Assets have their keys for names, but their own ids where all files are of other tools.

    Args:
        database: Receives the views.
        paths: Files and folders.
        layers: Those to find; none for all that have actions.
        profile: What the files are; None to recognise it.
        work: An empty folder for what has to be put down meanwhile.
        rejected_file: Receives rejected rows; there is none without any.
        progress: Told rows done.

    Raises:
        UsageError: An unknown layer, a file that cannot be read or is of no known kind, or no actions at all.
    """
    for unknown in set(layers) - TEMPORAL_LAYERS.keys():
        raise UsageError(f"there is no layer {unknown!r}", f"Layers: {', '.join(TEMPORAL_LAYERS)}.")
    gathered = Gathered()
    # The kind that all shares are taken for.
    given = quoted(TEMPORAL_LAYERS[layers[0]]) if len(layers) == 1 else _KIND
    plain: dict[Path, tuple[str, bool]] = {}
    for place, path in enumerate(paths if profile is None else ()):
        name = f"direct_{place}"
        kinds = read_directly(database, path, name)
        if kinds is not None:
            plain[path] = (name, kinds)
    rest = [path for path in paths if path not in plain]
    sources = _sources(rest, profile, gathered) if rest else []
    own_ids = all(not kinds for _, kinds in plain.values()) and all(
        source.profile.name in _OWN_IDS for source in sources
    )
    parts: list[str] = []
    posted: list[str] = []
    for path, (name, kinds) in plain.items():
        query, _ = actions_of(database, name)
        parts.append(query if kinds else _as_shares(query, given, keys=not own_ids))
        beside = path.with_name(path.name.replace("actions-", "posts-", 1))
        if kinds and beside != path and beside.is_file():
            posted.append(posts_of_file(database, beside))
        rows = number(database, f"SELECT count(*) FROM {name}")  # noqa: S608
        gathered.inputs.append(
            {"file": str(path), "rows_in": rows, "loaded": rows, "merged": 0, "rejected": 0}
        )
    if sources:
        parts += _taken_in(sources, gathered, work, rejected_file, given, progress, keys=not own_ids)
        for file in sorted(work.glob("source-*/posts-source.parquet")):
            query = posts_of_file(database, file)
            posted.append(query if not own_ids else f"SELECT {_bare('post')} AS post, text FROM ({query})")  # noqa: S608
    if not parts:
        raise UsageError(
            "none of the files has posts or reactions", "Give tables of posts, reactions or shares."
        )
    database.execute(f"CREATE VIEW acted AS {' UNION ALL '.join(parts)}")
    posted_of(database, posted)
    gathered.layers = layers or layers_of(database, layers)
    return gathered


def _as_shares(query: str, kind: str, *, keys: bool) -> str:
    """Return the SQL of shares as actions, named by key or as in their file."""
    actor = "'x:account:' || actor" if keys else "actor"
    post = "'x:post:' || post" if keys else "post"
    return f'SELECT {kind} AS kind, object, {actor} AS actor, {post} AS post, "at" FROM ({query})'  # noqa: S608


def _sources(paths: Sequence[Path], profile: str | None, gathered: Gathered) -> list[Source]:
    from ingest.sources import find_sources

    found = find_sources(paths, profile)
    gathered.notes += found.notes
    for source in found.sources:
        if source.table not in ("posts", "reactions"):
            gathered.notes.append(f"{source.path}: {source.table} are not needed here, not read")
    return [source for source in found.sources if source.table in ("posts", "reactions")]


def _taken_in(
    sources: Sequence[Source],
    gathered: Gathered,
    work: Path,
    rejected_file: Path,
    shared: str,
    progress: Progress,
    *,
    keys: bool,
) -> list[str]:
    """Read sources as `cib load` does; return the SQL of the actions of each."""
    from ingest.actionlog import log_files, write_log
    from ingest.intake import take_in
    from ingest.rejects import RejectFile

    parts = []
    with RejectFile(rejected_file) as rejected:
        for place, source in enumerate(sources):
            of_shares = source.profile.name == "coortweet"
            folder = work / f"source-{place}"
            (folder / "log").mkdir(parents=True)
            taken = take_in(_with_objects_whole(source) if of_shares else source, folder, rejected, progress)
            staged = {name: table.path for name, table in taken.staged.items()}
            log = write_log(
                folder,
                "source",
                posts=staged.get("posts"),
                reactions=staged.get("reactions"),
                work=folder / "log",
                progress=progress,
            )
            gathered.notes += [f"{source.path}: {note}" for note in taken.notes]
            if log.undated:
                gathered.notes.append(
                    f"{source.path}: {log.undated:,} rows have a date without a time; left out"
                )
            gathered.inputs += [
                {"file": str(source.path), "rows_in": table.rows_in, "loaded": table.loaded,
                 "merged": table.merged, "rejected": table.rejected}
                for table in taken.tables if not table.derived
            ]  # fmt: skip
            if staged:
                file = log_files(folder, "source")[1]
                query = (
                    f'SELECT kind, object, actor, epoch_us("at") AS "at", post FROM {read_parquet([file])}'  # noqa: S608
                )
                parts.append(_renamed(query, shared if of_shares else None, keys=keys))
        gathered.rejected = rejected.count
    return parts


def _renamed(query: str, shared: str | None, *, keys: bool) -> str:
    """Return the SQL of an action log's actions, with objects of shares as they were and ids as is wanted."""
    if keys and shared is None:
        return f'SELECT kind, object, actor, post, "at" FROM ({query})'  # noqa: S608
    object_ = (
        _bare("object")
        if shared
        else f"CASE WHEN kind IN ('repost', 'reply') THEN {_bare('object')} ELSE object END"
    )
    actor, post = ("actor", "post") if keys else (_bare("actor"), _bare("post"))
    inner = f'SELECT kind, {object_} AS object, {actor} AS actor, {post} AS post, "at" FROM ({query})'  # noqa: S608
    return f'SELECT {shared} AS kind, object, actor, post, "at" FROM ({inner})' if shared else inner  # noqa: S608


def _bare(column: str) -> str:
    return f"regexp_replace({column}, '^[^:]*:(account|post):', '')"


def _with_objects_whole(source: Source) -> Source:
    """Return a source of shares whose objects stay as they are, whatever they look like, as in CooRTweet."""
    from dataclasses import replace

    import polars as pl

    own = source.profile

    def whole(batch: pl.DataFrame, table: str, sides: Any) -> pl.DataFrame:
        return own.map(batch, table, sides).with_columns(
            urls=pl.lit(None, pl.String), hashtags=pl.lit(None, pl.String), repost_of=batch["object_id"]
        )

    keys = {"posts": ("platform", "id", "author_id", "repost_of", "created_at")}
    return replace(source, profile=replace(own, map=whole, keys=keys))
