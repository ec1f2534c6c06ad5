from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from cibgraph import server
from cibgraph.server import home as homes
from cypher.errors import ServerError
from cypher.session import Graph

ENSURE = "import sys, pathlib, cibgraph.server as s; print(s.ensure_running(pathlib.Path(sys.argv[1])).pid)"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    home = tmp_path_factory.mktemp("Überwachung und mehr: eins") / ".cib" / "server"
    yield home
    server.stop(home)


def _start_two(home: Path) -> list[str]:
    disturbed = {
        **os.environ,
        "JAVA_HOME": "/nonexistent",
        "JAVA_TOOL_OPTIONS": "-Xmx1m",
        "NEO4J_HOME": "/nonexistent",
        "LC_ALL": "C",
        "PYTHONUTF8": "1",
    }
    both = [
        subprocess.Popen(
            [sys.executable, "-c", ENSURE, str(home)], env=disturbed, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    return [process.communicate(timeout=200)[0].strip() for process in both]


def test_its_whole_life(home: Path) -> None:
    with socket.socket() as squatter:  # the port of last time is taken meanwhile
        squatter.bind((homes.HOST, 0))
        squatter.listen()
        taken = squatter.getsockname()[1]
        home.mkdir(parents=True)
        # A record whose process number now belongs to another program: this one.
        homes.write_state(home, homes.State(os.getpid(), taken, taken, time.time(), ready=True))
        assert homes.process(home) is None
        first, second = _start_two(home)
    assert first == second

    running = server.ensure_running(home)
    assert str(running.pid) == first  # it outlived who started it
    assert f":{taken}" not in running.address.uri + running.browser_url
    assert (home / "password").stat().st_mode & 0o777 == 0o600
    assert home.stat().st_mode & 0o777 == 0o700
    assert running.address.password not in " ".join(psutil.Process(running.pid).cmdline())
    listening = {c.laddr.ip for c in psutil.Process(running.pid).net_connections() if c.status == "LISTEN"}
    assert {ip.removeprefix("::ffff:") for ip in listening} == {homes.HOST}
    with urllib.request.urlopen(running.browser_url, timeout=10) as page:
        assert page.status == 200
    with pytest.raises(ServerError, match="refuses the password"):
        Graph.connect(replace(running.address, password="wrong"))
    with Graph.connect(running.address, need_gds=True) as graph:
        graph.driver.execute_query("CREATE (:Kept)")

    os.kill(running.pid, signal.SIGKILL)
    while server.status(home).running:
        time.sleep(0.05)
    again = server.ensure_running(home)
    assert again.pid != running.pid
    assert again.address == running.address  # same ports, same password
    with Graph.connect(again.address) as graph:
        assert graph.driver.execute_query("MATCH (n:Kept) RETURN count(n)").records[0][0] == 1
    assert server.status(home).data_bytes > 0
    assert any("Started." in line for line in server.log_tail(home))
    assert server.stop(home)
    assert not server.stop(home)
    assert not server.status(home).running


def test_a_server_that_cannot_start_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = homes.write_settings

    def with_unknown_setting(home: Path, bolt: int, http: int) -> None:
        write(home, bolt, http)
        with (home / "conf" / "neo4j.conf").open("a") as file:
            file.write("server.no_such_setting=1\n")

    monkeypatch.setattr(homes, "write_settings", with_unknown_setting)
    with pytest.raises(ServerError, match="no_such_setting"):
        server.ensure_running(tmp_path / "home")
    assert not server.status(tmp_path / "home").running


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": "x"}', '{"pid": -1, "bolt": 0, "http": 1}'])
def test_a_broken_record_counts_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "state.json").write_text(text)
    assert not server.status(tmp_path).running
    assert not server.stop(tmp_path)


def test_a_place_that_cannot_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ServerError, match="cannot be kept"):
        server.ensure_running(tmp_path / "file" / "server")


def test_data_without_their_password(tmp_path: Path) -> None:
    (tmp_path / "data" / "databases" / "system").mkdir(parents=True)
    with pytest.raises(ServerError, match="password"):
        homes.password(tmp_path)
