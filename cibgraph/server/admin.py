"""Runs `neo4j-admin database import` and tells how far it is."""

from __future__ import annotations

import re
import subprocess
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

from cibgraph.server.exchange import report_argument
from cibgraph.server.files import write_private
from cibgraph.server.java import admin_command, environment
from cypher.errors import ServerError
from cypher.progress import Progress, silent

#: What the importer says at the beginning of each of its four stages, and as it gets on.
_STAGE: Final = re.compile(r"\((\d)/(\d)\) (\w.*?) \d{4}-")
_PERCENT: Final = re.compile(r" (\d{1,3})% ∆")
_COUNT: Final = re.compile(r"^ +(\d+) (nodes|relationships)$")
_SETTINGS: Final = "db.tx_log.preallocate=false\ndbms.usage_report.enabled=false\n"
_LINES: Final = 15


@dataclass(frozen=True)
class Imported:
    """What an import says it has written."""

    nodes: int
    relationships: int


def import_database(
    home: Path, jars: Path, arguments: Sequence[str], files: Path, log: Path, progress: Progress = silent
) -> Imported:
    """Make the database `neo4j` of a server that stands still from files.

    Args:
        home: The server's home; it has no such database yet.
        jars: The installed server.
        arguments: The options that name the input: files, relative to `files`, and their type.
        files: Folder of the files.
        log: File for all that the importer says.
        progress: Told the percentage done.

    Raises:
        ServerError: It failed; the message has the end of what it said.
    """
    write_private(home / "conf" / "neo4j.conf", _SETTINGS)
    command = admin_command(
        jars, [f"-Xmx{heap_size()}m"],
        "database", "import", "full", "neo4j", "--path-pattern-style=none", "--id-type=string",
        "--max-off-heap-memory=50%", report_argument(home), *arguments,
    )  # fmt: skip
    last: deque[str] = deque(maxlen=_LINES)
    counts: dict[str, int] = {}
    done, stages = 0, 4
    with (
        log.open("w", encoding="utf-8") as kept,
        subprocess.Popen(
            command,
            cwd=files,  # names of files are split at commas, so they are given without their folder
            env={**environment(), "NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf")},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            encoding="utf-8", errors="replace",
        ) as process,
    ):  # fmt: skip
        try:
            assert process.stdout is not None
            for line in process.stdout:
                kept.write(line)
                if line.strip():
                    last.append(line.rstrip())
                if stage := _STAGE.search(line):
                    done, stages = int(stage[1]) - 1, int(stage[2])
                if percent := _PERCENT.search(line):
                    progress("neo4j-admin import: percent", (100 * done + int(percent[1])) // stages, 100)
                if count := _COUNT.match(line):
                    counts[count[2]] = int(count[1])
            process.wait()
        except BaseException:
            process.kill()
            raise
    if process.returncode or "nodes" not in counts:
        said = "\n".join(f"  {line[:300]}" for line in last)
        raise ServerError(f"neo4j-admin could not import. It said at the end:\n{said}", f"The whole: {log}")
    return Imported(counts["nodes"], counts.get("relationships", 0))


def heap_size() -> int:
    """Return the MiB of Java's heap: as many as the server, which stands still meanwhile, takes by itself."""
    return int(max(512, min(psutil.virtual_memory().total // 2**20 // 4, 4096)))
