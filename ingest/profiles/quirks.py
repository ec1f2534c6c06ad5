"""How single platforms write what others write otherwise: times, profiles, texts."""

from __future__ import annotations

from typing import Final

import polars as pl

_TWITTER_TIME: Final = "%a %b %d %H:%M:%S %z %Y"
#: The milliseconds in an id of LinkedIn are all its bits but the last 22.
_LINKEDIN_BITS: Final = 1 << 22
_ENTITIES: Final = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&nbsp;": " ", "&amp;": "&"}


def twitter_time(cell: pl.Expr) -> pl.Expr:
    """Return `Wed Oct 10 20:19:24 +0000 2018` as RFC 3339; anything else as it is."""
    read = cell.str.to_datetime(_TWITTER_TIME, time_zone="UTC", strict=False)
    return pl.coalesce(read.dt.strftime("%Y-%m-%dT%H:%M:%SZ"), cell)


def linkedin_time(number: pl.Expr) -> pl.Expr:
    """Return the time that the id of a post on LinkedIn holds; null where it is none."""
    made = (number.cast(pl.Int64, strict=False) // _LINKEDIN_BITS).cast(pl.Datetime("ms"))
    return made.dt.strftime("%Y-%m-%dT%H:%M:%S%.3fZ")


def linkedin_profile(address: pl.Expr) -> pl.Expr:
    """Return the path of a profile (`in/…`, `company/…`) in its address."""
    path = address.str.replace(r"^https?://[^/]*/", "").str.strip_chars("/")
    return pl.coalesce(path.str.extract(r"^([^/?#]+/[^/?#]+)", 1), path.str.replace(r"[?#].*$", ""))


def is_linkedin_page(profile: pl.Expr) -> pl.Expr:
    """Return whether a profile is that of an organisation."""
    return profile.str.contains(r"^(?:company|school|showcase)/").fill_null(value=False)


def without_tags(html: pl.Expr) -> pl.Expr:
    """Return the text of a fragment of HTML."""
    plain = html.str.replace_all(r"(?i)<br\s*/?>|</p>\s*<p[^>]*>", "\n").str.replace_all(r"<[^>]*>", "")
    for written, meant in _ENTITIES.items():
        plain = plain.str.replace_all(written, meant, literal=True)
    return plain
