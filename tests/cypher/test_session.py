from __future__ import annotations

import datetime as dt
import logging
import re
import threading

import polars as pl
import pytest

from cypher import rows
from cypher.connection import ServerAddress, check_version
from cypher.errors import CibError, ServerError, UsageError
from cypher.library import Query, parse
from cypher.session import Counters, Graph

pytestmark = pytest.mark.server
MERGE = parse(
    "merge", "// T\n// :param rows => []\nUNWIND $rows AS row\nMERGE (n:T {key: row.key}) SET n += row"
)
READ = parse(
    "read", "// T\nMATCH (n:T) RETURN n.key AS key, n.at AS at, n.day AS day, n.list AS list, n ORDER BY key"
)
ZONED = pl.Datetime("us", "UTC")


def test_values_come_back_as_they_went(graph: Graph) -> None:
    times = [
        dt.datetime(2019, 4, 1, 12, 30, 15, 123456, dt.UTC),
        None,
        dt.datetime(1, 1, 1, tzinfo=dt.UTC),
        dt.datetime(9999, 12, 31, 23, 59, 59, 999999, dt.UTC),
        dt.datetime(1969, 12, 31, 23, 59, 59, 999999, dt.UTC),
    ]
    keys = ["a'; MATCH (n) DETACH DELETE n //", "b", "c", "9007199254740993", "\u202e\U0001f600"]
    frame = pl.DataFrame(
        {
            "key": keys,
            "at": times,
            "day": [dt.date(2015, 5, 1)] * 5,
            "list": [["x", "y"], None, [], ["z"], None],
        },
        schema_overrides={"at": ZONED},
    )
    for part in (frame, frame.head(2)):  # all times, and those that fit in nanoseconds
        counters = graph.write_rows(MERGE, part)
        back = graph.read_frame(READ).drop("n").join(part.select("key"), on="key", how="semi")
        assert back.sort("key").equals(part.sort("key"))
    assert counters.nodes_created == 0
    text = graph.driver.execute_query("MATCH (n:T {key: $k}) RETURN toString(n.at)", k=keys[0]).records[0][0]
    assert text == "2019-04-01T12:30:15.123456Z"


def test_a_connection_can_wait_until_it_is_used(graph: Graph, server_address: ServerAddress) -> None:
    made: list[Graph] = []

    def connect() -> Graph:
        made.append(Graph.connect(server_address))
        return made[-1]

    with Graph.later(connect) as later:
        later.move(ServerAddress("bolt://localhost:1", "neo4j", "secret"))
    assert not later.connected
    with Graph.later(connect) as later:
        assert later.read("load/bulk_size") == graph.read("load/bulk_size")
        assert later.connected
        assert (later.driver, later.address) == (made[0].driver, server_address)
        later.move(server_address)
        assert later.read("load/bulk_size")
    assert len(made) == 1


def test_nodes_are_read_as_their_properties(graph: Graph) -> None:
    graph.write_rows(MERGE, pl.DataFrame({"key": ["a"], "n": [1]}))
    assert graph.read(READ)[0]["n"] == {"key": "a", "n": 1}


def test_an_empty_result_keeps_its_columns_and_types(graph: Graph) -> None:
    frame = graph.read_frame(READ, {"key": pl.String(), "at": ZONED})
    assert frame.height == 0
    assert frame.schema["key"] == pl.String
    assert frame.schema["at"] == ZONED


