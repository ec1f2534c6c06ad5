from __future__ import annotations

import base64
import io
import json
import os
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from cibgraph.browserkit import after_login, favourites, style, write_kit
from cibgraph.neodash import dashboard
from cibgraph.server.home import State
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
    "operations_to_watch": ({}, 1, {"operation": "OP-2", "score": 0.5}),
    "what_changed": ({}, 1, {"operation": "OP-1", "status": "new"}),
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


def test_favourites_hold_every_question_and_are_the_same_each_time(tmp_path: Path) -> None:
    written = {path.name: path for path in write_kit(tmp_path / "new")}
    assert set(written) == {"favourites.zip", "style.grass", "parameters.cypher", "neodash.json"}
    assert written["favourites.zip"].read_bytes() == favourites()
    assert json.loads(written["neodash.json"].read_text("utf-8")) == dashboard()
    with zipfile.ZipFile(io.BytesIO(favourites())) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert texts.pop("cibgraph/") == ""  # Browser's preview makes the folder of this entry
    assert len(texts) == len(names("browser")) + 1
    assert all(text.startswith("// ") and name.endswith(".cypher") for name, text in texts.items())
    assert not set('\\:*?"<>|') & set("".join(texts))


def test_the_dashboard_asks_what_the_graph_answers(graph: Graph) -> None:
    graph.driver.execute_query(GRAPH)
    made = dashboard()
    reports = [report for page in made["pages"] for report in page["reports"]]
    assert {report["type"] for report in reports} == {"table", "bar", "graph", "areamap", "select"}
    for report in reports:
        parameters = made["settings"]["parameters"] | {"input": "op"}
        answer = graph.driver.execute_query(report["query"], parameters, routing_="r")
        if report["type"] in ("bar", "areamap"):
            assert {report["selection"]["index"], report["selection"]["value"]} <= set(answer.keys), report[
                "id"
            ]
        if report["type"] in ("select", "graph") and report["id"] != "edges_drawn":
            assert answer.records, report["id"]


#: Hands a file to the page as a drop does.
DROP = """([name, content]) => {
  const bytes = Uint8Array.from(atob(content), letter => letter.charCodeAt(0));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([bytes], name));
  const target = document.elementFromPoint(600, 400);
  for (const kind of ['dragenter', 'dragover', 'drop'])
    target.dispatchEvent(
      new DragEvent(kind, {bubbles: true, cancelable: true, dataTransfer, clientX: 600, clientY: 400}));
}"""


#: A node of Browser's graph view in a colour, and what the style sheet says of these labels.
CIRCLE = "[data-testid=frame] svg g.node circle[fill='{}']"
COLOURS = {"operation": "#B2182B", "page": "#E8743B", "account": "#4C78A8"}


def test_a_server_of_ones_own_tells_browser_the_whole_style() -> None:
    """Browser splits what it is told at each semicolon, and a settings file at each line."""
    told = after_login()
    assert "\n" not in told
    first = told.split("; ")[0]
    rules = json.loads(first.removeprefix("style "))
    assert rules["node.Page"] == {
        "diameter": "65px",
        "color": COLOURS["page"],
        "border-color": "#C25A26",
        "text-color-internal": "#FFFFFF",
        "caption": "{name}",
    }
    assert rules["relationship.PART_OF"] == {"color": COLOURS["operation"], "caption": "{role}"}
    assert len(rules) == style().count("{\n")
    assert sum(map(len, rules.values())) == style().count(";")


def test_neo4j_browser_has_the_style_takes_the_favourites_and_draws_an_operation(graph: Graph) -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium on this machine")
    listens = graph.driver.execute_query("SHOW SETTINGS 'server.http.listen_address' YIELD value").records[0][
        0
    ]
    if not listens.startswith("127.0.0.1:"):
        pytest.skip("the server's Browser is not on this machine")
    from playwright.sync_api import sync_playwright

    graph.driver.execute_query(GRAPH)
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = started.new_page(viewport={"width": 1280, "height": 800})
        # Browser asks for fonts and reports its use; a test needs neither.
        ports = [int(address.rpartition(":")[2]) for address in (graph.address.uri, listens)]
        address = State(pid=0, bolt=ports[0], http=ports[1], started=0).browser_url
        own = address[: address.index("/browser/")]
        page.route(lambda url: not url.startswith(own), lambda route: route.abort())
        page.goto(address)
        # The address says where to connect and as whom: the password is all that is left to give.
        page.fill("[data-testid=password]", graph.address.password)
        page.click("[data-testid=connect]")
        page.get_by_text("You are connected as user").wait_for()
        page.evaluate(DROP, ["favourites.zip", base64.b64encode(favourites()).decode()])
        page.click("[data-testid=navigationFavorites]")
        page.get_by_text("cibgraph", exact=True).click()
        page.get_by_text("Parameters (run this first)", exact=True).click()
        page.click("[data-testid=editor-Run]")
        page.get_by_text("Successfully set your parameters").first.wait_for()
        page.get_by_text("An operation, drawn", exact=True).click()
        page.click("[data-testid=editor-Run]")
        page.locator("[data-testid=frame] svg g.node").first.wait_for()
        assert page.locator("[data-testid=frame] svg g.node").count() >= len({"OP-1", "a", "b", "p", "q"})
        if "NEO4J_URI" not in os.environ:  # another server tells Browser nothing
            for colour in COLOURS.values():
                page.locator(CIRCLE.format(colour)).first.wait_for()
            captions = page.locator("[data-testid=frame] svg g.relationship").all_text_contents()
            assert {"front", "co_url"} <= {caption.strip() for caption in captions}
        # Elsewhere, and when colours are changed: by drag and drop.
        dropped = style().replace(COLOURS["operation"], "#123456").encode()
        page.evaluate(DROP, ["style.grass", base64.b64encode(dropped).decode()])
        page.locator(CIRCLE.format("#123456")).first.wait_for()
        started.close()
