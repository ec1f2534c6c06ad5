"""Both ways of writing the graph give the same graph, whatever the values, and whatever came in between."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cibgraph import server
from cibgraph.server.bulk import EmbeddedImport
from cypher.migrations import migrate
from cypher.progress import Progress, silent
from cypher.session import Graph
from ingest.bulk import Bulk, ImportFailedError
from ingest.bulk_files import ImportFiles
from ingest.loader import Places, load, remove
from ingest.report import LoadReport
from ingest.simulate import simulate

pytestmark = pytest.mark.server

#: Values that a delimiter, a quote, a line break, a null or a type could be mistaken for.
HARD = [
    "plain", 'qu"ote', '""', "a,b;c|d\te", "line\nbreak\r\nagain", "\\", "\\\"", "'", "NULL", "null", "-1",
    "true", "1.0", "2019-04-01T00:00:00Z", "[]", "{}", '["a"]', "$x", "`", ":ID", "\u001f\u0007\u001e",
    "\u202eabc\u200b", "Ünï 日本 \U0001f600", "=1+1", "x" * 1000, "x" * 300_000, "a\u0000b", "\ufeff",
]  # fmt: skip
TIMES = [
    "2019-04-01T12:00:00.000001Z", "1969-12-31T23:59:59.999999Z", "1950-01-01T00:00:00.5Z",
    "0001-01-01T00:00:00Z", "2300-01-01T00:00:00Z", "2019-04-01", None,
]  # fmt: skip
EVERYTHING = """
MATCH (n) WHERE NOT n:Migration AND NOT n:Run AND NOT n:DisposableByTests
RETURN labels(n) AS labels, properties(n) AS properties, [k IN keys(n) | [k, valueType(n[k])]] AS types,
  [(n)-[r]->(m) |
    [type(r), coalesce(m.key, m.id), properties(r), [k IN keys(r) | [k, valueType(r[k])]]]] AS ties
