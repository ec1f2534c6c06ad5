from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from cypher.auditing import audit
from cypher.progress import Progress, silent
from cypher.session import Counters, Graph
from ingest.derived import derive, payer_key
from ingest.graph import finish, followed, project
from ingest.journal import Journal
from ingest.store import Store

pytestmark = pytest.mark.server
ZONED = pl.Datetime("us", "UTC")
FB = "facebook"


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


class Loader:
    """Writes tables given as lists of rows, each a version of a source, as the loaders do."""

    def __init__(self, graph: Graph, folder: Path) -> None:
        self.graph, self.store = graph, Store(folder / "sources")
        self.folder = folder

    def __call__(self, table: str, rows: list[dict[str, Any]], source: str = "", **types: Any) -> Counters:
        frame = pl.DataFrame(rows, schema_overrides=types)
        return self.keep({table: frame}, source or f"SRC-{table}")

    def keep(
        self, tables: dict[str, pl.DataFrame], source: str = "SRC-1", progress: Progress = silent
    ) -> Counters:
        """Make tables the newest version of a source, and the graph follow."""
        with self.store.work() as work:
            (staged := work / "staged").mkdir()
            for name, frame in tables.items():
                frame.write_parquet(staged / f"{name}.parquet")
            derive(staged)
            self.store.commit(source, staged, loaded_at=at("2019-04-01"), path=f"{source}.csv")
            known = followed(self.graph)
            scope = self.store.scope(known)
            journal = Journal.open(self.folder / "journal.json", scope, known)
            counters = project(self.graph, journal, work, progress)
            finish(self.graph, scope, "RUN-1")
            journal.close()
            self.store.settle()
        return counters

    def ask(self, query: str) -> Any:
        """Return the single value of a query."""
        return self.graph.driver.execute_query(query).records[0][0]

    def state(self) -> tuple[Any, Any]:
        """Return everything that is in the graph, comparable."""
        nodes = "MATCH (n:!Source) WITH labels(n) AS l, properties(n) AS p"
        nodes += " RETURN l, p ORDER BY coalesce(p.key, p.id, ''), l"
        ties = (
            "MATCH (n)-[r]->(m) WITH n.key AS a, type(r) AS t, coalesce(m.key, m.id) AS b, properties(r) AS p"
            " RETURN * ORDER BY a, t, b, p.as"
        )
        run = self.graph.driver.execute_query
        return [r.data() for r in run(nodes).records], [r.data() for r in run(ties).records]


@pytest.fixture
def load(graph: Graph, tmp_path: Path) -> Loader:
    return Loader(graph, tmp_path)


DATASET: dict[str, list[dict[str, Any]]] = {
    "accounts": [
        {"platform": FB, "id": "9007199254740993", "name": "A", "created_at": at("2015-01-01"),
         "followers": 3, "verified": False, "x_odd name`": "q"},
        {"platform": FB, "id": "2", "name": None, "created_at": None, "followers": None, "verified": None,
         "x_odd name`": None},
    ],
    "pages": [{"platform": FB, "id": "9", "name": "') DETACH DELETE n //", "followers": 10}],
    "groups": [{"platform": FB, "id": "g", "name": "G", "members": 7}],
    "admins": [
        {"platform": FB, "account_id": "2", "asset_kind": "page", "asset_id": "9", "role": "admin",
         "since": at("2016-01-01")},
        {"platform": FB, "account_id": "3", "asset_kind": "group", "asset_id": "g:2", "role": None,
         "since": None},
    ],
    "members": [{"platform": FB, "account_id": "2", "group_id": "g", "since": at("2017-01-01")}],
    "links": [
        {"platform": FB, "source_kind": kind, "source_id": a, "target_kind": other, "target_id": b, "type": t,
         "at": when}
        for kind, a, other, b, t, when in [
            ("account", "2", "page", "9", "likes", None),
            ("page", "9", "page", "8", "follows", None),
            ("account", "3", "account", "2", "friend", at("2016-01-01")),
        ]
    ],
    "identifiers": [
        {"platform": FB, "asset_kind": "account", "asset_id": i, "kind": k, "value": v, "first_seen": f}
        for i, k, v, f in [
            ("2", "email", "Ops@Example.org", at("2016-01-01")),
            ("3", "email", "ops@example.ORG", None),
            ("3", "device", "CaseMatters", None),
        ]
    ],
    "page_admin_countries": [
        {"platform": FB, "page_id": "9", "country": "IN", "count": 1},
        {"platform": FB, "page_id": "9", "country": "PK", "count": 4},
    ],
    "page_history": [
        {"platform": FB, "page_id": "9", "event": "renamed", "at": at("2018-01-01"), "name": "New"},
        {"platform": FB, "page_id": "9", "event": "created", "at": at("2015-05-05"), "name": None},
    ],
    "ads": [
        {"platform": FB, "id": "1", "page_id": "9", "payer": "ACME \u00a0Ltd", "beneficiary": None,
         "spend_lower": 1.5, "countries": ["PK", "IN"], "started_at": at("2018-01-01")},
        {"platform": FB, "id": "2", "page_id": "7", "payer": "\uff21cme ltd", "beneficiary": "Z",
         "spend_lower": None, "countries": None, "started_at": None},
    ],
    "posts": [{"platform": "x", "id": "1", "author_kind": "account", "author_id": "u:1",
               "surface_kind": None, "surface_id": None}],
}  # fmt: skip


