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
from scipy import stats

from analytics.layers.actions import co_actions
from analytics.layers.temporal import temporal_edges
from analytics.settings import DetectSettings
from tests.layers.made_actions import Action, coortweet_log, log_of, shared_data

SECOND = 1_000_000


def pairs_found(
    folder: Path, window: int, how: DetectSettings, kind: str = "url"
) -> Counter[tuple[str, ...]]:
    """Return how often each (object, post, post) co-acts, the two posts in order."""
    with co_actions(folder, kind, window, how) as database:
        rows = database.execute(
            "SELECT o.name, least(x.post, y.post), greatest(x.post, y.post) FROM co_actions JOIN objects o"
            " USING (object) JOIN actions x ON x.id = source_id JOIN actions y ON y.id = target_id"
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
    st.tuples(st.sampled_from("XYZ"), st.sampled_from("abcd"), st.integers(-30, 60)), max_size=25
)


@settings(max_examples=25, deadline=None)
@given(_ACTIONS, st.integers(0, 15), st.integers(1, 4), st.booleans())
def test_co_actions_are_those_of_brute_force(
    acted: list[tuple[str, str, int]], window: int, least: int, loops: bool
) -> None:
    actions = [(o, a, t, f"p{n}") for n, (o, a, t) in enumerate(acted)]
    count = Counter(a for _, a, _, _ in actions)
    able = [action for action in actions if count[action[1]] >= least]
    met = [
        (x, y)
        for x, y in combinations(able, 2)
        if x[0] == y[0] and abs(x[2] - y[2]) <= window and (loops or x[1] != y[1])
    ]
    part = Counter(actor for actor, _ in {(end[1], end[3]) for pair in met for end in pair})
    expected = Counter(
        (x[0], *sorted((x[3], y[3]))) for x, y in met if part[x[1]] >= least or part[y[1]] >= least
    )
    with TemporaryDirectory() as folder:
        log_of(Path(folder), actions)
        how = DetectSettings(min_participation=least, remove_loops=not loops)
        assert pairs_found(Path(folder), window, how) == expected


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
    first = found.evidence.row(0, named=True)
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
