"""The home of a workspace's server: settings, password, and the record of the running process."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import socket
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import psutil

from cypher.errors import ServerError

HOST: Final = "127.0.0.1"
USER: Final = "neo4j"
_FOLDERS: Final = ("conf", "data", "logs", "run", "import")
_ITERATIONS: Final = 1024


@dataclass(frozen=True)
class State:
    """The server process that was started last.

    Attributes:
        pid: Of the process; None once it was stopped.
        started: Seconds since the epoch.
        ready: It has answered.
    """

    pid: int | None
    bolt: int
    http: int
    started: float = 0.0
    ready: bool = False


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
        _write_private(file, secret + "\n")
    if virgin:
        _write_private(home / "data" / "dbms" / "auth.ini", _initial_user(secret))
    return secret


def _initial_user(secret: str) -> str:
    """Return what `neo4j-admin dbms set-initial-password` writes; no process list shows the password."""
    salt = secrets.token_bytes(32)
    digest = hashlib.sha256(salt + secret.encode()).digest()
    for _ in range(_ITERATIONS - 1):
        digest = hashlib.sha256(digest).digest()
    return f"{USER}:SHA-256,{digest.hex()},{salt.hex()},{_ITERATIONS}:\n"


def write_settings(home: Path, bolt: int, http: int) -> None:
    """Write `neo4j.conf`: loopback only, log-in needed, nothing calls home.

    Memory, in MiB of the machine's: the heap may grow to a quarter, from 512 to 4096, the page cache to an
    eighth, from 256 to 2048. So 2 + 1 GiB of a laptop's 8, and 6 GiB at most.
    """
    memory = psutil.virtual_memory().total // 2**20
    settings = {
        "server.default_listen_address": HOST,
        "server.bolt.listen_address": f"{HOST}:{bolt}",
        "server.bolt.advertised_address": f"localhost:{bolt}",
        "server.http.listen_address": f"{HOST}:{http}",
        "server.http.advertised_address": f"localhost:{http}",
        "server.https.enabled": "false",
        "dbms.security.auth_enabled": "true",
        "dbms.security.procedures.unrestricted": "gds.*",
        "server.memory.heap.initial_size": "256m",
        "server.memory.heap.max_size": f"{heap_mib(memory)}m",
        "server.memory.pagecache.size": f"{max(256, min(memory // 8, 2048))}m",
        "db.tx_log.preallocate": "false",  # or an empty database takes half a gigabyte
        "db.tx_log.rotation.retention_policy": "2 files",
        "dbms.usage_report.enabled": "false",
        "client.allow_telemetry": "false",
        "dbms.fleet_manager.enabled": "false",
        "server.fleet_discovery.enabled": "false",
    }
    text = "# Written by cib at each start: changes here are lost.\n" + "".join(
        f"{name}={value}\n" for name, value in settings.items()
    )
    _write_private(home / "conf" / "neo4j.conf", text)


def heap_mib(memory: int) -> int:
    """Return the largest heap, in MiB, on a machine with this many MiB."""
    return max(512, min(memory // 4, 4096))


def read_state(home: Path) -> State | None:
    """Return the record of the last process; None when there is none that can be read."""
    try:
        state = State(**json.loads((home / "state.json").read_text("utf-8")))
        return state if all(0 < int(port) < 65536 for port in (state.bolt, state.http)) else None
    except (OSError, ValueError, TypeError):
        return None


def write_state(home: Path, state: State) -> None:
    """Record a process."""
    _write_private(home / "state.json", json.dumps(asdict(state)))


def process(home: Path) -> psutil.Process | None:
    """Return the running server of this home; None when there is none.

    A process number says nothing by itself, since it may have passed to another program: only a process that
    was started for this very home counts.
    """
    state = read_state(home)
    if state is None or not isinstance(state.pid, int):
        return None
    try:
        found = psutil.Process(state.pid)
        if found.status() == psutil.STATUS_ZOMBIE or home_argument(home) not in found.cmdline():
            return None
    except (psutil.Error, ValueError, OverflowError):
        return None
    return found


def home_argument(home: Path) -> str:
    """Return the argument by which the server's process is known."""
    return f"--home-dir={home}"


def free_ports(home: Path) -> tuple[int, int]:
    """Return ports for Bolt and HTTP: those of last time, or the usual ones, or any that are free."""
    last = read_state(home)
    bolt = _free((last.bolt,) if last else (), 7687)
    return bolt, _free((last.http,) if last else (), 7474, taken=bolt)


def port_is_free(port: int) -> bool:
    """Tell whether a server could listen on this port of the loopback interface."""
    with socket.socket() as probe:
        if os.name == "posix":  # else a port that was just closed counts as taken
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _free(wanted: tuple[int, ...], usual: int, taken: int = 0) -> int:
    for port in (*wanted, usual):
        if port != taken and port_is_free(port):
            return port
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _write_private(file: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    file.parent.mkdir(exist_ok=True, mode=0o700)
    draft = file.with_name(f"{file.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
    draft.replace(file)
