"""`shared_image`: pictures near each other, and what is no picture of one's own."""

from __future__ import annotations

import random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.communities import refine
from analytics.layers.edges import with_strength
from analytics.layers.pictures import MOST_COPIES, alike
from analytics.layers.traits import TRAITS, of_traits
from analytics.settings import DetectSettings


def shown(pictures: list[str], platform: str = "x") -> pl.DataFrame:
    names = [f"{platform}:account:{n:05}" for n in range(len(pictures))]
    given = pl.DataFrame({"asset": names, "platform": platform, "picture": pictures})
    return pl.concat([pl.DataFrame(schema=TRAITS), given.cast(pl.String)], how="diagonal")


def turned(picture: str, bits: list[int]) -> str:
    value = int(picture, 16)
    for bit in bits:
        value ^= 1 << bit
    return f"{value:0{len(picture)}x}"


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([64, 128, 256]), st.data())
def test_what_is_found_is_what_comparing_all_finds(seed: int, bits: int, data: st.DataObject) -> None:
    draw = random.Random(seed)
    pictures = [f"{draw.getrandbits(bits):0{bits // 4}x}" for _ in range(30)]
    for _ in range(8):
        like = data.draw(st.sampled_from(pictures))
        apart = data.draw(st.lists(st.integers(0, bits - 1), max_size=bits // 8 + 2, unique=True))
        pictures.append(turned(like, apart))
    found = of_traits(shown(pictures), DetectSettings(fdr=1.0), "shared_image")
    near = [
        (a, b)
        for a in range(len(pictures))
        for b in range(a)
        if (int(pictures[a], 16) ^ int(pictures[b], 16)).bit_count() < bits // 8
    ]
    assert found.stats["observed_pairs"] == len(near)
    asked = pictures[::3]
    both = {(pictures[a], pictures[b]) for pair in near for a, b in (pair, pair[::-1])}
    expected = {(one, other) for one, other in both if one in asked} | {(one, one) for one in asked}
    looked_up = alike(pl.Series(asked), pl.Series(pictures))
    assert sorted(looked_up.iter_rows()) == sorted(expected)


@pytest.mark.parametrize("bits", [64, 256])
def test_unrelated_pictures_are_not_alike(bits: int) -> None:
    draw = random.Random(bits)
    # Bits go together in fours, as in pictures of one sort.
    loose = ["".join(draw.choice("0f") for _ in range(bits // 4)) for _ in range(3000)]
    assert of_traits(shown(loose), DetectSettings(), "shared_image").edges.height <= 1


def test_popular_pictures_and_other_platforms_make_no_pairs() -> None:
    draw = random.Random(1)
    own = [f"{draw.getrandbits(64):016x}" for _ in range(300)]
    # The default has variants that are each rare.
    default = [turned("00ff00ff00ff00ff", [n]) for n in range(MOST_COPIES + 1)]
    pair = [turned("1234567890abcdef", [3, 40]), "1234567890ABCDEF", "a-mark", "a-mark"]
    here = shown(own + default + pair)
    found = of_traits(pl.concat([here, shown(own, "y")]), DetectSettings(), "shared_image")
    assert found.edges["source"].to_list() == ["x:account:00313", "x:account:00315"]
    assert found.stats["popular_pictures"] == MOST_COPIES + 1
    assert found.evidence["object"][0].split() == ["1234567890abcdef", pair[0]]


def test_likeness_alone_makes_no_community() -> None:
    ring = shown(["1234567890abcdef"] * MOST_COPIES)
    edges = with_strength(of_traits(ring, DetectSettings(), "shared_image").edges, 0.05)
    each = edges.group_by("source").agg(pl.col("strength").sum())["strength"].max()
    # However many: as much as a quarter of the strongest edge.
    assert each <= 1.5 + 1e-9
    links = edges.select("source", "target", "strength", type=pl.lit("ALIKE"))
    members = ring.select("asset", community=pl.lit(0, pl.Int64))
    assert refine(members, links, 3).is_empty()
