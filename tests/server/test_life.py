from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import polars as pl
import psutil
import pytest

from cibgraph import server
from cibgraph.server import config, exchange, life
from cibgraph.server import home as homes
from cibgraph.server.admin import import_database
from cypher.errors import ServerError, UsageError
from cypher.session import Graph
from ingest.bulk_files import ImportFiles

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
        "AWS_SECRET_ACCESS_KEY": "not for the server",
        "PYTHONUTF8": "1",
    }
    both = [
        subprocess.Popen(
            [sys.executable, "-c", ENSURE, str(home)], env=disturbed, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    return [process.communicate(timeout=200)[0].strip() for process in both]


def _import_in_vain(home: Path, folder: Path) -> None:
    """Make another database, once from a file that is not there, once interrupted in the middle."""
    with ImportFiles(folder / "import") as files:
        files.add_nodes("Other", "Other", pl.DataFrame({"key": [str(number) for number in range(1000)]}))

    def interrupt(_stage: str, done: int, _total: int | None) -> None:
        if done > 50:
            raise KeyboardInterrupt

    missing = [*files.arguments()[:-1], "--nodes=A=0.csv,1.parquet"]
    for options, error in ((missing, ServerError), (files.arguments(), KeyboardInterrupt)):

        def make(other: Path, jars: Path, options: list[str] = options) -> None:
            import_database(other, jars, options, files.folder, folder / "log", interrupt)

        with pytest.raises(error):
            life.replace_database(home, make)
        assert not server.status(home).running
        assert not exchange.incoming(home).exists()


def test_its_whole_life(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as squatter:  # the port of last time is taken meanwhile
        squatter.bind((config.HOST, 0))
        squatter.listen()
        taken = squatter.getsockname()[1]
        home.mkdir(parents=True)
        # A record whose process number now belongs to another program: this one.
        record = homes.State(os.getpid(), taken, taken, psutil.Process().create_time(), ready=True)
        homes.write_state(home, record)
        assert homes.process(home) is None
        first, second = _start_two(home)
    assert first == second

    running = server.ensure_running(home)
    assert str(running.pid) == first  # it outlived who started it
    assert f":{taken}" not in running.address.uri + running.browser_url
    assert (home / "password").stat().st_mode & 0o777 == 0o600
    assert home.stat().st_mode & 0o777 == 0o700
    process = psutil.Process(running.pid)
    assert running.address.password not in " ".join(process.cmdline())
    assert not {"AWS_SECRET_ACCESS_KEY", "JAVA_TOOL_OPTIONS", "NEO4J_HOME"} & set(process.environ())
    listening = {c.laddr.ip for c in process.net_connections() if c.status == "LISTEN"}
    assert {ip.removeprefix("::ffff:") for ip in listening} == {config.HOST}
    with urllib.request.urlopen(running.browser_url, timeout=10) as page:
        assert page.status == 200
    with pytest.raises(ServerError, match="refuses the password"):
        Graph.connect(replace(running.address, password="wrong"))
    with Graph.connect(running.address, need_gds=True) as graph:
        graph.driver.execute_query("CREATE (:Kept)")

    for lost in (None, "{", json.dumps({**asdict(record), "ready": False})):
        (home / "state.json").unlink()
        if lost is not None:
            (home / "state.json").write_text(lost)
        assert server.status(home).pid == running.pid
        assert server.ensure_running(home) == running

    monkeypatch.setattr(life, "_HANDSHAKE", 0.3)
    process.suspend()
    try:
        # Its threads stop one after the other, and one of them may still answer for a moment.
        ports, waited = config.read_ports(home), time.monotonic() + 30
        assert ports
        while config.bolt_answers(ports[0], 0.3):
            assert time.monotonic() < waited
        with pytest.raises(ServerError, match="does not answer"):
            server.ensure_running(home)
    finally:
        process.resume()
    monkeypatch.undo()
    assert server.ensure_running(home) == running

    config.local_file(home).write_text(
        "server.memory.heap.max_size = 300m\nserver.bolt.listen_address=0.0.0.0:1\n"
    )
    os.kill(running.pid, signal.SIGKILL)
    while server.status(home).running:
        time.sleep(0.05)
    _import_in_vain(home, tmp_path)
    again = server.ensure_running(home)
    assert again.pid != running.pid
    assert again.address == running.address  # same ports, same password
    assert "-Xmx300m" in psutil.Process(again.pid).cmdline()
    with Graph.connect(again.address) as graph:
        assert graph.driver.execute_query("MATCH (n:Kept) RETURN count(n)").records[0][0] == 1
    assert server.status(home).data_bytes > 0
    assert any("Started." in line for line in server.log_tail(home))
    (home / "state.json").unlink()
    assert server.stop(home)
    assert not server.stop(home)
    assert not server.status(home).running


def test_a_port_taken_after_it_was_chosen(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    launch, launched = life._launch, list[homes.State]()
    with socket.socket() as squatter:
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)

        def launch_and_lose(home: Path) -> tuple[psutil.Process, homes.State]:
            process, state = launch(home)
            if not launched:  # Java takes seconds to get there
                squatter.bind((config.HOST, state.bolt))
                squatter.listen()
            launched.append(state)
            return process, state

        monkeypatch.setattr(life, "_launch", launch_and_lose)
        running = server.ensure_running(home)
    lost, won = launched
    assert running.pid == won.pid
    assert lost.bolt != won.bolt
    assert not psutil.pid_exists(lost.pid)


def test_a_server_that_is_launched_is_waited_for_later(home: Path) -> None:
    server.stop(home)
    server.launch(home)
    launched = server.status(home)
    assert launched.running
    server.launch(home)
    told: list[str] = []
    assert server.ensure_running(home, progress=lambda stage, *_: told.append(stage)).pid == launched.pid
    assert set(told) == {life._STAGE}
    # Where nobody has to wait, nobody is told of it.
    homes.write_state(home, replace(_state(home), ready=False))
    told.clear()
    assert server.ensure_running(home, progress=lambda stage, *_: told.append(stage)).pid == launched.pid
    assert _state(home).ready
    assert told == []


def _state(home: Path) -> homes.State:
    found = homes.running(home)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("launched", [False, True])
def test_a_server_that_cannot_start_says_why(tmp_path: Path, launched: bool) -> None:
    config.local_file(tmp_path).parent.mkdir()
    config.local_file(tmp_path).write_text("server.no_such_setting=1\n")
    if launched:
        server.launch(tmp_path)
    with pytest.raises(ServerError, match="no_such_setting"):
        server.ensure_running(tmp_path)
    assert not server.status(tmp_path).running


def test_a_start_does_not_last_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(life, "_STARTING", 1.0)
    with pytest.raises(ServerError, match="does not answer"):
        server.ensure_running(tmp_path)
    assert homes.process(tmp_path) is None


def test_a_heap_of_no_size(tmp_path: Path) -> None:
    config.write_settings(tmp_path, 1, 2)
    assert config.read_ports(tmp_path) == (1, 2)
    config.local_file(tmp_path).write_text("server.memory.heap.max_size=much\n")
    with pytest.raises(UsageError, match="much"):
        config.write_settings(tmp_path, 1, 2)


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
