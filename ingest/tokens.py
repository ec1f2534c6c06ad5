"""Access tokens in what sources say: they let others act as whoever made a request, and are never kept."""

from __future__ import annotations

from typing import Final

import polars as pl

# The value of a parameter or a field, also where the address is percent-encoded, or its `|` is.
_PLAIN_VALUE: Final = (
    r"""(?i)(access_token["']?\s*[=:]\s*["']?)(?:[^&#\s"'<>\\]|\\u00(?:[013-7][0-9a-f]|2[0-57-9a-f]))+"""
)
_ENCODED_VALUE: Final = r"""(?i)(access_token%3D)(?:[^&#\s"'<>\\%]|%(?:[013-9a-f][0-9a-f]|2[0-57-9a-f]))+"""
_FIRST_PARAMETER: Final = r"(?i)\?access_token(?:=[^&#\s]*)?&"
_PARAMETER: Final = r"(?i)[?&]access_token(?:=[^&#\s]*)?"


def without_token_values(cell: pl.Expr) -> pl.Expr:
    """Return a text without the value of any `access_token` in it."""
    return cell.str.replace_all(_PLAIN_VALUE, "$1").str.replace_all(_ENCODED_VALUE, "$1")


def without_token(url: pl.Expr) -> pl.Expr:
    """Return an address without the parameter `access_token`."""
    return url.str.replace(_FIRST_PARAMETER, "?").str.replace_all(_PARAMETER, "")
