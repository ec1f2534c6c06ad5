"""The object-graph mapping, with py2neo on the real server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from py2neo.errors import ClientError
from py2neo.ogm import Repository

from analytics import ogm
from analytics.ogm import Account, Ad, Asset, Group, Operation, Page
from cypher.connection import ServerAddress
from cypher.session import Graph

from .made_graph import LONG_ID, MARKUP, at, make, write

pytestmark = pytest.mark.server


@pytest.fixture
def repository(
    graph: Graph, server_address: ServerAddress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Repository]:
    make(graph, tmp_path)
    ties = [{"a": "facebook:account:1015", "page": "facebook:page:1001", "group": "facebook:group:1040"}]
    write(
        graph,
        "MATCH (a:Account {key: row.a}) MATCH (p:Page {key: row.page}) MATCH (g:Group {key: row.group})"
        " MERGE (a)-[:ADMINISTERS]->(p) MERGE (a)-[:ADMINISTERS]->(g) MERGE (a)-[:MEMBER_OF]->(g)",
        ties,
    )
    write(
        graph,
        "MATCH (ad:Ad {key: row.ad}) MERGE (p:Payer {key: 'payer:acme', name: 'ACME'})"
        " MERGE (ad)-[:PAID_FOR_BY {as: 'payer'}]->(p)",
        [{"ad": "facebook:ad:1"}],
    )
    monkeypatch.setattr(ogm, "place_of", lambda folder: (server_address, tmp_path))
    opened = ogm.repository()
    yield opened
    opened.graph.service.connector.close()


def test_an_operation_leads_to_all_that_belongs_to_it(repository: Repository) -> None:
    operation = repository.match(Operation).order_by("_.score DESC").first()
    assert (operation.id, operation.rank, operation.layers) == ("OP-000001", 1, ["co_url", "shared_admin"])
    assert operation.first_seen == at(2013)
    assert sum(signal.bits for signal in operation.shows) == pytest.approx(operation.score)
    kinds = [type(member) for member in operation.members]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {Account: 36, Page: 12, Group: 3}
    roles = {tie["role"] for _, (_, tie), _ in operation.members.triples()}
    assert roles == {"front", "operator", "amplifier"}


def test_objects_lead_to_one_another_and_back(repository: Repository) -> None:
    account = repository.match(Account, "facebook:account:1015").first()
    page = next(one for one in account.administers if isinstance(one, Page))
    assert {type(one) for one in account.administers} == {Page, Group}
    assert [group.key for group in account.member_of] == ["facebook:group:1040"]
    assert [one.key for one in page.administrators] == [account.key]
    assert [one.id for one in page.operations] == ["OP-000001"]
    assert {ad.currency for ad in page.ads} == {"USD", "PKR"}
    ad = repository.match(Ad, "facebook:ad:1").first()
    assert (ad.text, ad.started_at) == (MARKUP, at(2016, 5))
    assert [asset.key for asset in ad.run_by] == [page.key]
    assert [payer.name for payer in ad.paid_for_by] == ["ACME"]


def test_edges_of_every_layer(repository: Repository, graph: Graph) -> None:
    asset = repository.match(Asset, f"facebook:account:{LONG_ID}").first()
    assert isinstance(asset, Account)
    rows = graph.driver.execute_query(
        "MATCH (:Asset {key: $key})-[c:COORDINATED]-(b) RETURN b.key, c.layer, c.weight", key=asset.key
    ).records
    edges = {(edge["other"].key, edge["layer"], edge["weight"]) for edge in asset.edges}
    assert edges == {tuple(row) for row in rows}
    assert {type(edge["first_at"]) for edge in asset.edges if edge["layer"] == "co_url"} == {type(at(2016))}


def test_what_no_longer_works_fails_aloud(repository: Repository) -> None:
    """What docs/notebooks.md says of today's server: whoever follows it should not be misled."""
    schema = repository.graph.schema
    for call in (
        lambda: schema.get_indexes("Page"),
        lambda: schema.get_uniqueness_constraints("Page"),
        lambda: schema.create_index("Page", "handle"),
    ):
        with pytest.raises(ClientError):
            call()
    assert "Page" in schema.node_labels
