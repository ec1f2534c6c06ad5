"""Hashtags and handles as they are compared."""

from __future__ import annotations

from typing import Final

import polars as pl

from ingest.normalise.folding import INVISIBLE, folded

_HASHTAG_IN_TEXT: Final = (
    r"[#\x{FF03}][\p{L}\p{M}\p{N}_\x{200C}\x{200D}]*[\p{L}_][\p{L}\p{M}\p{N}_\x{200C}\x{200D}]*"
)
_PROFILE: Final = (
    r"(?i)^(?:https?://)?(?:[a-z0-9-]+\.)*"
    r"(?:facebook\.com|fb\.com|instagram\.com|threads\.(?:net|com)|twitter\.com|x\.com|tiktok\.com|youtube\.com"
    r"|t\.me|telegram\.me|vk\.com|ok\.ru|linkedin\.com)"
    r"/(?:in/|company/|c/|user/|s/|pg/|#!/)?[@\x{FF20}]?([^/?#@]+)/?(?:[?#].*)?$"
)
_AROUND_HANDLE: Final = r"^[\s@\x{FF20}]+|\s+$"


def hashtags(column: pl.Series) -> pl.Series:
    """Return hashtags as they are compared; null if nothing is left.

    NFKC, case folded, without invisible characters and `#`.
    """
    distinct = column.unique().drop_nulls()
    plain = folded(distinct).str.strip_chars(" #")
    known = pl.DataFrame({"raw": distinct, "plain": plain.set(plain == "", None)})
    return pl.DataFrame({"raw": column}).join(known, on="raw", how="left", maintain_order="left")["plain"]


def hashtag(column: pl.Expr) -> pl.Expr:
    """Return `hashtags` as an expression."""
    return column.map_batches(hashtags, return_dtype=pl.String)


def hashtags_in(text: pl.Expr) -> pl.Expr:
    """Return the list of hashtags in a text, with `#`; a number alone is none."""
    return text.str.extract_all(_HASHTAG_IN_TEXT)


def handle(column: pl.Expr) -> pl.Expr:
    """Return bare handles: without `@` and invisible characters, out of the address of a profile, case kept.

    Null if nothing is left, or where the address names a profile by its number only.
    """
    plain = column.str.replace_all(INVISIBLE, "").str.replace_all(_AROUND_HANDLE, "")
    plain = pl.coalesce(plain.str.extract(_PROFILE, 1), plain).str.replace_all(_AROUND_HANDLE, "")
    return pl.when((plain != "") & (plain != "profile.php")).then(plain)
