"""Writes what the sources of the store say into the graph, over Bolt.

Batches come sorted by key (rows in order of their keys keep the server's locks and pages together), and one
writer at a time sees to it that relationships do not deadlock. What is new to the graph and told of by one
source is written with one plain statement; everything else goes through those that also take away.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import polars as pl

from cypher.progress import Progress, silent
from cypher.session import Counters, Graph
from ingest import resolving
from ingest.journal import Journal
from ingest.resolving import Nodes, Ties
from ingest.store import Followed, Scope, Version

#: The query for new nodes of each label that are told by sources.
_NEW: Final = {"Account": "load/accounts", "Page": "load/pages", "Group": "load/groups", "Ad": "load/ads"}
#: The query for nodes of each other label.
_PLAIN: Final = {"Payer": "load/payers", "Identifier": "load/identifiers"}
#: The query for ties of each type, and its parameters.
_TIES: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "ADMINISTERS": ("load/admins", {}),
    "MEMBER_OF": ("load/members", {}),
    "LIKES": ("load/links", {"type": "LIKES"}),
    "FOLLOWS": ("load/links", {"type": "FOLLOWS"}),
    "FRIEND": ("load/links", {"type": "FRIEND"}),
    "USES": ("load/uses", {}),
    "RAN": ("load/runners", {}),
    "PAID_FOR_BY": ("load/paid_for_by", {}),
}
_ENDS: Final = ("source", "target", "as", "sources")


def followed(graph: Graph) -> dict[str, Followed]:
    """Return which version of each source the graph follows.

    Raises:
        CibError: The server failed.
    """
    return {row["source"]: Followed(row["sequence"], row["loading"]) for row in graph.read("load/sources")}


def project(graph: Graph, journal: Journal, work: Path, progress: Progress = silent) -> Counters:
    """Make the graph say what the sources say; write only what is due, and not what is written already.

    Interrupted anywhere, this goes on where it was when it is called again with the journal of what is still
    due.

    Args:
        graph: Connection to write through.
        journal: What is to be written, and how far that has come.
        work: Folder for what does not fit in memory.
        progress: Told rows done, under a stage for each label and type.

    Returns:
        What changed in the graph, besides the `:Source` nodes.

    Raises:
        CibError: The server failed or lacks memory for even one row.
    """
    scope = journal.scope
    if not scope.due:
        return Counters()
    graph.write("load/begin_sources", sources=sorted(scope.due_sources), loading=journal.mark)
    writer = _Writer(graph, journal, work, progress)
    for source in scope.unknown:
        writer.whole(f"withdraw {source}", partial(_withdraw, graph, source))
    for label in resolving.LABELS:
        writer.nodes(label)
    for type_ in resolving.TYPES:
        writer.ties(type_)
    for version in scope.former:
        for label in resolving.TOLD:
            writer.forget(version, label)
    if scope.unknown:
        writer.whole("untold", partial(_until_none, graph, "load/delete_untold"))
    return writer.total


def finish(graph: Graph, scope: Scope, run: str) -> None:
    """Record at the sources that the graph follows them; those that were taken back go.

    Raises:
        CibError: The server failed.
    """
    removed = [version.source for version in scope.due if version.removed]
    if removed:
        graph.write("load/delete_sources", sources=removed)
    rows = [
        {"source": version.source, "properties": version.properties()}
        for version in scope.due
        if not version.removed
    ]
    if rows:
        graph.write("load/finish_sources", rows=rows, run=run)


class _Writer:
    def __init__(self, graph: Graph, journal: Journal, work: Path, progress: Progress) -> None:
        self._graph, self._journal, self._work, self._progress = graph, journal, work, progress
        self._scope: Scope = journal.scope
        self.total = Counters()

    def nodes(self, label: str) -> None:
        if self._journal.done(label):
            return
        done = 0
        for batch in resolving.nodes(self._scope, label, self._work, self._journal.after(label)):
            self._nodes(label, batch)
            self._journal.reached(label, batch.last)
            done += batch.rows
            self._progress(f"graph: {label}", done, None)
        self._journal.finished(label)

    def ties(self, type_: str) -> None:
        if self._journal.done(type_):
            return
        done = 0
        for batch in resolving.ties(self._scope, type_, self._work, self._journal.after(type_)):
            self._ties(type_, batch)
            self._journal.reached(type_, batch.last)
            done += batch.rows
            self._progress(f"graph: {type_}", done, None)
        for frame in resolving.gone(self._scope, type_, self._work):
            self._write("load/delete_ties", frame, type=type_)
            if type_ == "USES":
                self._unused(frame)
        if type_ == "PAID_FOR_BY" and not self._scope.whole:
            # Whether nobody is paid any more is known only now that everything is written.
            for batch in resolving.ties(self._scope, type_, self._work):
                self._unused(batch.gone)
        self._journal.finished(type_)

    def forget(self, version: Version, label: str) -> None:
        stage = f"forget {version.source} {version.sequence} {label}"
        if self._journal.done(stage):
            return
        query = f"load/forget_{'ads' if label == 'Ad' else 'assets'}"
        for frame in resolving.forgotten(self._scope, version, label, self._work):
            self._write(query, frame, source=version.source)
        self._journal.finished(stage)

    def whole(self, stage: str, do: Callable[[], Counters]) -> None:
        if not self._journal.done(stage):
            self.total += do()
            self._journal.finished(stage)

    def _nodes(self, label: str, batch: Nodes) -> None:
        if label in _PLAIN:
            self._write(_PLAIN[label], batch.merged)
            return
        for source, frame in batch.alone.items():
            self._write(_NEW[label], frame, source=source)
        ad = label == "Ad"
        if ad:
            self._write("load/ads_again", batch.merged)
        else:
            self._write("load/assets", batch.merged, label=label)
        for source, frame in batch.said.items():
            self._write(f"load/{'ad' if ad else 'asset'}_sources", _packed(frame, ("key",)), source=source)

    def _ties(self, type_: str, batch: Ties) -> None:
        query, parameters = _TIES[type_]
        for source, frame in batch.alone.items():
            self._write(query, _packed(frame, _ENDS), sources=[source], **parameters)
        self._write(query, _packed(batch.merged, _ENDS), **parameters)
        self._write("load/delete_ties", batch.gone, type=type_)

    def _unused(self, gone: pl.DataFrame) -> None:
        self._write("load/delete_unused", gone.select("target").unique(maintain_order=True))

    def _write(self, query: str, frame: pl.DataFrame, **parameters: Any) -> None:
        if frame.height:
            self.total += self._graph.write_rows(query, frame, **parameters)


def _packed(frame: pl.DataFrame, outside: tuple[str, ...]) -> pl.DataFrame:
    """Return rows whose properties are in a map of their own."""
    properties = [name for name in frame.columns if name not in outside]
    extra = [pl.struct(properties).alias("properties")] if properties else []
    return frame.select(*(name for name in outside if name in frame.columns), *extra)


def _withdraw(graph: Graph, source: str) -> Counters:
    """Take from the graph whatever it says is from a source, without knowing what that is."""
    ties = _until_none(graph, "load/withdraw_ties", source=source)
    return ties + _until_none(graph, "load/withdraw_nodes", source=source)


def _until_none(graph: Graph, query: str, **parameters: Any) -> Counters:
    """Run a query that takes away a part at a time until nothing is left."""
    total = Counters()
    while (done := graph.write(query, **parameters)) != Counters():
        total += done
    return total