def load_all(load: Loader) -> Counters:
    types = {"posts": {"surface_kind": pl.String, "surface_id": pl.String}}
    total = Counters()
    for table, rows in DATASET.items():
        total += load(table, rows, **types.get(table, {}))
    return total


def test_every_table_becomes_what_the_architecture_says(load: Loader) -> None:
    load_all(load)
    expected = {
        "count { (:Account) }": 4,
        "count { (:Page) }": 3,
        "count { (:Group) }": 2,
        "count { (:Asset {key: 'facebook:account:2'})-[:ADMINISTERS {role: 'admin'}]->(:Page {id: '9'}) }": 1,
        "count { (:Account {id: '3'})-[:ADMINISTERS]->(:Group {key: 'facebook:group:g:2', id: 'g:2'}) }": 1,
        "count { (:Account {id: '2'})-[:MEMBER_OF]->(:Group {id: 'g', members: 7}) }": 1,
        "count { (:Account {id: '2'})-[:LIKES]->(:Page {id: '9'}) }": 1,
        "count { (:Page {id: '9'})-[:FOLLOWS]->(:Page {id: '8'}) }": 1,
        "count { (:Account {id: '2'})-[:FRIEND]->(:Account {id: '3'}) }": 1,
        "count { (:Account)-[:USES]->(:Identifier {value: 'ops@example.org', kind: 'email'}) }": 2,
        "count { (:Account)-[:USES]->(:Identifier {key: 'device:CaseMatters', kind: 'device'}) }": 1,
        "count { (:Page {id: '9'})-[:RAN]->(:Ad {key: 'facebook:ad:1', spend_lower: 1.5}) }": 1,
        "count { (:Ad)-[:PAID_FOR_BY {as: 'payer'}]->(:Payer {key: 'payer:acme ltd'}) }": 2,
        "count { (:Ad {id: '2'})-[:PAID_FOR_BY {as: 'beneficiary'}]->(:Payer {name: 'Z'}) }": 1,
        "count { (:Account {id: '2'})-[:LOADED_FROM]->(:Source {id: 'SRC-accounts', run: 'RUN-1'}) }": 1,
        "count { (:Asset {key: 'x:account:u:1', platform: 'x', kind: 'account', id: 'u:1'}) }": 1,
    }
    found = {pattern: load.ask(f"RETURN {pattern}") for pattern in expected}
    assert found == expected
    assert audit(load.graph) == []


def test_properties_keep_their_types(load: Loader) -> None:
    load_all(load)
    account = load.ask("MATCH (a:Account {id: '9007199254740993'}) RETURN properties(a)")
    assert account["followers"] == 3
    assert account["verified"] is False
    assert account["x_odd name`"] == "q"
    assert account["created_at"].to_native() == at("2015-01-01")
    page = load.ask("MATCH (p:Page {id: '9'}) RETURN properties(p)")
    assert page["name"] == "') DETACH DELETE n //"
    assert (page["admin_countries"], page["admin_country_counts"]) == (["PK", "IN"], [4, 1])
    assert (page["history_events"], page["history_names"]) == (["created", "renamed"], ["", "New"])
    assert [time.to_native() for time in page["history_at"]] == [at("2015-05-05"), at("2018-01-01")]


def test_loading_twice_changes_nothing(load: Loader) -> None:
    load_all(load)
    before = load.state()
    assert load_all(load) == Counters()
    assert load.state() == before


def test_order_of_tables_does_not_matter_for_what_is_described(load: Loader) -> None:
    load("admins", DATASET["admins"])
    load("accounts", DATASET["accounts"])
    account = load.ask("MATCH (a:Account {id: '2'}) RETURN a.key")
    assert account == "facebook:account:2"
    assert load.ask("MATCH (a:Asset {id: '2'}) RETURN count(a)") == 1
    assert audit(load.graph) == []


