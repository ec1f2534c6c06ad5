"""Detection and ranking of a real coordinated network, on a real server."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import polars as pl
import pytest

from analytics.communities import find_communities
from analytics.detection import detect
from analytics.ranking import rank
from analytics.settings import DetectSettings, RankSettings
from cypher.errors import ServerError, UsageError
from cypher.library import query as find_query
from cypher.session import Graph
from tests.layers.made_actions import coortweet_log, shared_data

#: CooRTweet's own rule: no test against chance, one object is enough.
AS_COORTWEET = DetectSettings(fdr=1.0, min_objects=1, windows={}, slow_windows={}, patient_windows={})


def reference_components() -> dict[str, int]:
    edges = pl.read_csv(shared_data("coortweet/reference_ru_tw60_mp2_edges.csv.gz"))
    graph = nx.Graph(edges.select("from", "to").iter_rows())
    return {node: i for i, nodes in enumerate(nx.connected_components(graph)) for node in nodes}


def test_members_come_from_the_components_of_coortweet(
    graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    component = reference_components()
    log, layers = coortweet_log(tmp_path / "actions"), tmp_path / "layers"
    actors = pl.read_parquet(next(log.glob("actions-*.parquet")))["actor"].unique()
    graph.driver.execute_query(
        "UNWIND $keys AS key CREATE (:Asset:Account {key: key, platform: 'x', kind: 'account', id: key})",
        keys=actors.to_list(),
    )
    report = detect(graph, actions_dir=log, layers_dir=layers, settings=AS_COORTWEET, run="RUN-1")
    assert report.edges == 3721
    members = pl.read_parquet(layers / "communities.parquet")
    of = members.with_columns(component=pl.col("asset").replace_strict(component, return_dtype=pl.Int64))
    assert (of.group_by("community").agg(pl.col("component").n_unique())["component"] == 1).all()
    assert members.height > 1000
    again = detect(graph, actions_dir=log, layers_dir=layers, settings=AS_COORTWEET, run="RUN-2")
    assert again == report
    assert pl.read_parquet(layers / "communities.parquet").equals(members)
    counted = graph.driver.execute_query(
        "MATCH ()-[c:COORDINATED]->() RETURN count(c), collect(DISTINCT c.run)"
    )
    assert list(counted.records[0]) == [3721, ["RUN-2"]]

    ranked = rank(graph, actions_dir=log, layers_dir=layers, settings=RankSettings(), run="RUN-2")
    # Coordination alone is no operation: nothing here reaches the analyst.
    assert ranked.alerts.is_empty()
    assert ranked.looked_at == report.communities
    once_more = rank(graph, actions_dir=log, layers_dir=layers, settings=RankSettings(), run="RUN-3")
    assert once_more.operations["operation_id"].to_list() == ranked.operations["operation_id"].to_list()
    assert set(once_more.operations["status"]) == {"unchanged"}

    # A graph that is too large is refused before anything is projected.
    monkeypatch.setattr("cypher.gds.MAX_HEAP_SHARE", 1e-6)
    monkeypatch.setitem(vars(find_query("operations/project")), "text", "RETURN nothing")
    with pytest.raises(ServerError, match=r"3,721 edges and ties needs .* MiB") as caught:
        find_communities(graph, AS_COORTWEET, "RUN-4")
    assert "local.conf" in caught.value.hint


def test_ranking_without_a_detection_says_what_to_do(graph: Graph, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no detection") as caught:
        rank(graph, actions_dir=tmp_path, layers_dir=tmp_path, settings=RankSettings(), run="RUN-1")
    assert "cib detect" in caught.value.hint


def test_nothing_loaded_gives_no_operations(graph: Graph, tmp_path: Path) -> None:
    report = detect(graph, actions_dir=tmp_path, layers_dir=tmp_path, settings=DetectSettings(), run="RUN-1")
    assert (report.edges, report.communities) == (0, 0)
    ranked = rank(graph, actions_dir=tmp_path, layers_dir=tmp_path, settings=RankSettings(), run="RUN-1")
    assert ranked.operations.is_empty()
