"""Near-duplicate texts: found in every script, verified, not chained, and one layer like the others."""

from __future__ import annotations

import random
from itertools import combinations
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import analytics
from analytics.layers.candidates import Likeness
from analytics.layers.edges import EDGE_SCHEMA, with_strength
from analytics.layers.near_copies import near_copies
from analytics.layers.shingles import forms, shingled
from analytics.layers.stars import stars
from analytics.layers.temporal import temporal_edges
from analytics.settings import DetectSettings
from cypher.errors import UsageError
from tests.layers.made_actions import log_of

TEXTS = {
    "english": "The price of bread has gone up again and nobody in the capital seems to care about it",
    "russian": "Цены на хлеб снова выросли, и никого в столице это, кажется, совсем не волнует сегодня",
    "arabic": "ارتفع سعر الخبز مرة أخرى ولا يبدو أن أحدا في العاصمة يهتم بهذا الأمر على الإطلاق اليوم",
    "urdu": "روٹی کی قیمت ایک بار پھر بڑھ گئی ہے اور دارالحکومت میں کسی کو اس کی پرواہ نہیں لگتی",
    "thai": "ราคาขนมปังขึ้นอีกแล้วและดูเหมือนว่าไม่มีใครในเมืองหลวงสนใจเรื่องนี้เลยแม้แต่น้อย",
    "chinese": "面包的价格又上涨了。首都似乎没有人关心这件事情。我们必须站出来说话",
    "hindi": "रोटी की कीमत फिर बढ़ गई है और राजधानी में किसी को इसकी परवाह नहीं लगती है आज",
}


def shingles(form: str) -> set[str]:
    """Return the shingles of a form by their definition."""
    form = form.replace(" ", "")
    width = [3 if "\u2e80" <= letter <= "\u9fff" or "\uac00" <= letter <= "\ud7a3" else 5 for letter in form]
    return {form[i : i + n] for i, n in enumerate(width) if i + n <= len(form)}


@pytest.mark.parametrize("language", TEXTS)
def test_copies_with_small_changes_are_found_in_every_script(tmp_path: Path, language: str) -> None:
    text = TEXTS[language]
    half = len(text) // 2
    words = text.split(" ")
    variants = [
        text,
        "@friend " + text.upper() + " 🔥🔥 https://example.org/x #tag",
        text[half:] + " " + text[:half],
        "Salut! " + text[:half] + "\u200b" + text[half:],
        text[: half - 1] + "xy" + text[half + 1 :]
        if len(words) < 4
        else " ".join([*words[:3], "xy", *words[4:]]),
    ]
    others = [other for name, other in TEXTS.items() if name != language]
    given = forms(pl.Series([*variants, *others]))
    assert given[0] == given[1]
    found = near_copies([given[:7], given[7:]], len(given), Likeness("letters", shingled, 0.6), tmp_path)
    pairs = set(zip(found.a.tolist(), found.b.tolist(), strict=True))
    assert {(0, 1), (0, 2), (0, 3), (0, 4)} <= pairs
    assert max(found.b) < len(variants)


def test_pairs_are_those_of_all_against_all(tmp_path: Path) -> None:
    draw = random.Random(3)
    words = ["".join(draw.choices("abcdefghijklmnopqrstuvwxyz", k=draw.randrange(2, 9))) for _ in range(500)]
    texts = []
    for _ in range(60):
        base = draw.choices(words, k=draw.randrange(6, 20))
        for _ in range(6):
            changed = [draw.choice(words) if draw.random() < 0.12 else word for word in base]
            texts.append(" ".join(changed))
    given = forms(pl.Series(texts)).unique().sort()
    found = near_copies([given[:7], given[7:]], len(given), Likeness("letters", shingled, 0.6), tmp_path)
    sets = [shingles(form) for form in given]
    similar = {
        (i, j): value
        for (i, one), (j, other) in combinations(enumerate(sets), 2)
        if (value := len(one & other) / len(one | other)) >= 0.6
    }
    pairs = dict(zip(zip(found.a.tolist(), found.b.tolist(), strict=True), found.similarity, strict=True))
    assert pairs.keys() <= similar.keys()
    assert all(pairs[pair] == pytest.approx(similar[pair], abs=1e-12) for pair in pairs)
    assert len(similar) > 150
    assert len(pairs) >= 0.99 * len(similar)


_PAIRS = st.sets(st.tuples(st.integers(0, 11), st.integers(0, 11)).filter(lambda ends: ends[0] < ends[1]))


