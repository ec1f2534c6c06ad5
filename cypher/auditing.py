"""Runs the audits: queries of `audit/` that return no rows as long as the graph is sound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cypher.library import names, query
from cypher.session import Graph


@dataclass(frozen=True)
class Finding:
    """An audit that found something.

    Attributes:
        name: Name of the query.
        title: What is wrong.
        rows: Where.
    """

    name: str
    title: str
    rows: list[dict[str, Any]]


def audit(graph: Graph) -> list[Finding]:
    """Run every audit and return those that found something; an empty list is a sound graph.

    Raises:
        CibError: The server failed.
    """
    results = ((name, graph.read(name)) for name in names("audit"))
    return [Finding(name, query(name).title, rows) for name, rows in results if rows]
