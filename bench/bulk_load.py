"""A first load by bulk import, against a bare `neo4j-admin database import` of ready-made CSV.

Both end with a running server whose graph has its constraints and indexes. Ours begins with the staged tables
of a source; the bare way with CSV that has the same nodes, relationships and properties. Server, Java and
memory are the same.
"""

from __future__ import annotations

import datetime as dt
import resource
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

import polars as pl
import psutil

from bench.rows import Row, compare
from cibgraph import server
from cibgraph.server.admin import import_database
from cibgraph.server.bulk import EmbeddedImport
from cibgraph.server.life import replace_database
from cypher.migrations import migrate
from cypher.progress import Progress
from cypher.session import Graph
from ingest.bulk import Bulk, import_first
from ingest.derived import derive
from ingest.graph import finish, project
from ingest.journal import Journal
from ingest.store import Store

ACCOUNTS: Final = 300_000
PAGES: Final = 75_000
ADMINS: Final = 600_000
TURNS: Final = 3
GOAL: Final = 0.7
_SOURCE: Final = "SRC-bench"
_TIME: Final = "%Y-%m-%dT%H:%M:%S%.6fZ"
_START: Final = pl.lit(dt.datetime(2015, 1, 1, tzinfo=dt.UTC)).cast(pl.Datetime("us", "UTC"))


def run() -> list[Row]:
    """Measure both ways on an embedded server, each time on an empty database."""
    size = {"nodes": ACCOUNTS + PAGES + 1, "ties": ADMINS + ACCOUNTS + PAGES}
    with tempfile.TemporaryDirectory(prefix="cib-bench-") as folder:
        bench = _Bench(Path(folder))
        try:
            rows = compare(
                "first load, bulk", sum(size.values()), bench.ours, {"bare neo4j-admin on CSV": bench.bare},
                before=bench.empty, cpu=bench.cpu, turns=TURNS, goal=GOAL,
            )  # fmt: skip
            with Graph.connect(server.ensure_running(bench.home).address) as graph:
                if graph.read("load/bulk_size")[0]["ties"] != size["ties"]:
                    sys.exit("the import made another graph than the benchmark counts")
        finally:
            server.stop(bench.home)
    # The first turn warmed up.
    ours, bare = (bench.before_start[way][1:] for way in ("ours", "bare"))
    ratio = statistics.median(b / a for a, b in zip(ours, bare, strict=True))
    mine, theirs = (sum(size.values()) / statistics.median(seconds) for seconds in (ours, bare))
    name = "first load, bulk, without the start of the server against bare neo4j-admin on CSV"
    return [*rows, Row(name, mine, "rows/s", theirs, ratio, note="up to the end of neo4j-admin")]


class _Bench:
    def __init__(self, folder: Path) -> None:
        self.home, self.csv = folder / "server", folder / "csv"
        accounts = _accounts()
        tables = {
            "accounts": accounts,
            "pages": accounts.head(PAGES).select("platform", "id", "name"),
            "admins": _admins(),
        }
        (staged := folder / "staged").mkdir()
        for name, table in tables.items():
            table.write_parquet(staged / f"{name}.parquet")
        derive(staged)
        self._store = Store(folder / "sources")
        self._store.folder.mkdir()
        self._store.commit(_SOURCE, staged, loaded_at=dt.datetime.now(dt.UTC))
        self.csv.mkdir()
        self._options = _write_csv(self.csv, tables)
        self.before_start: dict[str, list[float]] = {"ours": [], "bare": []}

    def empty(self) -> None:
        """Give the server an empty database."""
        server.stop(self.home)
        for part in ("databases", "transactions"):
            shutil.rmtree(self.home / "data" / part / "neo4j", ignore_errors=True)
        with Graph.connect(server.ensure_running(self.home).address) as graph:
            migrate(graph)

    def cpu(self) -> float:
        """Return the processor seconds of this process, of those it has waited for, and of the server."""
        own, waited = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        running = psutil.Process(server.ensure_running(self.home).pid).cpu_times()
        return own.ru_utime + own.ru_stime + waited.ru_utime + waited.ru_stime + running.user + running.system

    def ours(self) -> None:
        began = time.perf_counter()
        address = server.ensure_running(self.home).address
        with Graph.connect(address) as graph, self._store.work() as work:
            scope = self._store.scope({})
            journal = Journal.open(self._store.folder / "journal.json", scope, {})
            bulk = Bulk(EmbeddedImport(self.home, lambda _: None), 1)
            assert import_first(graph, journal, work, bulk, self._clock("ours", began)) is not None
            project(graph, journal, work)
            finish(graph, scope, "RUN-bench")
            journal.close()

    def bare(self) -> None:
        began = time.perf_counter()
        clock = self._clock("bare", began)

        def make(home: Path, jars: Path) -> None:
            import_database(home, jars, self._options, self.csv, self.csv / "log", clock)

        with Graph.connect(replace_database(self.home, make).address) as graph:
            migrate(graph)
            finish(graph, self._store.scope({}), "RUN-bench")

    def _clock(self, way: str, began: float) -> Progress:
        def told(stage: str, done: int, total: int | None) -> None:
            if stage.startswith("neo4j-admin") and done == total:
                self.before_start[way].append(time.perf_counter() - began)

        return told


