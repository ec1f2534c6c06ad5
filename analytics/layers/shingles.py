"""Texts as sets of short runs of characters, in every script: what near-duplicates have in common.

A text is compared by its letters, marks and digits alone. So a greeting, a link, an emoji, punctuation,
spacing and case cost little or nothing, and it does not matter whether a language parts its words. Where
words are parted stays known, for `rare_words`.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

Hashes: TypeAlias = NDArray[np.uint64]
Places: TypeAlias = NDArray[np.int64]

#: Characters of a shingle; `_SHORT` from a Han, kana or Hangul character on, which says what two letters do.
_LONG: Final = 5
_SHORT: Final = 3
#: Fewest characters of a form: with fewer, a first name more or less decides.
MIN_FORM: Final = 18
#: Of a longer form only so much is compared.
MAX_FORM: Final = 5_000

# Links and mentions are what copies are given to differ in, so they go wherever they stand.
# Hashtags have a layer of their own, and a long one would make all of its posts alike.
_LINKS: Final = r"(?:https?://|\bwww\.)\S+|#\w+"
_MENTIONS: Final = r"(^|[^\w@])(?:@[\w.]+)+"
#: Variation selectors and other marks without a look, and the tatweel that only draws a word out.
_WITHOUT_LOOK: Final = r"\x{34F}\x{640}\x{180B}-\x{180F}\x{FE00}-\x{FE0F}\x{E0100}-\x{E01EF}"
#: What stands within a word, and what words are parted by.
_WITHIN_WORDS: Final = rf"[{_WITHOUT_LOOK}\p{{Cf}}'\x{{2019}}]"
_BETWEEN_WORDS: Final = r"[^\p{L}\p{M}\p{N}]+"

#: First and last of the characters from which a shingle is short.
_IDEOGRAPHS: Final = (
    (0x2E80, 0x31FF),
    (0x3400, 0x9FFF),
    (0xAC00, 0xD7A3),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)

#: Odd numbers without a pattern: one for each place of a shingle, two to mix with.
_FACTORS: Final = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F],
    dtype=np.uint64,
)
_MIX: Final = np.array([0xBF58476D1CE4E5B9, 0x94D049BB133111EB], dtype=np.uint64)


def forms(texts: pl.Series) -> pl.Series:
    """Return texts as they are compared; null where fewer than `MIN_FORM` characters are left.

    NFKC, lower case, letters, marks and digits only, without links and mentions; a space between words.
    """
    plain = texts.str.normalize("NFKC").str.to_lowercase()
    plain = plain.str.replace_all(_LINKS, " ").str.replace_all(_MENTIONS, "$1")
    plain = plain.str.replace_all(_WITHIN_WORDS, "").str.replace_all(_BETWEEN_WORDS, " ").str.strip_chars(" ")
    letters = plain.str.len_chars() - plain.str.count_matches(" ", literal=True)
    return plain.set(letters < MIN_FORM, None).str.head(MAX_FORM).str.strip_chars_end(" ")


def shingled(forms: pl.Series) -> tuple[Hashes, Places]:
    """Return the hashes of all shingles of some forms, in order and with repetitions.

    Args:
        forms: Texts without nulls; their spaces do not count.

    Returns:
        The hashes, and where those of each form begin, with their number at the end (length `forms` + 1).
    """
    forms = forms.str.replace_all(" ", "", literal=True)
    starts = np.concatenate([[0], forms.str.len_chars().to_numpy().astype(np.int64)]).cumsum()
    letters = np.frombuffer("".join(forms.to_list()).encode("utf-32-le"), dtype=np.uint32)
    short = _ideographs(letters)
    # Past the end of all, so that every place has so many characters behind it.
    behind = np.concatenate([letters, np.zeros(_LONG, np.uint32)]).astype(np.uint64)
    hashes = np.zeros(letters.size, dtype=np.uint64)
    longer = np.zeros(letters.size, dtype=np.uint64)
    for place in range(_LONG):
        part = hashes if place < _SHORT else longer
        part += behind[place : place + letters.size] * _FACTORS[place]
    hashes += np.where(short, np.uint64(0), longer)
    ends = np.repeat(starts[1:], np.diff(starts))
    whole = np.arange(letters.size) + np.where(short, _SHORT, _LONG) <= ends
    counts = np.concatenate([[0], np.cumsum(whole)])
    return mixed(hashes[whole]), counts[starts]


def _ideographs(letters: NDArray[np.uint32]) -> NDArray[np.bool_]:
    found = np.zeros(letters.size, dtype=np.bool_)
    if letters.size and letters.max() >= _IDEOGRAPHS[0][0]:
        for first, last in _IDEOGRAPHS:
            found |= (letters >= first) & (letters <= last)
    return found


def mixed(hashes: Hashes) -> Hashes:
    """Return numbers whose every bit depends on all bits of the given ones (the end of SplitMix64)."""
    hashes ^= hashes >> np.uint64(30)
    hashes *= _MIX[0]
    hashes ^= hashes >> np.uint64(27)
    hashes *= _MIX[1]
    hashes ^= hashes >> np.uint64(31)
    return hashes