@settings(max_examples=100, deadline=None)
@given(_PAIRS, st.randoms(use_true_random=False))
def test_stars_are_those_of_taking_centres_one_by_one(
    pairs: set[tuple[int, int]], draw: random.Random
) -> None:
    near: dict[int, dict[int, float]] = {n: {} for n in range(12)}
    for a, b in pairs:
        near[a][b] = near[b][a] = draw.choice([0.6, 0.7, 0.8])
    order = sorted(near, key=lambda n: (-len(near[n]), n))
    centres: list[int] = []
    for n in order:
        if not near[n].keys() & set(centres):
            centres.append(n)
    expected = [
        n if n in centres else max(near[n].keys() & set(centres), key=lambda c: (near[n][c], -order.index(c)))
        for n in range(12)
    ]
    ends = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
    alike = np.array([near[a][b] for a, b in ends.tolist()])
    for at_once in (3, 1_000):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("analytics.layers.stars._AT_ONCE", at_once)
            assert stars(12, ends[:, 0], ends[:, 1], alike).tolist() == expected


def posts(texts: list[tuple[str, str, int]]) -> pl.DataFrame:
    frame = pl.DataFrame(texts, schema=["text", "actor", "at"], orient="row")
    return frame.with_columns(post=pl.format("p{}", pl.int_range(pl.len())))


def test_the_layer_holds_copies_and_near_copies_and_takes_tables_with_texts() -> None:
    text, other = TEXTS["english"], TEXTS["arabic"]
    given = posts(
        [
            (text, "a", 10),
            (text, "b", 20),
            ("Hi all! " + text, "c", 30),
            (other, "a", 5_000),
            (other, "c", 9_000),
        ]
    )
    how = {"min_participation": 1, "time_window": 60}
    copied = analytics.co_actions(given, layer="co_text", **how)
    assert copied.select("source", "target").rows() == [("a", "b")]
    found = analytics.co_actions(given, layer="co_similar_text", **how)
    assert found.select("source", "target").rows() == [("a", "b"), ("a", "c"), ("b", "c")]
    assert found["object"].n_unique() == 1
    assert found.equals(analytics.co_actions(given.reverse(), layer="co_similar_text", **how))
    strict = analytics.co_actions(given, layer="co_similar_text", text_similarity=1, **how)
    assert strict.select("source", "target").rows() == [("a", "b")]
    with pytest.raises(UsageError, match="needs the texts of posts"):
        analytics.coordinate(given.rename({"text": "object"}), layer="co_similar_text")
    with pytest.raises(UsageError, match="similarity of texts"):
        analytics.coordinate(given, layer="co_similar_text", text_similarity=0.2)


def test_detection_finds_who_varies_its_texts_and_nobody_whose_texts_are_no_copies(tmp_path: Path) -> None:
    draw = random.Random(1)
    words = ["".join(draw.choices("abcdefghijklmnoprstuvy", k=draw.randrange(3, 9))) for _ in range(2_000)]
    rows: list[tuple[str, str, int, str]] = []
    texts: list[str] = []

    def say(who: str, at: int, said: list[str]) -> None:
        rows.append((f"text{len(rows)}", who, at, f"p{len(rows)}"))
        texts.append(" ".join(said))

    for n in range(1_500):
        say(f"a{n % 150}", draw.randrange(1_000_000), draw.choices(words, k=14))
    for n in range(8):
        base = draw.choices(words, k=14)
        for member in range(5):
            say(f"op{member}", 20_000 * n + 60 * member, [draw.choice(words), *base[:-1]])
    log_of(tmp_path, rows, "text")
    pl.DataFrame({"post": [row[3] for row in rows], "text": texts, "url": ""}).write_parquet(
        tmp_path / "posts-SRC-1.parquet"
    )
    how = DetectSettings(layers=("co_similar_text",))
    found = temporal_edges(tmp_path, how, "co_similar_text")
    assert found.edges["objects"].to_list() == [8] * 10
    assert found.edges["source"].str.starts_with("op").all()
    assert (found.stats["texts"], found.stats["texts_with_others"]) == (len(rows), 8)
    assert found.evidence["object"].n_unique() == 8
    assert temporal_edges(tmp_path, how, "co_text").edges.is_empty()


def test_similar_texts_add_no_strength_to_copied_ones() -> None:
    rows = [("a", "b", layer, 2, 2, 0.1, 1e-5, q, None, None)
            for layer, q in (("co_similar_text", 5e-4), ("co_text", 5e-6), ("co_url", 5e-4))]  # fmt: skip
    edges = with_strength(pl.DataFrame(rows, schema=EDGE_SCHEMA, orient="row"), 0.05)
    assert edges["strength"].to_list() == pytest.approx([0.0, 3.0, 1.0])


def test_of_very_many_texts_only_the_more_similar_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    text = TEXTS["english"]
    given = posts([(text, "a", 10), (text + " and so it goes on and on and on we are", "b", 20)])
    how = {"layer": "co_similar_text", "min_participation": 1, "time_window": 60, "text_similarity": 0.5}
    assert analytics.co_actions(given, **how).height == 1
    monkeypatch.setattr("analytics.layers.similar_texts.MANY", 1)
    monkeypatch.setattr("analytics.layers.similar_texts.SIMILARITY_OF_MANY", 0.8)
    assert analytics.co_actions(given, **how).is_empty()
