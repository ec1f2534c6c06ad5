"""Databases to measure on."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from cibgraph import server
from cypher.connection import ServerAddress
from cypher.session import Graph


@contextmanager
def empty_graph() -> Iterator[tuple[Graph, Callable[[], float]]]:
    """Open an empty database: that of NEO4J_URI, or of an embedded server that lives as long as the block.

    With it comes a function of the processor seconds used so far, by this process and an embedded server.

    Raises:
        SystemExit: The database of NEO4J_URI is not empty.
    """
    if uri := os.environ.get("NEO4J_URI"):
        user, password = os.environ.get("NEO4J_USERNAME", "neo4j"), os.environ.get("NEO4J_PASSWORD", "")
        with Graph.connect(ServerAddress(uri, user, password, os.environ.get("NEO4J_DATABASE"))) as graph:
            count = "MATCH (n) WHERE NOT n:Migration RETURN count(n)"
            if found := graph.driver.execute_query(count, database_=graph.database).records[0][0]:
                sys.exit(
                    f"{uri} holds {found:,} nodes; benchmarks empty the database, so give them an empty one"
                )
            yield graph, time.process_time
        return
    with tempfile.TemporaryDirectory(prefix="cib-bench-") as home:
        running = server.ensure_running(Path(home))
        try:
            with Graph.connect(running.address) as graph:
                process = psutil.Process(running.pid)
                yield graph, lambda: time.process_time() + sum(process.cpu_times()[:2])
        finally:
            server.stop(Path(home))


def wipe(graph: Graph) -> None:
    """Delete everything but the record of the schema."""
    with graph.driver.session(database=graph.database) as session:
        session.run(
            "MATCH (n) WHERE NOT n:Migration CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS"
        ).consume()
