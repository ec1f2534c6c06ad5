"""Writes staged tables into the graph: stream, sort, merge.

Whatever a table's size, memory holds one batch: DuckDB sorts out of core (rows in order of their keys keep
the server's locks and pages together) and hands over record batches. One writer at a time, so that
relationships do not deadlock. All writes merge, so that loading twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl

from cypher.library import query
from cypher.progress import Progress, silent
from cypher.session import Counters, Graph
from ingest.graph_tables import PLANS, named_assets

#: Rows held in memory at once: several transactions' worth.
_BATCH: Final = 50_000


def write_table(
    graph: Graph, table: str, staged: Path, *, source: str, run: str, progress: Progress = silent
) -> Counters:
    """Write one staged table of one source into the graph.

    A column that is empty from top to bottom counts as absent and leaves alone what other sources said; an
    empty cell in any other column takes away what an earlier version of the file said.

    Args:
        graph: Connection to write through.
        table: `accounts`, `pages`, `groups`, `admins`, `page_admin_countries`, `page_history`, `ads`,
            `identifiers`, `members`, `links`, or `assets` (column `key`: assets that only posts mention).
        staged: Parquet file with the canonical columns, typed, one row a key.
        source: Id of the source.
        run: Id of the run that writes.
        progress: Told rows done of rows in all, under the stage `graph: <table>`.

    Returns:
        What changed in the graph; nothing for a table that is unknown to the graph (posts, reactions).

    Raises:
        CibError: The server failed or lacks memory for even one row.
    """
    plan = PLANS.get(table)
    if plan is None:
        return Counters()
    rows, empty = _survey(staged)
    total = graph.write("load/begin_source", source=source, run=run)
    done = 0
    for batch in _batches(staged, plan.select):
        frame = batch.drop(empty, strict=False)
        if plan.ends:
            total += _write_missing(graph, named_assets(frame, plan.ends), source)
        for write in plan.writes(frame):
            origin: dict[str, Any] = {"source": source} if "source" in query(write.query).parameters else {}
            total += graph.write_rows(write.query, write.rows, **write.parameters, **origin)
        done += frame.height
        progress(f"graph: {table}", done, rows)
    return total


def write_source(graph: Graph, *, source: str, run: str, **properties: Any) -> Counters:
    """Record what became of a source: path, profile, sha256, rows_in, loaded, merged, rejected, loaded_at.

    Args:
        graph: Connection to write through.
        source: Id of the source.
        run: Id of the run that loaded it.
        **properties: Properties of the `:Source` node; None removes one.

    Raises:
        CibError: The server failed.
    """
    return graph.write("load/source", source=source, run=run, properties=properties)


def _survey(staged: Path) -> tuple[int, list[str]]:
    """Return the number of rows and the names of the columns without a value."""
    frame = pl.scan_parquet(staged)
    counts = frame.select(pl.len().alias(""), pl.all().count()).collect(engine="streaming").row(0, named=True)
    rows = counts.pop("")
    return rows, [name for name, count in counts.items() if count == 0]


def _batches(staged: Path, select: str) -> Iterator[pl.DataFrame]:
    config: dict[str, str | bool | int | float | list[str]] = {
        "temp_directory": str(staged.parent / ".sort"),
        "memory_limit": "1GB",
    }
    with duckdb.connect(config=config) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.read_parquet(str(staged)).create_view("staged")
        for batch in connection.sql(select).to_arrow_reader(_BATCH):
            frame = pl.from_arrow(batch)
            assert isinstance(frame, pl.DataFrame)
            yield frame


def _write_missing(graph: Graph, assets: pl.DataFrame, source: str) -> Counters:
    """Create those of the assets that the graph does not have: it can only tie what exists."""
    missing = graph.read_frame("load/missing_assets", {"key": pl.String()}, keys=assets["key"].to_list())
    rows = assets.join(missing, on="key", how="semi", maintain_order="left")
    return graph.write_rows("load/assets", rows, source=source)
