"""What coordination takes from a million actions on: `python -m bench.growth [--millions 1 3 10 ...]`.

Not among the lines of `make bench`, since the largest take long. Each number of actions is measured in a
process of its own and noted in docs/images/growth.json at once, so that nothing is lost where it is cut off;
`--millions` with nothing behind it only draws what is noted.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
import pyarrow.parquet as pq

from bench.coordinate import ROOT, cib, made_parts

_NOTED: Final = ROOT / "docs" / "images" / "growth.json"
_DRAWN: Final = ROOT / "docs" / "images" / "growth.svg"
_MILLIONS: Final = (1, 3, 10, 30, 100)
#: Rows of a made file that are held at once.
_ROWS: Final = 2_000_000


def measured(file: Path, null: str) -> dict[str, Any]:
    """Return what `cib coordinate` takes for a file of actions, from Parquet to Parquet.

    Args:
        file: The actions.
        null: `none` or `poisson`.
    """
    edges = file.with_name("edges.parquet")
    seconds, memory, cpu = cib([str(file), "--null", null, "-o", str(edges)])
    rows, found = (pl.scan_parquet(one).select(pl.len()).collect().item() for one in (file, edges))
    return {
        "actions": rows, "null": null, "edges": found, "seconds": round(seconds, 1), "cpu": round(cpu, 1),
        "memory": round(memory),
    }  # fmt: skip


def write_actions(file: Path, actions: int) -> None:
    """Write made actions part by part."""
    parts = (part.to_arrow() for part in made_parts(actions, _ROWS))
    first = next(parts)
    with pq.ParquetWriter(file, first.schema, compression="zstd") as writer:
        writer.write_table(first)
        for part in parts:
            writer.write_table(part)


def exponent(noted: list[dict[str, Any]], what: str, least: int = 0) -> float:
    """Return by which power of the actions something grows: the slope of the line through the logarithms."""
    pairs = [(one["actions"], one[what]) for one in noted if one["actions"] >= least]
    actions, values = np.log([pair[0] for pair in pairs]), np.log([pair[1] for pair in pairs])
    return float(np.polyfit(actions, values, 1)[0])


def drawn(noted: list[dict[str, Any]]) -> None:
    """Draw time, memory and edges over the number of actions, all axes logarithmic."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "cibgraph"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, 3, figsize=(12, 3.6), layout="constrained")
    for null, label in (("none", "pairs"), ("poisson", "with expected, p and q")):
        found = sorted((one for one in noted if one["null"] == null), key=lambda one: one["actions"])
        if len(found) < 2:
            continue
        actions = [one["actions"] / 1e6 for one in found]
        axes[0].plot(
            actions,
            [one["cpu"] for one in found],
            "o-",
            label=f"{label}: exponent {exponent(found, 'cpu'):.2f}",
        )
        axes[1].plot(actions, [one["memory"] for one in found], "o-", label=label)
        axes[2].plot(actions, [one["edges"] / 1e6 for one in found], "o-", label=label)
    axes[0].legend()
    said_of = ("seconds of processor time", "most memory, MiB", "million edges")
    for axis, said in zip(axes, said_of, strict=True):
        axis.set(xscale="log", yscale="log", xlabel="million actions", ylabel=said)
        axis.grid(visible=True, which="both", alpha=0.3)
    axes[1].set_ylim(100, 10_000)
    figure.savefig(_DRAWN, metadata={"Date": None})


def _note(told: dict[str, Any]) -> None:
    """Add a measurement to those noted, in the place of an earlier one of the same."""
    others = [one for one in _noted() if (one["actions"], one["null"]) != (told["actions"], told["null"])]
    noted = sorted([*others, told], key=lambda one: (one["null"], one["actions"]))
    _NOTED.write_text(json.dumps(noted, indent=1) + "\n", encoding="utf-8")


def _noted() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(_NOTED.read_text(encoding="utf-8")) if _NOTED.exists() else []
    return found


def main() -> None:
    """Measure, note, draw."""
    parser = argparse.ArgumentParser(prog="python -m bench.growth", description=__doc__)
    parser.add_argument("--millions", type=int, nargs="*", default=_MILLIONS, metavar="N")
    parser.add_argument("--null", nargs="*", default=("none", "poisson"), metavar="NAME")
    given = parser.parse_args()
    for millions in given.millions:
        with tempfile.TemporaryDirectory(prefix="cib-bench-") as folder:
            file = Path(folder) / "actions-made.parquet"
            write_actions(file, millions * 1_000_000)
            for null in given.null:
                told = measured(file, null)
                print(told, flush=True)
                _note(told)
    drawn(_noted())


if __name__ == "__main__":
    main()
