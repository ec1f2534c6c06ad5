"""Settings of the embedded server: `neo4j.conf`, its memory and its ports."""

from __future__ import annotations

import os
import re
import socket
from pathlib import Path
from typing import Final

import psutil

from cibgraph.browserkit import after_login
from cibgraph.server.files import write_private
from cypher.errors import UsageError

HOST: Final = "127.0.0.1"
_BOLT: Final = "server.bolt.listen_address"
_HTTP: Final = "server.http.listen_address"
_HEAP: Final = "server.memory.heap.max_size"
_HEAP_AT_START: Final = "server.memory.heap.initial_size"
_LOCAL: Final = """\
# Settings of your own for this workspace's server, as in neo4j.conf; they are kept, and read at each start:
# cib server stop; cib server start. For example, more memory:
#server.memory.heap.max_size=6g
#dbms.memory.transaction.total.max=4g
"""


def local_file(home: Path) -> Path:
    """Return the file with a person's own settings, which take precedence."""
    return home / "conf" / "local.conf"


def write_settings(home: Path, bolt: int, http: int) -> list[str]:
    """Write `neo4j.conf`: loopback only, log-in needed, nothing calls home; return Java's memory options.

    Memory, in MiB of the machine's: the heap may grow to a quarter, from 512 to 4096, the page cache to an
    eighth, from 256 to 2048. So 2 + 1 GiB of a laptop's 8, and 6 GiB at most; `local.conf` may say otherwise.

    Raises:
        UsageError: `local.conf` gives the heap a size that is none.
    """
    if not local_file(home).exists():
        write_private(local_file(home), _LOCAL)
    memory = psutil.virtual_memory().total // 2**20
    settings = {
        "server.default_listen_address": HOST,
        "server.https.enabled": "false",
        "dbms.security.auth_enabled": "true",
        "dbms.security.procedures.unrestricted": "gds.*",
        _HEAP_AT_START: "256m",
        _HEAP: f"{max(512, min(memory // 4, 4096))}m",
        "server.memory.pagecache.size": f"{max(256, min(memory // 8, 2048))}m",
        "db.tx_log.preallocate": "false",  # or an empty database takes half a gigabyte
        "db.tx_log.rotation.retention_policy": "2 files",
        "dbms.usage_report.enabled": "false",
        "client.allow_telemetry": "false",
        "dbms.fleet_manager.enabled": "false",
        "server.fleet_discovery.enabled": "false",
        "browser.post_connect_cmd": after_login(),
        # Nobody is left to wait for when we stop it; by default it waits for 10 s.
        "internal.dbms.bolt.netty_server_shutdown_quiet_period_duration": "100ms",
        **_read(local_file(home)),
        # What finds the server again.
        _BOLT: f"{HOST}:{bolt}",
        "server.bolt.advertised_address": f"localhost:{bolt}",
        _HTTP: f"{HOST}:{http}",
        "server.http.advertised_address": f"localhost:{http}",
    }
    text = f"# Written by cib at each start: changes belong into {local_file(home).name}, beside this file.\n"
    write_private(_file(home), text + "".join(f"{name}={value}\n" for name, value in settings.items()))
    return [f"-Xms{_size(home, settings, _HEAP_AT_START)}", f"-Xmx{_size(home, settings, _HEAP)}"]


def keeps_database_elsewhere(home: Path) -> bool:
    """Tell whether `local.conf` names other folders for the data, or another database."""
    places = ("server.directories.", "initial.dbms.default_database", "dbms.default_database")
    return any(name.startswith(places) for name in _read(local_file(home)))


def read_ports(home: Path) -> tuple[int, int] | None:
    """Return the ports for Bolt and HTTP of the last start; None before the first."""
    settings = _read(_file(home))
    try:
        bolt, http = (int(settings[name].rpartition(":")[2]) for name in (_BOLT, _HTTP))
    except (KeyError, ValueError):
        return None
    return (bolt, http) if 0 < bolt < 65536 and 0 < http < 65536 else None


def free_ports(home: Path) -> tuple[int, int]:
    """Return ports for Bolt and HTTP: those of last time, or the usual ones, or any that are free."""
    last = read_ports(home)
    bolt = _free((last[0],) if last else (), 7687)
    return bolt, _free((last[1],) if last else (), 7474, taken=bolt)


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


def bolt_answers(port: int, seconds: float) -> bool:
    """Tell whether a Bolt server shakes hands in time: it is not merely there, it works."""
    greeting = b"\x60\x60\xb0\x17" + b"\x00\x08\x08\x05" + b"\x00\x00\x00\x00" * 3  # any of Bolt 5.0 to 5.8
    try:
        with socket.create_connection((HOST, port), timeout=seconds) as connection:
            connection.settimeout(seconds)
            connection.sendall(greeting)
            return len(connection.recv(4)) > 0
    except OSError:
        return False


def _file(home: Path) -> Path:
    return home / "conf" / "neo4j.conf"


def _free(wanted: tuple[int, ...], usual: int, taken: int = 0) -> int:
    for port in (*wanted, usual):
        if port != taken and port_is_free(port):
            return port
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _read(file: Path) -> dict[str, str]:
    """Return the settings of a file; none if it is not there."""
    try:
        text = file.read_text("utf-8", errors="replace")
    except FileNotFoundError:
        return {}
    return dict(re.findall(r"(?m)^[ \t]*([\w.]+)[ \t]*=[ \t]*(.*?)[ \t]*$", text))


def _size(home: Path, settings: dict[str, str], name: str) -> str:
    """Return a size that Java and Neo4j understand alike."""
    if not re.fullmatch(r"\d+[kmgKMG]", settings[name]):
        raise UsageError(
            f"{local_file(home)}: {name}={settings[name]} is no size",
            "Write a number and k, m or g, as in 6g.",
        )
    return settings[name]
