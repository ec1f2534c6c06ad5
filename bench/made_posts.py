"""A made CSV of posts of any size, as exports of a platform are: for measuring the way to the action log."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

CHUNK: Final = 250_000

_START: Final = 1_514_764_800  # 1 January 2018
_LATIN: Final = "abcdefghijklmnopqrstuvwxyz"
_OTHER: Final = "абвгдежзиклмнопрстуابتثجحدرسشعقکلمنوی"
_WORDS: Final = 20_000
#: Words a text.
_LENGTH: Final = 15


def write_posts(path: Path, rows: int) -> None:
    """Write a table of posts: the same rows for the same number, in bounded memory.

    Texts have some 100 characters; an eighth is not in Latin letters; some hold commas, quotes, newlines,
    emoji, hashtags and links; one in twenty copies another. A third of the posts has a link in a column of
    its own, most with tracking parameters; a quarter has hashtags, a sixth are reposts and a tenth replies.
    """
    random = np.random.default_rng(20260101)
    latin, other = _vocabulary(random, _LATIN), _vocabulary(random, _OTHER)
    with path.open("wb") as out:
        for start in range(0, rows, CHUNK):
            frame = _chunk(np.arange(start, min(start + CHUNK, rows)), rows, random, latin, other)
            frame.write_csv(out, include_header=start == 0)


def _vocabulary(random: np.random.Generator, letters: str) -> pl.Series:
    lengths = random.integers(2, 10, _WORDS)
    return pl.Series(
        ["".join(letters[i] for i in random.integers(0, len(letters), length)) for length in lengths]
    )


def _chunk(
    number: np.ndarray[tuple[int], np.dtype[np.int64]],
    rows: int,
    random: np.random.Generator,
    latin: pl.Series,
    other: pl.Series,
) -> pl.DataFrame:
    size = len(number)

    def chance(share: float) -> pl.Series:
        return pl.Series(random.random(size) < share)

    # Common words are common: the square of a uniform number leans to the beginning of the vocabulary.
    picked = (random.random((size, _LENGTH)) ** 2 * _WORDS).astype(np.int64)
    words = pl.DataFrame([latin.gather(picked[:, i]).alias(str(i)) for i in range(_LENGTH)])
    foreign = pl.DataFrame([other.gather(picked[:, i]).alias(str(i)) for i in range(_LENGTH)])
    text = words.select(pl.concat_str(pl.all(), separator=" ")).to_series()
    text = text.zip_with(~chance(1 / 8), foreign.select(pl.concat_str(pl.all(), separator=" ")).to_series())
    copied = random.integers(0, size, size // 20)
    text = text.scatter(random.integers(0, size, size // 20), text.gather(copied))
    tag = pl.Series((random.random(size) ** 3 * 5_000).astype(np.int64)).cast(pl.String)
    link = pl.Series((random.random(size) ** 3 * rows / 10).astype(np.int64)).cast(pl.String)
    frame = pl.DataFrame({
        "number": number, "text": text, "tag": tag, "link": link,
        "author": random.integers(0, max(rows // 100, 1), size),
        "surface": random.integers(0, max(rows // 1000, 1), size),
        "seconds": _START + number * 100_000_000 // rows + random.integers(0, 3600, size),
        "likes": (random.pareto(1.2, size) * 3).astype(np.int64).clip(0, 10**6),
        "linked": chance(1 / 3), "told": chance(0.1), "tagged": chance(1 / 4), "on": chance(1 / 5),
        "reposts": chance(1 / 6), "replies": chance(1 / 10), "newline": chance(0.03), "quote": chance(0.05),
        "comma": chance(0.4), "smile": chance(0.1), "query": random.integers(0, 10**9, size),
    })  # fmt: skip
    url = pl.format(
        "https://www.example{}.com/story/{}/some-words-of-a-title", pl.col("link").str.slice(0, 1), "link"
    )
    full = pl.concat_str(url, pl.format("?utm_source=feed&utm_medium=social&fbclid=IwAR{}&page=2", "query"))
    return frame.select(
        pl.lit("facebook").alias("platform"),
        (10**15 + pl.col("number")).alias("id"),
        pl.lit("account").alias("author_kind"),
        (10**14 + pl.col("author")).alias("author_id"),
        pl.when("on").then(pl.lit("group")).alias("surface_kind"),
        pl.when("on").then(10**13 + pl.col("surface")).alias("surface_id"),
        pl.from_epoch("seconds").dt.strftime("%Y-%m-%dT%H:%M:%SZ").alias("created_at"),
        pl.concat_str(
            pl.when("comma").then(pl.lit("Well, ")).otherwise(pl.lit("")),
            pl.when("quote").then(pl.lit('They said "no". ')).otherwise(pl.lit("")),
            "text",
            pl.when("newline").then(pl.lit("\nRead this.")).otherwise(pl.lit("")),
            pl.when("smile").then(pl.lit(" \U0001f600")).otherwise(pl.lit("")),
            pl.when("tagged").then(pl.format(" #Tag{}", "tag")).otherwise(pl.lit("")),
            pl.when("told").then(pl.concat_str(pl.lit(" "), url)).otherwise(pl.lit("")),
        ).alias("text"),
        pl.when("linked").then(pl.when(pl.col("query") % 3 > 0).then(full).otherwise(url)).alias("urls"),
        pl.when("tagged").then(pl.format("Tag{}|News", "tag")).alias("hashtags"),
        pl.when("reposts").then(10**15 + pl.col("number") * 7919 % rows).alias("repost_of"),
        pl.when("replies").then(10**15 + pl.col("number") * 104_729 % rows).alias("reply_to"),
        "likes",
        (pl.col("likes") // 7).alias("comments"),
        (pl.col("likes") // 11).alias("shares"),
        pl.when(pl.col("likes") > 2).then(pl.col("likes") * 31).alias("views"),
    )  # fmt: skip
