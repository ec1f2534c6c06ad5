"""The embedded server is started when it is needed, and is waited for no earlier."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cibgraph import server
from cibgraph.server import home as homes
from cypher.auditing import audit
from cypher.migrations import schema_names
from cypher.session import Graph
from tests.processes import begin

from .conftest import write_csv

pytestmark = pytest.mark.server

ACCOUNTS = 300


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Path]:
    """A workspace whose server has no database, and which takes so many rows for a large load."""
    (tmp_path / "cib.toml").write_text(f'[inputs]\npaths = ["data"]\n[load]\nbulk_rows = {ACCOUNTS}\n')
    (tmp_path / "data").mkdir()
    yield tmp_path
    server.stop(tmp_path / ".cib" / "server")


def _cib(workspace: Path, *arguments: str) -> tuple[int, str]:
    process = begin(workspace, *arguments)
    _, stderr = process.communicate(timeout=300)
    assert "Traceback" not in stderr
    return process.returncode, stderr


def _records(workspace: Path) -> list[dict[str, Any]]:
    return [json.loads(file.read_text()) for file in sorted((workspace / ".cib" / "runs").glob("*/run.json"))]


def test_a_large_first_load_starts_the_server_once_and_later_loads_meanwhile(workspace: Path) -> None:
    home, data = workspace / ".cib" / "server", workspace / "data"
    write_csv(data / "accounts.csv", ["id", "name"], [(n, f"n{n}") for n in range(ACCOUNTS)])
    (data / "pages.csv").write_text("id,name,followers\n1,One,many\n")
    code, told = _cib(workspace, "load", "--strict")
    assert code == 1, told
    assert "pages.csv" in told
    assert told.index("bulk import") < told.index("Starting Neo4j")
    (data / "pages.csv").write_text("id,name,followers\n1,One,10\n")
    assert server.stop(home)
    code, told = _cib(workspace, "load")
    assert code == 0, told
    failed, loaded = _records(workspace)
    assert (failed["status"], loaded["status"]) == ("failed", "complete")
    assert loaded["stages"][0]["way"] == "bolt"
    assert {"server", "gds", "python"} <= loaded["versions"].keys()
    with Graph.connect(server.ensure_running(home).address) as graph:
        assert schema_names() == {row["name"] for row in graph.read("load/bulk_schema")}
        assert graph.read("operations/count_assets")[0]["assets"] == ACCOUNTS + 1
        assert audit(graph) == []
        runs = {row["run"]: row["properties"] for row in graph.read("load/runs")}
        assert json.loads(runs[loaded["run"]]["versions"]) == loaded["versions"]


def test_a_first_load_that_fails_or_is_interrupted_leaves_nothing_behind(workspace: Path) -> None:
    home, pages = workspace / ".cib" / "server", workspace / "data" / "pages.csv"
    pages.write_text("id,name,followers\n1,One,many\n")
    code, told = _cib(workspace, "load", "--strict")
    assert code == 1, told
    assert "Starting Neo4j" not in told
    assert not server.status(home).running
    (failed,) = _records(workspace)
    assert failed["status"] == "failed"

    pages.write_text("id,name,followers\n1,One,10\n")
    code, told = _cib(workspace, "load")
    assert code == 0, told
    assert "Starting Neo4j" in told
    assert _records(workspace)[1]["stages"][0]["way"] == "bolt"

    assert server.stop(home)
    pages.write_text("id,name,followers\n1,One,10\n2,Two,20\n")
    loading = begin(workspace, "load")
    deadline = time.monotonic() + 60
    while not server.status(home).running and time.monotonic() < deadline:
        time.sleep(0.05)
    loading.send_signal(signal.SIGINT)
    _, told = loading.communicate(timeout=20)
    assert loading.returncode == 130, told
    assert "interrupted" in told
    assert _records(workspace)[2]["status"] == "interrupted"
    started = homes.running(home)
    assert started is not None
    code, told = _cib(workspace, "load")
    assert code == 0, told
    assert server.ensure_running(home).pid == started[0].pid
    assert _records(workspace)[3]["stages"][0]["loaded"] == 2