def test_a_corrected_file_replaces_what_it_said(load: Loader) -> None:
    load_all(load)
    big = {"platform": FB, "id": "9007199254740993", "name": "B", "followers": None, "verified": True}
    load("accounts", [big, {"platform": FB, "id": "2", "name": "C", "followers": 1, "verified": True}])
    account = load.ask("MATCH (a:Account {id: '9007199254740993'}) RETURN properties(a)")
    assert account["name"] == "B"
    assert account["verified"] is True
    assert "followers" not in account  # empty now
    assert account.keys().isdisjoint({"created_at", "x_odd name`"})  # not in the corrected file
    ad = {"platform": FB, "page_id": "7"}
    load("ads", [{**ad, "id": "1", "payer": None, "beneficiary": "Z"},
                 {**ad, "id": "2", "payer": "New Payer", "beneficiary": None}])  # fmt: skip
    paid = (
        "MATCH (a:Ad)-[r:PAID_FOR_BY]->(p) WITH a, r, p ORDER BY a.id, r.as"
        " RETURN collect([a.id, r.as, p.name])"
    )
    assert load.ask(paid) == [["1", "beneficiary", "Z"], ["2", "payer", "New Payer"]]
    assert load.ask("MATCH (p:Page)-[:RAN]->(a:Ad {id: '1'}) RETURN collect(p.id)") == ["7"]
    assert load.ask("MATCH (p:Payer) RETURN count(p)") == 2


def test_an_account_runs_ads_on_instagram_and_an_unknown_page_runs_none(load: Loader) -> None:
    ads = [
        {"platform": "instagram", "id": "1", "page_id": "army"},
        {"platform": FB, "id": "2", "page_id": "9"},
        {"platform": FB, "id": "3", "page_id": "unknown/site/a.com"},
    ]
    load("ads", ads)
    ran = (
        "MATCH (a:Ad) OPTIONAL MATCH (r)-[:RAN]->(a) WITH r, a ORDER BY a.id"
        " RETURN collect([r.key, a.page_id])"
    )
    assert load.ask(ran) == [
        ["instagram:account:army", "army"],
        ["facebook:page:9", "9"],
        [None, "unknown/site/a.com"],
    ]
    assert load.ask("MATCH (a:Asset) RETURN count(a)") == 2
    assert audit(load.graph) == []
    load("ads", [*ads[:1], {**ads[1], "page_id": "unknown/ad/2"}])
    assert load.ask("MATCH (:Asset {id: '9'})-[r:RAN]->() RETURN count(r)") == 0
    assert audit(load.graph) == []


def test_the_newer_of_two_sources_counts_and_both_can_be_seen(load: Loader) -> None:
    load("pages", [{"platform": FB, "id": "9", "name": "P", "country": "PK", "x_note": "kept"}], "SRC-1")
    load("page_history", DATASET["page_history"])
    load("pages", [{"platform": FB, "id": "9", "name": "Q", "country": None}], "SRC-2", country=pl.String)
    page = load.ask("MATCH (p:Page {id: '9'}) RETURN properties(p)")
    assert (page["name"], page["country"], page["x_note"]) == ("Q", "PK", "kept")
    assert page["history_events"] == ["created", "renamed"]
    said = "MATCH (:Page {id: '9'})-[t:LOADED_FROM]->(s) WITH t, s ORDER BY s.id"
    said += " RETURN collect([s.id, properties(t)])"
    assert load.ask(said) == [["SRC-1", {"name": "P"}], ["SRC-2", {}], ["SRC-page_history", {}]]
    load("pages", [{"platform": FB, "id": "9", "name": "P", "country": "IN"}], "SRC-2")
    assert load.ask("MATCH (p:Page {id: '9'}) RETURN [p.name, p.country, p.x_note]") == ["P", "IN", "kept"]
    assert load.ask(said)[:2] == [["SRC-1", {"country": "PK"}], ["SRC-2", {}]]


def test_a_tie_stays_while_any_source_tells_of_it(load: Loader) -> None:
    tie = {"platform": FB, "account_id": "1", "asset_kind": "page", "asset_id": "9", "role": "admin"}
    load("admins", [tie], "SRC-2")
    load("admins", [{**tie, "role": "editor"}, {**tie, "account_id": "2"}], "SRC-1")
    ties = "MATCH (a)-[t:ADMINISTERS]->() WITH a, t ORDER BY a.id RETURN collect([a.id, t.role, t.sources])"
    assert load.ask(ties) == [["1", "editor", ["SRC-1", "SRC-2"]], ["2", "admin", ["SRC-1"]]]
    load("admins", [{**tie, "account_id": "3"}], "SRC-1")
    assert load.ask(ties) == [["1", "admin", ["SRC-2"]], ["3", "admin", ["SRC-1"]]]
    assert load.ask("MATCH (a:Account) RETURN count(a)") == 2
    assert audit(load.graph) == []


