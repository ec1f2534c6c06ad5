from __future__ import annotations

import threading

import pytest

from cypher.connection import ServerAddress
from cypher.errors import CibError
from cypher.migrations import migrate, migrations
from cypher.session import Graph

KEYED = ["Ad", "Asset", "Domain", "Hashtag", "Identifier", "Image", "Payer", "Post", "Text", "Url"]
NAMED_BY_ID = ["Decision", "Operation", "Run", "Signal", "Source"]


def test_versions_have_no_gaps_and_names_are_told() -> None:
    assert [migration.version for migration in migrations()] == list(range(1, len(migrations()) + 1))
    assert all("IF NOT EXISTS" in s.text for migration in migrations() for s in migration.statements)


@pytest.mark.server
def test_every_keyed_label_is_unique(graph: Graph) -> None:
    rows = graph.driver.execute_query(
        "SHOW CONSTRAINTS YIELD labelsOrTypes, properties, type WHERE type ENDS WITH 'UNIQUENESS'"
        " RETURN labelsOrTypes[0] AS label, properties[0] AS property"
    ).records
    found = {(row["label"], row["property"]) for row in rows}
    assert found >= {(label, "key") for label in KEYED} | {(label, "id") for label in NAMED_BY_ID}


@pytest.mark.server
def test_applied_once_and_recorded(graph: Graph) -> None:
    assert migrate(graph) == []
    recorded = graph.read("schema/applied")
    assert {(row["version"], row["name"], row["checksum"]) for row in recorded} == {
        (migration.version, migration.name, migration.checksum) for migration in migrations()
    }


@pytest.mark.server
def test_a_changed_or_unknown_migration_is_refused(graph: Graph) -> None:
    try:
        graph.driver.execute_query("MATCH (m:Migration {version: 1}) SET m.checksum = 'other'")
        with pytest.raises(CibError, match="other statements"):
            migrate(graph)
        graph.driver.execute_query(
            "MATCH (m:Migration {version: 1}) DELETE m CREATE (:Migration {version: 999})"
        )
        with pytest.raises(CibError, match="unknown to this release"):
            migrate(graph)
    finally:
        graph.driver.execute_query("MATCH (m:Migration) DELETE m")
    assert len(migrate(graph)) == len(migrations())


@pytest.mark.server
def test_four_at_once_on_a_bare_database(server_address: ServerAddress, graph: Graph) -> None:
    run = graph.driver.execute_query
    for row in run("SHOW CONSTRAINTS YIELD name").records:
        run(f"DROP CONSTRAINT {row['name']}")
    for row in run("SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP'").records:
        run(f"DROP INDEX {row['name']}")
    run("MATCH (m:Migration) DELETE m")
    ready, failures = threading.Barrier(4), []

    def apply() -> None:
        with Graph.connect(server_address) as other:
            ready.wait()
            try:
                migrate(other)
            except CibError as error:
                failures.append(error)

    threads = [threading.Thread(target=apply) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(row["version"] for row in graph.read("schema/applied")) == [m.version for m in migrations()]
    names = {row["name"] for row in run("SHOW INDEXES YIELD name").records}
    assert names >= {"asset_key", "asset_name", "asset_handle", "coordinated_layer", "names", "operation_id"}
