"""Structural layers on a real graph: who shares what, and how surprising that is."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import polars as pl
import pytest

from analytics.layers.catalogue import STRUCTURAL_LAYERS
from analytics.layers.structural import structural_edges, tie_edges
from analytics.settings import DetectSettings
from cypher.session import Graph

SETTINGS = DetectSettings()


@pytest.fixture
def calibration(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """What bench/ measures the test with."""
    monkeypatch.syspath_prepend(Path(__file__).resolve().parents[2])
    return importlib.import_module("bench.calibration_ties")


def administer(graph: Graph, ties: list[tuple[str, str]]) -> None:
    graph.driver.execute_query(
        """
        UNWIND $ties AS tie
        MERGE (a:Asset:Account {key: 'facebook:account:' + tie[0]})
        MERGE (p:Asset:Page {key: 'facebook:page:' + tie[1]})
        MERGE (a)-[how:ADMINISTERS]->(p)
        SET how.since = datetime({year: 2018})
        """,
        ties=[list(tie) for tie in ties],
    )


def ordinary(pages: int) -> list[tuple[str, str]]:
    """Pages with two administrators of their own each."""
    return [(f"owner{page}-{i}", f"shop{page}") for page in range(pages) for i in range(2)]


def pairs(edges: pl.DataFrame) -> set[tuple[str, str]]:
    return set(edges.select(pl.col("source", "target").str.replace("facebook:page:", "")).iter_rows())


def test_pages_that_share_their_administrators_are_joined(graph: Graph) -> None:
    fronts = [(f"persona{i}", f"front{page}") for i in range(4) for page in range(3)]
    administer(graph, ordinary(100) + fronts)
    found = structural_edges(graph, SETTINGS, "shared_admin")
    assert pairs(found.edges) == {("front0", "front1"), ("front0", "front2"), ("front1", "front2")}
    assert found.edges["weight"].to_list() == [4, 4, 4]
    assert found.edges["q_value"].max() <= SETTINGS.fdr
    assert found.evidence.height == 12
    assert set(found.evidence["object"]) == {f"facebook:account:persona{i}" for i in range(4)}
    assert {at.year for end in ("source_at", "target_at") for at in found.evidence[end]} == {2018}
    assert found.stats["testable_pairs"] == 103 * 102 // 2


def test_the_expectation_is_that_of_the_degree_preserving_null(graph: Graph) -> None:
    administer(graph, [("a", "x"), ("a", "y"), ("b", "x"), ("b", "y"), ("b", "z"), ("c", "z")])
    everything = DetectSettings(fdr=1.0)
    edge = structural_edges(graph, everything, "shared_admin").edges.row(0, named=True)
    # Six ties; a is shared by two, b by three: exposure 3 on either side, 2 / (6 - 2) of it on the other.
    assert edge["expected"] == pytest.approx(3 * 2 / 4)


def test_one_shared_administrator_is_no_surprise(graph: Graph) -> None:
    administer(graph, [*ordinary(100), ("agent", "shop1"), ("agent", "shop2")])
    assert structural_edges(graph, SETTINGS, "shared_admin").edges.is_empty()


def test_an_administrator_of_very_many_pages_is_left_out(graph: Graph) -> None:
    agency = [(f"agency{i}", f"client{page}") for i in range(2) for page in range(40)]
    administer(graph, ordinary(100) + agency)
    few = DetectSettings(max_tie_degree=30)
    assert structural_edges(graph, few, "shared_admin").edges.is_empty()


@pytest.mark.parametrize("within", ["all", "kind"])
def test_rewired_ties_rarely_make_an_edge(calibration: ModuleType, within: str) -> None:
    """Double-edge swaps keep the ties of each asset and thing; what is shared then is shared by chance."""
    ties = calibration.made_ties(0)
    swapped = calibration.rewired(ties, 0, within=within)
    assert swapped.unique().height == ties.height
    assert swapped.join(ties, on=ties.columns, how="semi").height < 0.3 * ties.height
    for degree in (["asset"], ["object_kind", "object"]):
        assert swapped.group_by(degree).len().sort(degree).equals(ties.group_by(degree).len().sort(degree))
    null = [calibration.rewired(calibration.made_ties(seed), seed, within=within) for seed in range(15)]
    hits = sum(calibration.tie_tests(ties, SETTINGS.fdr)[0].height > 0 for ties in null)
    # At a true rate of 0.05, more than four of fifteen has a chance of one in a thousand.
    assert hits <= 4


def test_a_shared_device_says_more_than_a_shared_address(calibration: ModuleType) -> None:
    assert calibration.planted(["ip", "ip"], 5, seed=1) == 0
    assert calibration.planted(["ip", "device"], 5, seed=1) == 1


def test_a_popular_thing_says_less(calibration: ModuleType) -> None:
    assert calibration.planted(["ip", "ip", "ip"], 10, seed=1) == 1
    assert calibration.planted(["ip", "ip", "ip"], 40, seed=1) == 0


def test_users_of_one_thing_at_different_years_share_nothing(graph: Graph) -> None:
    def use(name: str, kind: str, *years: tuple[int, int]) -> None:
        graph.driver.execute_query(
            """
            UNWIND range(0, 3) AS i
            MERGE (value:Identifier {key: $name + i}) SET value.kind = $kind, value.value = $name + i
            WITH value UNWIND range(0, size($years) - 1) AS side
            MERGE (a:Asset:Account {key: $name + side}) MERGE (a)-[tie:USES]->(value)
            SET tie.first_seen = datetime({year: $years[side][0]}),
                tie.last_seen = datetime({year: $years[side][1]})
            """,
            name=name,
            kind=kind,
            years=[list(span) for span in years],
        )

    for place in range(60):
        use(f"ordinary{place}-", "ip", (2014, 2019))
    use("apart", "ip", (2014, 2015), (2017, 2018))
    use("along", "ip", (2014, 2016), (2015, 2018))
    use("lasting", "email", (2014, 2015), (2017, 2018))
    found = structural_edges(graph, SETTINGS, "shared_identifier")
    assert found.edges["source"].to_list() == ["along0", "lasting0"]
    assert [found.edges[end][0].year for end in ("first_at", "last_at")] == [2015, 2016]
    assert [found.evidence[end][0].year for end in ("source_at", "target_at")] == [2014, 2015]


def test_payers_identifiers_and_creatives(graph: Graph) -> None:
    graph.driver.execute_query(
        """
        UNWIND range(1, 200) AS i
        MERGE (p:Asset:Page {key: 'facebook:page:' + i})
        MERGE (p)-[:RAN]->(ad:Ad {key: 'ad' + i})
        SET ad.text_fingerprint = 'text ' + i, ad.landing_url = 'https://site' + i
        MERGE (p)-[:USES]->(:Identifier {key: 'phone:' + i, kind: 'phone', value: toString(i)})
        MERGE (p)-[:USES]->(:Identifier {key: 'email:' + i, kind: 'email', value: i + '@x'})
        """
    )
    graph.driver.execute_query(
        """
        MATCH (p:Page) WHERE p.key IN ['facebook:page:1', 'facebook:page:2']
        UNWIND range(1, 4) AS i
        MERGE (payer:Payer {key: 'payer:' + i}) SET payer.name = 'Payer ' + i
        MERGE (device:Identifier {key: 'device:' + i}) SET device.kind = 'device', device.value = toString(i)
        CREATE (p)-[:USES]->(device)
        WITH p, i, payer
        UNWIND [2, 1] AS month
        CREATE (p)-[:RAN]->(ad:Ad {key: p.key + i + month, text_fingerprint: 'same ' + i,
                                   started_at: datetime({year: 2019, month: month})})-[:PAID_FOR_BY]->(payer)
        """
    )
    for layer, kind in (("shared_identifier", "device"), ("shared_creative", "ad_text")):
        found = structural_edges(graph, SETTINGS, layer)
        assert pairs(found.edges) == {("1", "2")}, layer
        assert set(found.evidence["object_kind"]) == {kind}
    payers = structural_edges(graph, DetectSettings(fdr=1.0), "shared_payer")
    assert payers.edges["weight"].to_list() == [4]
    for by_ads in (found, payers):
        shown = (
            by_ads.evidence.sort("object").select("source_at", "target_at", "source_ref", "target_ref").rows()
        )
        assert [row[2:] for row in shown] == [
            (f"facebook:page:1{i}1", f"facebook:page:2{i}1") for i in range(1, 5)
        ]
        assert {at.month for row in shown for at in row[:2]} == {1}
    assert by_ads.edges["first_at"].to_list() == [None]


@pytest.mark.parametrize("layer", STRUCTURAL_LAYERS)
def test_an_empty_graph_has_no_edges(graph: Graph, layer: str) -> None:
    found = structural_edges(graph, SETTINGS, layer)
    assert found.edges.is_empty()
    assert found.evidence.is_empty()


def test_what_only_the_loaded_advertisers_run_is_no_usual_ad() -> None:
    runs = [(f"p{page}", f"t{(page + text) % 6}") for page in range(12) for text in range(4)]
    ties = pl.DataFrame(runs, schema=["asset", "object"], orient="row")
    shared = (
        ties.rename({"asset": "source"})
        .join(ties.rename({"asset": "target"}), on="object")
        .filter(pl.col("source") < pl.col("target"))
        .with_columns(degree=pl.lit(8, pl.Int64), object_kind=pl.lit("ad_text"))
        .with_columns(
            pl.lit(None, pl.Datetime("us", "UTC")).alias(f"{end}_{which}")
            for end in ("source", "target")
            for which in ("first", "last")
        )
    )
    by_kind = ties.group_by("asset", object_kind=pl.lit("ad_text")).agg(ties=pl.len().cast(pl.Int64))
    closed, _ = tie_edges(shared, by_kind, DetectSettings())
    among_others, _ = tie_edges(shared, by_kind, DetectSettings(), 5_000)
    assert closed.is_empty()
    assert among_others.height == 66
