"""`similar_name`: spellings of one name, and names that anybody may have."""

from __future__ import annotations

import random

import polars as pl
import pytest

from analytics.layers.spelling import spelled
from analytics.layers.traits import TRAITS, of_traits
from analytics.settings import DetectSettings

SETTINGS = DetectSettings()


def named(names: list[str], kind: str = "account") -> pl.DataFrame:
    keys = [f"x:{kind}:{n:06}" for n in range(len(names))]
    given = pl.DataFrame({"asset": keys, "platform": "x", "kind": kind, "name": names})
    return pl.concat([pl.DataFrame(schema=TRAITS), given], how="diagonal")


def drawn(draw: random.Random, most: int, count: int) -> list[str]:
    """Words of which some are common, as of names."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = ["w" + letters[n % 26] + letters[n // 26 % 26] + letters[n // 676] for n in range(most)]
    return [words[min(int(draw.paretovariate(0.8)) - 1, most - 1)] for _ in range(count)]


@pytest.mark.parametrize(
    "names",
    [
        ["Мария Иванова", "Mariya Ivanova", "Mаriya_Ivanova", "mariya.ivanova77", "IVANOVA, Mariya (1987)"],  # noqa: RUF001
        ["张伟", "Zhang Wei", "張偉", "Wei ZHANG official"],
        ["José Núñez", "Jose\u0301 Nun\u0303ez", "ＪＯＳＥ ＮＵＮＥＺ", "JoseNunez", "The real Jose Nunez"],  # noqa: RUF001
        ["Fake News", "F4ke N3ws", "Fаke Νews", "fake-news 2"],  # noqa: RUF001
        ["2019", "2019"],
        ["", "!!!", "\u200b"],
    ],
)
def test_a_name_has_one_spelling(names: list[str]) -> None:
    assert spelled(pl.Series(names)).n_unique() == 1


def test_names_that_differ_stay_apart() -> None:
    names = ["107th Airlift Wing", "108th Airlift Wing", "Ana Silva", "Ana Maria Silva", "Silva", "Ивановa"]  # noqa: RUF001
    assert spelled(pl.Series(names)).n_unique() == len(names)


def test_a_rare_name_is_found_and_common_ones_are_not() -> None:
    draw = random.Random(5)
    ordinary = [f"{a} {b}" for a, b in zip(drawn(draw, 500, 3000), drawn(draw, 900, 3000), strict=True)]
    found = of_traits(named([*ordinary, "Zorka Quill Plim", "ZORKA QUILL PLIM 2"]), SETTINGS, "similar_name")
    assert found.edges["target"].to_list() == ["x:account:003001"]
    assert found.evidence["object"].to_list() == ["plim quill zorka"]
    assert found.stats["observed_pairs"] > 100
    assert found.stats["common_names"] > 0


def test_a_page_named_as_its_owner_is_no_pair() -> None:
    both = pl.concat([named(["Zorka Quill Plim"]), named(["Zorka Quill Plim"], "page")])
    assert of_traits(both, DetectSettings(fdr=1.0), "similar_name").edges.is_empty()


def test_shuffled_words_rarely_make_an_edge() -> None:
    hits = 0
    for seed in range(15):
        draw = random.Random(seed)
        # Half of all last names are of two people: the hardest case, for each repeats once.
        first, last = drawn(draw, 300, 1200), [f"l{n % 600}x" for n in range(600)] + drawn(draw, 300, 600)
        draw.shuffle(last)
        made = [f"{a} {b}" for a, b in zip(first, last, strict=True)]
        hits += of_traits(named(made), SETTINGS, "similar_name").edges.height > 0
    # At a true rate of 0.05, more than four of fifteen has a chance of one in a thousand.
    assert hits <= 4