def _accounts() -> pl.DataFrame:
    number = pl.int_range(ACCOUNTS)
    return pl.select(
        platform=pl.lit("facebook"),
        id=(10**14 + number).cast(pl.String),
        name=pl.concat_str(pl.lit("Name "), number),
        handle=pl.concat_str(pl.lit("handle."), number),
        created_at=_START + pl.duration(seconds=number * 977),
        country=pl.lit("PK"),
        language=pl.lit("ur"),
        followers=number,
        verified=pl.lit(value=False),
        bio=pl.lit("A biography as long as they are on average"),
        url=pl.concat_str(pl.lit("https://facebook.com/"), number),
    )


def _admins() -> pl.DataFrame:
    number = pl.int_range(ADMINS)
    return pl.select(
        platform=pl.lit("facebook"),
        account_id=(10**14 + number % ACCOUNTS).cast(pl.String),
        asset_kind=pl.lit("page"),
        asset_id=(10**14 + (number + number // ACCOUNTS) * 7919 % PAGES).cast(pl.String),
        role=pl.lit("admin"),
        since=_START + pl.duration(seconds=number * 97),
    )


def _write_csv(folder: Path, tables: dict[str, pl.DataFrame]) -> list[str]:
    """Write what the bare import reads, headers with types; return its options."""
    files: dict[str, pl.DataFrame] = {}
    for kind in ("account", "page"):
        key = pl.concat_str("platform", pl.lit(f":{kind}:"), "id")
        frame = tables[f"{kind}s"].with_columns(kind=pl.lit(kind), key=key)
        types = {pl.Int64(): "long", pl.Boolean(): "boolean", pl.Datetime("us", "UTC"): "datetime"}
        names = {column.name: f"{column.name}:{types.get(column.dtype, 'string')}" for column in frame}
        files[f"nodes=Asset:{kind.title()}"] = frame.rename(names | {"key": "key:ID(Asset)"})
        files[f"relationships=LOADED_FROM,{kind}"] = frame.select(
            pl.col("key").alias(":START_ID(Asset)"), pl.lit(_SOURCE).alias(":END_ID(Source)")
        )
    files["nodes=Source"] = pl.DataFrame({"id:ID(Source)": [_SOURCE]})
    files["relationships=ADMINISTERS"] = tables["admins"].select(
        pl.concat_str(pl.lit("facebook:account:"), "account_id").alias(":START_ID(Asset)"),
        pl.concat_str(pl.lit("facebook:page:"), "asset_id").alias(":END_ID(Asset)"),
        "role",
        pl.col("since").alias("since:datetime"),
        pl.lit(_SOURCE).alias("sources:string[]"),
    )
    options = []
    for number, (option, frame) in enumerate(files.items()):
        frame.write_csv(folder / f"{number}.csv", datetime_format=_TIME)
        options.append(f"--{option.partition(',')[0]}={number}.csv")
    return options
