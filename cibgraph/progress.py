"""Shows progress and notes on stderr: bars on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Final

from cibgraph.output import plain_lines

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

#: Seconds before a rate and the time left are told.
_SOON: Final = 1.0

#: Seconds between two plain lines of one stage.
_EVERY: Final = 10.0

#: A stage of so few units is one whose units take long: a plain line says that it begins.
_FEW: Final = 3


class Reporter:
    """Listens to work that says how far it is (`cypher.progress.Progress`).

    Attributes:
        quiet: Show nothing.
    """

    def __init__(self) -> None:
        self.quiet = False
        self._bars: Progress | None = None
        self._tasks: dict[str, TaskID] = {}
        self._told: dict[str, float] = {}
        self._begun: set[str] = set()
        self._shares: dict[str, float] = {}

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Show that `done` of `total` units of a stage are done."""
        if self.quiet:
            return
        stage = plain_lines(stage)
        if sys.stderr.isatty():
            self._draw(stage, done, total)
        else:
            self._tell(stage, done, total)

    def share(self, stage: str, part: float) -> None:
        """Hear how much is done, from 0 to 1, of a stage whose units cannot be counted before."""
        self._shares[plain_lines(stage)] = part

    def say(self, text: str) -> None:
        """Print a note, above the bars if there are any; names in it come from files, and may be hostile."""
        if self.quiet:
            return
        text = plain_lines(text)
        if self._bars is not None:
            self._bars.console.print(text, markup=False, highlight=False, soft_wrap=True)
        else:
            print(text, file=sys.stderr, flush=True)  # noqa: T201 - the one place that does

    def close(self) -> None:
        """Take the bars down, so that results can be printed; the next call puts them up again."""
        if self._bars is not None:
            self._bars.stop()
        self._bars = None
        self._tasks.clear()
        self._told.clear()
        self._begun.clear()
        self._shares.clear()

    def _draw(self, stage: str, done: int, total: int | None) -> None:
        if self._bars is None:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

            self._bars = Progress(
                TextColumn("{task.description}", markup=False),
                BarColumn(),
                TextColumn("{task.fields[done]}", markup=False),
                TimeElapsedColumn(),
                TextColumn("{task.fields[left]}", markup=False),
                console=Console(stderr=True),
            )
            self._bars.start()
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task(stage, total=total, done="", left="")
        this = self._tasks[stage]
        taken = self._bars.tasks[self._bars.task_ids.index(this)].elapsed or 0.0
        # A stage that counts its units to an end says so; of another only the part that is done may be known.
        part = done / total if total else self._shares.get(stage)
        told, left = told_of(done, total, part, taken)
        completed = done if total is not None or part is None else part
        self._bars.update(
            this,
            completed=completed,
            total=total if total is not None or part is None else 1.0,
            visible=True,
            done=told,
            left=left,
        )
        # Of what came before, only what is finished stays in sight.
        for task in self._bars.tasks:
            if task.id != this and not task.finished:
                self._bars.update(task.id, visible=False)

    def _tell(self, stage: str, done: int, total: int | None) -> None:
        now = time.monotonic()
        finished = total is not None and done >= total
        if stage not in self._told and total is not None and done < total <= _FEW:
            self._begun.add(stage)
            self.say(stage)
        # A stage that is done soon needs one line; one of unknown length may have no end to tell.
        due = self._told.setdefault(stage, now + _EVERY if total is not None else now)
        if (now < due and (not finished or stage in self._begun)) or due == float("inf"):
            return
        self._told[stage] = float("inf") if finished else now + _EVERY
        part = self._shares.get(stage)
        of = f" of {total:,}" if total is not None else f" ({part:.0%} of the file)" if part else ""
        self.say(f"{stage}: done" if finished and stage in self._begun else f"{stage}: {done:,}{of}")


def told_of(done: int, total: int | None, part: float | None, taken: float) -> tuple[str, str]:
    """Return what is said of a stage: how much is done and how fast, and how long the rest will take.

    Args:
        done: Units done.
        total: How many there are; None if that is not known.
        part: What is done of the whole, from 0 to 1; None if that is not known.
        taken: Seconds since the stage began.
    """
    told = f"{done:,}/{total:,}" if total is not None else f"{done:,}"
    if taken < _SOON:
        return told, ""
    told += f" ({done / taken:,.0f}/s)"
    if total is None and part is not None:
        told += f" {part:.0%}"
    if not part or part >= 1:
        return told, ""
    left = round(taken * (1 - part) / part)
    minutes, seconds = divmod(left, 60)
    hours, minutes = divmod(minutes, 60)
    return told, f"{hours}:{minutes:02}:{seconds:02} left"
