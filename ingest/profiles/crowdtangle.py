"""What CrowdTangle's exports for Facebook and for Instagram have in common."""

from __future__ import annotations

from typing import Final

import polars as pl

from ingest.normalise import urls_in
from ingest.profiles.spellings import first_of, number, simple_names, unquoted

_WITH_ZONE: Final = r"^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}(?::\d{2})?)\s*(?i:(E[SD]T))$"
#: In a text a shortened address stands before the one that it leads to: `bit.ly/x:=:https://site.com/y`.
_EXPANDED: Final = r"\S+?:=:"
_WITHOUT_ZONE: Final = r"^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(?::\d{2})?$"


def tidied(batch: pl.DataFrame) -> pl.DataFrame:
    """Return a batch with simple headers, and cells without what was put there for spreadsheets."""
    names = [name for name in batch.columns if name != "line"]
    guarded = [name for name in names if batch[name].str.contains(r"^(?:=\"|')").any()]
    cells = batch.with_columns(unquoted(pl.col(name)) for name in guarded)
    return cells.rename(simple_names(names))


def eastern(cell: pl.Expr) -> pl.Expr:
    """Return `2019-04-01 10:15:00 EDT` as RFC 3339.

    Both names say their offset, so no time is ambiguous. One without a zone is, and is marked to be rejected.
    """
    parts = cell.str.strip_chars().str.extract_groups(_WITH_ZONE).struct
    offset = (
        parts.field("3")
        .str.to_uppercase()
        .replace_strict({"EST": "-05:00", "EDT": "-04:00"}, default=None, return_dtype=pl.String)
    )
    converted = pl.concat_str(parts.field("1"), pl.lit("T"), parts.field("2"), offset)
    bare = cell.str.strip_chars().str.contains(_WITHOUT_ZONE)
    return pl.coalesce(converted, pl.when(bare).then(pl.concat_str(cell, pl.lit(" LOCAL"))), cell)


def count(batch: pl.DataFrame, name: str) -> pl.Expr:
    """Return a number of the source; null where the column is missing."""
    return number(first_of(batch, name))


def addresses(frame: pl.DataFrame, link: pl.Expr, own: pl.Expr, text: pl.Expr) -> pl.Expr:
    """Return the addresses that a post shares: its link, and those in its text.

    Args:
        frame: Where the link may also be as it was written, in `link`, which may be a short one.
        link: Where the post leads.
        own: Whether that is the post's own media, and so not shared.
        text: What the post says.
    """
    led = pl.concat_list(pl.when(~own.fill_null(value=False)).then(link)).list.drop_nulls()
    written = pl.concat_list(first_of(frame, "link")).list.drop_nulls()
    in_text = (
        urls_in(text.str.replace_all(_EXPANDED, "")).fill_null([]).list.set_difference(written).list.sort()
    )
    return pl.concat_list(led, in_text).list.unique(maintain_order=True)
