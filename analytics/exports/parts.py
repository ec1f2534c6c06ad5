"""The results operation by operation, for formats that write a file each."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from analytics.exports.disarm import Technique, techniques
from analytics.results import Results

#: Namespace of every id that exports make (UUIDv5): equal things get equal ids, wherever they are exported.
NAMESPACE: Final = uuid.uuid5(uuid.NAMESPACE_URL, "urn:cibgraph:exports")
_TABLES: Final = ("members", "edges", "evidence", "signals", "ads", "decisions")
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True)
class Part:
    """One operation with its rows of every table.

    Attributes:
        operation: Its row of the export table.
        details: Its row of `Results.details`.
        members: With the column `key` (`platform:kind:id`).
        edges: With the columns `source_key` and `target_key`.
        evidence: Its rows.
        signals: Its rows, strongest first.
        ads: Its rows.
        decisions: What was decided on it, the latest last.
        techniques: The DISARM techniques that it shows.
    """

    operation: dict[str, Any]
    details: dict[str, Any]
    members: pl.DataFrame
    edges: pl.DataFrame
    evidence: pl.DataFrame
    signals: pl.DataFrame
    ads: pl.DataFrame
    decisions: pl.DataFrame
    techniques: list[Technique]

    @property
    def id(self) -> str:
        """The operation's id."""
        return str(self.operation["operation_id"])

    @property
    def file_stem(self) -> str:
        """The operation's id as a file may be called."""
        return _UNSAFE.sub("_", self.id)


def parts(results: Results) -> Iterator[Part]:
    """Yield the operations in order of rank."""
    details = {row["operation_id"]: row for row in results.details.iter_rows(named=True)}
    tables = {
        "members": results.members.with_columns(key=key_of("")),
        "edges": results.edges.with_columns(source_key=key_of("source_"), target_key=key_of("target_")),
        **{name: getattr(results, name) for name in ("evidence", "signals", "ads", "decisions")},
    }
    split = {name: frame.partition_by("operation_id", as_dict=True) for name, frame in tables.items()}
    for row in results.operations.iter_rows(named=True):
        one = row["operation_id"]
        own = {name: split[name].get((one,), tables[name].clear()) for name in _TABLES}
        yield Part(row, details[one], **own, techniques=techniques(row, own["signals"]))


def key_of(prefix: str) -> pl.Expr:
    """Return the key of an asset from its three columns."""
    return pl.concat_str(*(f"{prefix}{column}" for column in ("platform", "kind", "id")), separator=":")


def id_of(*names: str) -> uuid.UUID:
    """Return the id of what these names make unambiguous."""
    return uuid.uuid5(NAMESPACE, "\n".join(names))


def run_time(results: Results) -> str:
    """Return when the run began that the results come from; RFC 3339."""
    run = dict(results.run.iter_rows())
    return str(run.get("started_at", "1970-01-01T00:00:00Z"))
