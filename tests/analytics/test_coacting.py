"""What members do together: read from the log, counted by member, held against what the public does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.coacting import MOMENT, SHARED, public_assets, read_shared, together, windows_of
from analytics.signals.case import Case
from analytics.signals.mostly_coordinated import mostly_coordinated
from analytics.signals.public_moments import CAP, public_moments
from analytics.signals.shape import SHAPE, shape
from tests.analytics.made_case import ACCOUNTS, case, only
from tests.layers.made_actions import write_log

PLAIN: dict[str, dict[str, Any]] = {key: {} for key in ACCOUNTS}
RING = [(a, b, "co_url") for a in ACCOUNTS for b in ACCOUNTS if a < b]


def acts(rows: Iterable[tuple[str, int, int]], **facts: Any) -> pl.DataFrame:
    """Acts (asset, object, second), all within windows of a minute and among nobody else."""
    usual: dict[str, Any] = {"kind": "url", "window": 60_000_000, "crowd": 0, "author": None, **facts}
    return pl.DataFrame(
        [
            {"asset": asset, "object": thing, "at": at * 1_000_000, "post": 1000 * thing + i, "moment": 0}
            | usual
            for i, (asset, thing, at) in enumerate(rows)
        ],
        schema=SHARED,
    )


def with_acts(made: Case, shared: pl.DataFrame) -> Case:
    return replace(made, shared=shared)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 1), st.integers(0, 300)), max_size=25))
def test_an_act_is_together_if_a_fellow_acts_within_the_window(rows: list[tuple[str, int, int]]) -> None:
    members = pl.DataFrame({"asset": ["a", "b", "c", "a"], "community": [0, 0, 1, 1]})
    found = together(acts(rows), members).select("community", "asset", "object", "at", "gap")
    expected = []
    for community, inside in ((0, "ab"), (1, "ac")):
        for asset, thing, at in rows:
            gaps = [
                abs(at - then)
                for other, object_, then in rows
                if asset in inside and other in inside and other != asset and object_ == thing
            ]
            if gaps and min(gaps) <= 60:
                expected.append((community, asset, thing, at * 1_000_000, min(gaps) * 1_000_000))
    assert sorted(found.rows()) == sorted(expected)


def test_acts_on_shared_objects_come_from_the_log_with_their_crowd_and_author(tmp_path: Path) -> None:
    rows = [("url", "u", "a", 0, "1"), ("url", "u", "b", 30, "2"), ("url", "own", "a", 0, "1")]
    rows += [("url", "u", f"x{i}", 60, f"x{i}") for i in range(9)] + [("url", "u", "late", 90_000, "l")]
    rows += [("reaction", "post:9", "a", 5, "post:9"), ("reaction", "post:9", "b", 6, "post:9")]
    rows += [("domain", "d", "a", 0, "1"), ("domain", "d", "b", 0, "2")]
    rows += [
        ("hashtag", "t", actor, at, f"t{at}") for at, actor in enumerate(("x1", "star", "a", "b", "idol"))
    ]
    rows += [("hashtag", "lovelyarmy", "a", 7, "7"), ("hashtag", "lovelyarmy", "b", 8, "8")]
    schema = ["kind", "object", "actor", "at", "post"]
    write_log(tmp_path, pl.DataFrame(rows, schema=schema, orient="row"))
    pl.DataFrame({"post": ["post:9"], "actor": ["page"]}).write_parquet(tmp_path / "posts-SRC-1.parquet")
    (tmp_path / "layers.json").write_text(
        '{"co_url": {"time_window": 60, "slow": {"time_window": 900}}, "co_reaction": {"time_window": 60},'
        ' "co_hashtag": {"time_window": 60}, "shared_admin": {"edges": 1}}'
    )
    windows = windows_of(tmp_path)
    assert windows == {"url": 900, "reaction": 60, "hashtag": 60}
    named = [
        {"asset": "idol", "name": "I"},
        {"asset": "star", "name": "S. T."},
        {"asset": "page", "name": "Love Ly"},
    ]
    stars = public_assets(pl.DataFrame(named).with_columns(verified=True, confirmed_owner=None, followers=1))
    found = read_shared(tmp_path, pl.Series(["b", "a", "c"]), windows, stars)
    assert found.select("asset", "kind", "crowd", "author", "window").sort(pl.all()).rows() == [
        ("a", "hashtag", 2, "page", 60_000_000),
        ("a", "hashtag", 5, "star", 60_000_000),
        ("a", "reaction", 2, "page", 60_000_000),
        ("a", "url", 11, None, 900_000_000),
        ("b", "hashtag", 2, "page", 60_000_000),
        ("b", "hashtag", 5, "star", 60_000_000),
        ("b", "reaction", 2, "page", 60_000_000),
        ("b", "url", 11, None, 900_000_000),
    ]
    assert found["at"].max() < MOMENT
    assert read_shared(tmp_path / "none", pl.Series(["a"]), windows, stars).is_empty()


def test_who_does_little_else_is_there_for_the_task() -> None:
    shared = acts([(a, thing, i) for thing in range(4) for i, a in enumerate(ACCOUNTS)])
    row = only(mostly_coordinated(with_acts(case(PLAIN, edges=RING), shared)))
    assert (row["known"], row["value"], row["bits"]) == (6, 1.0, 3.0)
    busy = {key: {"posts": 20} for key in ACCOUNTS[:3]}
    row = only(mostly_coordinated(with_acts(case(PLAIN, edges=RING, activity=busy), shared)))
    assert row["value"] == 0.5
    # By chance together, with no edge between them: no habit.
    assert only(mostly_coordinated(with_acts(case(PLAIN), shared)))["value"] == 0.0


def bits(shared: pl.DataFrame, inside: dict[str, dict[str, Any]] | None = None, **more: Any) -> float:
    made = case(PLAIN | (inside or {}), edges=[*RING, *more.pop("edges", ())], **more)
    return float(only(public_moments(with_acts(made, shared)))["bits"])


EVENT = [(a, thing, i) for thing in range(4) for i, a in enumerate(ACCOUNTS)]


@pytest.mark.parametrize(("crowd", "told"), [(200, -CAP), (6 + 24, -CAP), (6 + 23, 0.0), (6, 0.0)])
def test_acting_with_everybody_else_is_no_coordination(crowd: int, told: float) -> None:
    assert bits(acts(EVENT, crowd=crowd)) == told


def test_only_where_nearly_all_of_it_is_public() -> None:
    private = acts([(a, 9 + i, j) for i in range(2) for j, a in enumerate(ACCOUNTS)])
    assert bits(pl.concat([acts(EVENT, crowd=200), private])) == 0.0
    # Known of six members, and not of as many as there are acts: completeness counts members.
    event = only(public_moments(with_acts(case(PLAIN, edges=RING), acts(EVENT, crowd=200))))
    assert (event["known"], event["eligible"]) == (6, 6)
    # Few acts are no habit.
    few = with_acts(case(PLAIN, edges=RING), acts(EVENT[:9], crowd=200))
    assert public_moments(few).is_empty()


def test_who_also_shares_devices_is_cleared_by_no_event() -> None:
    devices = [("a0", "a1", "shared_identifier"), ("a2", "a1", "shared_identifier")]
    assert bits(acts(EVENT, crowd=200), edges=devices) == -CAP / 2
    # Reworded texts, around which no crowd is seen, count like devices; copies do not.
    reworded = [("a0", "a1", "co_similar_text"), ("a2", "a1", "co_similar_text")]
    assert bits(acts(EVENT, crowd=200), edges=reworded) == -CAP / 2
    copied = [(a, b, "co_text") for a, b, _ in reworded]
    assert bits(acts(EVENT, crowd=200), edges=reworded + copied) == -CAP
    # Looking alike is no device.
    assert bits(acts(EVENT, crowd=200), edges=[("a0", "a1", "similar_name")]) == -CAP


def test_fans_of_one_verified_asset_and_farms_with_customers() -> None:
    famous = {"outside": {"verified": True}}
    fans = acts(EVENT, kind="reaction", author="op1")
    assert bits(fans, **famous) == -CAP
    assert bits(fans) == 0.0
    # Two fan clubs that are taken for one have a star each.
    clubs = fans.with_columns(
        author=pl.when(pl.col("asset") < "a3").then(pl.lit("op1")).otherwise(pl.lit("op2"))
    )
    assert bits(clubs, **famous) == -CAP
    hired = fans.with_columns(author=pl.format("op{}", "object"))
    assert bits(hired, **famous) == 0.0
    # Their own star, whom they run, is none.
    own = fans.with_columns(author=pl.lit("p0"))
    assert bits(own, inside={"p0": {"verified": True}}) == 0.0


@pytest.mark.parametrize(("kind", "told"), [("url", -CAP), ("text", 0.0)])
def test_a_link_beside_the_hashtag_of_a_star_is_its_own_but_no_text(kind: str, told: float) -> None:
    praise = acts(EVENT, kind="hashtag", author="op1")
    beside = praise.with_columns(
        kind=pl.lit(kind), object=pl.col("object") + 10, author=pl.lit(None, pl.String)
    )
    assert bits(pl.concat([praise, beside]), outside={"verified": True}) == told


def test_tempo_density_and_conductance_are_told_and_count_nothing() -> None:
    edges = [
        ("a0", "a1", "co_url"),
        ("a1", "a2", "co_text"),
        ("a0", "oa1", "co_url"),
        ("oa2", "oa3", "co_url"),
    ]
    edges += [("oa4", f"oa{i}", "co_url") for i in range(5, 9)]
    made = case({key: {} for key in ACCOUNTS[:3]}, edges=edges)
    shared = acts([("a0", 1, 0), ("a1", 1, 20), ("a2", 1, 30)])
    lines = {row["name"]: row for row in shape(with_acts(made, shared)).iter_rows(named=True)}
    assert list(SHAPE) == list(lines)
    assert lines["tempo"]["value"] == 10.0
    assert lines["density"]["value"] == pytest.approx(2 / 3)
    assert lines["conductance"]["value"] == pytest.approx(1 / 5)
    assert {row["bits"] for row in lines.values()} == {0.0}
    assert "66.7% of the pairs of members coordinate; elsewhere -" in lines["density"]["why"]


def test_the_median_of_other_communities() -> None:
    members = pl.DataFrame({"asset": list("abcdefgh"), "community": [0, 0, 1, 1, 2, 2, 3, 3]})
    shared = acts(
        [
            ("a", 1, 0),
            ("b", 1, 4),
            ("c", 2, 0),
            ("d", 2, 6),
            ("e", 3, 0),
            ("f", 3, 20),
            ("g", 4, 0),
            ("h", 4, 40),
        ]
    )
    edges = [(a, b, "co_url") for a, b in ("ab", "cd", "ef", "gh")]
    made = replace(with_acts(case({}, edges=edges), shared), members=members)
    tempo = shape(made).filter(pl.col("name") == "tempo")
    assert tempo["value"].to_list() == [4.0, 6.0, 20.0, 40.0]
    assert tempo["background"].to_list() == [20.0, 20.0, 6.0, 6.0]
