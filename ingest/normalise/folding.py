"""Spellings of one text made one: compatibility forms, case, invisible characters.

Most texts hold only characters for which all of this is lower case: those are told by one pass, and only the
others go through every step.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import polars as pl

#: Characters that NFKC leaves alone next to each other, that are neither white space (but the blank) nor
#: invisible, and whose lower case is their folded case. Ranges of a regular expression, under test.
PLAIN: Final = (
    r" -~\x{A1}\x{A7}\x{A9}\x{AB}\x{AE}\x{B0}\x{B1}\x{B7}\x{BB}\x{BF}-\x{DE}\x{E0}-\x{12F}\x{134}-\x{13E}"
    r"\x{141}-\x{148}\x{14A}-\x{17E}\x{400}-\x{481}\x{48A}-\x{52F}\x{5D0}-\x{5EA}\x{60C}\x{61B}\x{61F}"
    r"\x{621}-\x{63A}\x{641}-\x{64A}\x{660}-\x{66D}\x{671}-\x{674}\x{679}-\x{6D4}\x{6F0}-\x{6F9}"
    r"\x{904}-\x{928}\x{92A}-\x{930}\x{932}\x{933}\x{935}-\x{939}\x{93E}-\x{94D}\x{964}-\x{96F}"
    r"\x{2013}\x{2014}\x{2018}-\x{201E}\x{2020}-\x{2022}\x{20AC}\x{2600}-\x{27BF}\x{3001}-\x{3003}"
    r"\x{3008}-\x{3011}\x{3041}-\x{3096}\x{30A1}-\x{30FA}\x{30FC}\x{4E00}-\x{9FFF}\x{AC00}-\x{D7A3}"
    r"\x{1F300}-\x{1F64F}\x{1F680}-\x{1F6FF}\x{1F900}-\x{1F9FF}"
)
_UNUSUAL: Final = rf"[^{PLAIN}]"

#: Unicode's default-ignorable characters: of no width, of direction, variation selectors, tags, soft hyphens.
_IGNORED: Final = (
    r"\x{AD}\x{34F}\x{61C}\x{115F}\x{1160}\x{17B4}\x{17B5}\x{180B}-\x{180F}\x{200B}-\x{200F}\x{202A}-\x{202E}"
    r"\x{2060}-\x{206F}\x{3164}\x{FE00}-\x{FE0F}\x{FEFF}\x{FFA0}\x{FFF0}-\x{FFF8}\x{1BCA0}-\x{1BCA3}"
    r"\x{1D173}-\x{1D17A}\x{E0000}-\x{E0FFF}"
)
#: They and the controls that are not white space.
INVISIBLE: Final = rf"[{_IGNORED}\x00-\x08\x0E-\x1F\x7F-\x84\x86-\x9F]"


def folded(column: pl.Series) -> pl.Series:
    """Return texts in NFKC and folded case, without invisible characters, white space as blanks."""
    return where(column.str.to_lowercase(), column.str.contains(_UNUSUAL), _folded)


def _folded(column: pl.Series) -> pl.Series:
    plain = column.str.normalize("NFKC").str.replace_all(INVISIBLE, "").str.to_lowercase()
    plain = (
        plain.str.replace_many(["ß", "\u03c2"], ["ss", "\u03c3"])
        .str.normalize("NFKC")
        .str.replace_all(INVISIBLE, "")
    )
    return plain.str.replace_all(r"\s+", " ")


def where(column: pl.Series, chosen: pl.Series, change: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Return a column whose chosen values are changed, the others untouched; null is not chosen."""
    places = chosen.arg_true()
    if not len(places):
        return column
    if len(places) == len(column):
        return change(column)
    return column.scatter(places, change(column.gather(places)))
