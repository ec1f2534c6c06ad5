from __future__ import annotations

import pytest

from cypher.auditing import audit
from cypher.library import names
from cypher.session import Graph

pytestmark = pytest.mark.server

SOUND = """
CREATE (s:Source {id: 'SRC-1'})
CREATE (a:Asset:Account {key: 'x:account:1:2', platform: 'x', kind: 'account', id: '1:2'})-[:LOADED_FROM]->(s)
CREATE (b:Asset:Page {key: 'x:page:1', platform: 'x', kind: 'page', id: '1'})-[:LOADED_FROM]->(s)
CREATE (a)-[:ADMINISTERS]->(b)-[:RAN]->(ad:Ad {key: 'x:ad:1', platform: 'x', id: '1'})-[:LOADED_FROM]->(s)
CREATE (ad)-[:PAID_FOR_BY {as: 'payer'}]->(p:Payer {key: 'payer:p'})
CREATE (ad)-[:PAID_FOR_BY {as: 'beneficiary'}]->(p)
CREATE (a)-[:COORDINATED {layer: 'co_url', weight: 2, p_value: 0.0, q_value: 1.0}]->(b)
CREATE (a)-[:COORDINATED {layer: 'co_text', weight: 2, p_value: 0.1, q_value: 0.1}]->(b)
"""
#: What breaks the sound graph, and the audit that must say so.
BREAKS = {
    "assets_by_key": "MATCH (a:Account) SET a.id = '3'",
    "kinds_without_asset": "CREATE (:Page {key: 'x:page:7'})",
    "keys_missing": "CREATE (:Url)",
    "keys_wrong": "MATCH (ad:Ad) SET ad.key = 'x:ad:2'",
    "relationship_ends": "MATCH (a:Account), (p:Payer) CREATE (p)-[:USES]->(a)",
    "coordinated_order": "MATCH (a:Account) CREATE (a)-[:COORDINATED {layer: 'co_url', weight: 1}]->(a)",
    "coordinated_values": "MATCH ()-[e:COORDINATED]->() SET e.p_value = 1.5",
    "relationships_twice": "MATCH (a:Account), (b:Page) CREATE (a)-[:ADMINISTERS]->(b)",
    "ads_of_several_pages": "MATCH ()-[r:RAN]->() DELETE r",
    "from_nowhere": "MATCH (:Ad)-[r:LOADED_FROM]->() DELETE r",
}


def test_a_sound_graph_has_no_findings(graph: Graph) -> None:
    graph.driver.execute_query(SOUND)
    assert audit(graph) == []


def test_every_audit_is_tried() -> None:
    assert {f"audit/{name}" for name in BREAKS} == set(names("audit"))


@pytest.mark.parametrize("name", BREAKS)
def test_each_audit_finds_what_it_is_for(graph: Graph, name: str) -> None:
    graph.driver.execute_query(SOUND)
    graph.driver.execute_query(BREAKS[name])
    findings = audit(graph)
    assert f"audit/{name}" in [finding.name for finding in findings]
    assert all(finding.rows and finding.title for finding in findings)
