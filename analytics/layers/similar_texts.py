"""The layer of near-duplicate texts: its objects are texts with all that are similar to them.

Exact copies are among them, so the layer holds all that `co_text` does. How texts are compared, and why so,
is in docs/method.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import duckdb
import numpy as np
import polars as pl

from analytics.layers.answers import number, row
from analytics.layers.candidates import Likeness
from analytics.layers.near_copies import NearCopies, near_copies, together
from analytics.layers.rare_words import RareWords
from analytics.layers.shingles import forms, shingled
from analytics.layers.stars import stars
from cypher.errors import UsageError
from cypher.progress import Progress, silent

#: Texts that are brought into the form in which they are compared at once.
_BATCH: Final = 100_000
#: With more texts than `MANY` the least similarity is at least so much: similar pairs grow almost with the
#: square of the texts, and at 0.5 there are four to seven times as many, which would not fit into memory.
MANY: Final = 5_000_000
SIMILARITY_OF_MANY: Final = 0.6
#: Least Jaccard similarity of the words of two texts, a word counted by its rarity, and least rarity of those
#: in common (members of three nats). Where less than `SIMILARITY_OF_MANY` is asked for, such are similar too.
_WORDS: Final = 0.35
_RARITY: Final = 10
#: Texts that say how rare words are.
_SAMPLE: Final = 50_000

# Of the posts with one fingerprint any will do, but it has to be the same one each time.
_TEXTS: Final = """
SELECT object, min(text) AS text
FROM (SELECT object, min(post) AS post FROM {acted} WHERE kind = 'text' GROUP BY object)
JOIN {posted} USING (post) WHERE text IS NOT NULL GROUP BY object
"""
# Spaces say where words end, for rare words only: they make no other text.
_LETTERS: Final = "CREATE MACRO main.letters(form) AS replace(form, ' ', '')"
# Of a text and its form, once placed, only numbers are kept: forms are given up as soon as they are signed.
_FORMS: Final = """
CREATE TABLE main.forms AS
SELECT row_number() OVER (ORDER BY min(object)) - 1 AS place, min(object) AS object, min(form) AS form
FROM main.shaped GROUP BY main.letters(form)
"""
_PLACED: Final = """
CREATE TABLE main.placed AS
SELECT shaped.object, place
FROM main.shaped JOIN main.forms ON main.letters(shaped.form) = main.letters(forms.form)
"""
_PART: Final = """
SELECT form FROM main.forms WHERE place >= $start AND place < $start + $size ORDER BY place
"""
_CENTRES: Final = """
CREATE TABLE main.centres AS
SELECT placed.object, middle.object AS centre
FROM main.placed JOIN found USING (place) JOIN main.forms AS middle ON middle.place = found.centre
WHERE placed.object <> middle.object
"""
_LOG: Final = """
SELECT coalesce(centre, object) AS object, actor, "at", post
FROM (FROM {acted} WHERE kind = 'text') LEFT JOIN main.centres USING (object)
"""


def similar_text_log(
    database: duckdb.DuckDBPyConnection,
    acted: str,
    posted: str,
    similarity: float,
    progress: Progress = silent,
) -> tuple[str, dict[str, Any]]:
    """Return the SQL of the layer's actions (object, actor, at, post), and what was counted.

    An object is named by the fingerprint of the text to which the others are similar. Adds tables to the
    schema `main`, which are used again where they are there.

    Args:
        database: Holds the views.
        acted: Name of the view of actions: kind, object, actor, at, post.
        posted: Name of the view of posts: post, text.
        similarity: Least Jaccard similarity of two texts' shingles; of more than `MANY` texts at least
            `SIMILARITY_OF_MANY`. What was used is among what was counted.
        progress: Told about each step.

    Raises:
        UsageError: There are texts in the actions, and no post tells one.
    """
    if not number(database, "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'centres'"):
        counts = _find(database, acted, posted, similarity, progress)
        database.register("counted", pl.DataFrame([counts]).to_arrow())
        database.execute("CREATE TABLE main.text_counts AS FROM counted")
        database.unregister("counted")
    return _LOG.format(acted=acted), row(database, "FROM main.text_counts")


def _find(
    database: duckdb.DuckDBPyConnection, acted: str, posted: str, similarity: float, progress: Progress
) -> dict[str, int | float]:
    """Make the table `centres` (object, centre) of the texts that are not their own; return counts."""
    texts = number(database, f"SELECT count(DISTINCT object) FROM {acted} WHERE kind = 'text'")  # noqa: S608
    known = 0
    database.execute(f"CREATE TABLE main.first_texts AS {_TEXTS.format(acted=acted, posted=posted)}")
    database.execute("CREATE TABLE main.shaped (object VARCHAR, form VARCHAR)")
    # Read by a cursor of its own: what is written meanwhile would end it.
    for batch in database.cursor().sql("FROM main.first_texts").to_arrow_reader(_BATCH):
        frame = pl.DataFrame(batch)
        known += frame.height
        shaped = frame.select("object", form=forms(frame["text"])).drop_nulls()
        database.register("batch", shaped.to_arrow())
        database.execute("INSERT INTO main.shaped FROM batch")
        database.unregister("batch")
        progress("Similar texts: read", known, texts)
    if texts and not known:
        raise UsageError(
            "co_similar_text needs the texts of posts, and there are none",
            "Give the posts themselves; beside a file actions-*.parquet its posts-*.parquet is found.",
        )
    database.execute("DROP TABLE main.first_texts")
    database.execute(_LETTERS)
    database.execute(_FORMS)
    database.execute(_PLACED)
    database.execute("DROP TABLE main.shaped")
    distinct = number(database, "SELECT count(*) FROM main.forms")
    if distinct > MANY:
        similarity = max(similarity, SIMILARITY_OF_MANY)
    with TemporaryDirectory(prefix="cib-") as work:
        pairs = _pairs(database, distinct, similarity, Path(work), progress)
    similar = pairs.a.size
    centre = stars(distinct, pairs.a, pairs.b, pairs.similarity)
    del pairs
    database.register("found", {"place": np.arange(distinct), "centre": centre})
    database.execute(_CENTRES)
    database.unregister("found")
    database.execute("DROP TABLE main.placed; DROP TABLE main.forms")
    return {
        "text_similarity": similarity,
        "texts": texts,
        "texts_unknown": texts - known,
        "texts_compared": distinct,
        "similar_pairs": similar,
        "texts_with_others": int(np.count_nonzero(np.bincount(centre, minlength=distinct) > 1)),
    }


def _pairs(
    database: duckdb.DuckDBPyConnection, size: int, similarity: float, work: Path, progress: Progress
) -> NearCopies:
    """Return the pairs of similar texts by shingles, and by words where that is asked for; give up forms."""
    by_words = None
    if similarity < SIMILARITY_OF_MANY and size:
        # Places are in the order of fingerprints, so the first texts are a sample of all.
        words = RareWords.among(next(_parts(database, size)).head(_SAMPLE), _RARITY)
        likeness = Likeness("words", words.sets, _WORDS, _RARITY, bands=24, rows=3)
        by_words = near_copies(_parts(database, size), size, likeness, work, progress)
    parts = _parts(database, size, give_up=True)
    by_shingles = near_copies(parts, size, Likeness("letters", shingled, similarity), work, progress)
    return together(by_words, by_shingles) if by_words else by_shingles


def _parts(database: duckdb.DuckDBPyConnection, size: int, *, give_up: bool = False) -> Iterator[pl.Series]:
    """Yield the forms in the order of their places, and give them up where nobody needs them again."""
    for start in range(0, size, _BATCH):
        part = database.sql(_PART, params={"start": start, "size": _BATCH})
        yield pl.DataFrame(part.to_arrow_table())["form"]
    if give_up:
        database.execute("ALTER TABLE main.forms DROP COLUMN form")
