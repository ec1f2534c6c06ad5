"""What a load did: the account of rows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class TableReport:
    """The account of one table of one source: `rows_in` = `loaded` + `merged` + `rejected`.

    Attributes:
        derived: Whether the rows are no rows of the file but named by them (the author of a post, the Page of
            an ad): told, but left out of the sums, which are those of the files.
    """

    table: str
    rows_in: int
    loaded: int
    merged: int
    rejected: int
    derived: bool = False


class _Totals:
    """Sums over tables."""

    def _tables(self) -> Sequence[TableReport]:
        raise NotImplementedError

    @property
    def rows_in(self) -> int:
        """Rows that the files have."""
        return sum(table.rows_in for table in self._tables() if not table.derived)

    @property
    def loaded(self) -> int:
        """Rows with a key of their own."""
        return sum(table.loaded for table in self._tables() if not table.derived)

    @property
    def merged(self) -> int:
        """Rows that a later row with the same key replaced."""
        return sum(table.merged for table in self._tables() if not table.derived)

    @property
    def rejected(self) -> int:
        """Rows set aside."""
        return sum(table.rejected for table in self._tables() if not table.derived)

    @property
    def rejected_derived(self) -> int:
        """Rows set aside that are no rows of the files but named by them."""
        return sum(table.rejected for table in self._tables() if table.derived)

    def totals(self) -> dict[str, int]:
        """Return the four sums by name."""
        return {
            "rows_in": self.rows_in,
            "loaded": self.loaded,
            "merged": self.merged,
            "rejected": self.rejected,
        }


@dataclass(frozen=True)
class SourceReport(_Totals):
    """What became of one source.

    Attributes:
        source: Its id.
        path: The file as it was named.
        profile: Name of the profile that mapped it.
        sha256: Of the file, and of those beside it that complete it.
        unchanged: Whether it was loaded before as it is, so that nothing was done.
        tables: The account of rows, as of the load that took it in.
        rejected_file: The rows set aside, if there are any.
        notes: What a person should know.
    """

    source: str
    path: Path
    profile: str
    sha256: str
    unchanged: bool
    tables: list[TableReport]
    rejected_file: Path | None
    notes: list[str] = field(default_factory=list)

    def _tables(self) -> Sequence[TableReport]:
        return self.tables

    def as_dict(self) -> dict[str, Any]:
        """Return the report in types that JSON knows."""
        return {
            "source": self.source,
            "path": str(self.path),
            "profile": self.profile,
            "sha256": self.sha256,
            "unchanged": self.unchanged,
            "tables": [vars(table) for table in self.tables],
            "rejected_file": str(self.rejected_file) if self.rejected_file else None,
            "notes": list(self.notes),
            **self.totals(),
        }


@dataclass(frozen=True)
class LoadReport(_Totals):
    """What became of all sources, and of the files that are none (`notes`).

    Attributes:
        way: How the graph was written, `bolt` or `bulk import`; empty where nothing was to be written.
    """

    sources: list[SourceReport]
    notes: list[str] = field(default_factory=list)
    way: str = ""

    def _tables(self) -> Sequence[TableReport]:
        return [table for source in self.sources for table in source.tables]

    def as_dict(self) -> dict[str, Any]:
        """Return the report in types that JSON knows."""
        return {
            "sources": [source.as_dict() for source in self.sources],
            "notes": list(self.notes),
            **self.totals(),
        }


@dataclass(frozen=True)
class RemoveReport:
    """What was taken back: that which only these sources said.

    Attributes:
        sources: The path of each source, by its id.
        nodes: Nodes of the graph that are gone.
        relationships: Relationships that are gone, those of detection at these nodes among them.
        posts: Posts of the action log.
        actions: Actions of the action log.
    """

    sources: dict[str, str]
    nodes: int
    relationships: int
    posts: int
    actions: int

    def as_dict(self) -> dict[str, Any]:
        """Return the report in types that JSON knows."""
        return {**vars(self), "sources": dict(self.sources)}


def tables_to_json(tables: Sequence[TableReport]) -> str:
    """Return accounts as text, to be kept with the source."""
    return json.dumps([vars(table) for table in tables])
