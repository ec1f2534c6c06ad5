# ruff: noqa: RUF001 - letters that look alike are what this is about
"""Texts, hashtags and handles that differ in dress only are one."""

from __future__ import annotations

import re
import sys
import unicodedata

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import normalise
from ingest.normalise.folding import INVISIBLE, PLAIN, folded


def texts(*raw: str | None) -> list[str | None]:
    return normalise.texts(pl.Series(raw, dtype=pl.String)).to_list()


PLAIN_TEXT = "vote for change in the city today"


@pytest.mark.parametrize(
    "dressed",
    [
        "Vote  for\nCHANGE in the\tcity today ",
        "\uff36\uff4f\uff54\uff45 for change in the city today https://t.co/abc @friend",
        "@one @two vote for change in the city today",
        "vote for @someone change in the city today https://a.org/b http://c.org/d",
        "v\u200bote for cha\u00adnge in the c\u202eity\u202c to\u2066day\u2069\ufeff",
        "vote\u00a0for\u3000change\u2003in the city today",
        "vote for change in the city today\ufe0f\U000e0041",
        "vote for chan\u0001ge in the city today",
        "\uff20friend vote for change in the city today",
        "vote for \U0001d41c\U0001d421\U0001d41a\U0001d427\U0001d420\U0001d41e in the city today",
    ],
)
def test_texts_that_differ_in_dress_only_are_one(dressed: str) -> None:
    assert texts(dressed) == [PLAIN_TEXT]


def test_case_is_folded_in_every_script() -> None:
    for upper, lower in (
        ("ПРИВЕТ ВСЕМ, КТО СЕГОДНЯ ТУТ", "привет всем, кто сегодня тут"),
        ("STRASSE " * 3, "straße " * 3),
        ("ΟΔΥΣΣΕΥΣ ΟΔΥΣΣΕΥΣ ΟΔΥΣΣΕΥΣ", "οδυσσευς οδυσσευς οδυσσευσ"),
    ):
        assert texts(upper) == texts(lower) != [None]
    assert texts("cafe\u0301 cafe\u0301 cafe\u0301 cafe\u0301") == texts("CAFÉ CAFÉ CAFÉ CAFÉ")
    assert texts("می\u200cخواهم که همه شما بیایید") == texts("میخواهم که همه شما بیایید")


def test_what_differs_in_words_stays_apart() -> None:
    for other in (
        PLAIN_TEXT + "!",
        PLAIN_TEXT + " #now",
        PLAIN_TEXT.replace("city", "town"),
        PLAIN_TEXT + " a@b.org",
    ):
        assert texts(other) not in ([PLAIN_TEXT], [None])
    assert texts("read https://a.org/b now, it matters much") == ["read https://a.org/b now, it matters much"]


@given(
    st.lists(st.text(max_size=60).map(lambda text: text + " and so on and on, https://x.org @y"), max_size=20)
)
@settings(deadline=None)
def test_nothing_raises_and_once_is_as_good_as_twice(raw: list[str]) -> None:
    once = texts(*raw)
    assert texts(*once) == once
    tags = normalise.hashtags(pl.Series(raw, dtype=pl.String))
    assert normalise.hashtags(tags).to_list() == tags.to_list()
    names = pl.DataFrame({"h": pl.Series(raw, dtype=pl.String)}).select(normalise.handle(pl.col("h")))
    assert names.select(normalise.handle(pl.col("h"))).rows() == names.rows()


def test_every_character_is_folded_for_good() -> None:
    characters = pl.Series([chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000])
    once = folded(characters)
    twice = folded(once)
    differs = once != twice
    assert once.filter(differs).to_list() == twice.filter(differs).to_list()
    assert not once.str.contains(INVISIBLE).any()


def test_plain_characters_need_nothing_but_lower_case() -> None:
    kept = re.compile("[" + re.sub(r"\\x\{([0-9A-F]+)\}", lambda m: f"\\U{int(m[1], 16):08x}", PLAIN) + "]")
    invisible = re.compile(re.sub(r"\\x\{([0-9A-F]+)\}", lambda m: f"\\U{int(m[1], 16):08x}", INVISIBLE))
    plain = [chr(code) for code in range(sys.maxunicode + 1) if kept.fullmatch(chr(code))]
    assert len(plain) > 30_000
    second = {
        chr(int(parts[-1], 16))
        for code in range(sys.maxunicode + 1)
        if len(parts := unicodedata.decomposition(chr(code)).split()) == 2 and not parts[0].startswith("<")
    }
    for character in plain:
        lower = character.lower()
        assert lower == character.casefold() == unicodedata.normalize("NFKC", lower)
        assert unicodedata.normalize("NFKC", character) == character
        assert unicodedata.combining(character) in (0, 9)
        assert character == " " or not character.isspace()
        assert not invisible.fullmatch(character)
        assert character not in second


def test_hashtags() -> None:
    same = [
        "#Kashmir",
        "\uff03KASHMIR",
        "kashmir",
        "#\uff2bashmir",
        " #kash\u200bmir",
        "##kashmir",
        "#ka\u00adshmir",
    ]
    assert set(normalise.hashtags(pl.Series(same)).to_list()) == {"kashmir"}
    assert normalise.hashtags(pl.Series(["#", " ", "\u200b", "", None])).to_list() == [None] * 5
    text = pl.DataFrame({"t": ["#नमस्ते x #2019 a#b #\u0645\u06cc\u200c\u062e"]})
    found = text.select(normalise.hashtags_in(pl.col("t")))["t"].to_list()
    assert found == [["#नमस्ते", "#b", "#\u0645\u06cc\u200c\u062e"]]


@pytest.mark.parametrize(
    "raw",
    ["SomeName", "@SomeName", " @SomeName ", "https://twitter.com/SomeName", "x.com/SomeName?s=20",
     "\uff20SomeName", "https://www.instagram.com/SomeName/", "https://www.tiktok.com/@SomeName",
     "https://m.facebook.com/SomeName", "https://t.me/s/SomeName", "Some\u200bName",
     "https://www.youtube.com/@SomeName", "@ SomeName", "@@ https://x.com/ SomeName"],
)  # fmt: skip
def test_handles(raw: str) -> None:
    assert pl.DataFrame({"h": [raw]}).select(normalise.handle(pl.col("h"))).rows() == [("SomeName",)]


def test_what_names_nobody_is_no_handle() -> None:
    raw = pl.DataFrame({"h": ["@", "", None, "https://www.facebook.com/profile.php?id=100", "\u200b"]})
    assert raw.select(normalise.handle(pl.col("h")))["h"].to_list() == [None] * 5
