"""The action log: posts and reactions of a source as columnar files, one row a post and one row an action."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl
import pyarrow.parquet as papq

from cypher.progress import Progress, counting, silent
from ingest import normalise
from ingest.database import open_database
from ingest.tables import UTC_TIME
from ingest.validation import DATE_ONLY

POSTS: Final = pl.Schema(
    {"post": pl.String(), "actor": pl.String(), "surface": pl.String(), "at": UTC_TIME, "text": pl.String(),
     "url": pl.String(), "language": pl.String(), "likes": pl.Int64(), "comments": pl.Int64(),
     "shares": pl.Int64(), "views": pl.Int64()}
)  # fmt: skip
ACTIONS: Final = pl.Schema(
    {"kind": pl.String(), "object": pl.String(), "actor": pl.String(), "at": UTC_TIME, "post": pl.String()}
)

_BATCH: Final = 65_536

#: The words of a text make its fingerprint; the log keeps the fingerprint only. Objects become keys in the
#: graph: what is too long for one is compared by a digest, as `normalise.shortened` says.
_SORTED: Final = f"""
COPY (
    SELECT DISTINCT kind, CASE
            WHEN kind = 'text' THEN md5(object)
            WHEN length(object) > {normalise.MAX_OBJECT}
                THEN left(object, {normalise.SHOWN}) || '#md5-' || md5(object)
            ELSE object END AS object,
        actor, "at", post
    FROM read_parquet($raw) WHERE object IS NOT NULL ORDER BY kind, object, "at", actor, post
) TO '{{target}}' (FORMAT parquet, COMPRESSION zstd)
"""  # noqa: S608

_ONCE: Final = """
COPY (
    SELECT * FROM read_parquet($raw)
    QUALIFY row_number() OVER (PARTITION BY post ORDER BY "at", actor) = 1 ORDER BY post
) TO '{target}' (FORMAT parquet, COMPRESSION zstd)
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
        posts: Staged posts, if there are any.
        reactions: Staged reactions, if there are any.
        work: Folder for what is not finished, on the same file system as `folder`.
        progress: Told rows done, under the stage `action log`.
    """
    posts_file, actions_file = log_files(folder, source)
    if posts is None and reactions is None:
        posts_file.unlink(missing_ok=True)
        actions_file.unlink(missing_ok=True)
        return Log(0, 0, 0)
    raw, new_posts, new_actions = (work / name for name in ("raw", "posts.new", "actions.new"))
    add = counting("action log", None, progress)
    undated = 0
    with _writer(raw, ACTIONS) as actions, _writer(work / "posts.raw", POSTS) as rows:
        for frame in _batches(posts):
            rows.write_table(_posts(frame).to_arrow())
            for part in _actions(frame):
                actions.write_table(part.to_arrow())
            if DATE_ONLY in frame.columns:
                undated += frame.height - frame[DATE_ONLY].null_count()
            add(frame.height)
        for frame in _batches(reactions):
            actions.write_table(_reactions(frame).to_arrow())
            if DATE_ONLY in frame.columns:
                undated += frame.height - frame[DATE_ONLY].null_count()
            add(frame.height)
    with open_database(work / "spill") as database:
        database.execute(_SORTED.format(target=_quoted(new_actions)), {"raw": str(raw)})
        # A post that a profile names with several objects has several staged rows, but is one post.
        database.execute(
            _ONCE.format(target=_quoted(new_posts)),
            {"raw": str(work / "posts.raw")},
        )
    counts = [papq.read_metadata(path).num_rows for path in (new_posts, new_actions)]
    folder.mkdir(parents=True, exist_ok=True)
    new_posts.replace(posts_file)
    new_actions.replace(actions_file)
    return Log(counts[0], counts[1], undated)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _writer(path: Path, schema: pl.Schema) -> papq.ParquetWriter:
    return papq.ParquetWriter(path, pl.DataFrame(schema=schema).to_arrow().schema, compression="lz4")


def _batches(staged: Path | None) -> Iterator[pl.DataFrame]:
    if staged is None:
        return
    with papq.ParquetFile(staged) as file:
        for batch in file.iter_batches(_BATCH):
            frame = pl.from_arrow(batch)
            assert isinstance(frame, pl.DataFrame)
            yield frame


def _key(kind: pl.Expr, column: str) -> pl.Expr:
    return pl.concat_str("platform", kind, column, separator=":")


def _posts(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(
        _key(pl.lit("post"), "id").alias("post"),
        _key(pl.col("author_kind"), "author_id").alias("actor"),
        _key(pl.col("surface_kind"), "surface_id").alias("surface"),
        pl.col("created_at").alias("at"),
        "text", "url", "language", "likes", "comments", "shares", "views",
    ).cast(POSTS)  # fmt: skip


def _actions(frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield the actions of some posts, a frame for each kind.

    A repost is one act: it gives `repost` and nothing else, since its words and links are another's.
    """
    timed = frame.filter(pl.col(DATE_ONLY).is_null()) if DATE_ONLY in frame.columns else frame
    timed = timed.with_columns(
        _key(pl.lit("post"), "id").alias("post"),
        _key(pl.col("author_kind"), "author_id").alias("actor"),
        pl.col("created_at").alias("at"),
    )
    own = timed.filter(pl.col("repost_of").is_null())
    links = pl.coalesce("urls", normalise.urls_in(pl.col("text")))
    exploded = _exploded(own, links)
    yield _shaped("url", exploded.with_columns(object=normalise.urls(exploded["object"])))
    yield _shaped("text", own.with_columns(object=normalise.text(pl.col("text"))))
    tags = _exploded(own, pl.coalesce("hashtags", normalise.hashtags_in(pl.col("text"))))
    yield _shaped("hashtag", tags.with_columns(object=normalise.hashtag(pl.col("object"))))
    images = _exploded(own, pl.col("image_hashes"))
    yield _shaped("image", images.with_columns(pl.col("object").str.to_lowercase()))
    yield _shaped("repost", timed.with_columns(object=_key(pl.lit("post"), "repost_of")))
    yield _shaped("reply", timed.with_columns(object=_key(pl.lit("post"), "reply_to")))


