"""One command that writes to a workspace at a time; a second one is told who is at work."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from cibgraph.workspace import Workspace
from cypher.errors import LockedError


@contextmanager
def locked(workspace: Workspace, command: str) -> Iterator[None]:
    """Hold the workspace while the block runs.

    The operating system lets go of the lock when its holder dies, so that a lock left behind is no obstacle.

    Args:
        workspace: What to hold.
        command: Told to whoever finds it held.

    Raises:
        LockedError: Another process holds it.
    """
    workspace.state.mkdir(parents=True, exist_ok=True)
    # Who holds it lies beside the lock: taking a lock, even in vain, empties the lock's own file.
    holder = workspace.lock_file.with_name("lock.json")
    lock = FileLock(workspace.lock_file, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise LockedError(
            f"the workspace {workspace.root} is in use{_describe(holder)}",
            "Wait until it is done, then run the command again.",
        ) from None
    try:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        holder.write_text(
            json.dumps({"pid": os.getpid(), "command": command, "since": now}), encoding="utf-8"
        )
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _describe(holder: Path) -> str:
    try:
        told = json.loads(holder.read_text(encoding="utf-8"))
        return f" by `cib {told['command']}` (process {told['pid']}, since {told['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return ""
