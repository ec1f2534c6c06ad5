"""Rows a second into the graph, against bare UNWIND loops over the same rows as ready dicts.

A bare loop is what one writes by hand for the same nodes, relationships and properties: it has the rows as
dicts in memory before the clock starts, in the same order and batches, and ties what it knows to exist. Ours
reads the store's Parquet, unites what sources say, sorts, makes keys, keeps a journal, and merges; on the
same server. There are two loops, since the driver packs a `datetime` four times slower than a pandas
Timestamp: one with the times that Polars gives, as one would write it, and one with the times as our loader
hands them over.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import neo4j
import polars as pl

from bench.rows import Row, compare
from bench.servers import empty_graph, wipe
from cypher.migrations import migrate
from cypher.session import Graph
from cypher.values import as_rows
from ingest.derived import derive
from ingest.graph import project
from ingest.journal import Journal
from ingest.resolving import LABELS
from ingest.store import Store

ACCOUNTS = 20_000
ADMINS = 40_000
TURNS = 3
GOAL = 0.9
BATCH = 10_000
SOURCE = "SRC-bench"

BARE_ACCOUNTS = """
MATCH (source:Source {id: 'SRC-bench'})
UNWIND $rows AS row
MERGE (asset:Asset {key: row.key})
SET asset:Account, asset += row
MERGE (asset)-[:LOADED_FROM]->(source)
"""
BARE_ADMINS = """
UNWIND $rows AS row
MATCH (account:Asset {key: row.account})
MATCH (page:Asset {key: row.page})
MERGE (account)-[tie:ADMINISTERS]->(page)
SET tie.role = row.role, tie.since = row.since, tie.sources = ['SRC-bench']
"""


#: The bare loops, and what a lead or a lag against them says.
PEERS = {
    "bare UNWIND": "a lead is the packing of times, not better Cypher",
    "bare UNWIND, times packed": "a lag is reading, uniting, sorting and keys",
}


def run() -> list[Row]:
    """Measure nodes (accounts) and relationships (admins); the database is emptied before and after."""
    with empty_graph() as (graph, cpu), tempfile.TemporaryDirectory() as folder:
        migrate(graph)
        rows = _nodes(graph, cpu, Path(folder)) + _relationships(graph, cpu, Path(folder))
        wipe(graph)
    return [row.noted(f"{row.note}; {PEERS[row.name.partition(' against ')[2]]}") for row in rows]


def _nodes(graph: Graph, cpu: Callable[[], float], folder: Path) -> list[Row]:
    accounts = _accounts()
    write = _writing(graph, folder / "nodes", {"accounts": accounts})
    rows = accounts.select(
        pl.all(), key=pl.concat_str(pl.lit("facebook:account:"), "id"), kind=pl.lit("account")
    )

    def before() -> None:
        wipe(graph)
        graph.write("load/begin_sources", sources=[SOURCE])

    peers = _bare(graph, BARE_ACCOUNTS, rows)
    return compare(
        "accounts to graph", ACCOUNTS, write, peers, before=before, cpu=cpu, turns=TURNS, goal=GOAL
    )


def _relationships(graph: Graph, cpu: Callable[[], float], folder: Path) -> list[Row]:
    pages = _accounts().head(ADMINS // 4).select("platform", "id", "name")
    admins = _admins()
    tables = {"accounts": _accounts(), "pages": pages, "admins": admins}
    wipe(graph)
    _writing(graph, folder / "all", tables)()
    write = _writing(graph, folder / "ties", tables, LABELS)
    rows = admins.select(
        "role",
        "since",
        account=pl.concat_str(pl.lit("facebook:account:"), "account_id"),
        page=pl.concat_str(pl.lit("facebook:page:"), "asset_id"),
    )

    def before() -> None:
        graph.driver.execute_query("MATCH ()-[tie:ADMINISTERS]->() DELETE tie", database_=graph.database)

    peers = _bare(graph, BARE_ADMINS, rows)
    return compare(
        "admins to graph", admins.height, write, peers, before=before, cpu=cpu, turns=TURNS, goal=GOAL
    )


def _writing(
    graph: Graph, folder: Path, tables: dict[str, pl.DataFrame], done: tuple[str, ...] = ()
) -> Callable[[], None]:
    """Return what writes tables of one source, kept in a store, into a graph that has nothing of it."""
    (staged := folder / "staged").mkdir(parents=True)
    for name, table in tables.items():
        table.write_parquet(staged / f"{name}.parquet")
    derive(staged)
    store = Store(folder / "sources")
    store.folder.mkdir()
    store.commit(SOURCE, staged, loaded_at=dt.datetime.now(dt.UTC))

    def write() -> None:
        journal = Journal.open(folder / "journal.json", store.scope({}), {})
        for stage in done:
            journal.finished(stage)
        project(graph, journal, folder)

    return write


def _bare(graph: Graph, query: str, rows: pl.DataFrame) -> dict[str, Callable[[], None]]:
    """Return the bare loops by name."""

    def looping(ready: list[dict[str, Any]]) -> Callable[[], None]:
        def loop() -> None:
            with graph.driver.session(database=graph.database) as session:
                for start in range(0, len(ready), BATCH):
                    session.execute_write(_run, query, ready[start : start + BATCH])

        return loop

    return dict(zip(PEERS, (looping(rows.to_dicts()), looping(as_rows(rows))), strict=True))


def _run(transaction: neo4j.ManagedTransaction, query: str, rows: list[dict[str, Any]]) -> None:
    transaction.run(query, rows=rows).consume()


def _accounts() -> pl.DataFrame:
    number = pl.int_range(ACCOUNTS)
    start = pl.lit(dt.datetime(2015, 1, 1, tzinfo=dt.UTC)).cast(pl.Datetime("us", "UTC"))
    return pl.select(
        platform=pl.lit("facebook"),
        id=(10**14 + number).cast(pl.String),
        name=pl.concat_str(pl.lit("Name "), number),
        handle=pl.concat_str(pl.lit("handle."), number),
        created_at=start + pl.duration(seconds=number * 977),
        country=pl.lit("PK"),
        language=pl.lit("ur"),
        followers=number,
        verified=pl.lit(value=False),
        bio=pl.lit("A biography as long as they are on average"),
        url=pl.concat_str(pl.lit("https://facebook.com/"), number),
    )


def _admins() -> pl.DataFrame:
    number = pl.int_range(ADMINS)
    start = pl.lit(dt.datetime(2015, 1, 1, tzinfo=dt.UTC)).cast(pl.Datetime("us", "UTC"))
    return pl.select(
        platform=pl.lit("facebook"),
        account_id=(10**14 + number * 7919 % ACCOUNTS).cast(pl.String),
        asset_kind=pl.lit("page"),
        asset_id=(10**14 + number % (ADMINS // 4)).cast(pl.String),
        role=pl.lit("admin"),
        since=start + pl.duration(seconds=number * 977),
    ).sort("account_id", "asset_id")
