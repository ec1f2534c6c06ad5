"""What a benchmark gives, and how two ways of doing one thing are compared on a noisy machine."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        what: What was measured.
        value: In `unit`.
        unit: E.g. `rows/s`.
        baseline: The same of what it is compared with, or None.
        ratio: Value to baseline, as the median over pairs (not the ratio of the medians), or None.
        goal: The ratio (or, without a baseline, the value) to reach, or None.
    """

    what: str
    value: float
    unit: str
    baseline: float | None = None
    ratio: float | None = None
    goal: float | None = None


def compare(
    what: str,
    rows: int,
    ours: Callable[[], None],
    bare: Callable[[], None],
    *,
    before: Callable[[], None],
    pairs: int,
    goal: float,
) -> Row:
    """Time two ways in turns, in pairs whose order alternates, so that drift and noise meet both alike.

    Args:
        what: Name of the line.
        rows: Rows that each way handles.
        ours: The way under test.
        bare: What it is compared with.
        before: Run untimed before each, to begin from the same state.
        pairs: Pairs that count; one more comes first to warm up.
        goal: Ratio to reach.
    """
    times: dict[Callable[[], None], list[float]] = {ours: [], bare: []}
    for turn in range(pairs + 1):
        for way in (ours, bare) if turn % 2 else (bare, ours):
            before()
            start = time.perf_counter()
            way()
            if turn:
                times[way].append(time.perf_counter() - start)
    ratio = statistics.median(b / a for a, b in zip(times[ours], times[bare], strict=True))
    speed = {way: rows / statistics.median(taken) for way, taken in times.items()}
    return Row(what, speed[ours], "rows/s", speed[bare], ratio, goal)
