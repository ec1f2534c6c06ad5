"""`analytics.coordinate` on tables: exact where CooRTweet and CNT are, plain about what it cannot use."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import networkx as nx
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import analytics
from analytics.layers.log import open_database
from analytics.layers.threshold import weight_threshold
from cypher.errors import CibError, UsageError
from tests.layers.coortweet_oracle import co_retweet, detect_groups
from tests.layers.made_actions import Action, shared_data

COLUMNS = ["source", "target", "layer", "weight", "avg_time_delta", "first_at", "last_at", "above_threshold"]


def shares() -> pl.DataFrame:
    return pl.read_csv(shared_data("coortweet/russian_coord_tweets.csv.gz"))


def table(actions: list[Action]) -> pl.DataFrame:
    schema = {"object": pl.String, "actor": pl.String, "at": pl.Int64, "post": pl.String}
    return pl.DataFrame(actions, schema=schema, orient="row")


def in_order(frame: pl.DataFrame, one: str, other: str) -> pl.DataFrame:
    return frame.with_columns(source=pl.min_horizontal(one, other), target=pl.max_horizontal(one, other))


@pytest.mark.parametrize(
    ("window", "least", "loops", "name"),
    [(60, 2, False, "ru_tw60_mp2"), (10, 5, True, "ru_tw10_mp5_loops")],
)
def test_edges_are_those_of_coortweet(window: int, least: int, loops: bool, name: str) -> None:
    reference = in_order(pl.read_csv(shared_data(f"coortweet/reference_{name}_edges.csv.gz")), "from", "to")
    found = analytics.coordinate(
        shares(),
        time_window=window,
        min_participation=least,
        remove_loops=not loops,
        edge_weight=0.5,
        null="none",
    )
    assert found.columns == COLUMNS
    both = found.join(reference, on=["source", "target"], how="full", suffix="_theirs")
    assert both.height == found.height == reference.height
    assert both["weight"].equals(both["weight_theirs"], check_names=False)
    assert (both["avg_time_delta"] - both["avg_time_delta_theirs"]).abs().max() < 1e-9  # type: ignore[operator]
    assert both["above_threshold"].cast(pl.Int64).equals(both["weight_threshold"], check_names=False)
    ours, theirs = (
        {frozenset(part) for part in nx.connected_components(nx.Graph(edges))}
        for edges in (found.select("source", "target").rows(), reference.select("from", "to").rows())
    )
    assert ours == theirs


@pytest.mark.parametrize(
    ("window", "least", "loops", "name"),
    [(60, 2, False, "ru_tw60_mp2"), (10, 5, True, "ru_tw10_mp5_loops")],
)
def test_pairs_are_those_of_coortweet(window: int, least: int, loops: bool, name: str) -> None:
    reference = pl.read_csv(shared_data(f"coortweet/reference_{name}_detect_groups.csv.gz"))
    found = analytics.co_actions(
        shares(), time_window=window, min_participation=least, remove_loops=not loops
    )
    posts = in_order(found.drop("source", "target"), "source_post", "target_post")
    theirs = in_order(reference, "content_id", "content_id_y").rename({"object_id": "object"})
    columns = ["object", "source", "target", "time_delta"]
    assert_frame_equal(
        posts.select(columns), theirs.select(columns), check_row_order=False, check_dtypes=False
    )


def tweets() -> pl.DataFrame:
    """What the Internet Research Agency tweeted more than once, words as objects."""
    read = pl.read_csv(shared_data("ira_tweets/tweets.csv.gz"), infer_schema=False).with_row_index("post")
    return (
        read.filter(pl.col("content").is_duplicated())
        .select(
            object_id="content",
            account_id="author_id",
            content_id=pl.col("post").cast(pl.String),
            timestamp_share=pl.col("publish_date").str.to_datetime().dt.epoch("s"),
        )
        .drop_nulls()
    )


@pytest.mark.parametrize(
    ("read", "window", "least", "loops", "pairs"),
    [(shares, 300, 4, False, 10_000), (shares, 0, 1, True, 30), (tweets, 86_400, 3, True, 1_000)],
)
def test_other_files_and_parameters_give_the_pairs_of_the_definition(
    read: Callable[[], pl.DataFrame], window: int, least: int, loops: bool, pairs: int
) -> None:
    given = read()
    names = ("object_id", "account_id", "timestamp_share", "content_id")
    expected = detect_groups(given.select(names).iter_rows(), window, least, loops=loops)
    found = analytics.co_actions(
        given, time_window=window, min_participation=least, remove_loops=not loops
    ).select(
        "object",
        pl.min_horizontal("source_post", "target_post"),
        pl.max_horizontal("source_post", "target_post").alias("other"),
    )
    assert Counter(found.iter_rows()) == expected
    assert len(expected) > pairs


def test_edges_are_those_of_coortweet_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(Path(__file__).parents[2])
    from bench.coortweet import EDGES, run_coortweet

    # Line breaks and quotes in the words are another matter. CooRTweet takes its time: a tenth of them.
    words = pl.format("o{}", pl.col("object_id").rank("dense"))
    numbered = tweets().with_columns(object_id=words, content_id=pl.format("p{}", "content_id"))
    given = numbered.filter(pl.col("object_id").str.ends_with("7"))
    if run_coortweet(given, tmp_path, window=86_400, least=3, edge_weight=0.75) is None:
        pytest.skip("needs R with CooRTweet (see bench/coortweet.py)")
    theirs = in_order(pl.read_csv(tmp_path / EDGES, infer_schema_length=None), "from", "to").sort(
        "source", "target"
    )
    found = analytics.coordinate(
        given, time_window=86_400, min_participation=3, edge_weight=0.75, null="none"
    ).sort("source", "target")
    for column in ("source", "target", "weight"):
        assert found[column].to_list() == theirs[column].to_list()
    assert found["above_threshold"].cast(pl.Int64).to_list() == theirs["weight_threshold"].to_list()
    assert (found["avg_time_delta"] - theirs["avg_time_delta"]).abs().max() < 1e-9  # type: ignore[operator]
    assert found.height > 100


_LOG = st.lists(st.tuples(st.sampled_from("XYZ"), st.sampled_from("abcd"), st.integers(0, 90)), max_size=30)


@settings(max_examples=20, deadline=None)
@given(_LOG, st.integers(0, 20), st.integers(1, 4), st.booleans(), st.floats(0, 1))
def test_edges_are_those_of_brute_force(
    acted: list[tuple[str, str, int]], window: int, least: int, loops: bool, share: float
) -> None:
    actions = [(o, a, t + 1_500_000_000, f"p{n}") for n, (o, a, t) in enumerate(acted)]
    author, at = {p: a for _, a, _, p in actions}, {p: t for _, _, t, p in actions}
    deltas: dict[tuple[str, str], list[int]] = defaultdict(list)
    for (_, x, y), count in detect_groups(actions, window, least, loops=loops).items():
        ends = sorted((author[x], author[y]))
        deltas[ends[0], ends[1]] += [abs(at[x] - at[y])] * count
    weights = [len(found) for found in deltas.values()]
    limit = np.quantile(weights, share) if weights else 0.0
    found = analytics.coordinate(
        table(actions),
        time_window=window,
        min_participation=least,
        edge_weight=share,
        remove_loops=not loops,
        null="none",
    )
    got = {(s, t): (w, d) for s, t, w, d in found.select(COLUMNS[:2] + COLUMNS[3:5]).rows()}
    assert got == {ends: (len(d), sum(d) / len(d)) for ends, d in deltas.items()}
    for _, _, weight, above in found.select("source", "target", "weight", "above_threshold").rows():
        assert above == (weight > limit) or weight == pytest.approx(limit)


@settings(max_examples=20, deadline=None)
@given(_LOG, st.integers(0, 20))
def test_pairs_and_directed_weights_are_those_of_cnt(acted: list[tuple[str, str, int]], window: int) -> None:
    actions = [(o, a, t, f"p{n}") for n, (o, a, t) in enumerate(acted)]
    found = analytics.co_actions(table(actions), time_window=window, min_participation=1, remove_loops=False)
    messages: dict[tuple[str, str], set[str]] = defaultdict(set)
    for source, target, one, other in found.select("source", "target", "source_post", "target_post").rows():
        messages[source, target].add(one)
        messages[target, source].add(other)
    assert {ends: len(posts) for ends, posts in messages.items()} == co_retweet(actions, window)


def test_pairs_and_directed_weights_are_those_of_cnt_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(Path(__file__).parents[2])
    from bench.cnt import cnt_edges, run_cnt

    # CNT knows a message by its id and passes over further rows of it.
    given = shares().unique("content_id", keep="first", maintain_order=True)
    if run_cnt(given, tmp_path) is None:
        pytest.skip("needs the coordination-network-toolkit (CIB_PEER_PYTHON, see bench/cnt.py)")
    found = analytics.co_actions(given, min_participation=1)
    both = pl.concat(
        [
            found.select("source", "target", post="source_post"),
            found.select(source="target", target="source", post="target_post"),
        ]
    )
    ours = both.group_by("source", "target").agg(pl.col("post").n_unique())
    # Its release 1.5.2 lets a message match itself, so that every account has an edge to itself.
    theirs = {(s, t): n for s, t, n in cnt_edges(tmp_path) if s != t}
    assert {(s, t): n for s, t, n in ours.rows()} == theirs
    assert len(theirs) > 5000


def test_tables_of_every_kind_give_the_same_and_their_own_kind() -> None:
    given = table([("x", "b", 10, "1"), ("x", "a", 70, "2"), ("y", "a", 5, "3"), ("y", "b", 6, "4")])
    frame = analytics.coordinate(given)
    assert isinstance(frame, pl.DataFrame)
    assert frame.columns == [*COLUMNS, "expected", "p_value", "q_value"]
    assert frame.rows()[0][:5] == ("a", "b", "co_action", 2, 30.5)
    arrow = analytics.coordinate(given.to_arrow())
    pandas = analytics.coordinate(given.to_pandas(), layer="co_url")
    assert pl.DataFrame(arrow).equals(frame)
    assert isinstance(pandas, pd.DataFrame)
    assert pandas["layer"].to_list() == ["co_url"]
    assert analytics.coordinate(given.lazy()).equals(frame)


@pytest.mark.parametrize(
    "times",
    [
        pl.Series([1_600_000_000, 1_600_000_060]),
        pl.Series([1_600_000_000.25, 1_600_000_060.25]),
        pl.Series(["1600000000", "1600000060"]),
        pl.Series(["2020-09-13T12:26:40Z", "2020-09-13T14:27:40+02:00"]),
        pl.Series(["2020-09-13 12:26:40", "2020-09-13 12:27:40"]),
        pl.from_epoch(pl.Series([1_600_000_000, 1_600_000_060])),
        pl.from_epoch(pl.Series([1_600_000_000, 1_600_000_060])).dt.cast_time_unit("ns"),
        pl.from_epoch(pl.Series([1_600_000_000, 1_600_000_060])).dt.convert_time_zone("Asia/Tokyo"),
    ],
)
def test_times_are_read_however_they_are_written(times: pl.Series) -> None:
    given = pl.DataFrame({"object": ["x", "x"], "actor": [1, 2], "at": times, "post": ["p", "q"]})
    found = analytics.coordinate(given, min_participation=1, null="none")
    assert found.select("source", "target", "weight", "avg_time_delta").rows() == [("1", "2", 1, 60.0)]
    assert found["first_at"].dt.epoch("s").to_list() == [1_600_000_000]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"actor": [1.0, 2.0]}, "actor is DOUBLE"),
        ({"at": ["yesterday", "5"]}, "1 row has no at"),
        ({"object": [None, "x"]}, "1 row has no object"),
        ({"post": None}, "no actions in a table with the columns"),
        ({"at": [True, False]}, "is BOOLEAN, not a time"),
    ],
)
def test_tables_that_cannot_be_used_are_refused(change: dict[str, Any], said: str) -> None:
    columns: dict[str, Any] = {"object": ["x", "x"], "actor": ["a", "b"], "at": [1, 2], "post": ["p", "q"]}
    columns |= change
    given = pl.DataFrame({name: values for name, values in columns.items() if values is not None})
    with pytest.raises(UsageError, match=said):
        analytics.coordinate(given)


@pytest.mark.parametrize("wrong", [{"time_window": -1}, {"min_participation": 0}, {"edge_weight": 1.5}])
def test_settings_without_meaning_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="has no meaning"):
        analytics.coordinate(table([]), **wrong)


def test_reactions_meet_though_their_posts_are_their_objects() -> None:
    rows = [("reaction", f"post:{n}", who, 100 * n, f"post:{n}") for who in "ab" for n in range(3)]
    given = pl.DataFrame(rows, schema=["kind", "object", "actor", "at", "post"], orient="row")
    found = analytics.coordinate(given, min_participation=3)
    assert found.select("source", "target", "layer", "weight").rows() == [("a", "b", "co_reaction", 3)]
    assert analytics.coordinate(given, min_participation=4).is_empty()


def test_hot_objects_are_left_out_only_where_they_are_too_many_together() -> None:
    given = table(
        [("hot", f"a{n:03}", n % 7, f"p{n}") for n in range(100)] + [("x", "a", 1, "q"), ("x", "b", 1, "r")]
    )
    how: dict[str, Any] = {"min_participation": 1, "null": "none", "max_co_actions": 1000}
    assert analytics.coordinate(given, **how)["weight"].sum() == 4951
    assert analytics.coordinate(given, **how, hot_budget=4949).select("source", "target").rows() == [
        ("a", "b")
    ]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(1, 30), min_size=1, max_size=40), st.floats(0, 1))
def test_the_threshold_is_the_quantile_that_numpy_gives(weights: list[int], share: float) -> None:
    pairs = {"weight": np.array(weights)}
    with duckdb.connect() as database:
        database.register("pairs", pairs)
        assert weight_threshold(database, share) == pytest.approx(np.quantile(weights, share))


def rows_of(kind: str, *rows: tuple[str, str, int, str]) -> pl.DataFrame:
    return table(list(rows)).select(pl.lit(kind).alias("kind"), pl.all())


def test_derived_layers_take_posts_with_the_same_tags_and_reposts_soon_after_the_original() -> None:
    tags = [(tag, who, 10, f"p{who}") for who in "ab" for tag in ("z", "y", "x")]
    few = [(tag, who, 10, f"f{who}") for who in "cd" for tag in ("z", "y")]
    given = rows_of("hashtag", *tags, *few)  # type: ignore[arg-type]
    how: dict[str, Any] = {"min_participation": 1, "null": "none"}
    assert analytics.co_actions(given, layer="co_hashtag_set", min_participation=1)["object"].to_list() == [
        "x y z"
    ]
    assert "co_hashtag_set" not in analytics.coordinate(given, **how)["layer"]
    reposts = pl.concat(
        [
            rows_of("text", ("words", "author", 100, "original")),
            rows_of(
                "repost",
                *(("original", who, at, f"r{who}") for who, at in (("a", 101), ("b", 110), ("c", 111))),
            ),
        ]
    )
    fast = analytics.coordinate(reposts, layer="co_fast_repost", time_window=10, **how)
    assert fast.select("source", "target").rows() == [("a", "b")]
    assert analytics.coordinate(reposts, layer="co_repost", time_window=10, **how).height == 3


def test_the_estimated_window_is_that_of_coornet() -> None:
    # Second shares after 4, 10 and 90 s; the quickest half are the first two, which pass half of their shares
    # with the third of four (30 s) and the second of two (10 s).
    at = {"quick": [0, 4, 30, 400], "pair": [5, 15], "slow": [0, 90, 91], "once": [7]}
    given = table([(o, f"a{n}", t, f"{o}{n}") for o, times in at.items() for n, t in enumerate(times)])
    assert analytics.estimate_window(given, quickest=0.5, reached=0.5) == 20.0
    assert analytics.estimate_window(given, quickest=0, reached=0.5) == 30.0
    assert analytics.estimate_window(table([("x", "a", 1, "1"), ("x", "b", 1, "2")])) == 1.0
    with pytest.raises(UsageError, match="no window can be estimated"):
        analytics.estimate_window(table([("x", "a", 1, "1")]))


@pytest.mark.parametrize(
    ("memory", "kind", "said"),
    [("much", UsageError, "CIB_MEMORY=much"), ("1MB", CibError, "the 1MB of memory")],
)
def test_too_little_memory_is_said_with_how_to_give_more(
    monkeypatch: pytest.MonkeyPatch, memory: str, kind: type[CibError], said: str
) -> None:
    monkeypatch.setenv("CIB_MEMORY", memory)
    rows = {"object": ["o"] * 50_000, "actor": [f"a{n}" for n in range(50_000)], "at": range(50_000)}
    with pytest.raises(kind, match=said) as told:
        analytics.coordinate(pl.DataFrame(rows | {"post": rows["actor"]}, strict=False))
    assert type(told.value) is kind
    assert "GB" in told.value.hint


def test_a_full_disk_of_temporary_files_is_said() -> None:
    def fill() -> None:
        with open_database() as database:
            database.execute("SET memory_limit = '20MB'; SET max_temp_directory_size = '1MB'")
            database.execute("CREATE TABLE many AS SELECT range, hash(range) FROM range(3_000_000)")

    with pytest.raises(CibError, match="the disk of temporary files is full") as told:
        fill()
    assert "TMPDIR" in told.value.hint
