"""What a person is told of a workspace's server."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from cibgraph.server import home as homes
from cibgraph.server.locked import versions


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


def status(home: Path) -> Status:
    """Return what is known of the workspace's server, without changing anything."""
    home = home.absolute()
    known, version = homes.running(home), versions()
    process, state = known or (None, None)
    return Status(
        running=process is not None,
        pid=process.pid if process else None,
        bolt=state.bolt_uri if state else None,
        browser=state.browser_url if state else None,
        neo4j=version["neo4j"],
        gds=version["gds"],
        uptime=time.time() - state.started if state else None,
        data_bytes=_size(home / "data"),
    )


def _size(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:  # the server deletes files as it runs
            continue
    return total
