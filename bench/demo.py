"""Seconds and memory of the demo: warm, and the first time on a machine that has nothing yet."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.commands import cib
from bench.rows import Row, within
from cibgraph.server.install import install

WARM_GOAL = 90.0
FIRST_GOAL = 240.0
ROOT = Path(__file__).resolve().parents[1]


def warm() -> list[Row]:
    """Measure `cib demo` in a new workspace, with the server's jars in the cache."""
    install()
    with tempfile.TemporaryDirectory(prefix="cib-bench-") as folder:
        workspace = Path(folder) / "demo"
        demo = cib(workspace, "demo", "--out", str(workspace))
    rows = demo.stages["load"]["rows_in"]
    return [
        within("demo, warm", demo.seconds, "s", WARM_GOAL, demo.told()),
        Row("demo, memory of Python", demo.peak, "MiB", note=f"{rows:,} rows; the server's memory is apart"),
    ]


def first() -> list[Row]:
    """Measure `make demo` in a new clone of the last commit, with nothing in any cache.

    Raises:
        SystemExit: It failed.
    """
    with tempfile.TemporaryDirectory(prefix="cib-bench-") as folder:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("NEO4J_")}
        environment |= {"CIB_CACHE_DIR": str(Path(folder) / "cache"), "PIP_NO_CACHE_DIR": "1"}
        # `make bench` hands its own settings down to a make that it starts.
        for name in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS"):
            environment.pop(name, None)
        started = time.perf_counter()
        installed = subprocess.run(["make", ".venv/.installed"], cwd=clone, env=environment, check=False)
        installing = time.perf_counter() - started
        try:
            demo = subprocess.run(
                ["make", "demo"], cwd=clone, env=environment, stdout=subprocess.DEVNULL, check=False
            )
            seconds = time.perf_counter() - started
        finally:
            stop = [str(clone / ".venv" / "bin" / "cib"), "-w", "demo", "server", "stop"]
            subprocess.run(stop, cwd=clone, env=environment, check=False)
    if installed.returncode or demo.returncode:
        sys.exit("make demo failed in a new clone")
    return [
        within("demo, first", seconds, "s", FIRST_GOAL, f"`make demo` in a new clone: pip {installing:.0f} s")
    ]
