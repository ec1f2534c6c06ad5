"""Lists in cells as other tools print them, and what stands for a post that a source does not name."""

from __future__ import annotations

from typing import Final

import polars as pl

from ingest.database import batch_database
from ingest.normalise import MIN_TEXT

#: Stands between the values of a printed list while it is taken apart.
_MARK: Final = "\x1f"
_STRING: Final = r'"(?:[^"\\]|\\.)*"'
_JSON: Final = rf"^\s*\[\s*{_STRING}(?:\s*,\s*{_STRING})*\s*\]\s*$"


def json_list(lists: pl.Expr) -> pl.Expr:
    """Return lists of texts as JSON arrays; null for an empty one."""
    encoded = pl.struct(lists.alias("c")).struct.json_encode()
    return pl.when(lists.list.len() > 0).then(encoded.str.slice(5).str.head(-1))


def printed_list(cell: pl.Expr, *, addresses: bool = False) -> pl.Expr:
    """Return lists as Python or Java prints them (`[a, b]`, `['a', 'b']`, `[]`) as JSON arrays.

    What is JSON stays as it is.

    Args:
        cell: Texts; the brackets may be missing, as may the quotes around values.
        addresses: The values are URLs, which may hold commas: only a comma before a space or before a
            further address separates.
    """
    inner = cell.str.strip_chars().str.replace(r"(?s)^\[(.*)\]$", "$1")
    if addresses:
        inner = inner.str.replace_all(r",(['\"]?(?i:https?)://)", f"{_MARK}$1")
        parts = inner.str.replace_all(r",\s+", _MARK)
    else:
        parts = inner.str.replace_all(",", _MARK, literal=True)
    value = pl.element().str.strip_chars().str.replace(r"^'(.*)'$", "$1").str.replace(r'^"(.*)"$', "$1")
    read = json_list(parts.str.split(_MARK).list.eval(value.filter(value != "")))
    return pl.when(cell.str.contains(_JSON)).then(cell).otherwise(read)


def listed(cell: pl.Expr, separator: str = r"\s*,\s*") -> pl.Expr:
    """Return values between separators (an expression of which each match is one) as JSON arrays."""
    value = pl.element().str.strip_chars()
    parts = cell.str.replace_all(separator, _MARK).str.split(_MARK)
    return json_list(parts.list.eval(value.filter(value != "")))


def split_addresses(cell: pl.Expr) -> pl.Expr:
    """Return the list of URLs between commas or white space; a comma within a URL separates nothing."""
    marked = cell.str.replace_all(r",+(https?://)", f"{_MARK}$1")
    parts = marked.str.replace_all(rf"[\s{_MARK}]+,*|,+\s+|,+$", _MARK).str.split(_MARK)
    return parts.list.eval(pl.element().filter(pl.element() != ""))


def addresses(cell: pl.Expr) -> pl.Expr:
    """Return URLs between commas or white space as JSON arrays, as `split_addresses` does."""
    return json_list(split_addresses(cell))


def one(cell: pl.Expr) -> pl.Expr:
    """Return single values as JSON arrays, so that a `|` in them separates nothing."""
    return json_list(pl.concat_list(cell).list.drop_nulls())


def digest(text: pl.Series) -> pl.Series:
    """Return the MD5 of each text in hexadecimal; null for none."""
    with batch_database(texts=pl.DataFrame({"text": text.cast(pl.String)})) as database:
        made: pl.DataFrame = database.sql("SELECT md5(text) AS digest FROM texts").pl()
    return made["digest"].alias(text.name)


def original_by_words(words: pl.Series, post: pl.Series) -> pl.Series:
    """Return an id for the post that each of some reposts repeats, where the source does not tell it.

    Reposts of the same words (their links count) are taken to repeat the same post, `words/<MD5>`. Words of
    fewer characters than detection compares could be anybody's: what they repeat is not known, and
    `unknown/<id of the repost>` is shared with no other.
    """
    plain = words.str.replace(r"^RT @\w+:?\s*", "").str.replace_all(r"\s+", " ").str.strip_chars()
    frame = pl.DataFrame({"plain": plain, "digest": digest(plain), "post": post})
    told = pl.col("plain").str.len_chars() >= MIN_TEXT
    return frame.select(
        original=pl.when(told)
        .then(pl.lit("words/") + pl.col("digest"))
        .otherwise("unknown/" + pl.col("post"))
    )["original"]


def assets(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows that describe assets, the last one of each `id`, without those that name none."""
    named = rows.filter(pl.col("id").is_not_null())
    return named.unique(["platform", "id"], keep="last", maintain_order=True)
