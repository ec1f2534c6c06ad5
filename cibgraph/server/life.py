"""Starts, finds and stops the embedded server of a workspace."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import psutil
from filelock import FileLock, Timeout

from cibgraph.server import home as homes
from cibgraph.server.home import HOST, USER, State
from cibgraph.server.install import install
from cibgraph.server.java import JAVA, OPENED, environment
from cibgraph.server.locked import versions
from cibgraph.server.logs import log_file, log_tail
from cypher.connection import ServerAddress
from cypher.errors import ServerError
from cypher.progress import Progress, silent
from cypher.session import Graph

#: Seconds without a new line in its log after which a starting server is given up.
_SILENCE: Final = 120.0
#: Seconds a server has to stop by itself.
_STOPPING: Final = 60.0
#: Seconds to wait for another command that starts or stops the same server.
_PATIENCE: Final = 1200.0
_MAIN: Final = "org.neo4j.server.Neo4jCommunity"
_STAGE: Final = "Starting Neo4j: seconds"

# Kept so that Python neither warns of a child that outlives its handle nor leaves one unreaped.
_children: dict[int, subprocess.Popen[bytes]] = {}


@dataclass(frozen=True)
class RunningServer:
    """A server that answers."""

    address: ServerAddress
    browser_url: str
    pid: int


@dataclass(frozen=True)
class Status:
    """What is known of a workspace's server.

    Attributes:
        uptime: Seconds; None when stopped.
        data_bytes: Size of its data on disk.
    """

    running: bool
    pid: int | None
    bolt: str | None
    browser: str | None
    neo4j: str
    gds: str
    uptime: float | None
    data_bytes: int


def ensure_running(home: Path, *, progress: Progress = silent) -> RunningServer:
    """Return the workspace's server, installed and started if need be.

    Of two processes that ask at once, one starts it and the other waits. The server outlives both.

    Args:
        home: `.cib/server` of the workspace.
        progress: Told of the installation and the start.

    Raises:
        ServerError: It cannot be installed or started; the message has the end of its log.
    """
    home = home.absolute()
    state = homes.read_state(home)
    if state is not None and state.ready and homes.process(home) is not None:
        return _running(home, state)
    jars = install(progress)
    with _alone(home):
        homes.prepare(home, jars)
        secret = homes.password(home)
        process = homes.process(home)
        if process is None:
            process = _launch(home)
        state = homes.read_state(home)
        if state is None:
            raise ServerError(
                "the record of the server was removed while it started", "Run the command again."
            )
        if not state.ready:
            _await_answer(home, process, state, secret, progress)
            state = replace(state, ready=True)
            homes.write_state(home, state)
        return _running(home, state)


start = ensure_running


def stop(home: Path) -> bool:
    """Stop the workspace's server; tell whether one ran.

    It is asked to stop, and killed if it has not after a minute.
    """
    home = home.absolute()
    if homes.process(home) is None:
        return False
    with _alone(home):
        process, state = homes.process(home), homes.read_state(home)
        if process is None or state is None:
            return False
        process.terminate()
        if not _gone(process, _STOPPING):
            process.kill()
            _gone(process, _STOPPING)
        homes.write_state(home, State(None, state.bolt, state.http))
    return True


def status(home: Path) -> Status:
    """Return what is known of the workspace's server, without changing anything."""
    home = home.absolute()
    process, state, version = homes.process(home), homes.read_state(home), versions()
    up = process is not None and state is not None
    return Status(
        running=up,
        pid=process.pid if process else None,
        bolt=_bolt(state) if up and state else None,
        browser=_browser(state) if up and state else None,
        neo4j=version["neo4j"],
        gds=version["gds"],
        uptime=time.time() - process.create_time() if process else None,
        data_bytes=_size(home / "data"),
    )


