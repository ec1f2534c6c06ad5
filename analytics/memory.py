"""What the workspace remembers of operations, whatever becomes of the graph."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from analytics.decisions import Decision, Journal

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

    def digest(self) -> str:
        """Return a text that changes whenever something is remembered that was not."""
        path = self.journal.path
        return hashlib.sha256(path.read_bytes() if path.is_file() else b"").hexdigest()


def earlier_members(in_graph: pl.DataFrame, decided: Mapping[str, Decision]) -> pl.DataFrame:
    """Return the members of earlier operations: those in the graph, and those decided on that are not there.

    Args:
        in_graph: Columns `EARLIER`.
        decided: The latest decision by operation.
    """
    known = set(in_graph["operation"].unique())
    gone = [
        (asset, operation, role)
        for operation, decision in decided.items()
        if operation not in known
        for asset, role in decision.subject.members.items()
    ]
    return pl.concat([in_graph.select(list(EARLIER)), pl.DataFrame(gone, schema=EARLIER, orient="row")]).sort(
        "operation", "asset"
    )
