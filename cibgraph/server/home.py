"""The home of a workspace's server: folders, password, and the record of the running process."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import psutil
from filelock import FileLock, Timeout

from cibgraph.server.config import HOST, read_ports
from cibgraph.server.files import write_private
from cibgraph.server.java import home_argument
from cibgraph.server.processes import has_argument, with_argument
from cypher.errors import ServerError

USER: Final = "neo4j"
_FOLDERS: Final = ("conf", "data", "logs", "run", "import")
_ITERATIONS: Final = 1024
#: Seconds by which two readings of one process's begin may differ.
_SAME_TIME: Final = 1.0
#: Seconds to wait for another command that starts or stops the same server.
_PATIENCE: Final = 1200.0


@dataclass(frozen=True)
class State:
    """The server process that was started last.

    Attributes:
        started: Seconds since the epoch, as the system says of the process.
        ready: It has answered.
    """

    pid: int
    bolt: int
    http: int
    started: float
    ready: bool = False

    @property
    def bolt_uri(self) -> str:
        """Address for drivers."""
        return f"bolt://{HOST}:{self.bolt}"

    @property
    def browser_url(self) -> str:
        """Address of Neo4j Browser; it asks for nothing but the password there."""
        return f"http://localhost:{self.http}/browser/?dbms=neo4j://{USER}@localhost:{self.bolt}"


@contextmanager
def alone(home: Path) -> Iterator[None]:
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


def prepare(home: Path, jars: Path) -> None:
    """Make the folders, private to their owner, and link the installed jars into them.

    Raises:
        OSError: The workspace cannot be written to.
    """
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    home.chmod(0o700)  # it may have been there before
    for name in _FOLDERS:
        (home / name).mkdir(exist_ok=True, mode=0o700)
    for name in ("lib", "plugins"):
        link = home / name
        if not link.is_symlink() or link.readlink() != jars / name:
            link.unlink(missing_ok=True)
            link.symlink_to(jars / name, target_is_directory=True)


def password_file(home: Path) -> Path:
    """Return the file with the password."""
    return home / "password"


def password(home: Path) -> str:
    """Return the password of user `neo4j`; a server without data gets a new one.

    Raises:
        ServerError: There are data but the password is gone.
    """
    file = password_file(home)
    virgin = not (home / "data" / "databases" / "system").exists()
    try:
        secret = file.read_text("utf-8").strip()
    except FileNotFoundError:
        secret = ""
    if not secret and not virgin:
        raise ServerError(
            f"the password of the embedded server is gone: {file}",
            f"Restore that file; or delete {home}, and load your files again.",
        )
    if not secret:
        secret = secrets.token_urlsafe(24)
        write_private(file, secret + "\n")
    if virgin:
        write_private(home / "data" / "dbms" / "auth.ini", _initial_user(secret))
    return secret


def _initial_user(secret: str) -> str:
    """Return what `neo4j-admin dbms set-initial-password` writes; no process list shows the password."""
    salt = secrets.token_bytes(32)
    digest = hashlib.sha256(salt + secret.encode()).digest()
    for _ in range(_ITERATIONS - 1):
        digest = hashlib.sha256(digest).digest()
    return f"{USER}:SHA-256,{digest.hex()},{salt.hex()},{_ITERATIONS}:\n"


def read_state(home: Path) -> State | None:
    """Return the record of the last process; None when there is none that can be read."""
    try:
        state = State(**json.loads((home / "state.json").read_text("utf-8")))
        return state if all(0 < int(port) < 65536 for port in (state.bolt, state.http)) else None
    except (OSError, ValueError, TypeError):
        return None


def write_state(home: Path, state: State) -> None:
    """Record a process."""
    write_private(home / "state.json", json.dumps(asdict(state)))


def forget_state(home: Path) -> None:
    """Remove the record: no process runs."""
    (home / "state.json").unlink(missing_ok=True)


def process(home: Path) -> psutil.Process | None:
    """Return the running server of this home; None when there is none.

    A process number says nothing by itself, since it may have passed to another program: only a process that
    was started for this very home counts. It is looked for among all when the record is lost or of another.
    """
    state = read_state(home)
    if state is not None:
        try:
            recorded = psutil.Process(state.pid)
            if has_argument(recorded, home_argument(home)):
                return recorded
        except (psutil.Error, ValueError, TypeError, OverflowError):
            pass
    return next(iter(with_argument(home_argument(home))), None)


def running(home: Path) -> tuple[psutil.Process, State] | None:
    """Return the running server and what is known of it; None when there is none.

    Raises:
        ServerError: It runs, but both its record and its settings are gone.
    """
    found = process(home)
    if found is None:
        return None
    state = read_state(home)
    if state is not None and state.pid == found.pid and abs(state.started - _created(found)) < _SAME_TIME:
        return found, state
    ports = read_ports(home)
    if ports is None:
        raise ServerError(
            f"the embedded server runs (process {found.pid}), but nothing tells its ports any more",
            "Start it again: cib server stop; cib server start",
        )
    return found, State(found.pid, *ports, _created(found))


def _created(found: psutil.Process) -> float:
    """Return when a process began, in seconds since the epoch; 0 when it is gone."""
    try:
        return found.create_time()
    except psutil.Error:
        return 0.0