def command(home: Path) -> list[str]:
    """Return the command that runs the server of this home."""
    # The cache is named, not the home's links to it: a colon in a workspace's path would split this.
    classes = os.pathsep.join(f"{(home / name).readlink()}/*" for name in ("plugins", "lib"))
    heap = homes.heap_mib(psutil.virtual_memory().total // 2**20)
    return [
        str(JAVA), "-cp", classes, *OPENED,
        "--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED",
        "-Dfile.encoding=UTF-8", "-Dlog4j2.disable.jmx=true", "-Dio.netty.tryReflectionSetAccessible=true",
        "-XX:+UseG1GC", "-XX:+ExitOnOutOfMemoryError", f"-XX:ErrorFile={home}/logs/jvm-%p.log",
        "-Xms256m", f"-Xmx{heap}m", _MAIN, homes.home_argument(home), f"--config-dir={home}/conf",
    ]  # fmt: skip


def _launch(home: Path) -> psutil.Process:
    bolt, http = homes.free_ports(home)
    homes.write_settings(home, bolt, http)
    log = log_file(home)
    if log.exists():
        log.replace(log.with_suffix(".log.1"))
    with log.open("wb") as out:
        child = subprocess.Popen(
            command(home),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=home,
            env=environment(),
            start_new_session=True,  # ctrl-C in the terminal is for the command, not for the server
        )
    _children[child.pid] = child
    homes.write_state(home, State(child.pid, bolt, http, time.time()))
    return psutil.Process(child.pid)


def _await_answer(home: Path, process: psutil.Process, state: State, secret: str, progress: Progress) -> None:
    """Wait until Bolt takes the password and GDS answers; on failure leave no process behind."""
    begun = heard = time.monotonic()
    size, problem = -1, "it does not answer"
    while time.monotonic() - heard < _SILENCE:
        if not _alive(process):
            problem = "its process ended"
            break
        progress(_STAGE, int(time.monotonic() - begun), None)
        now = log_file(home).stat().st_size
        if now != size:
            size, heard = now, time.monotonic()
        if not homes.port_is_free(state.bolt) and any("Started." in line for line in log_tail(home, 50)):
            try:
                Graph.connect(_address(state, secret), need_gds=True).close()
                return
            except ServerError as error:
                problem = error.message
                if "refuses" in problem or "GDS" in problem:
                    break
        time.sleep(0.2)
    if _alive(process):
        process.kill()
        _gone(process, 10.0)
    homes.write_state(home, State(None, state.bolt, state.http))
    last = "\n".join(f"  {line}" for line in log_tail(home, 12))
    raise ServerError(
        f"the embedded server did not start: {problem}. Its log ends:\n{last}",
        f"The whole log: {log_file(home)}. `cib doctor` looks for usual causes (memory, disk, ports).",
    )


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Let no other process start or stop this server meanwhile."""
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        with FileLock(home / "start.lock", timeout=_PATIENCE):
            yield
    except Timeout:
        raise ServerError(
            f"another command has been starting or stopping the server in {home} for too long",
            "Wait until it is done, or end it, then run the command again.",
        ) from None
    except OSError as error:
        raise ServerError(
            f"the embedded server cannot be kept in {home}: {error.strerror or error}",
            "Use a workspace that you may write to, or another server: set NEO4J_URI.",
        ) from error


def _alive(process: psutil.Process) -> bool:
    if child := _children.get(process.pid):
        return child.poll() is None
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def _gone(process: psutil.Process, seconds: float) -> bool:
    """Wait for the end of a process, this one's child or not."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if not _alive(process):
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.05)
    return False


def _running(home: Path, state: State) -> RunningServer:
    return RunningServer(_address(state, homes.password(home)), _browser(state), state.pid or 0)


def _address(state: State, secret: str) -> ServerAddress:
    return ServerAddress(_bolt(state), USER, secret)


def _bolt(state: State) -> str:
    return f"bolt://{HOST}:{state.bolt}"


def _browser(state: State) -> str:
    return f"http://localhost:{state.http}/browser/"


def _size(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:  # the server deletes files as it runs
            continue
    return total
