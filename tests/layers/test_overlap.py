"""`shared_members` and `mutual_links`: overlap beyond sizes, and beyond what is usual."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from analytics.layers.edges import LayerResult
from analytics.layers.overlap import of_ties
from analytics.layers.structural import structural_edges
from analytics.settings import DetectSettings
from cypher.session import Graph

SETTINGS = DetectSettings()
DATA = Path(os.environ.get("CIB_SHARED_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")
MUSAE = DATA / "musae_facebook" / "edges.csv.gz"


def tied(rows: list[tuple[str, str]]) -> pl.DataFrame:
    ties = pl.DataFrame(rows, schema=["asset", "object"], orient="row")
    return ties.with_columns(at=pl.lit(None, pl.Datetime("us", "UTC")))


def joined(seed: int, fronts: int = 0) -> pl.DataFrame:
    """Groups of all sizes in three towns; half of the members are of the Group's town.

    The fronts are Groups of the same twelve accounts and ten people each.
    """
    draw = np.random.default_rng(seed)
    rows = []
    for group in range(200):
        many = int(min(draw.lognormal(3, 0.8), 300)) // 2 + 1
        members = {*draw.integers(0, 3000, many), *(3 * draw.integers(0, 1000, many) + group % 3)}
        rows += [(f"g{group:03}", f"a{member}") for member in members]
    for front in range(fronts):
        hired = draw.choice(12, 10, replace=False)
        rows += [(f"x{front}", f"op{member}") for member in hired]
        rows += [(f"x{front}", f"a{member}") for member in draw.choice(3000, 10, replace=False)]
    return tied(rows)


def linked(seed: int, ring: int = 0) -> pl.DataFrame:
    """Pages that link to popular ones, some of which link back; a ring links to all of itself."""
    draw = np.random.default_rng(seed)
    weight = draw.pareto(1.5, 800) + 1
    rows: list[tuple[str, str]] = []
    for page in range(800):
        for other in {*draw.choice(800, draw.integers(1, 15), p=weight / weight.sum())} - {page}:
            rows += [(f"p{page}", f"p{other}")] + [(f"p{other}", f"p{page}")] * int(draw.random() < 0.4)
    for page in range(ring):
        rows += [(f"r{page}", f"r{other}") for other in range(ring) if other != page]
        rows += [(f"r{page}", f"p{other}") for other in draw.choice(800, 3, replace=False)]
    return tied(rows)


def both(found: LayerResult, first: str) -> int:
    assert found.edges.filter(~pl.col("source").str.starts_with(first)).is_empty()
    return found.edges.height


def test_where_there_is_nothing_to_find_there_is_rarely_an_edge() -> None:
    members = sum(of_ties(joined(seed), SETTINGS, "shared_members").edges.height > 0 for seed in range(8))
    links = sum(
        of_ties(linked(seed), SETTINGS, "mutual_links", mutual=True).edges.height > 0 for seed in range(8)
    )
    # At a true rate of 0.05, more than three of eight has a chance of four in ten thousand.
    assert (members <= 3, links <= 3) == (True, True)


def test_fronts_with_the_same_members_and_a_ring_of_pages_are_found() -> None:
    assert both(of_ties(joined(1, fronts=5), SETTINGS, "shared_members"), "x") == 10
    assert both(of_ties(linked(1, ring=8), SETTINGS, "mutual_links", mutual=True), "r") == 28


@pytest.mark.skipif(not MUSAE.is_file(), reason=f"real data is not at {DATA} (set CIB_SHARED_DATA)")
def test_verified_pages_that_like_each_other_make_few_edges() -> None:
    numbered = pl.read_csv(MUSAE, infer_schema=False).filter(pl.col("id_1") != pl.col("id_2"))
    ties = pl.concat([numbered.select(asset=a, object=b) for a, b in (("id_1", "id_2"), ("id_2", "id_1"))])
    found = of_ties(
        ties.with_columns(at=pl.lit(None, pl.Datetime("us", "UTC"))), SETTINGS, "mutual_links", mutual=True
    )
    assert found.stats["observed_pairs"] > 150_000
    assert found.edges.height <= 20


def test_members_and_links_come_from_the_graph(graph: Graph) -> None:
    """Two Groups and two Pages with three things in common each, and one row that speaks for both ways."""
    graph.driver.execute_query(
        """
        UNWIND range(0, 4) AS i
        CREATE (account:Asset:Account {key: 'a' + i}), (page:Asset:Page {key: 'p' + i})
        WITH collect(account) AS accounts, collect(page) AS pages
        CREATE (one:Asset:Group {key: 'g0'}), (other:Asset:Group {key: 'g1'})
        FOREACH (account IN accounts[0..3] |
          CREATE (account)-[:MEMBER_OF {since: datetime('2019-01-01T00:00:00Z')}]->(one))
        FOREACH (account IN accounts | CREATE (account)-[:MEMBER_OF]->(other))
        FOREACH (page IN pages[2..] | CREATE (page)<-[:LIKES]-(:Asset:Account {key: 'fan' + page.key}))
        WITH pages, pages[0] AS first, pages[1] AS second
        CREATE (first)-[:LIKES {x_mutual: 'true'}]->(second)
        FOREACH (page IN pages[2..] | CREATE (first)-[:LIKES]->(page), (second)-[:FOLLOWS]->(page))
        """
    )
    everything = DetectSettings(fdr=1.0)
    members = structural_edges(graph, everything, "shared_members")
    assert members.edges.select("source", "target", "weight").rows() == [("g0", "g1", 3)]
    assert members.edges["first_at"].dt.year().to_list() == [2019]
    assert members.evidence["object"].to_list() == ["a0", "a1", "a2"]
    links = structural_edges(graph, everything, "mutual_links")
    assert links.edges.select("source", "target", "weight").rows() == [("p0", "p1", 3)]
    assert links.evidence["object"].to_list() == ["p2", "p3", "p4"]
