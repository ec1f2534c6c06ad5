"""Posts and reactions to actions: who did what to which object, when, and where that is to be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import polars as pl

from ingest import normalise
from ingest.database import batch_database
from ingest.normalise.folding import where
from ingest.tables import UTC_TIME
from ingest.validation import DATE_ONLY

#: `raw` is the URL as it was written, where that differs from the object.
ACTIONS: Final = pl.Schema(
    {"kind": pl.String(), "object": pl.String(), "actor": pl.String(), "at": UTC_TIME, "post": pl.String(),
     "raw": pl.String()}
)  # fmt: skip

#: What every file of posts has, besides the other columns of the table.
POSTS: Final = pl.Schema(
    {"post": pl.String(), "actor": pl.String(), "surface": pl.String(), "at": UTC_TIME, "text": pl.String(),
     "url": pl.String(), "language": pl.String(), "likes": pl.Int64(), "comments": pl.Int64(),
     "shares": pl.Int64(), "views": pl.Int64()}
)  # fmt: skip

_WHO: Final = ("actor", "at", "post")
_OBJECTS: Final = ("text", "urls", "hashtags", "image_hashes")
#: Fewest different hashtags of a post whose order says anything.
_SEQUENCE: Final = 3


def key(kind: pl.Expr, column: str) -> pl.Expr:
    """Return the key of what a row names by the id in a column."""
    return pl.concat_str("platform", kind, column, separator=":")


def keyed(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """Return typed rows with the keys of the log: `post`, `actor`, `surface`, and `at`.

    Rows of other tables than `posts` come back as they are.
    """
    if table != "posts":
        return frame
    return frame.with_columns(
        key(pl.lit("post"), "id").alias("post"),
        key(pl.col("author_kind"), "author_id").alias("actor"),
        key(pl.col("surface_kind"), "surface_id").alias("surface"),
        pl.col("created_at").alias("at"),
    )


def timed(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that have a time and not only a date."""
    return frame.filter(pl.col(DATE_ONLY).is_null()) if DATE_ONLY in frame.columns else frame


def of_posts(frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield the actions of some staged posts, a frame for each kind; no post acts twice on one object.

    A repost is one act: it gives `repost` and nothing else, since its words and links are another's.

    Args:
        frame: Rows of the staged table `posts`.
    """
    posts = timed(frame)
    own = posts.select(*_WHO, *_OBJECTS).filter(posts["repost_of"].is_null())
    yield from _links(own)
    fingerprints = _fingerprints(normalise.texts(own["text"]))
    yield _shaped("text", own.with_columns(fingerprints.alias("object")))
    tags = _exploded(own, "hashtags", _told(own, "hashtags", "#|\uff03", normalise.hashtags_in))
    tags = tags.with_columns(object=_short(normalise.hashtags(tags["object"])))
    yield _shaped("hashtag", _once(tags))
    yield _shaped("hashtag_sequence", _sequences(tags))
    images = _exploded(own, "image_hashes")
    yield _shaped("image", _once(images.with_columns(object=_short(images["object"].str.to_lowercase()))))
    for kind, column in (("repost", "repost_of"), ("reply", "reply_to")):
        those = posts.select(*_WHO, "platform", column).filter(pl.col(column).is_not_null())
        yield _shaped(kind, those.with_columns(object=key(pl.lit("post"), column)))


def of_reactions(frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield the actions of some staged reactions; one account may react to one thing twice at a time."""
    target = key(pl.col("target_kind"), "target_id")
    rows = timed(frame).with_columns(
        target.alias("object"), key(pl.lit("account"), "account_id").alias("actor"), target.alias("post")
    )
    yield _shaped("reaction", rows)


def _links(own: pl.DataFrame) -> Iterator[pl.DataFrame]:
    links = _exploded(own, "urls", _told(own, "urls", "(?i)https?://", normalise.urls_in))
    found = normalise.web(links["object"])
    links = links.with_columns(object=_short(found["url"]), raw=links["object"], domain=found["domain"])
    links = links.filter(pl.col("object").is_not_null())
    yield _shaped("url", _once(links))
    yield _shaped("domain", _once(links.select(*_WHO, "several", object="domain")))


def _told(own: pl.DataFrame, column: str, hint: str, find: Callable[[pl.Expr], pl.Expr]) -> pl.DataFrame:
    """Return posts without a list whose text tells of objects, with these as the list.

    Args:
        own: Posts.
        column: Name of the list.
        hint: Regular expression without which a text tells of none.
        find: Makes the list of a text.
    """
    telling = own.filter(pl.col(column).is_null() & pl.col("text").str.contains(hint))
    return telling.with_columns(find(pl.col("text")).alias(column))


def _exploded(frame: pl.DataFrame, column: str, *more: pl.DataFrame) -> pl.DataFrame:
    """Return a row for each item of a list, and whether the list has several."""
    lists = pl.concat([part.select(*_WHO, pl.col(column).alias("object")) for part in (frame, *more)])
    some = lists.filter(pl.col("object").list.len() > 0)
    return some.with_columns(several=pl.col("object").list.len() > 1).explode("object")


def _once(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows without those that say the same of one post again; of raw values the least stays."""
    if not rows["several"].any():
        return rows
    raw = [pl.col("raw").min()] if "raw" in rows.columns else []
    merged = rows.filter("several").group_by(*_WHO, "object", maintain_order=True).agg(*raw)
    return pl.concat([rows.filter(~pl.col("several")), merged], how="diagonal")


def _sequences(tags: pl.DataFrame) -> pl.DataFrame:
    """Return the different hashtags of each post that has enough, in its order, joined by blanks."""
    rows = tags.filter("several", pl.col("object").is_not_null())
    lists = rows.group_by(*_WHO, maintain_order=True).agg(pl.col("object").unique(maintain_order=True))
    long = lists.filter(pl.col("object").list.len() >= _SEQUENCE)
    return long.with_columns(object=_short(long["object"].list.join(" ")))


def _shaped(kind: str, frame: pl.DataFrame) -> pl.DataFrame:
    raw = pl.col("raw") if "raw" in frame.columns else pl.lit(None, pl.String).alias("raw")
    return frame.filter(pl.col("object").is_not_null()).select(
        pl.lit(kind).alias("kind"), "object", *_WHO, pl.when(raw != pl.col("object")).then(raw)
    )


def _short(objects: pl.Series) -> pl.Series:
    """Return objects that an index can hold, as `normalise.shortened` makes them."""
    long = objects.str.len_bytes() > normalise.MAX_OBJECT
    return where(
        objects, long, lambda some: pl.Series([normalise.shortened(text) for text in some], dtype=pl.String)
    )


def _fingerprints(texts: pl.Series) -> pl.Series:
    """Return the MD5 of each text in hex."""
    with batch_database(texts=pl.DataFrame({"text": texts})) as database:
        made: pl.DataFrame = database.sql("SELECT md5(text) AS made FROM texts").pl()
    return made["made"]
