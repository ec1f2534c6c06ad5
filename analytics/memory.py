"""What the workspace remembers of operations, whatever becomes of the graph."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from analytics.decisions.journal import Journal
from analytics.decisions.watchlist import Watchlist
from analytics.history.rankings import Rankings

#: Members of earlier operations.
EARLIER = {"asset": pl.String(), "operation": pl.String(), "role": pl.String()}


@dataclass(frozen=True)
class Memory:
    """Where it is kept: the folder that also holds the layers of the last detection."""

    folder: Path

    @classmethod
    def beside(cls, layers_dir: Path) -> Memory:
        """Return the memory of the workspace whose layers lie there."""
        return cls(layers_dir.parent)

    @property
    def journal(self) -> Journal:
        """The decisions."""
        return Journal(self.folder / "decisions.ndjson")

    @property
    def rankings(self) -> Rankings:
        """The rankings of earlier runs."""
        return Rankings(self.folder / "runs")

    @property
    def watchlist(self) -> Watchlist:
        """The watched assets."""
        return Watchlist(self.folder / "watchlist.ndjson")

    def digest(self) -> str:
        """Return a text that changes whenever something is remembered that was not."""
        paths = self.journal.path, self.watchlist.path
        parts = (hashlib.sha256(path.read_bytes() if path.is_file() else b"").digest() for path in paths)
        return hashlib.sha256(b"".join(parts)).hexdigest()


def earlier_members(in_graph: pl.DataFrame, memory: Memory) -> pl.DataFrame:
    """Return the members of earlier operations.

    These are those in the graph (of a graph that has none, since it was lost, those of the last ranking) and,
    of operations that were decided on and are gone, those that they had then.

    Args:
        in_graph: Columns `EARLIER`.
        memory: Of the same workspace.
    """
    if in_graph.is_empty() and (runs := memory.rankings.runs()):
        in_graph = memory.rankings.read(runs[-1]).members
    known = set(in_graph["operation"].unique())
    gone = [
        (asset, operation, role)
        for operation, decision in memory.journal.latest().items()
        if operation not in known
        for asset, role in decision.subject.members.items()
    ]
    return pl.concat([in_graph.select(list(EARLIER)), pl.DataFrame(gone, schema=EARLIER, orient="row")]).sort(
        "operation", "asset"
    )
