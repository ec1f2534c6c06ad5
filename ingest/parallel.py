"""Work on batches in other threads while the order of the batches stays, and never many of them in memory.

Polars, Arrow, DuckDB and Parquet let other threads run while they work, so threads are enough.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

Item = TypeVar("Item")
Done = TypeVar("Done")


def mapped(
    work: Callable[[Item], Done], items: Iterable[Item], *, ahead: int = 2, threads: int = 1
) -> Iterator[Done]:
    """Yield `work(item)` for each item, in order; threads of their own work ahead of who asks.

    Args:
        work: Called with an item, by several threads at a time if there are several.
        items: Gone through in the thread of who asks, as far ahead as the work.
        ahead: How many results may be waiting or under way.
        threads: How many items are worked on at a time.
    """
    pending: deque[Future[Done]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        try:
            for item in items:
                pending.append(pool.submit(work, item))
                if len(pending) > ahead:
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()
        finally:
            for left in pending:
                left.cancel()


class Behind(Generic[Item]):
    """A consumer in a thread of its own: few items wait, they come in order, and its fault is raised later.

    Args:
        work: Called with one item at a time.
        waiting: How many items may wait or be under way; who hands over another waits.
    """

    def __init__(self, work: Callable[[Item], None], *, waiting: int = 2) -> None:
        self._work = work
        self._waiting = waiting
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._pending: deque[Future[None]] = deque()

    def hand(self, item: Item) -> None:
        """Hand over an item.

        Raises:
            Exception: What the work on an earlier item raised.
        """
        self._pending.append(self._thread.submit(self._work, item))
        while len(self._pending) > self._waiting:
            self._pending.popleft().result()

    def abandon(self) -> None:
        """Drop what waits; return when nothing is under way any more. After `finish` it does nothing."""
        self._pending.clear()
        self._thread.shutdown(cancel_futures=True)

    def finish(self) -> None:
        """Wait for the items handed over.

        Raises:
            Exception: What the work on one of them raised.
        """
        try:
            while self._pending:
                self._pending.popleft().result()
        finally:
            self.abandon()