def test_what_makes_one_range_comes_from_one_source(load: Loader) -> None:
    ad = {"platform": FB, "id": "1", "page_id": "9"}
    low = {"currency": "USD", "spend_lower": 1.0, "spend_upper": 10.0}
    load("ads", [{**ad, **low, "impressions_lower": 5, "impressions_upper": 9}], "SRC-1")
    high = {"currency": "EUR", "spend_lower": 20.0, "spend_upper": None}
    load("ads", [{**ad, **high, "impressions_lower": 7, "impressions_upper": None}], "SRC-2",
         spend_upper=pl.Float64, impressions_upper=pl.Int64)  # fmt: skip
    found = load.ask("MATCH (a:Ad) RETURN properties(a)")
    assert (found["currency"], found["spend_lower"], "spend_upper" in found) == ("EUR", 20.0, False)
    assert (found["impressions_lower"], found["impressions_upper"]) == (7, 9)
    load("ads", [{**ad, **high, "impressions_lower": 70}], "SRC-2")
    found = load.ask("MATCH (a:Ad) RETURN properties(a)")
    assert (found["impressions_lower"], "impressions_upper" in found) == (70, False)


def test_what_detection_wrote_stays(load: Loader) -> None:
    load("accounts", [{"platform": FB, "id": i, "name": "A"} for i in ("1", "2")])
    load.ask("MATCH (a {id: '1'}), (b {id: '2'}) CREATE (a)-[e:COORDINATED {layer: 'co_url'}]->(b) RETURN e")
    load("accounts", [{"platform": FB, "id": i, "handle": "h"} for i in ("1", "2")])
    edges = "MATCH (:Account {handle: 'h'})-[e:COORDINATED]->({handle: 'h'}) RETURN collect(e.layer)"
    assert load.ask(edges) == ["co_url"]


def test_ties_without_properties_are_written(load: Loader) -> None:
    load("members", [{"platform": FB, "account_id": "1", "group_id": "g", "since": None}], since=ZONED)
    assert load.ask("MATCH (:Account)-[m:MEMBER_OF]->(:Group) RETURN properties(m)") == {
        "sources": ["SRC-members"]
    }


def test_an_empty_table_writes_nothing(load: Loader) -> None:
    schema = {"platform": pl.String(), "id": pl.String()}
    assert load.keep({"accounts": pl.DataFrame(schema=schema)}) == Counters()
    assert load.ask("MATCH (a:Asset) RETURN count(a)") == 0


def test_many_rows_stream_in_batches_and_tell_progress(load: Loader) -> None:
    rows = 60_000
    table = pl.select(
        platform=pl.lit(FB),
        account_id=(pl.int_range(rows) % 500).cast(pl.String),
        asset_kind=pl.lit("page"),
        asset_id=(pl.int_range(rows) // 30).cast(pl.String),
    ).unique()
    told: list[tuple[str, int, int | None]] = []
    counters = load.keep({"admins": table}, progress=lambda *step: told.append(step))
    assert counters.relationships_created == table.height + 500 + 2000
    done = [done for stage, done, _ in told if stage == "graph: ADMINISTERS"]
    assert done[-1] == table.height
    assert len(done) > 1
    assert done == sorted(done)


def test_a_source_and_its_run_are_on_record(load: Loader) -> None:
    for _ in range(2):
        load("pages", DATASET["pages"], "SRC-1")
    source = load.ask("MATCH (s:Source) RETURN properties(s)")
    assert (source["path"], source["run"], source["sequence"], "loading" in source) == (
        "SRC-1.csv", "RUN-1", 2, False,
    )  # fmt: skip
    assert source["loaded_at"].to_native() == at("2019-04-01")
    assert load.ask("MATCH (r:Run {id: 'RUN-1'}) RETURN count(r)") == 1


@pytest.mark.parametrize(
    "name", ["ACME Ltd", " acme\tltd ", "\uff21\uff23\uff2d\uff25 Ltd", "acme\u00a0\u00a0LTD"]
)
def test_spellings_of_a_payer_have_one_key(name: str) -> None:
    assert payer_key(name) == "payer:acme ltd"