def test_a_long_result_is_whole_and_in_order(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    count = parse("count", "// T\nUNWIND range(1, 25) AS n RETURN n, toString(n) AS text")
    whole = graph.read_frame(count, {"n": pl.Int64()})  # a type to infer: from all rows
    monkeypatch.setattr(rows, "_ROWS_AT_ONCE", 10)
    monkeypatch.setattr(rows, "_ROWS_A_LIST", 5)
    parts = graph.read_frame(count, {"n": pl.Int64(), "text": pl.String()})
    assert parts["n"].to_list() == list(range(1, 26))
    assert parts.equals(whole)


def test_batches_are_counted_and_summed(graph: Graph) -> None:
    done: list[int] = []
    frames = [pl.DataFrame({"key": [f"{part}-{i}" for i in range(5)]}) for part in range(3)]
    counters = graph.write_rows(MERGE, frames, batch=2, on_batch=done.append)
    assert counters == Counters(nodes_created=15, properties_set=30, labels_added=15)
    assert done == [2, 2, 1] * 3


def test_a_batch_too_large_for_memory_is_halved_not_repeated(graph: Graph) -> None:
    limit = _megabytes(graph, "dbms.memory.transaction.total.max")
    if not 0 < limit <= 2048:
        pytest.skip(f"the server allows transactions {limit} MiB: too much to fill in a test")
    hoard = parse(
        "hoard",
        "// T\n// :param rows => []\n// :param items => 0\n"
        "UNWIND $rows AS row UNWIND range(1, $items) AS i"
        " WITH row, collect(row.key + '-' + i) AS found CREATE (:T {key: row.key, size: size(found)})",
    )
    frame = pl.DataFrame({"key": [f"{i:040}" for i in range(4)]})
    items = limit * 3000  # a row takes some 40 per cent of the limit
    done: list[int] = []
    counters = graph.write_rows(hoard, frame, on_batch=done.append, items=items)
    assert counters.nodes_created == sum(done) == 4
    assert max(done) < 4
    for attempt in (
        lambda: graph.write_rows(hoard, frame.head(1), items=items * 5),
        lambda: graph.read(
            Query("h", "T", "", {"items": 0}, "UNWIND range(1, $items) AS i RETURN size(collect('-' + i))"),
            items=items * 8,
        ),
    ):
        with pytest.raises(CibError, match="memory") as caught:
            attempt()
        assert "dbms.memory" in caught.value.hint


def test_writers_that_deadlock_finish_both_in_silence(
    server_address: ServerAddress, graph: Graph, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = [f"{i:04}" for i in range(300)]
    graph.write_rows(MERGE, pl.DataFrame({"key": keys}))
    add = parse(
        "add",
        "// T\n// :param rows => []\n"
        "UNWIND $rows AS row MATCH (n:T {key: row.key}) SET n.c = coalesce(n.c, 0) + 1",
    )
    ready = threading.Barrier(2)

    def write(order: list[str]) -> None:
        with Graph.connect(server_address) as other:
            ready.wait()
            for _ in range(5):
                other.write_rows(add, pl.DataFrame({"key": order}))

    threads = [threading.Thread(target=write, args=(order,)) for order in (keys, keys[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counts = graph.driver.execute_query("MATCH (n:T) RETURN collect(DISTINCT n.c)").records[0][0]
    assert counts == [10]
    assert capsys.readouterr().err == ""
    assert logging.getLogger("neo4j").handlers


def test_errors_of_values_name_the_query_not_the_driver(graph: Graph) -> None:
    with pytest.raises(CibError, match="refused"):
        graph.read(Query("bad", "T", "", {"n": 0}, "RETURN 1 / $n"), n=0)
    with pytest.raises(UsageError, match="no parameter"):
        graph.read(READ, nothing=1)


@pytest.mark.parametrize(
    ("change", "message", "hint"),
    [
        ({"uri": "bolt://localhost:1"}, "does not answer", "NEO4J_URI"),
        ({"uri": "bolt://no-such-host.invalid:7687"}, "does not answer", "NEO4J_URI"),
        ({"uri": "http://localhost:7474"}, "not the address", "NEO4J_URI"),
        ({"uri": ""}, "not the address", "NEO4J_URI"),
        ({"password": "wrong-password"}, "refuses the password", "NEO4J_PASSWORD"),
        ({"database": "nowhere"}, "no database", "NEO4J_DATABASE"),
    ],
)
def test_what_cannot_be_reached_says_which_setting_to_mend(
    server_address: ServerAddress, change: dict[str, str], message: str, hint: str
) -> None:
    with pytest.raises(ServerError, match=message) as caught:
        Graph.connect(ServerAddress(**{**vars(server_address), **change}))
    assert hint in caught.value.hint
    assert caught.value.exit_code == 4
    assert server_address.password not in caught.value.message + caught.value.hint


def test_gds_is_there_when_needed(server_address: ServerAddress) -> None:
    with Graph.connect(server_address, need_gds=True) as graph:
        assert graph.read(parse("v", "// T\nRETURN gds.version() AS version"))[0]["version"]


def test_old_servers_are_refused() -> None:
    check_version("Neo4j/2026.08.1", "bolt://x")
    check_version("Neo4j/5.26.0", "bolt://x")
    with pytest.raises(ServerError, match="too old"):
        check_version("Neo4j/4.4.30", "bolt://x")


def test_the_password_is_not_shown(server_address: ServerAddress) -> None:
    assert server_address.password not in repr(server_address)


def _megabytes(graph: Graph, setting: str) -> int:
    value = graph.driver.execute_query("SHOW SETTINGS $name YIELD value", name=setting).records[0]["value"]
    factors = {"B": 0, "KiB": 0, "MiB": 1, "GiB": 1024}
    number, unit = re.fullmatch(r"([\d.]+)(\w+)", value).groups()  # type: ignore[union-attr]
    return int(float(number) * factors[unit])
