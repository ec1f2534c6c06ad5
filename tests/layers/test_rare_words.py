"""Words by their rarity: reworded copies are found, texts of one subject or of a few phrases are not."""

from __future__ import annotations

import math
import random
from itertools import combinations
from pathlib import Path

import numpy as np
import polars as pl

import analytics
from analytics.layers.candidates import Likeness
from analytics.layers.near_copies import NearCopies, near_copies, together
from analytics.layers.rare_words import RareWords
from analytics.layers.shingles import forms, shingled

LEAST = 10
WORDS = [
    f"{a}{b}{c}" for a in "bdfgklmnprstvz" for b in "aeiou" for c in ("n", "r", "st", "ma", "lo", "ki", "tu")
]


def text(draw: random.Random, words: int) -> list[str]:
    """Return words as languages have them: a few in every text, most in hardly any."""
    return [
        f"{WORDS[int(draw.random() ** 3 * len(WORDS))]}{int(draw.random() ** 3 * 40)}" for _ in range(words)
    ]


def reworded(draw: random.Random, said: list[str], share: float) -> list[str]:
    other = list(said)
    for place in draw.sample(range(len(said)), round(share * len(said))):
        other[place] = text(draw, 1)[0]
    return other


def found(folder: Path, texts: list[str], likeness: Likeness) -> set[tuple[int, int]]:
    folder.mkdir()
    pairs = near_copies([pl.Series(texts)], len(texts), likeness, folder)
    return set(zip(pairs.a.tolist(), pairs.b.tolist(), strict=True))


def test_copies_with_a_quarter_of_the_words_replaced_are_found_and_no_others(tmp_path: Path) -> None:
    draw = random.Random(2)
    texts = [" ".join(text(draw, 16)) for _ in range(4_000)]
    bases = [text(draw, 16) for _ in range(100)]
    texts += [" ".join(reworded(draw, base, 1 / 4)) for base in bases for _ in range(2)]
    copies = {(4_000 + 2 * n, 4_001 + 2 * n) for n in range(100)}
    words = RareWords.among(pl.Series(texts), LEAST)
    by_words = found(tmp_path / "words", texts, Likeness("words", words.sets, 0.35, LEAST, bands=24, rows=3))
    assert by_words <= copies
    assert len(by_words) > 50
    assert len(found(tmp_path / "shingles", texts, Likeness("letters", shingled, 0.5))) < 5


def test_texts_of_the_same_few_phrases_are_not_similar_for_half_of_them(tmp_path: Path) -> None:
    draw = random.Random(4)
    phrases = [[" ".join(text(draw, 4)) for _ in range(12)] for _ in range(4)]
    made = sorted({tuple(draw.choice(part) for part in phrases) for _ in range(3_000)})
    texts = [" ".join(parts) for parts in made]
    words = RareWords.among(pl.Series(texts), LEAST)
    pairs = found(tmp_path / "words", texts, Likeness("words", words.sets, 0.3, LEAST, bands=24, rows=3))
    assert all(sum(x == y for x, y in zip(made[a], made[b], strict=True)) == 3 for a, b in pairs)
    pairs = found(tmp_path / "common", texts, Likeness("words", words.sets, 0.3, bands=24, rows=3))
    assert sum(sum(x == y for x, y in zip(made[a], made[b], strict=True)) < 3 for a, b in pairs) > 1_000


def test_a_word_is_as_many_members_as_it_is_rare_whatever_the_order_and_the_blocks() -> None:
    texts = [f"common seldom{n // 10} once{n} {'twice same' if n < 2 else 'other'}" for n in range(1_000)]
    words = RareWords.among(pl.Series(texts), 1)
    hashes, starts = words.sets(pl.Series(["common seldom3 once7 never"]))
    nats = [math.log(1_000 / (n + 1)) for n in (1_000, 10, 1, 0)]
    assert starts.tolist() == [0, sum(max(0, math.floor(n / 3 + 0.25)) for n in nats)] == [0, 5]
    turned, _ = words.sets(pl.Series(["some text before", "never once7 common seldom3"]))
    assert set(hashes.tolist()) <= set(turned.tolist())
    assert len(set(hashes.tolist())) == 5


def test_no_set_is_empty_and_what_has_no_words_has_one_member_of_its_own() -> None:
    texts = [
        "面包的价格又上涨了首都似乎没有人关心这件事情",
        "ราคาขนมปังขึ้นอีกแล้วและดูเหมือนว่าไม่มีใคร",
        "a b c",
        "b a c d",
    ]
    words = RareWords.among(pl.Series(texts), LEAST)
    hashes, starts = words.sets(pl.Series(texts))
    assert starts.tolist() == [0, 1, 2, 3, 4]
    assert len(set(hashes.tolist())) == 4


def test_forms_know_where_words_are_parted() -> None:
    given = pl.Series(
        ["  Don\u2019t say — «it»;\u200b not at ALL: #tag https://e.org/x, e\u00adver!🔥 @you ok "]
    )
    assert forms(given).to_list() == ["dont say it not at all ever ok"]


def test_pairs_of_two_searches_are_one_list_in_order() -> None:
    def pairs(*rows: tuple[int, int, float]) -> NearCopies:
        a, b, similarity = (np.array(column) for column in zip(*rows, strict=True))
        return NearCopies(a, b, similarity, 5)

    both = together(pairs((0, 3, 0.4), (1, 2, 0.6)), pairs((0, 2, 0.5), (0, 3, 0.7), (1, 2, 0.5)))
    assert list(zip(both.a.tolist(), both.b.tolist(), both.similarity.tolist(), strict=True)) == [
        (0, 2, 0.5),
        (0, 3, 0.7),
        (1, 2, 0.6),
    ]
    assert both.candidates == 10


def test_the_layer_finds_who_puts_texts_in_other_words_unless_closer_ones_are_asked_for() -> None:
    draw = random.Random(6)
    rows = [(" ".join(text(draw, 16)), f"a{n % 50}", 100 * n) for n in range(2_000)]
    base = text(draw, 16)
    rows += [(" ".join(reworded(draw, base, 1 / 6)), f"op{n}", 1_000_000 + n) for n in range(4)]
    given = pl.DataFrame(rows, schema=["text", "actor", "at"], orient="row")
    given = given.with_columns(post=pl.format("p{}", pl.int_range(pl.len())))
    how = {"layer": "co_similar_text", "min_participation": 1, "time_window": 60}
    together_ = analytics.co_actions(given, text_similarity=0.5, **how).select("source", "target").rows()
    assert set(together_) == set(combinations([f"op{n}" for n in range(4)], 2))
    assert analytics.co_actions(given, text_similarity=0.6, **how).is_empty()
