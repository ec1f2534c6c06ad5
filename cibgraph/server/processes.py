"""Processes of the server: whether they live, what they listen on, and their end."""

from __future__ import annotations

import subprocess
import time
from typing import Final

import psutil

# Kept so that Python neither warns of a child that outlives its handle nor leaves one unreaped.
_children: Final[dict[int, subprocess.Popen[bytes]]] = {}

#: Seconds a process has to go once it is killed.
_KILLED: Final = 60.0


def adopt(child: subprocess.Popen[bytes]) -> psutil.Process:
    """Return the process of a child that is to outlive its handle."""
    _children[child.pid] = child
    return psutil.Process(child.pid)


def listens(process: psutil.Process, ports: set[int]) -> bool:
    """Tell whether it is this process that listens on these ports; another server's answer would mislead."""
    try:
        listening = {c.laddr.port for c in process.net_connections("tcp") if c.status == psutil.CONN_LISTEN}
    except psutil.NoSuchProcess:
        return False
    return ports <= listening


def alive(process: psutil.Process) -> bool:
    """Tell whether a process runs, this one's child or not."""
    if child := _children.get(process.pid):
        return child.poll() is None
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def gone(process: psutil.Process, seconds: float) -> bool:
    """Wait for the end of a process, this one's child or not; tell whether it came."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if not alive(process):
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.05)
    return False


def end(process: psutil.Process) -> None:
    """Kill a process and wait until it is gone."""
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return
    gone(process, _KILLED)


def has_argument(process: psutil.Process, argument: str) -> bool:
    """Tell whether a process runs and was started with an argument."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE and argument in process.cmdline()
    except psutil.Error:
        return False


def with_argument(argument: str) -> list[psutil.Process]:
    """Return the processes that run and were started with an argument."""
    return [found for found in psutil.process_iter() if has_argument(found, argument)]