def _exploded(frame: pl.DataFrame, lists: pl.Expr) -> pl.DataFrame:
    return frame.select("actor", "at", "post", lists.alias("object")).explode("object")


def _shaped(kind: str, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(pl.col("object").is_not_null()).select(
        pl.lit(kind).alias("kind"), "object", "actor", "at", "post"
    )


def _reactions(frame: pl.DataFrame) -> pl.DataFrame:
    timed = frame.filter(pl.col(DATE_ONLY).is_null()) if DATE_ONLY in frame.columns else frame
    target = _key(pl.col("target_kind"), "target_id")
    return timed.select(
        pl.lit("reaction").alias("kind"),
        target.alias("object"),
        _key(pl.lit("account"), "account_id").alias("actor"),
        "at",
        target.alias("post"),
    )


def mentioned_assets(folder: Path, *, posts: Path | None, reactions: Path | None) -> Path | None:
    """Write the keys of the assets that posts and reactions name to `assets.parquet`; None without either."""
    parts: list[str] = []
    if posts is not None:
        parts += [
            f"SELECT concat_ws(':', platform, {role}_kind, {role}_id) AS key FROM read_parquet($posts)"  # noqa: S608
            f" WHERE {role}_kind IS NOT NULL AND {role}_id IS NOT NULL"
            for role in ("author", "surface")
        ]
    if reactions is not None:
        parts += [
            "SELECT concat_ws(':', platform, 'account', account_id) AS key FROM read_parquet($reactions)",
            "SELECT concat_ws(':', platform, 'page', target_id) FROM read_parquet($reactions)"
            " WHERE target_kind = 'page'",
        ]
    if not parts:
        return None
    path = folder / "assets.parquet"
    given = {"posts": posts, "reactions": reactions}
    with open_database(folder / "spill") as database:
        database.execute(
            f"COPY (FROM ({' UNION '.join(parts)}) ORDER BY key) TO '{_quoted(path)}' (FORMAT parquet)",
            {name: str(file) for name, file in given.items() if file is not None},
        )
    return path
