"""The lock: one at a time, a name for who holds it, and no trouble from the dead."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cibgraph.lock import locked
from cibgraph.workspace import Workspace
from cypher.errors import LockedError

HOLD = """
import sys, time
from pathlib import Path
from cibgraph.lock import locked
from cibgraph.workspace import Workspace
with locked(Workspace(Path(sys.argv[1])), "detect"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_second_is_told_who_holds_it(tmp_path: Path) -> None:
    with _holder(tmp_path) as other:
        for _ in range(2):
            with pytest.raises(LockedError) as error, locked(Workspace(tmp_path), "load"):
                pass
            assert f"`cib detect` (process {other.pid}, since " in str(error.value)
        other.kill()
        other.wait()
    with locked(Workspace(tmp_path), "load"):
        pass


def test_lock_of_a_dead_process_is_no_obstacle(tmp_path: Path) -> None:
    with _holder(tmp_path) as other:
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
    assert (tmp_path / ".cib" / "lock.json").exists()
    with locked(Workspace(tmp_path), "load"):
        pass
    assert not (tmp_path / ".cib" / "lock.json").exists()


def test_lock_ends_with_the_block_even_if_it_fails(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), locked(Workspace(tmp_path), "load"):
        raise ZeroDivisionError
    with locked(Workspace(tmp_path), "load"):
        pass


def test_unreadable_holder_is_no_obstacle_to_the_message(tmp_path: Path) -> None:
    with _holder(tmp_path) as other:
        (tmp_path / ".cib" / "lock.json").write_text("{")
        with pytest.raises(LockedError, match=r"is in use$"), locked(Workspace(tmp_path), "load"):
            pass
        other.kill()


def _holder(folder: Path) -> subprocess.Popen[str]:
    other = subprocess.Popen([sys.executable, "-c", HOLD, str(folder)], stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    return other
