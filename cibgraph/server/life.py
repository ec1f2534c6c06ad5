"""Starts, finds and stops the embedded server of a workspace."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import psutil

from cibgraph.server import config, exchange
from cibgraph.server import home as homes
from cibgraph.server.home import USER, State
from cibgraph.server.install import install
from cibgraph.server.java import command, environment
from cibgraph.server.logs import log_file, log_tail
from cibgraph.server.processes import adopt, alive, end, gone, listens
from cypher.connection import ServerAddress
from cypher.errors import ServerError
from cypher.progress import Progress, silent
from cypher.session import Graph

#: Seconds after which a starting server is given up.
_STARTING: Final = 600.0
#: Times that it is launched when another program takes its port meanwhile.
_LAUNCHES: Final = 3
#: Seconds in which a server that has started must shake hands.
_HANDSHAKE: Final = 10.0
#: Seconds a server has to stop by itself.
_STOPPING: Final = 60.0
_STAGE: Final = "Starting Neo4j, seconds"


class _PortTakenError(ServerError):
    """Another program took a port between its choice and its use."""


@dataclass(frozen=True)
class RunningServer:
    """A server that answers."""

    address: ServerAddress
    browser_url: str
    pid: int


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
    known = homes.running(home)
    if known is not None and known[1].ready:
        return _checked(home, known[1])
    jars = install(progress)
    with homes.alone(home):
        known = homes.running(home)
        if known is not None and known[1].ready:
            return _checked(home, known[1])
        return _start(home, jars, progress, known)


start = ensure_running


def launch(home: Path, *, progress: Progress = silent) -> None:
    """Begin to start the workspace's server, if it does not run; `ensure_running` waits for it.

    Args:
        home: `.cib/server` of the workspace.
        progress: Told of the installation.

    Raises:
        ServerError: It cannot be installed or kept there.
    """
    home = home.absolute()
    if homes.process(home):
        return
    jars = install(progress)
    with homes.alone(home):
        # An exchange that was not finished is seen to where the server is waited for.
        if not homes.process(home) and not exchange.incoming(home).exists():
            homes.prepare(home, jars)
            homes.password(home)
            _launch(home)


def stop(home: Path) -> bool:
    """Stop the workspace's server; tell whether one ran.

    It is asked to stop, and killed if it has not after a minute.
    """
    home = home.absolute()
    if homes.process(home) is None:
        return False
    with homes.alone(home):
        process = homes.process(home)
        if process is None:
            return False
        _halt(home, process)
    return True


def replace_database(
    home: Path, make: Callable[[Path, Path], None], *, progress: Progress = silent
) -> RunningServer:
    """Stop the server, have another database made, and start the server with that one.

    Whatever fails or is interrupted, the next start has either the former database or the new one, whole.

    Args:
        home: `.cib/server` of the workspace.
        make: Given a server's home to make the database `neo4j` in, and the installed jars.
        progress: Told of the start.

    Raises:
        ServerError: As `make`, and the server stands still; or it cannot be started even with its former
            database.
    """
    home = home.absolute()
    jars = install(progress)
    with homes.alone(home):
        if process := homes.process(home):
            _halt(home, process)
        homes.prepare(home, jars)
        try:
            make(exchange.begin(home), jars)
            exchange.approve(home)
        except BaseException:
            exchange.forget(home)
            raise
        return _start(home, jars, progress)


def _halt(home: Path, process: psutil.Process) -> None:
    process.terminate()
    if not gone(process, _STOPPING):
        end(process)
    homes.forget_state(home)


def _start(
    home: Path, jars: Path, progress: Progress, known: tuple[psutil.Process, State] | None = None
) -> RunningServer:
    """Start the server, or wait for one that starts; if it fails with a new database, use the former."""
    homes.prepare(home, jars)
    homes.password(home)
    exchanged = known is None and exchange.settle(home)
    try:
        return _launch_until_it_answers(home, progress, known)
    except ServerError:
        if not exchanged:
            raise
        exchange.revert(home)
        return _launch_until_it_answers(home, progress, None)


def _launch_until_it_answers(
    home: Path, progress: Progress, known: tuple[psutil.Process, State] | None
) -> RunningServer:
    for launches_left in reversed(range(_LAUNCHES)):
        process, state = known or _launch(home)
        known = None
        try:
            _await_answer(home, process, state, progress)
            break
        except _PortTakenError:
            if not launches_left:
                raise
    exchange.forget(home)  # before anybody writes into the new database: from here on there is no way back
    homes.write_state(home, replace(state, ready=True))
    return _running(home, state)


def _launch(home: Path) -> tuple[psutil.Process, State]:
    bolt, http = config.free_ports(home)
    memory = config.write_settings(home, bolt, http)
    log = log_file(home)
    if log.exists():
        log.replace(log.with_suffix(".log.1"))
    with log.open("ab") as out:  # added to, since Neo4j writes its lines there too
        child = subprocess.Popen(
            command(home, memory),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=home,
            env=environment(),
            start_new_session=True,  # ctrl-C in the terminal is for the command, not for the server
        )
    process = adopt(child)
    state = State(child.pid, bolt, http, process.create_time())
    homes.write_state(home, state)
    return process, state


def _await_answer(home: Path, process: psutil.Process, state: State, progress: Progress) -> None:
    """Wait until Bolt takes the password and GDS answers; on failure leave no process behind."""
    begun, problem = time.monotonic(), "it does not answer"
    address = _address(state, homes.password(home))
    while (elapsed := time.monotonic() - begun) < _STARTING:
        if not alive(process):
            problem = "its process ended"
            break
        if config.bolt_answers(state.bolt, 1.0) and listens(process, {state.bolt, state.http}):
            try:
                Graph.connect(address, need_gds=True).close()
                return
            except ServerError as error:
                problem = error.message
                if "refuses" in problem or "GDS" in problem:
                    break
        progress(_STAGE, int(elapsed), None)
        time.sleep(0.2)
    ended = not alive(process)
    if not ended:
        end(process)
    homes.forget_state(home)
    taken = ended and not all(config.port_is_free(port) for port in (state.bolt, state.http))
    last = "\n".join(f"  {line}" for line in log_tail(home, 12))
    raise (_PortTakenError if taken else ServerError)(
        f"the embedded server did not start: {problem}. Its log ends:\n{last}",
        f"The whole log: {log_file(home)}. `cib doctor` looks for usual causes (memory, disk, ports).",
    )


def _checked(home: Path, state: State) -> RunningServer:
    """Return a server that had started, if it still answers."""
    if not config.bolt_answers(state.bolt, _HANDSHAKE):
        raise ServerError(
            f"the embedded server (process {state.pid}) runs but does not answer",
            f"See {log_file(home)}. Start it again: cib server stop; cib server start",
        )
    return _running(home, state)


def _running(home: Path, state: State) -> RunningServer:
    return RunningServer(_address(state, homes.password(home)), state.browser_url, state.pid)


def _address(state: State, secret: str) -> ServerAddress:
    return ServerAddress(state.bolt_uri, USER, secret)
