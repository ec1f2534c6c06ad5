from __future__ import annotations

import random
from collections import Counter
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from scipy import stats

from analytics.layers.actions import Rule, find_co_actions, find_posts
from analytics.layers.chance import find_chances
from analytics.layers.log import log_of_folder, log_of_layer, open_database
from analytics.layers.statistics import benjamini_hochberg
from analytics.layers.temporal import addressed, temporal_edges
from analytics.settings import DetectSettings
from tests.layers.coortweet_oracle import detect_groups
from tests.layers.made_actions import Action, coortweet_log, log_of, shared_data

SECOND = 1_000_000


def pairs_found(
    folder: Path, window: int, how: DetectSettings, kind: str = "url"
) -> Counter[tuple[str, ...]]:
    """Return how often each (object, post, post) co-acts, the two posts in order."""
    rule = Rule(window, how.min_participation, how.remove_loops, how.max_co_actions)
    with open_database() as database:
        log_of_folder(database, folder)
        log_of_layer(database, f"co_{kind}", window)
        find_co_actions(database, rule)
        find_posts(database, "SELECT id FROM actions")
        rows = database.execute(
            "SELECT names.name, least(p.post, q.post), greatest(p.post, q.post)"
            " FROM co_actions JOIN names ON names.rowid = object"
            " JOIN posts p ON p.id = source_id JOIN posts q ON q.id = target_id"
        ).fetchall()
    return Counter(rows)


def operation(members: int, objects: int) -> list[Action]:
    return [
        (f"o{o}", f"op{m}", 10_000 * o + m, f"op-{o}-{m}") for o in range(objects) for m in range(members)
    ]


def background(seed: int, assets: int = 200, objects: int = 100, actions: int = 1500) -> list[Action]:
    draw = random.Random(seed)
    return [
        (f"b{int(draw.paretovariate(1.0)) % objects}", f"a{int(draw.paretovariate(0.8)) % assets}",
         draw.randrange(1_500_000), f"p{n}")
        for n in range(actions)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("window", "least", "loops", "name"),
    [(60, 2, False, "ru_tw60_mp2"), (10, 5, True, "ru_tw10_mp5_loops")],
)
def test_co_actions_are_those_of_coortweet(
    tmp_path: Path, window: int, least: int, loops: bool, name: str
) -> None:
    reference = pl.read_csv(shared_data(f"coortweet/reference_{name}_detect_groups.csv.gz"))
    folder = coortweet_log(tmp_path)
    how = DetectSettings(min_participation=least, remove_loops=not loops)
    expected = Counter(
        (o, min(x, y), max(x, y))
        for o, x, y in reference.select("object_id", "content_id", "content_id_y").iter_rows()
    )
    assert pairs_found(folder, window, how, "repost") == expected


_ACTIONS = st.lists(
    st.tuples(
        st.sampled_from("XYZp"), st.sampled_from("abcd"), st.integers(-30, 60), st.sampled_from("pqrstuvw")
    ),
    max_size=25,
)


@settings(max_examples=30, deadline=None)
@given(_ACTIONS, st.integers(0, 15), st.integers(1, 4), st.booleans(), st.booleans())
def test_co_actions_are_those_of_brute_force(
    acted: list[Action], window: int, least: int, loops: bool, posts_of_their_own: bool
) -> None:
    # Contents of their own, as they should be; or such that share objects, repeat, and have several authors.
    actions = [(o, a, t, f"p{n}" if posts_of_their_own else p) for n, (o, a, t, p) in enumerate(acted)]
    with TemporaryDirectory() as folder:
        log_of(Path(folder), actions)
        how = DetectSettings(min_participation=least, remove_loops=not loops)
        assert pairs_found(Path(folder), window, how) == detect_groups(actions, window, least, loops=loops)


def test_the_chances_of_few_pairs_at_a_time_are_those_of_all_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions = coortweet_log(tmp_path)

    def tested() -> tuple[pl.DataFrame, int]:
        with open_database() as database:
            log_of_folder(database, actions)
            log_of_layer(database, "co_repost", 600)
            find_co_actions(database, Rule(window=600))
            testable = find_chances(database, 600)
            return database.sql("FROM tested ORDER BY source, target").pl(), testable

    whole, testable = tested()
    q_value = benjamini_hochberg(whole["p_value"].to_numpy(), testable)
    assert whole["q_value"].to_list() == q_value.tolist()
    assert 100 < (q_value < 1).sum() < q_value.size
    monkeypatch.setattr("analytics.layers.answers.BATCH", 2048)
    monkeypatch.setattr("analytics.layers.chance._OBJECTS", 1000)
    assert_frame_equal(tested()[0], whole, check_exact=True)


