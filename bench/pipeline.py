"""`cib run` on made data of growing size, server included: seconds, memory, and where the time goes.

`python -m bench pipeline --rows N` takes N actions for the largest size, with an asset to every 40 actions.
"""

from __future__ import annotations

import math
import sys
import tempfile
from pathlib import Path
from typing import Final

from bench.commands import Measured, cib
from bench.rows import Row, within
from cibgraph.server.install import install
from cibgraph.stopwatch import time_table
from ingest.simulate import simulate

#: Actions of the largest size, and the seconds that it may take.
ACTIONS: Final = 2_000_000
_GOAL: Final = 180.0
#: Actions of each ordinary asset.
_EACH: Final = 40
_SIZES: Final = (0.25, 0.5, 1.0)


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
    for stage in took[most].stages:
        seconds = [took[count].stages[stage]["processor_seconds"] for count in (least, most)]
        growth = math.log(seconds[1] / seconds[0]) / math.log(most / least)
        rows.append(Row(f"{stage}, processor time", 1000 * seconds[1], "ms", note=f"grows as n^{growth:.2f}"))
    return rows


def _one(actions: int) -> Measured:
    with tempfile.TemporaryDirectory(prefix="cib-bench-") as folder:
        data, workspace = Path(folder) / "data", Path(folder) / "workspace"
        workspace.mkdir()
        simulate(
            "takedown-2019",
            background=actions // _EACH,
            seed=1,
            out_dir=data,
            fmt="parquet",
            actions=actions,
        )
        (workspace / "cib.toml").write_text('[inputs]\npaths = ["../data"]\n')
        return cib(workspace, "-w", str(workspace), "run")
