"""Another database in the place of the server's own: made beside it, then exchanged by renaming.

While the server stands still, `incoming/` in its home holds a database that is being made. Once that is whole
it is approved; from then on every start finishes the exchange, and until then every start drops it. The
former database stays in `incoming/` until the server has answered with the new one.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

from cibgraph.server import config
from cibgraph.server import home as homes
from cibgraph.server.processes import end, with_argument

_PARTS: Final = ("databases/neo4j", "transactions/neo4j")
_APPROVED: Final = "approved"
_FORMER: Final = "former"


def incoming(home: Path) -> Path:
    """Return where another database is made: itself the home of a server."""
    return home / "incoming"


def no_database(home: Path) -> bool:
    """Tell whether a server has no database yet, not even an empty one, and none waits for it."""
    found = (home / "data" / _PARTS[0]).exists() or (incoming(home) / _APPROVED).exists()
    return not (found or config.keeps_database_elsewhere(home) or homes.process(home))


def begin(home: Path) -> Path:
    """Return an empty folder to make another database in, as the home of a server."""
    forget(home)
    folder = incoming(home)
    for name in ("conf", "data", "logs"):
        (folder / name).mkdir(parents=True, mode=0o700)
    return folder


def approve(home: Path) -> None:
    """Say that the database made is whole, and is to be used from the next start on.

    Raises:
        OSError: The disk is full, or part of the database is not there.
    """
    for part in _PARTS:
        (incoming(home) / "data" / part).stat()
    with (incoming(home) / _APPROVED).open("w") as mark:
        os.fsync(mark.fileno())


def settle(home: Path) -> bool:
    """Finish an exchange, or drop a database that is not whole; tell whether the database is another now.

    Called while the server stands still. Interrupted anywhere, it goes on when called again.
    """
    folder = incoming(home)
    if not (folder / _APPROVED).exists():
        forget(home)
        return False
    for part in _PARTS:
        new, current, former = folder / "data" / part, home / "data" / part, folder / _FORMER / part
        if new.exists():
            if current.exists():
                former.parent.mkdir(parents=True, exist_ok=True)
                current.rename(former)
            current.parent.mkdir(parents=True, exist_ok=True)
            new.rename(current)
    return True


def revert(home: Path) -> None:
    """Put the former database back: the server does not start with the other one."""
    for part in _PARTS:
        current, former = home / "data" / part, incoming(home) / _FORMER / part
        if current.exists():
            shutil.rmtree(current)
        if former.exists():
            former.rename(current)
    forget(home)


def forget(home: Path) -> None:
    """Remove what an exchange needs no more."""
    folder = incoming(home)
    if folder.exists():
        # Of a command that was killed, the import may be at work still.
        for left in with_argument(report_argument(folder)):
            end(left)
        (folder / _APPROVED).unlink(missing_ok=True)
        shutil.rmtree(folder)


def report_argument(folder: Path) -> str:
    """Return the argument by which the process that makes a database in a folder is known."""
    return f"--report-file={folder / 'logs' / 'report.txt'}"
