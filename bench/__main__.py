"""Runs the benchmarks and prints one table: `python -m bench [name ...]`.

Uses the server of NEO4J_URI, whose database it EMPTIES if that was empty to begin with and refuses otherwise;
without NEO4J_URI, an embedded server of its own.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import bench
from bench.rows import Row
from cypher.connection import ServerAddress
from cypher.session import Graph


@contextmanager
def open_graph() -> Iterator[Graph]:
    """Open the empty database to measure on.

    Raises:
        SystemExit: The database of NEO4J_URI is not empty.
    """
    if uri := os.environ.get("NEO4J_URI"):
        user, password = os.environ.get("NEO4J_USERNAME", "neo4j"), os.environ.get("NEO4J_PASSWORD", "")
        with Graph.connect(ServerAddress(uri, user, password, os.environ.get("NEO4J_DATABASE"))) as graph:
            found = graph.driver.execute_query("MATCH (n) WHERE NOT n:Migration RETURN count(n)").records[0][
                0
            ]
            if found:
                sys.exit(
                    f"{uri} holds {found:,} nodes; benchmarks empty the database, so give them an empty one"
                )
            yield graph
        return
    from cibgraph import server

    with tempfile.TemporaryDirectory() as home:
        running = server.ensure_running(Path(home))
        try:
            with Graph.connect(running.address) as graph:
                yield graph
        finally:
            server.stop(Path(home))


def table(rows: list[Row]) -> str:
    """Return the rows as text, in columns."""
    lines = [("measured", "value", "unit", "bare", "ratio", "goal", "")]
    for row in rows:
        reached = row.ratio if row.ratio is not None else row.value
        lines.append(
            (
                row.what,
                f"{row.value:,.0f}",
                row.unit,
                "" if row.baseline is None else f"{row.baseline:,.0f}",
                "" if row.ratio is None else f"{row.ratio:.2f}",
                "" if row.goal is None else f"{row.goal:g}",
                "" if row.goal is None else "reached" if reached >= row.goal else "MISSED",
            )
        )
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def main() -> None:
    """Run every module of this package that has a `run`, or those named."""
    wanted = sys.argv[1:] or [
        found.name for found in pkgutil.iter_modules(bench.__path__) if found.name != "__main__"
    ]
    rows: list[Row] = []
    with open_graph() as graph:
        for name in wanted:
            module = importlib.import_module(f"bench.{name}")
            if hasattr(module, "run"):
                rows += module.run(graph)
    print(table(rows))


if __name__ == "__main__":
    main()
