"""The server's log."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path


def log_file(home: Path) -> Path:
    """Return what the server has printed since its last start."""
    return home / "logs" / "neo4j.log"


def log_tail(home: Path, lines: int = 20) -> list[str]:
    """Return the last lines of the log; none when there is no log."""
    try:
        with log_file(home).open(encoding="utf-8", errors="replace") as file:
            return [line.rstrip("\n") for line in deque(file, maxlen=lines)]
    except FileNotFoundError:
        return []


def follow(home: Path, *, every: float = 0.3) -> Iterator[str]:
    """Yield lines as they are added to the log, for ever; a restart's new log is followed too.

    Args:
        home: The server's home.
        every: Seconds between two looks.
    """
    where = log_file(home).stat().st_size if log_file(home).exists() else 0
    while True:
        if log_file(home).exists():
            where = 0 if log_file(home).stat().st_size < where else where
            with log_file(home).open("rb") as file:
                file.seek(where)
                for line in file:
                    if line.endswith(b"\n"):
                        where += len(line)
                        yield line.decode("utf-8", "replace").rstrip("\r\n")
        time.sleep(every)
