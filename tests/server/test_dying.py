"""A server that is killed in the middle of a load: the command says so, and the next one mends it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from hypothesis import settings

from cibgraph import server
from cypher.auditing import audit
from cypher.session import Graph
from tests.processes import begin

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(
        settings.get_current_profile_name() != "deep",
        reason="starts a server twice and waits for one that is dead: --hypothesis-profile=deep",
    ),
]

ACCOUNTS, LINKS = 5_000, 15_000


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Path]:
    """A workspace with a server of its own and data that take a while to write."""
    folder = tmp_path / "workspace"
    folder.mkdir()
    assert begin(folder, "init", ".").communicate(timeout=60)
    data = folder / "data"
    data.mkdir()
    (data / "accounts.csv").write_text("id,name\n" + "".join(f"{n},n{n}\n" for n in range(ACCOUNTS)))
    (data / "links.csv").write_text(
        "source_kind,source_id,target_kind,target_id,type\n"
        + "".join(f"account,{n % ACCOUNTS},account,{n * 7 % ACCOUNTS},follows\n" for n in range(LINKS))
    )
    yield folder
    server.stop(folder / ".cib" / "server")


def test_a_load_whose_server_is_killed_is_mended_by_the_next(workspace: Path) -> None:
    home = workspace / ".cib" / "server"
    running = server.ensure_running(home)
    loading = begin(workspace, "load", "data")
    with Graph.connect(running.address) as graph:
        deadline = time.monotonic() + 120
        while not _count(graph, "(n:Asset)") and time.monotonic() < deadline and loading.poll() is None:
            time.sleep(0.02)
        assert loading.poll() is None, "the load was over before it could be disturbed"
        psutil.Process(running.pid).kill()
    _, stderr = loading.communicate(timeout=180)
    assert loading.returncode == 4, stderr
    assert "Traceback" not in stderr
    assert "unexpected" not in stderr
    (record,) = (workspace / ".cib" / "runs").glob("*/run.json")
    assert json.loads(record.read_text())["status"] == "failed"

    again = begin(workspace, "load", "data", "--format", "json")
    stdout, stderr = again.communicate(timeout=180)
    assert again.returncode == 0, stderr
    ties = {(n % ACCOUNTS, n * 7 % ACCOUNTS) for n in range(LINKS)}
    assert json.loads(stdout)[-1]["loaded"] == ACCOUNTS + len(ties)
    with Graph.connect(server.ensure_running(home).address) as graph:
        assert _count(graph, "(n:Asset)") == ACCOUNTS
        assert _count(graph, "()-[n:FOLLOWS]->()") == len(ties)
        assert audit(graph) == []


def _count(graph: Graph, what: str) -> int:
    found: int = graph.driver.execute_query(f"MATCH {what} RETURN count(n)").records[0][0]
    return found
