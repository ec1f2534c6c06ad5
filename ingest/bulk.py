"""Writes the graph of a first load at once, by bulk import.

Nodes and ties come from the same place as those that go over Bolt, so that both ways give the same graph.
What the import would alter is left to Bolt.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import polars as pl

from cypher.errors import CibError
from cypher.migrations import schema_names
from cypher.progress import Progress, silent
from cypher.session import Counters, Graph
from ingest import resolving
from ingest.bulk_files import ImportFiles, empty_texts
from ingest.journal import Journal
from ingest.resolving import Nodes, Ties
from ingest.store import Scope

#: Labels of nodes, and the space in which their keys tell them apart.
_LABELS: Final = {
    "Account": ("Asset:Account", "Asset"),
    "Page": ("Asset:Page", "Asset"),
    "Group": ("Asset:Group", "Asset"),
    "Ad": ("Ad", "Ad"),
    "Payer": ("Payer", "Payer"),
    "Identifier": ("Identifier", "Identifier"),
}
#: Spaces of both ends of a type, where these are not two assets.
_ENDS: Final = {"USES": ("Asset", "Identifier"), "RAN": ("Asset", "Ad"), "PAID_FOR_BY": ("Ad", "Payer")}


class ImportFailedError(CibError):
    """The import came to nothing; the server runs with the database that it had before."""


class Importer(Protocol):
    """What can give a server another database."""

    def nothing_there(self) -> bool:
        """Return whether the server has no database yet: it does not run, and need not before the import."""

    def refusal(self) -> str | None:
        """Return why it cannot now; None if it can."""

    def say(self, text: str) -> None:
        """Tell a person which way is gone, and why."""

    def replace(self, graph: Graph, files: ImportFiles, progress: Progress = silent) -> None:
        """Make a database of files, give it to the server instead of its own, and move the connection there.

        The schema is applied to it.

        Raises:
            ImportFailedError: Nothing has changed.
            ServerError: The server cannot be started again.
        """


@dataclass(frozen=True)
class Bulk:
    """When a first load goes by bulk import.

    Attributes:
        importer: Gives the server another database.
        rows: From so many rows on; 0: never.
    """

    importer: Importer
    rows: int


def import_first(
    graph: Graph, journal: Journal, work: Path, bulk: Bulk, progress: Progress = silent
) -> Counters | None:
    """Write a first load that is large enough by bulk import; what that leaves is not done in the journal.

    Args:
        graph: Connection to the server; afterwards, to its other database. Of a server without a database
            nothing is asked before it has this one.
        journal: What is to be written.
        work: Folder for what does not fit in memory, and for the files.
        bulk: When, and what does it.
        progress: Told rows done, under a stage for each label and type, and then of the import.

    Returns:
        What was created; None if everything is left to Bolt: the load is small, the graph is not empty, or
        the import failed.

    Raises:
        ServerError: The server failed, or cannot be started again.
    """
    rows, say = journal.scope.rows(), bulk.importer.say
    if not bulk.rows or rows < bulk.rows or not journal.scope.whole:
        return None
    no_database = bulk.importer.nothing_there()
    if not no_database and (why := _refusal(graph, bulk.importer)):
        say(f"{rows:,} rows: over Bolt, since {why}")
        return None
    say(f"{rows:,} rows: bulk import with neo4j-admin")
    try:
        runs = [] if no_database else graph.read("load/runs")
        return _project(graph, journal, work, bulk.importer, runs, progress)
    except ImportFailedError as error:
        say(f"the bulk import failed, so the rows go over Bolt: {error}")
        return None


def _refusal(graph: Graph, importer: Importer) -> str | None:
    """Return why the database cannot be exchanged; None if it can."""
    if found := graph.read("load/bulk_occupied"):
        return f"the database is not empty: it has nodes {':'.join(found[0]['labels']) or 'without a label'}"
    if more := {row["name"] for row in graph.read("load/bulk_schema")} - schema_names():
        return f"the database has indexes or constraints of somebody else's: {', '.join(sorted(more))}"
    return importer.refusal()


def _project(
    graph: Graph,
    journal: Journal,
    work: Path,
    importer: Importer,
    runs: list[dict[str, Any]],
    progress: Progress,
) -> Counters:
    scope, altered = journal.scope, set[str]()
    with ImportFiles(work / "import") as files:
        files.add_nodes("Source", "Source", _begun(scope, journal.mark))
        for label in resolving.LABELS:
            done = 0
            for nodes in resolving.nodes(scope, label, work):
                altered |= {label} if _add_nodes(files, label, nodes) else set()
                progress(f"bulk import: {label}", done := done + nodes.rows, None)
        for type_ in resolving.TYPES:
            done = 0
            for ties in resolving.ties(scope, type_, work):
                altered |= {type_} if _add_ties(files, type_, ties) else set()
                progress(f"bulk import: {type_}", done := done + ties.rows, None)
    importer.replace(graph, files, progress)
    for run in runs:
        graph.write("load/run", **run)
    for stage in (*resolving.LABELS, *resolving.TYPES):
        if stage not in altered:
            journal.finished(stage)
    return Counters(nodes_created=files.nodes, relationships_created=files.ties)


def _begun(scope: Scope, mark: str) -> pl.DataFrame:
    """Return the sources as they are while they are written."""
    ids = pl.Series("id", [version.source for version in scope.current], pl.String)
    return pl.DataFrame(ids).with_columns(sequence=pl.lit(0, pl.Int64), loading=pl.lit(mark))


def _add_nodes(files: ImportFiles, label: str, batch: Nodes) -> bool:
    """Add nodes, and what ties them to their sources; tell whether the import alters any."""
    labels, space = _LABELS[label]
    told = (space, "Source")
    for frame in (*batch.alone.values(), batch.merged):
        files.add_nodes(labels, space, frame)
    for source, frame in batch.alone.items():
        files.add_ties("LOADED_FROM", told, frame.select(source="key", target=pl.lit(source)))
    for source, frame in batch.said.items():
        said = frame.select(pl.exclude("key"), pl.col("key").alias("source"), pl.lit(source).alias("target"))
        files.add_ties("LOADED_FROM", told, said)
    return any(map(empty_texts, (*batch.alone.values(), batch.merged, *batch.said.values())))


def _add_ties(files: ImportFiles, type_: str, batch: Ties) -> bool:
    """Add ties; tell whether the import alters any."""
    ends = _ENDS.get(type_, ("Asset", "Asset"))
    for source, frame in batch.alone.items():
        files.add_ties(type_, ends, frame.with_columns(sources=pl.lit([source])))
    files.add_ties(type_, ends, batch.merged)
    return any(map(empty_texts, (*batch.alone.values(), batch.merged)))
