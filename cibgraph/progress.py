"""Shows progress and notes on stderr: bars on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Final

from cibgraph.output import plain_lines

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

#: Seconds between two plain lines of one stage.
_EVERY: Final = 10.0


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

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Show that `done` of `total` units of a stage are done."""
        if self.quiet:
            return
        stage = plain_lines(stage)
        if sys.stderr.isatty():
            self._draw(stage, done, total)
        else:
            self._tell(stage, done, total)

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

    def _draw(self, stage: str, done: int, total: int | None) -> None:
        if self._bars is None:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

            self._bars = Progress(
                TextColumn("{task.description}", markup=False),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                console=Console(stderr=True),
            )
            self._bars.start()
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task(stage, total=total)
        self._bars.update(self._tasks[stage], completed=done, total=total, visible=True)
        # Of what came before, only what is finished stays in sight.
        for task in self._bars.tasks:
            if task.id != self._tasks[stage] and not task.finished:
                self._bars.update(task.id, visible=False)

    def _tell(self, stage: str, done: int, total: int | None) -> None:
        now = time.monotonic()
        finished = total is not None and done >= total
        # A stage that is done soon needs one line; one of unknown length may have no end to tell.
        due = self._told.setdefault(stage, now + _EVERY if total is not None else now)
        if (now < due and not finished) or due == float("inf"):
            return
        self._told[stage] = float("inf") if finished else now + _EVERY
        of = f" of {total:,}" if total is not None else ""
        self.say(f"{stage}: {done:,}{of}")
