from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cibgraph import server
from cibgraph.main import cli
from cibgraph.server import checkup, life
from cibgraph.server.install import install
from cibgraph.server.logs import log_file
from cypher.errors import ServerError


@pytest.fixture(autouse=True)
def _embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NEO4J_URI", "NEO4J_USERNAME", "NEO4J_PASSWORD", "CIB_WORKSPACE", "DISPLAY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A workspace whose server does not run yet."""
    workspace = tmp_path_factory.mktemp("workspace")
    (workspace / "cib.toml").touch()
    yield workspace
    server.stop(workspace / ".cib" / "server")


def _cib(workspace: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["-w", str(workspace), *arguments])


def _doctor(workspace: Path) -> tuple[int, dict[str, dict[str, str]]]:
    done = _cib(workspace, "doctor", "--format", "json")
    return done.exit_code, {finding["name"]: finding for finding in json.loads(done.stdout)}


def test_a_server_that_does_not_run(workspace: Path) -> None:
    assert "state    stopped" in _cib(workspace, "server", "status").stdout
    assert _cib(workspace, "server", "stop").stdout == "Neo4j was not running.\n"
    assert _cib(workspace, "server", "logs").stdout == ""
    code, found = _doctor(workspace)
    assert code == 0
    assert found["server"]["level"] == "warn"
    assert not (workspace / ".cib").exists()


def test_a_server_that_runs(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = workspace / ".cib" / "server"
    assert "Neo4j runs at bolt://127.0.0.1:" in _cib(workspace, "server", "start").stdout
    status = json.loads(_cib(workspace, "server", "status", "--format", "json").stdout)
    assert status["running"] is True
    assert status["pid"] == server.ensure_running(home).pid
    assert f"bolt     {status['bolt']}" in _cib(workspace, "server", "status").stdout

    password = (home / "password").read_text().strip()
    shown = _cib(workspace, "browser", "--no-open").stdout
    assert status["browser"] in shown
    assert f"?dbms=neo4j://neo4j@localhost:{status['bolt'].rpartition(':')[2]}\n" in shown
    assert password not in shown  # stdout is no terminal here
    assert password in _cib(workspace, "browser", "--no-open", "--show-password").stdout

    code, found = _doctor(workspace)
    assert code == 0
    assert found["server"] == {
        "name": "server",
        "level": "ok",
        "found": f"answers at {status['bolt']}, with GDS",
        "hint": "",
    }
    (home / "password").write_text("another")
    code, found = _doctor(workspace)
    assert code == 4
    assert "refuses the password" in found["server"]["found"]
    (home / "password").write_text(password)

    monkeypatch.setattr(checkup, "_NEEDED", 2**70)
    code, found = _doctor(workspace)
    assert code == 1
    assert found["workspace disk"]["level"] == "fail"

    assert len(_cib(workspace, "server", "logs", "-n", "2").stdout.splitlines()) == 2
    assert _cib(workspace, "server", "stop").stdout == "Neo4j was stopped.\n"


def test_another_server_that_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cib.toml").touch()
    monkeypatch.setenv("NEO4J_URI", "bolt://127.0.0.1:1")
    monkeypatch.setenv("NEO4J_PASSWORD", "secret")
    code, found = _doctor(tmp_path)
    assert code == 4
    assert "bolt://127.0.0.1:1 does not answer" in found["server"]["found"]
    refused = _cib(tmp_path, "browser", "--no-open")
    assert refused.exit_code == 2


def test_the_log_is_followed_until_interrupted(tmp_path: Path) -> None:
    (tmp_path / "cib.toml").touch()
    log = log_file(tmp_path / ".cib" / "server")
    log.parent.mkdir(parents=True)
    log.write_text("before\nfirst\n")
    following = subprocess.Popen(
        [sys.executable, "-m", "cibgraph", "-w", str(tmp_path), "server", "logs", "-f", "-n", "1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert following.stdout is not None
    with following:
        assert following.stdout.readline() == "first\n"
        with log.open("a") as file:
            file.write("half")
            file.flush()
            file.write(" a line\x1b[2J\n")
        assert following.stdout.readline().startswith("half a line")
        log.unlink()
        log.write_text("anew\n")  # a restart
        assert following.stdout.readline() == "anew\n"
        following.send_signal(signal.SIGINT)
        assert following.wait(30) == 130


def test_a_read_only_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    jars = install()
    monkeypatch.setattr(life, "install", lambda progress: jars)  # the cache may be for this user's eyes only
    tmp_path.chmod(0o555)
    request.getfixturevalue("nobody")
    with pytest.raises(ServerError, match=r"cannot be kept in .*: Permission denied"):
        server.ensure_running(tmp_path / ".cib" / "server")
