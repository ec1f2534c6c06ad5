"""Texts as they are compared."""

from __future__ import annotations

from typing import Final

import polars as pl

from ingest.normalise.folding import folded, where

#: A text shorter than this after normalisation says nothing of coordination and gives no action (characters).
MIN_TEXT: Final = 20

#: Names after an `@` that is not part of an address of mail, and what stood before.
_MENTIONS: Final = r"(^|[^\w@])(?:@[\w.]+)+"
_LINKS_AT_END: Final = r"(?:\s*https?://\S+)+\s*$"


def texts(column: pl.Series) -> pl.Series:
    """Return texts as they are compared; null where fewer than `MIN_TEXT` characters are left.

    NFKC, case folded, without invisible characters, mentions, and URLs at the end; white space collapsed.
    """
    plain = folded(column)
    plain = where(
        plain, plain.str.contains("@", literal=True), lambda some: some.str.replace_all(_MENTIONS, "$1")
    )
    plain = where(
        plain, plain.str.contains("http", literal=True), lambda some: some.str.replace(_LINKS_AT_END, "")
    )
    plain = where(
        plain, plain.str.contains("  ", literal=True), lambda some: some.str.replace_all(r"\s+", " ")
    )
    edges = plain.str.starts_with(" ") | plain.str.ends_with(" ")
    plain = where(plain, edges, lambda some: some.str.strip_chars())
    return plain.set(plain.str.len_chars() < MIN_TEXT, None)


def text(column: pl.Expr) -> pl.Expr:
    """Return `texts` as an expression."""
    return column.map_batches(texts, return_dtype=pl.String)
