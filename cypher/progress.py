"""How long work says how far it is, without knowing who listens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

#: Called with a stage's name, how many units are done, and how many there are (None: not known).
Progress: TypeAlias = Callable[[str, int, int | None], None]


def tell_share(progress: Progress, stage: str, part: float | None) -> None:
    """Tell a listener how much is done of a stage whose units cannot be counted before.

    Args:
        progress: Told if it has a method `share`, which takes the stage and the part.
        stage: Its name.
        part: What is done, from 0 to 1; None if that is not known.
    """
    share = getattr(progress, "share", None)
    if part is not None and share is not None:
        share(stage, part)


def silent(stage: str, done: int, total: int | None) -> None:
    """Say nothing: the default listener."""


@contextmanager
def step(progress: Progress, name: str) -> Iterator[None]:
    """Tell a listener that a step begins, and at the end of the block that it is done.

    Args:
        progress: Told of one unit.
        name: Of the step, with its stage's before it: `Ranking: evidence to the graph`.
    """
    progress(name, 0, 1)
    yield
    progress(name, 1, 1)


def counting(stage: str, total: int | None, progress: Progress) -> Callable[[int], None]:
    """Return a listener for batch sizes that tells `progress` the running sum."""
    done = 0

    def add(size: int) -> None:
        nonlocal done
        done += size
        progress(stage, done, total)

    return add
