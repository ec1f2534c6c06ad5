from __future__ import annotations

from typing import Any

import pytest

from cypher.auditing import audit
from cypher.library import names, query
from cypher.session import Graph

pytestmark = pytest.mark.server

#: Two Pages run by one account and paid for by one payer, two personas on one device, one shared link.
GRAPH = """
CREATE (s:Source {id: 'SRC-1'}), (o:Operation {id: 'OP-1', rank: 1, score: 12.34, status: 'new',
       candidate: false})
CREATE (c:Operation {id: 'OP-2', rank: 1, score: 0.5, candidate: true})
CREATE (a:Asset:Account {key: 'facebook:account:1', platform: 'facebook', kind: 'account', id: '1',
       country: 'PK',
                         name: 'Operator'})
CREATE (b:Asset:Account {key: 'facebook:account:2', platform: 'facebook', kind: 'account', id: '2',
       country: 'IN',
                         name: 'Persona'})
CREATE (p:Asset:Page {key: 'facebook:page:1', platform: 'facebook', kind: 'page', id: '1',
       name: 'Kashmir News',
                      country: 'IN', admin_countries: ['PK', 'IN'], admin_country_counts: [4, 1],
       followers: 9})
CREATE (q:Asset:Page {key: 'facebook:page:2', platform: 'facebook', kind: 'page', id: '2',
       name: 'Cooking'})
CREATE (ad:Ad {key: 'facebook:ad:1', platform: 'facebook', id: '1', currency: 'PKR', spend_lower: 1.0,
               spend_upper: 2.0, started_at: datetime('2015-05-01')})
CREATE (other:Ad {key: 'facebook:ad:2', platform: 'facebook', id: '2', currency: 'USD'})
CREATE (payer:Payer {key: 'payer:acme', name: 'ACME'}), (i:Identifier {key: 'device:d',
       kind: 'device', value: 'd'})
CREATE (a)-[:ADMINISTERS {role: 'admin'}]->(p), (a)-[:ADMINISTERS]->(q), (a)-[:USES]->(i),
       (b)-[:USES]->(i)
CREATE (p)-[:RAN]->(ad)-[:PAID_FOR_BY {as: 'payer'}]->(payer),
       (q)-[:RAN]->(other)-[:PAID_FOR_BY {as: 'payer'}]->(payer)
CREATE (a)-[:COORDINATED {layer: 'co_url', weight: 5, expected: 0.01, p_value: 0.001,
       q_value: 0.01, strength: 3.0}]->(b)
CREATE (o)-[:SHOWS]->(:Signal {id: 'OP-1/x', name: 'x', bits: 7.0, why: 'because'})
CREATE (o)-[:SHOWS]->(:Signal {id: 'OP-1/y', name: 'y', why: 'not measured'})
CREATE (u:Url {key: 'https://example.org/1'})
CREATE (a)-[:PUBLISHED]->(one:Post {key: 'facebook:post:1',
       at: datetime('2019-01-01T00:00:00Z')})-[:SHARES]->(u)
CREATE (b)-[:PUBLISHED]->(two:Post {key: 'facebook:post:2',
       at: datetime('2019-01-01T00:59:00Z')})-[:SHARES]->(u)
CREATE (q)-[:PUBLISHED]->(:Post {key: 'facebook:post:3',
       at: datetime('2019-01-01T02:00:00Z')})-[:SHARES]->(u)
CREATE (near:Asset:Account {key: 'facebook:account:3', platform: 'facebook', kind: 'account', id: '3'}),
       (near)-[:ADMINISTERS]->(q), (near)-[:LOADED_FROM]->(s),
       (n2:Operation {id: 'OP-3', rank: 2, score: 5.0}),
       (near)-[:PART_OF]->(n2), (d:Decision {id: 'D', verdict: 'watch', by: 'me', at: datetime()}),
       (d)-[:DECIDED]->(n2)
WITH s, o, [a, b, p, q] AS assets, [ad, other] AS ads
FOREACH (n IN assets + ads | CREATE (n)-[:LOADED_FROM]->(s))
FOREACH (n IN assets | CREATE (n)-[:PART_OF {role: 'front', confidence: 0.9, why: 'tied'}]->(o))
"""

#: Parameters, and what the first row must hold; tests/cli/test_demo.py asks every question of the demo.
ANSWERS: dict[str, tuple[dict[str, Any], int, dict[str, Any]]] = {
    "operations_ranked": ({}, 2, {"operation": "OP-1", "score": 12.3}),
    "operation_members": ({}, 4, {"operation": "OP-1", "role": "front", "confidence": 0.9}),
    "why_an_operation": ({"operation": "OP-1"}, 2, {"signal": "x", "bits": 7.0}),
    "operation_drawn": ({}, 11, {}),
    "decisions": ({}, 1, {"operation": "OP-3", "verdict": "watch", "by": "me"}),
    "who_stands_near": (
        {},
        1,
        {
            "asset": "facebook:account:3",
            "members_reached": 1,
            "how": ["ADMINISTERS"],
            "other_operations": ["OP-3"],
        },
    ),
    "bridges_drawn": ({}, 1, {}),
    "operations_in_common": (
        {},
        1,
        {"operation": "OP-1", "other": "OP-3", "what": "ADMINISTERS", "things": 1},
    ),
    "who_runs_these_pages": ({"name": "kashmir"}, 1, {"admin": "facebook:account:1", "runs": 2}),
    "shared_administrators": ({"at_least": 2}, 1, {"admin": "facebook:account:1", "number": 2}),
    "same_device_other_persona": ({}, 1, {"value": "d", "assets": 2, "countries": ["IN", "PK"]}),
    "ads_and_payers": ({"payer": "acme"}, 2, {"currency": "PKR", "spend_lower": 1.0, "spend_upper": 2.0}),
    "first_hour_of_a_link": ({}, 2, {"asset": "Operator", "seconds_after_first": 0, "operations": ["OP-1"]}),
    "what_ties_two_assets": (
        {"first": "facebook:account:1", "second": "facebook:account:2"},
        1,
        {"ties": ["COORDINATED co_url"], "steps": 1},
    ),
    "foreign_administrators": ({}, 1, {"page_key": "facebook:page:1", "administrators": [4, 1]}),
    "strongest_edges": ({"layer": "co_url"}, 1, {"first": "Operator", "second": "Persona", "weight": 5}),
    "find_by_name": ({"text": "kashm*"}, 1, {"key": "facebook:page:1", "operations": ["OP-1"]}),
}


def test_a_parameter_means_the_same_in_every_question() -> None:
    """So that they are set once in Neo4j Browser, for all favourites."""
    defaults: dict[str, Any] = {}
    for name in names("browser"):
        found = query(name)
        assert found.description, name
        for parameter, default in found.parameters.items():
            assert defaults.setdefault(parameter, default) == default, (name, parameter)


@pytest.mark.parametrize("name", ANSWERS)
def test_questions_are_answered(graph: Graph, name: str) -> None:
    graph.driver.execute_query(GRAPH)
    graph.driver.execute_query("CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh()")
    assert audit(graph) == []
    parameters, count, first = ANSWERS[name]
    rows = graph.read(f"browser/{name}", **parameters)
    assert len(rows) == count
    assert {key: rows[0][key] for key in first} == first


@pytest.mark.parametrize("name", ANSWERS)
def test_defaults_suffice_and_an_empty_graph_is_no_error(graph: Graph, name: str) -> None:
    assert graph.read(f"browser/{name}") == []
