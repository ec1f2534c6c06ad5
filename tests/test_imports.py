"""Which package may import which."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ALLOWED = {
    "cypher": {"cypher"},
    "ingest": {"ingest", "cypher"},
    "analytics": {"analytics", "cypher"},
    "cibgraph": {"cibgraph", "ingest", "analytics", "cypher"},
}
DRIVERS = {"neo4j", "graphdatascience"}


def forbidden(source: str, package: str) -> Iterator[str]:
    """Yield the imports of a module of `package` that its place does not allow."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        else:
            continue
        for name in names:
            top = name.partition(".")[0]
            if top in ALLOWED.keys() - ALLOWED[package] or (top in DRIVERS and package != "cypher"):
                yield f"line {node.lineno}: {name}"


@pytest.mark.parametrize("package", ALLOWED)
def test_packages_import_only_downwards(package: str) -> None:
    modules = sorted((ROOT / package).rglob("*.py"))
    assert modules
    found = {
        str(module.relative_to(ROOT)): list(forbidden(module.read_text(encoding="utf-8"), package))
        for module in modules
    }
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize(
    ("package", "source"),
    [
        ("ingest", "from analytics.layers import temporal"),
        ("analytics", "def f():\n    import ingest.loader"),
        ("cypher", "import cibgraph"),
        ("cibgraph", "from neo4j import GraphDatabase"),
    ],
)
def test_a_forbidden_import_is_seen(package: str, source: str) -> None:
    assert list(forbidden(source, package))
