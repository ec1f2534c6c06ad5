"""Names as they sound and look: one spelling for every script, disguise and numbering.

A name is split into words (of Han, kana and Hangul into characters, since these are not spaced), each in
small ASCII letters, in alphabetical order, without the number at the name's end and without the labels by
which a second account is told apart.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import polars as pl
from anyascii import anyascii

#: Words that say which of several accounts of one name this is.
_LABELS: Final = (
    "account", "backup", "fan", "group", "new", "official", "old", "page", "profile", "real", "second", "the",
)  # fmt: skip
_ALONE: Final = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}"
_WORD: Final = rf"[{_ALONE}]|[\p{{L}}\p{{M}}\p{{N}}&&[^{_ALONE}]]+"
#: Scripts whose letters stand in for Latin ones.
_STANDING_IN: Final = r"[\p{Cyrillic}\p{Greek}\p{Armenian}\p{Cherokee}\p{Lisu}]"
#: Digits that stand in for letters within a word.
_DIGITS: Final = {"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t"}


def spelled(names: pl.Series) -> pl.Series:
    """Return the spelling of each name: words and spaces; empty where nothing is left.

    A word that mixes Latin letters with letters of another script that look like them is read as it looks
    (Unicode Technical Standard 39, confusables); all others are transliterated. A name that has
    nothing but labels and single letters keeps them.
    """
    word = pl.col("word")
    spaced = (
        pl.col("name")
        .str.normalize("NFKC")
        .str.replace_all(r"(\p{Ll})(\p{Lu})", "$1 $2")
        .str.replace(r"(\p{L})[\W_]*\p{N}+\W*$", "$1")
    )
    words = (
        pl.DataFrame({"name": names})
        .with_row_index("row")
        .select("row", word=spaced.str.extract_all(_WORD))
        .explode("word", empty_as_null=False, keep_nulls=False)
    )
    distinct = words.select(written=word.unique(maintain_order=True)).with_columns(word="written")
    mixed = word.str.contains(r"[A-Za-z]") & word.str.contains(_STANDING_IN)
    looks = _standing_in()
    read = distinct.with_columns(
        word=pl.when(mixed).then(word.str.replace_many(list(looks), list(looks.values()))).otherwise(word)
    ).with_columns(word.str.to_lowercase())
    sounds = _sounds(read["word"])
    plain = (
        read.with_columns(
            pl.when(word.str.contains(r"[a-z]\d+[a-z]"))
            .then(word.str.replace_many(list(_DIGITS), list(_DIGITS.values())))
            .otherwise("word")
            .alias("word")
        )
        .with_columns(word.str.replace_many(list(sounds), list(sounds.values())))
        .with_columns(word.str.to_lowercase().str.replace_all("[^a-z0-9]", ""))
    )
    kept = (
        words.join(plain.rename({"word": "read", "written": "word"}), on="word", maintain_order="left")
        .filter(pl.col("read") != "")
        .unique(["row", "read"], maintain_order=True)
        .with_columns(label=pl.col("read").is_in(_LABELS) | (pl.col("read").str.len_bytes() == 1))
        .filter(~pl.col("label") | pl.col("label").all().over("row"))
        .group_by("row")
        .agg(pl.col("read").sort().str.join(" "))
    )
    rows = pl.DataFrame({"row": pl.int_range(names.len(), dtype=pl.UInt32, eager=True)})
    return rows.join(kept, on="row", how="left", maintain_order="left")["read"].fill_null("")


def _sounds(words: pl.Series) -> dict[str, str]:
    """Return how each character beyond ASCII in the words sounds."""
    characters = words.str.extract_all(r"[^\x00-\x7f]").explode().drop_nulls().unique().sort()
    # Nothing to replace is more than Polars takes.
    return {"\0": ""} | {character: anyascii(character) for character in characters}


@cache
def _standing_in() -> dict[str, str]:
    """Return the letters of other scripts that look like a Latin one, in Unicode's list."""
    # The list takes a while to read.
    from confusable_homoglyphs.confusables import confusables_data

    letters = pl.DataFrame({"letter": [letter for letter in confusables_data if len(letter) == 1]}).filter(
        pl.col("letter").str.contains(_STANDING_IN)
    )
    looks = {
        letter: [
            like["c"] for like in confusables_data[letter] if like["c"].isascii() and like["c"].isalpha()
        ]
        for letter in letters["letter"].to_list()
    }
    return {letter: min(like) for letter, like in sorted(looks.items()) if like}
