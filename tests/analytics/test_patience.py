"""The patient look: who does the same things hours apart is a candidate, and changes nothing for others."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from analytics import patience
from analytics.coacting import windows_of
from analytics.detection import detect
from analytics.layers.edges import EDGE_SCHEMA
from analytics.pairs import pair_of
from analytics.patience import inside
from analytics.ranking import rank
from analytics.settings import DetectSettings, RankSettings
from cypher.session import Graph
from tests.layers.made_actions import Action, log_of

FARM = [f"facebook:account:farm{i}" for i in range(12)]
CREW = [f"facebook:account:crew{i}" for i in range(6)]
OTHERS = [f"facebook:account:o{i}" for i in range(400)]
USUAL = DetectSettings(patient_windows={})


def reactions(draw: random.Random) -> list[Action]:
    """Others react when they like, a farm within an hour, a crew within seconds."""
    month = 30 * 86_400
    said = [(f"post{draw.randrange(300)}", who, draw.randrange(month)) for who in OTHERS for _ in range(8)]
    for number in range(12):
        at = draw.randrange(month)
        said += [(f"bought{number}", who, at + draw.randrange(3300)) for who in FARM if draw.random() < 0.8]
        said += [(f"praised{number}", who, at + draw.randrange(20)) for who in CREW]
    return [(thing, who, at, thing) for thing, who, at in said]


@pytest.fixture
def world(graph: Graph, tmp_path: Path) -> tuple[Graph, Path]:
    """A farm whose accounts were made in one week, with three pictures between them, among others."""
    draw, start = random.Random(4), datetime(2018, 1, 1, tzinfo=UTC)
    rows = [
        {"key": key, "at": start + timedelta(days=3 * i), "picture": f"{draw.getrandbits(64):016x}"}
        for i, key in enumerate(OTHERS)
    ]
    rows += [
        {"key": key, "at": start + timedelta(days=150 * i), "picture": f"{draw.getrandbits(64):016x}"}
        for i, key in enumerate(CREW)
    ]
    rows += [
        {"key": key, "at": start + timedelta(days=700, hours=11 * i), "picture": f"{i % 3:x}" * 16}
        for i, key in enumerate(FARM)
    ]
    graph.driver.execute_query(
        "UNWIND $rows AS row CREATE (:Asset:Account {key: row.key, platform: 'facebook', kind: 'account',"
        " id: split(row.key, ':')[2], created_at: row.at, profile_image_hash: row.picture})",
        rows=rows,
    )
    return graph, log_of(tmp_path / "actions", reactions(draw), "reaction")


def found(world: tuple[Graph, Path], layers: Path, how: DetectSettings) -> pl.DataFrame:
    detect(world[0], actions_dir=world[1], layers_dir=layers, settings=how, run="RUN-1")
    return pl.read_parquet(layers / "communities.parquet")


def in_graph(graph: Graph) -> int:
    (row,) = graph.driver.execute_query(
        "MATCH ()-[edge:COORDINATED]->() WHERE edge.patient RETURN count(edge)"
    ).records
    return int(row[0])


def test_a_farm_that_takes_its_time_is_found_whole(world: tuple[Graph, Path], tmp_path: Path) -> None:
    graph, actions = world
    layers = tmp_path / "layers"
    without = found(world, tmp_path / "without", USUAL)
    candidates = found(world, layers, DetectSettings())
    # What the usual look shows stays as it was.
    usual = candidates.filter(~pl.col("patient"))
    assert usual.equals(without)
    assert {"facebook:account:crew0"} == {*CREW[:1]} & set(usual["asset"])
    assert not {*FARM} & set(usual["asset"])
    patient = candidates.filter("patient").group_by("community").agg(pl.col("asset").sort())
    assert sorted(FARM) in patient["asset"].to_list()
    edges = pl.read_parquet(layers / "edges.parquet")
    farmed = edges.filter("patient")
    assert set(farmed["layer"]) == {"co_reaction"}
    assert {*farmed["source"], *farmed["target"]} == {*FARM}
    assert (
        edges.filter(~pl.col("patient"))
        .drop("patient")
        .equals(pl.read_parquet(tmp_path / "without" / "edges.parquet").drop("patient"))
    )
    assert (windows_of(layers)["reaction"], windows_of(layers, patient=True)["reaction"]) == (60, 3600)
    # Edges say why, and with which posts.
    told = pair_of(layers, farmed["source"][0], farmed["target"][0])
    assert told["edges"][0]["evidence"]

    settings = RankSettings()
    assert in_graph(graph) == 0
    report = rank(graph, actions_dir=actions, layers_dir=layers, settings=settings, run="RUN-1")
    assert report.alerts["assets"].to_list() == [len(FARM)]
    assert report.alerts["layers"].to_list() == [["co_reaction"]]
    assert in_graph(graph) == farmed.height
    # Other candidates leave evidence as well; that of pairs without an edge is none. What all react to was
    # published by others.
    path = layers / "evidence.parquet"
    strange = pl.read_parquet(path).with_columns(
        layer=pl.lit("co_reply"), source_ref=pl.lit("x:post:1"), target_ref=pl.lit("x:post:1")
    )
    pl.read_parquet(path).vstack(strange).write_parquet(path)
    again = rank(graph, actions_dir=actions, layers_dir=layers, settings=settings, run="RUN-2")
    posts = graph.driver.execute_query("MATCH (post:Post) RETURN count(post)").records[0][0]
    assert posts == 0
    assert again.alerts["operation_id"].equals(report.alerts["operation_id"])
    assert in_graph(graph) == farmed.height


def test_of_too_many_edges_the_layers_with_most_are_left_out(
    world: tuple[Graph, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "MOST_EDGES", 10)
    candidates = found(world, tmp_path / "layers", DetectSettings())
    assert not candidates["patient"].any()
    assert candidates.height
    told = json.loads((tmp_path / "layers" / "layers.json").read_text())["co_reaction"]["patient"]
    assert told["edges"] == 0
    assert told["edges_left_out"] > 10


def test_ties_are_inside_where_both_ends_are_members_of_one_community() -> None:
    members = pl.DataFrame({"asset": ["a", "b", "b", "c"], "community": [0, 0, 1, 1]})
    ties = pl.DataFrame({"source": ["a", "a", "b"], "target": ["b", "c", "c"], "layer": ["x", "x", "y"]})
    assert inside(ties, members).rows() == [("a", "b", "x"), ("b", "c", "y")]
    assert inside(pl.DataFrame(schema=EDGE_SCHEMA), members).is_empty()
