"""`cib run` on made data of growing size, server included: seconds, memory, and where the time goes.

`python -m bench pipeline --rows N` takes N actions for the largest size, with an asset to every 40 actions.
Data of 75,000 assets or more are several worlds (`bench.worlds`).
"""

from __future__ import annotations

import math
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bench.commands import Measured, cib
from bench.rows import Row, within
from bench.worlds import make
from cibgraph.server.install import install
from cibgraph.stopwatch import time_table

#: Actions of the largest size, and the seconds that it may take.
ACTIONS: Final = 2_000_000
_GOAL: Final = 180.0
#: Actions of each ordinary asset.
_EACH: Final = 40
_SIZES: Final = (0.25, 0.5, 1.0)
#: Part of all processor time from which on a step has a line of its own.
_LARGE: Final = 0.02


def run(actions: int = ACTIONS) -> list[Row]:
    """Measure three sizes; the tables of stages go to stderr."""
    install()
    rows = []
    took: dict[int, Measured] = {}
    for size in _SIZES:
        count = round(actions * size)
        took[count] = measured = _one(count)
        print(f"{count:,} actions\n{time_table(measured.stages.values())}", file=sys.stderr)
        name = f"cib run, {count // _EACH:,} assets, {count:,} actions"
        if count == ACTIONS:
            rows.append(within(name, measured.seconds, "s", _GOAL, measured.told()))
        else:
            rows.append(Row(name, measured.seconds, "s", note=measured.told()))
        rows.append(Row("the same, memory of Python", measured.peak, "MiB"))
    least, most = min(took), max(took)
    small, large = (dict(_parts(took[count])) for count in (least, most))
    whole = sum(stage["processor_seconds"] for stage in took[most].stages.values())
    for part, seconds in large.items():
        if part in took[most].stages or seconds >= _LARGE * whole:
            # What takes no time at the smallest size says nothing of growth.
            known = small.get(part, 0.0) > 0
            growth = math.log(seconds / small[part]) / math.log(most / least) if known else math.nan
            note = f"grows as n^{growth:.2f}" if known else ""
            rows.append(Row(f"{part}, processor time", 1000 * seconds, "ms", note=note))
    return rows


def _parts(measured: Measured) -> Iterator[tuple[str, float]]:
    """Yield the stages of a run and their steps, with Python's processor seconds."""
    for name, stage in measured.stages.items():
        yield name, stage["processor_seconds"]
        for step in stage["steps"]:
            yield f"{name}: {step['name']}", step["processor_seconds"]


def _one(actions: int) -> Measured:
    with tempfile.TemporaryDirectory(prefix="cib-bench-") as folder:
        data, workspace = Path(folder) / "data", Path(folder) / "workspace"
        workspace.mkdir()
        make(actions // _EACH, actions, seed=103, out_dir=data)
        (workspace / "cib.toml").write_text('[inputs]\npaths = ["../data"]\n')
        return cib(workspace, "-w", str(workspace), "run")