@pytest.mark.parametrize(("later", "pairs"), [(119, 1), (120, 0)])
def test_the_window_is_inclusive_and_straddles_bins(tmp_path: Path, later: int, pairs: int) -> None:
    log_of(tmp_path, [("x", "a", 59, "1"), ("x", "b", later, "2")])
    assert pairs_found(tmp_path, 60, DetectSettings(min_participation=1)).total() == pairs


def test_a_post_loaded_from_two_sources_counts_once(tmp_path: Path) -> None:
    log_of(tmp_path, operation(3, 2))
    once = pairs_found(tmp_path, 60, DetectSettings())
    (tmp_path / "actions-SRC-000000000002.parquet").write_bytes(
        (tmp_path / "actions-SRC-000000000001.parquet").read_bytes()
    )
    assert pairs_found(tmp_path, 60, DetectSettings()) == once
    assert once.total() == 6


def test_an_operation_stands_out_of_its_background_and_shows_its_evidence(tmp_path: Path) -> None:
    log_of(tmp_path, operation(10, 8) + background(1))
    pl.DataFrame({"post": ["op-0-0"], "url": ["https://example.org/0"]}).write_parquet(
        tmp_path / "posts-SRC-000000000001.parquet"
    )
    found = temporal_edges(tmp_path, DetectSettings(evidence_per_edge=3), "co_url")
    planted = {(f"op{a}", f"op{b}") for a, b in combinations(range(10), 2)}
    assert set(found.edges.select("source", "target").iter_rows()) == planted
    assert found.edges["objects"].to_list() == [8] * 45
    assert found.evidence.group_by("source", "target").len()["len"].to_list() == [3] * 45
    first = addressed(found.evidence, tmp_path).row(0, named=True)
    assert (first["object"], first["source_ref"], first["target_ref"]) == (
        "o0", "https://example.org/0", "op-0-1",
    )  # fmt: skip


def test_times_shuffled_within_objects_give_edges_no_more_often_than_promised(tmp_path: Path) -> None:
    runs, with_edges = 20, 0
    for seed in range(runs):
        rows = background(seed)
        order = np.random.default_rng(seed)
        frame = pl.DataFrame(rows, schema=["object", "actor", "at", "post"], orient="row")
        shuffled = frame.group_by("object", maintain_order=True).map_groups(
            lambda one, order=order: one.with_columns(at=pl.Series(order.permutation(one["at"].to_numpy())))
        )
        folder = log_of(tmp_path / str(seed), shuffled.rows())
        with_edges += temporal_edges(folder, DetectSettings(time_window=3600), "co_url").edges.height > 0
    assert with_edges <= stats.binom.ppf(0.99, runs, 0.05)


def test_a_viral_object_costs_no_join_and_makes_no_edge(tmp_path: Path) -> None:
    viral = [("viral", f"v{n}", n % 3600, f"v{n}") for n in range(100_000)]
    again = [("viral2", f"v{n}", 9_000 + n % 3600, f"w{n}") for n in range(100_000)]
    log_of(tmp_path, viral + again + operation(5, 6))
    found = temporal_edges(tmp_path, DetectSettings(), "co_url")
    assert found.stats["hot_objects"] == 2
    assert found.stats["hot_actions"] == 200_000
    assert found.stats["co_actions"] == 6 * 10
    assert found.edges.height == 10


def test_edges_are_the_same_with_and_without_the_rule_for_hot_objects(tmp_path: Path) -> None:
    viral = [(f"viral{v}", f"a{n}", 50_000 * v + n % 40, f"v{v}-{n}") for v in range(2) for n in range(150)]
    log_of(tmp_path, operation(6, 6) + background(3) + viral)
    in_full = temporal_edges(tmp_path, DetectSettings(), "co_url")
    left_out = temporal_edges(tmp_path, DetectSettings(max_co_actions=1000), "co_url")
    assert (in_full.stats["hot_objects"], left_out.stats["hot_objects"]) == (0, 2)
    ends = [found.edges.select("source", "target").rows() for found in (in_full, left_out)]
    assert ends[0] == ends[1]
    assert len(ends[0]) == 15


def test_the_same_log_gives_the_same_bytes(tmp_path: Path) -> None:
    log_of(tmp_path, operation(10, 8) + background(2))
    one, two = (temporal_edges(tmp_path, DetectSettings(fdr=0.5), "co_url") for _ in range(2))
    assert one.edges.write_csv(float_precision=17) == two.edges.write_csv(float_precision=17)
    assert one.evidence.equals(two.evidence)


def test_nothing_in_the_log_gives_an_empty_layer(tmp_path: Path) -> None:
    found = temporal_edges(tmp_path, DetectSettings(edge_weight=0.5), "co_text")
    assert found.edges.is_empty()
    assert found.evidence.is_empty()
    assert found.stats["testable_pairs"] == 0
