"""What a benchmark gives, and how ways of doing one thing are compared on a noisy machine."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        name: What was measured.
        value: In `unit`.
        unit: E.g. `rows/s`.
        peer: The same of what it is compared with, or the limit; None without either.
        ratio: Value to peer; of speeds the median over turns, not the ratio of the medians.
        goal: What the ratio must reach, or must not exceed where less is better; None without a goal.
        less_is_better: For times and memory.
        note: What one must know to read the line.
    """

    name: str
    value: float
    unit: str
    peer: float | None = None
    ratio: float | None = None
    goal: float | None = None
    less_is_better: bool = False
    note: str = ""

    @property
    def reached(self) -> bool | None:
        """Whether the goal was reached; None without one."""
        if self.goal is None or self.ratio is None:
            return None
        return self.ratio <= self.goal if self.less_is_better else self.ratio >= self.goal

    def noted(self, note: str) -> Row:
        """Return the row with another note."""
        return replace(self, note=note)


def within(name: str, value: float, unit: str, limit: float, note: str = "") -> Row:
    """Return the row of something that should not exceed a limit."""
    return Row(name, value, unit, limit, value / limit, 1.0, less_is_better=True, note=note)


def compare(
    name: str,
    rows: int,
    ours: Callable[[], None],
    peers: Mapping[str, Callable[[], None]],
    *,
    before: Callable[[], None],
    cpu: Callable[[], float],
    turns: int,
    goal: float,
) -> list[Row]:
    """Time several ways in turns that begin with another way each, so that drift and noise meet all alike.

    Args:
        name: Beginning of the lines' names.
        rows: Rows that each way handles.
        ours: The way under test.
        peers: What it is compared with, by name: a line each.
        before: Run untimed before each, to begin from the same state.
        cpu: Processor seconds used so far; their ratio is noted too, for it holds on a busy machine.
        turns: Turns that count; one more comes first to warm up.
        goal: Ratio to reach.
    """
    ways = {"": ours, **peers}
    speeds: dict[str, list[float]] = {way: [] for way in ways}
    used = dict.fromkeys(ways, 0.0)
    for turn in range(turns + 1):
        order = list(ways)[turn % len(ways) :] + list(ways)[: turn % len(ways)]
        for way in order:
            before()
            start, spent = time.perf_counter(), cpu()
            ways[way]()
            if turn:
                speeds[way].append(rows / (time.perf_counter() - start))
                used[way] += cpu() - spent
    middle = {way: statistics.median(found) for way, found in speeds.items()}
    ratios = {
        peer: statistics.median(a / b for a, b in zip(speeds[""], speeds[peer], strict=True))
        for peer in peers
    }
    return [
        Row(f"{name} against {peer}", middle[""], "rows/s", middle[peer], ratios[peer], goal).noted(
            f"by processor time {used[peer] / used['']:.2f}"
        )
        for peer in peers
    ]
