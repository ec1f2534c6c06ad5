"""The server's log."""

from __future__ import annotations

import os
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
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


def follow(home: Path, lines: int = 20, *, every: float = 0.3) -> Iterator[str]:
    """Yield the last lines of the log, then lines as they are added, for ever; also of a restart's new log.

    Args:
        home: The server's home.
        lines: How many at first.
        every: Seconds between two looks.
    """
    inode, where, shown = -1, 0, lines
    while True:
        added = []
        with suppress(FileNotFoundError), log_file(home).open("rb") as file:
            found = os.fstat(file.fileno())
            if found.st_ino != inode or found.st_size < where:
                inode, where = found.st_ino, 0
            file.seek(where)
            added = [line for line in file if line.endswith(b"\n")]  # a half line's rest comes next time
            where += sum(map(len, added))
        for line in added[-shown:]:
            yield line.decode("utf-8", "replace").rstrip("\r\n")
        shown = sys.maxsize
        time.sleep(every)