"""
SCHEMA = (
    "SHOW INDEXES YIELD name, type, entityType, labelsOrTypes, properties, state, owningConstraint "
    "RETURN CASE type WHEN 'LOOKUP' THEN '' ELSE name END AS name, type, entityType, labelsOrTypes, "
    "properties, state, owningConstraint",
    "SHOW CONSTRAINTS YIELD name, type, entityType, labelsOrTypes, properties",
)


class NoRoom(EmbeddedImport):
    """An import that fails."""

    def replace(self, graph: Graph, files: ImportFiles, progress: Progress = silent) -> None:
        raise ImportFailedError("no room")


class Side:
    """A graph that is loaded into, and the workspace beside it."""

    def __init__(self, graph: Graph, folder: Path, data: Path, bulk: Bulk | None = None) -> None:
        self.graph, self.data, self.bulk = graph, data, bulk
        self.places = Places(folder / "sources", folder / "actions", folder / "rejected")

    def load(self, progress: Progress = silent) -> LoadReport:
        return load(
            [self.data], graph=self.graph, places=self.places, run="RUN-1", bulk=self.bulk, progress=progress
        )

    def remove(self, name: str) -> None:
        remove([str(self.data / name)], graph=self.graph, places=self.places, run="RUN-2")

    def everything(self) -> list[str]:
        """Return all nodes with their ties, each as text with the types of its values, sorted."""
        rows = []
        for row in self.graph.driver.execute_query(EVERYTHING).records:
            properties = dict(row["properties"])
            if "Source" in row["labels"]:
                assert properties.pop("loaded_at")
            ties = sorted(
                repr((name, key, sorted(values.items()), sorted(types)))
                for name, key, values, types in row["ties"]
            )
            rows.append(repr((sorted(row["labels"]), sorted(properties.items()), sorted(row["types"]), ties)))
        return sorted(rows)

    def schema(self) -> list[str]:
        return sorted(
            repr(row.data()) for text in SCHEMA for row in self.graph.driver.execute_query(text).records
        )


@pytest.fixture(params=["no database", "an empty database"])
def home(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    home = tmp_path / "server"
    if request.param == "an empty database":
        server.ensure_running(home)
    yield home
    server.stop(home)


@pytest.fixture
def own(home: Path) -> Iterator[Graph]:
    def connect() -> Graph:
        graph = Graph.connect(server.ensure_running(home).address)
        migrate(graph)
        return graph

    with Graph.later(connect) as graph:
        yield graph


def write_hard(data: Path) -> None:
    """Two files that tell of some assets both, and not the same."""
    accounts = [
        {
            "platform": "facebook", "id": f"{number}:{value[:40]}", "name": value[:999], "bio": value,
            "created_at": TIMES[number % len(TIMES)], "followers": number if number % 2 else None,
            "verified": number % 3 == 0 or None, "Extra (of: mine) [a]": value,
        }
        for number, value in enumerate(HARD)
    ]  # fmt: skip
    ads = [
        {
            "platform": "facebook", "id": str(number), "page_id": f"p{number % 4}", "payer": value[:500],
            "beneficiary": HARD[-number][:500], "text": value, "countries": ["PK", "IN"],
            "targets": [value, *HARD[:9]], "spend_lower": 1.5, "spend_upper": number + 2.25,
            "currency": "USD", "started_at": TIMES[number % 7],
        }
        for number, value in enumerate(HARD)
    ]  # fmt: skip
    for name, rows in (
        ("accounts", accounts),
        ("ads", ads),
        ("accounts-2", [dict(a, bio="other") for a in accounts[:9]]),
    ):
        text = "".join(
            json.dumps(row, ensure_ascii=number % 2 == 0) + "\n" for number, row in enumerate(rows)
        )
        (data / f"{name}.ndjson").write_text(text, encoding="utf-8")


@pytest.fixture
def graph_of_runs(graph: Graph) -> Iterator[Graph]:
    """The graph of the session: its mark, which is not of loading, passes for the record of a run."""
    graph.driver.execute_query("MATCH (n:DisposableByTests) SET n:Run")
    yield graph
    graph.driver.execute_query("MATCH (n:DisposableByTests) REMOVE n:Run")


def test_both_ways_give_the_same_graph(graph_of_runs: Graph, own: Graph, home: Path, tmp_path: Path) -> None:
    (data := tmp_path / "data").mkdir()
    simulate("takedown-2019", background=20, seed=3, out_dir=data)
    for name in ("posts.csv", "reactions.csv"):
        (data / name).unlink()
    write_hard(data)
    said: list[str] = []
    bolt = Side(graph_of_runs, tmp_path / "bolt", data, Bulk(NoRoom(home, said.append), 1))
    bulk = Side(own, tmp_path / "bulk", data, Bulk(EmbeddedImport(home, said.append), 1))
    assert bolt.load().way == "bolt"
    assert said[0].endswith("rows: bulk import with neo4j-admin")
    assert said[1] == "the bulk import failed, so the rows go over Bolt: no room"

    def interrupt(stage: str, _done: int, _total: int | None) -> None:
        if stage == "bulk import: USES":
            raise KeyboardInterrupt

    there = server.status(home).running
    with pytest.raises(KeyboardInterrupt):
        bulk.load(interrupt)
    assert own.connected == server.status(home).running == there
    assert bulk.load().way == "bulk import"
    assert bulk.schema() == bolt.schema()
    assert bulk.everything() == bolt.everything()
    assert bulk.load().way == ""

    # From here on both go over Bolt.
    lines = (data / "accounts.ndjson").read_text("utf-8").splitlines()
    (data / "accounts.ndjson").write_text(
        "\n".join(line.replace("plain", "new") for line in lines[:-2]), "utf-8"
    )
    assert bolt.load().way == bulk.load().way == "bolt"
    assert bulk.everything() == bolt.everything()
    bolt.remove("ads.ndjson")
    bulk.remove("ads.ndjson")
    assert bulk.everything() == bolt.everything()
