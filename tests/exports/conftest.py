from __future__ import annotations

from pathlib import Path

import pytest

from analytics.results import Results, read_results
from cypher.session import Graph

from .made_graph import make


@pytest.fixture
def results(graph: Graph, tmp_path: Path) -> Results:
    make(graph, tmp_path / "layers")
    return read_results(graph, tmp_path / "layers")
