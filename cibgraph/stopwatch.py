"""Where a stage's time goes: a listener to work that says how far it is, and the table of what it heard."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from cypher.progress import Progress, tell_share

try:
    import resource
except ImportError:  # pragma: no cover - Windows has none
    resource = None  # type: ignore[assignment]

_MIB: Final = 1024
#: Steps that took less than this part of the whole are told together.
_SMALL: Final = 0.02


class Stopwatch:
    """Passes on what work says, and keeps the seconds and processor seconds of each of its steps.

    A call with nothing done begins a step, so the time before it belongs to the step before; any other tells
    of work done in the step that it names.
    """

    def __init__(self, listener: Progress) -> None:
        self._listener = listener
        self._steps: dict[str, list[float]] = {}
        self._current = ""
        self._begin()

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Hear that `done` of `total` units of a step are done."""
        self._add(self._current if done == 0 else stage)
        self._current = stage
        self._listener(stage, done, total)

    def share(self, stage: str, part: float) -> None:
        """Hear how much is done, from 0 to 1, of a step whose units cannot be counted before."""
        tell_share(self._listener, stage, part)

    def restart(self) -> None:
        """Forget all steps: a stage begins."""
        self._steps.clear()
        self._begin()

    def steps(self) -> list[dict[str, Any]]:
        """Return the steps since the start: `name`, `seconds`, `processor_seconds` of this process."""
        self._add(self._current)
        return [
            {"name": name or "begin", "seconds": round(wall, 3), "processor_seconds": round(cpu, 3)}
            for name, (wall, cpu) in self._steps.items()
        ]

    def _begin(self) -> None:
        self._current = ""
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def _add(self, name: str) -> None:
        wall, cpu = time.perf_counter(), time.process_time()
        sums = self._steps.setdefault(name, [0.0, 0.0])
        sums[0] += wall - self._wall
        sums[1] += cpu - self._cpu
        self._wall, self._cpu = wall, cpu


def peak_memory() -> int | None:
    """Return the most memory that this process has held so far, in MiB; None where that is not told."""
    return None if resource is None else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // _MIB


def time_table(stages: Iterable[Mapping[str, Any]]) -> str:
    """Return where the time of a run went, as lines of text.

    Args:
        stages: As a run's record has them.
    """
    told = list(stages)
    whole = sum(stage["seconds"] for stage in told)
    lines = [f"{'where the time went':<44}{'seconds':>9}{'processor':>11}{'memory':>12}"]
    for stage in told:
        memory = stage.get("peak_memory_mib")
        lines.append(
            _line(stage["name"], stage) + (f"{memory:>8,} MiB" if memory is not None else "").rstrip()
        )
        lines += [_line(f"  {name}", step) for name, step in _large(stage.get("steps", []), whole)]
    lines.append(_line("in all", {name: _sum(told, name) for name in ("seconds", "processor_seconds")}))
    return "\n".join(line.rstrip() for line in lines)


def _large(steps: Iterable[Mapping[str, Any]], whole: float) -> Iterator[tuple[str, Mapping[str, Any]]]:
    small = []
    for step in steps:
        if step["seconds"] >= _SMALL * whole:
            yield step["name"], step
        else:
            small.append(step)
    if small:
        yield "other steps", {name: _sum(small, name) for name in ("seconds", "processor_seconds")}


def _sum(parts: Iterable[Mapping[str, Any]], name: str) -> float:
    return float(sum(part.get(name, 0.0) for part in parts))


def _line(name: str, told: Mapping[str, Any]) -> str:
    shown = name if len(name) <= 43 else f"{name[:42]}…"
    return f"{shown:<44}{told['seconds']:>9,.1f}{told.get('processor_seconds', 0.0):>11,.1f}"
