"""Draws what the test of ties is worth, docs/images/calibration-ties.svg: `python -m bench.tie_curves`.

Left, the p-values of ties that are rewired by double-edge swaps, which keep how many ties each asset and each
thing has: there is nothing to find. Right, its power: the share of planted pairs that are found, by what the
two share and how many assets hold each of the things.
"""

from __future__ import annotations

from math import log2
from pathlib import Path
from typing import Final

from scipy import stats

from bench.calibration import Points, drawn, tie_null_share
from bench.calibration_ties import planted

ROOT: Final = Path(__file__).resolve().parents[1]
TARGET: Final = ROOT / "docs" / "images" / "calibration-ties.svg"
_RUNS: Final = 100
_HOLDERS: Final = (2, 3, 5, 8, 12, 20, 40)
#: What planted pairs share.
_SHARED: Final = {
    "3 devices": 3 * ("device",),
    "4 addresses": 4 * ("ip",),
    "3 addresses": 3 * ("ip",),
    "device and address": ("ip", "device"),
    "2 devices": 2 * ("device",),
}


def main() -> None:
    """Measure, draw, and print the figures."""
    null: dict[str, Points] = {}
    for within, name in (("all", "rewired in the family"), ("kind", "rewired within each kind")):
        null[name], with_edge = tie_null_share(_RUNS, within)
        most = int(stats.binom.ppf(0.99, _RUNS, 0.05))
        print(f"ties {name}: an edge in {with_edge} of {_RUNS} sets; 99% bound {most}")
    curves: dict[str, Points] = {}
    for name, kinds in _SHARED.items():
        found = [planted(kinds, holders, 1) for holders in _HOLDERS]
        curves[name] = [(log2(holders), share) for holders, share in zip(_HOLDERS, found, strict=True)]
        said = ", ".join(f"{holders}: {share:.2f}" for holders, share in zip(_HOLDERS, found, strict=True))
        print(f"power by holders, {name}: {said}")
    title, x = "Power at q of 0.05, things shared", "log2 of the assets that hold each thing"
    TARGET.write_text(drawn(null, curves, title=title, x=x, most_x=6.0), encoding="utf-8")


if __name__ == "__main__":
    main()
