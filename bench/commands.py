"""Runs `cib` as a person does, in a process of its own, and measures time and memory of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil

from cibgraph import server
from cibgraph.workspace import Workspace

_MIB = 2**20
_PAUSE = 0.05


@dataclass(frozen=True)
class Measured:
    """What a command took.

    Attributes:
        seconds: From start to end of the process.
        peak: Most resident memory of the Python process, in MiB; the server is another process.
        stages: Of the workspace's last run, as run.json has them.
        before: Seconds until the run began: the process's own start, the dataset, the server, the schema.
        cpu: Processor seconds of Python and of the server, from its start.
    """

    seconds: float
    peak: float
    stages: dict[str, dict[str, Any]]
    before: float
    cpu: tuple[float, float]

    def told(self) -> str:
        """Return where the time went."""
        named = ", ".join(f"{name} {stage['seconds']:.0f}" for name, stage in self.stages.items())
        ours, servers = self.cpu
        used = f"processor: Python {ours:.0f}, server {servers:.0f} s"
        return f"start {self.before:.0f}, {named} s; {used}"


def cib(workspace: Path, *arguments: str) -> Measured:
    """Run a command in a workspace with an embedded server, started for it and stopped after it.

    Raises:
        SystemExit: The command failed.
    """
    command = [sys.executable, "-m", "cibgraph", *arguments]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NEO4J_")}
    try:
        with (workspace.parent / f"{workspace.name}.log").open("w+") as log:
            began, started = time.time(), time.perf_counter()
            process = psutil.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
            peak, ours = _watch(process)
            seconds = time.perf_counter() - started
            log.seek(0)
            if process.returncode:
                sys.exit(f"{' '.join(arguments)} failed:\n{log.read()[-2000:]}")
        cpu = (ours, _cpu(server.ensure_running(Workspace(workspace).server).pid))
    finally:
        server.stop(Workspace(workspace).server)
    run = last_run(workspace)
    before = datetime.fromisoformat(run["started_at"]).timestamp() - began
    return Measured(seconds, peak, {stage["name"]: stage for stage in run["stages"]}, before, cpu)


def last_run(workspace: Path) -> dict[str, Any]:
    """Return what run.json says of a workspace's last run."""
    newest = max(Workspace(workspace).runs.glob("*/run.json"))
    data: dict[str, Any] = json.loads(newest.read_text("utf-8"))
    return data


def _watch(process: psutil.Popen) -> tuple[float, float]:
    """Wait for the end of a process; return the most memory seen (MiB) and its processor seconds."""
    peak, cpu = 0, 0.0
    while process.poll() is None:
        try:
            peak = max(peak, process.memory_info().rss)
            cpu = _cpu(process.pid)
        except psutil.Error:
            break
        time.sleep(_PAUSE)
    process.wait()
    return peak / _MIB, cpu


def _cpu(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)
