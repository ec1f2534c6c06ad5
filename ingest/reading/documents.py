"""JSON documents to records: the objects of one list, cut out of the text without being parsed.

Brackets and commas outside of strings are found in whole blocks at once (numpy), so that a document of any
size is read in the memory of a block. What an object says is left to the reader of NDJSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ingest.reading.batches import MAX_CELL
from ingest.reading.layout import Path
from ingest.reading.records import Offsets, Records, pack

#: A row nested deeper than this is rejected.
MAX_DEPTH: Final = 200

TOO_LONG: Final = f"the row is longer than {MAX_CELL >> 20} MiB"
TOO_DEEP: Final = f"nested more than {MAX_DEPTH} levels deep"
OUTSIDE: Final = "text that belongs to no JSON value"

_QUOTE, _BACKSLASH, _COMMA, _LIST, _NEWLINE = b'"\\,[\n'
#: 1 for an opening bracket, -1 for a closing one, 2 for a comma.
_KINDS: Final = np.zeros(256, np.int8)
_KINDS[list(b"[{")] = 1
_KINDS[list(b"]}")] = -1
_KINDS[_COMMA] = 2

_Broken = list[tuple[int, str | None, str]]


class UnbalancedError(Exception):
    """The brackets of a JSON text do not match, or it ends before all are closed."""


def split_documents(blocks: Iterator[bytes], path: Path) -> Iterator[Records]:
    """Yield the rows of a JSON text, which may be several values one after the other.

    Args:
        blocks: UTF-8 text.
        path: Where the rows lie, see `ingest.reading.layout`; ends with None unless it is empty.

    Yields:
        Records whose lines are numbers of rows, from 1. A page without its list is among the broken ones,
        with the number of the row that comes next.

    Raises:
        UnbalancedError: See there.
    """
    splitter = _Splitter(path)
    for block in blocks:
        yield splitter.split(block)
    yield splitter.finish()


@dataclass(frozen=True)
class _Marks:
    """Brackets and commas outside of strings: place, kind, and the depth after each; and quotes."""

    positions: Offsets
    kinds: npt.NDArray[np.int8]
    depths: Offsets
    quotes: Offsets


def _find_marks(data: bytes, array: npt.NDArray[np.uint8], depth: int, *, string: bool) -> _Marks:
    quotes = np.flatnonzero(array == _QUOTE)
    if b"\\" in data:
        slashes = np.flatnonzero(array == _BACKSLASH)
        breaks = np.flatnonzero(np.diff(slashes) != 1)
        starts = slashes[np.concatenate([[0], breaks + 1])]
        ends = slashes[np.concatenate([breaks, [-1]])] + 1
        # Of a run of backslashes an odd one is left to escape what follows.
        quotes = quotes[~np.isin(quotes, ends[(ends - starts) % 2 == 1])]
    kinds = _KINDS[array]
    positions = np.flatnonzero(kinds)
    positions = positions[(np.searchsorted(quotes, positions) + string) % 2 == 0]
    kinds = kinds[positions]
    depths = depth + np.cumsum(np.where(kinds == 2, 0, kinds), dtype=np.int64)
    if len(depths) and depths.min() < 0:
        raise UnbalancedError("a bracket is closed that was never opened")
    return _Marks(positions, kinds, depths, quotes)


class _Splitter:
    def __init__(self, path: Path) -> None:
        self._path = path
        #: Depth of what holds one list of rows: a page, or the list itself.
        self._page = next((depth for depth, name in enumerate(path, 1) if name is not None), 1)
        #: Whether each open container leads to the rows, from the top down to the depth of the rows.
        self._matched = [True]
        self._found = False
        # What has been read of the rows: how many, and the kind of the last bound between them.
        self._number = 1
        self._bound = 1
        # The text that comes next: what is carried of it, and its depth and whether it is in a string.
        self._carry = b""
        self._depth = 0
        self._string = False
        self._skipping = False

    @property
    def _inside(self) -> bool:
        """Whether the text is among the rows, or in one."""
        return len(self._matched) > len(self._path) and self._matched[-1]

    def split(self, block: bytes) -> Records:
        """Return the rows that end in a block, and carry the rest."""
        data = self._carry + block
        array = np.frombuffer(data, np.uint8)
        marks = _find_marks(data, array, self._depth, string=self._string)
        goal = len(self._path)
        inside = self._inside
        leads, lost = self._follow(data, marks)
        ends_here = (marks.kinds == -1) & (marks.depths == max(goal - 1, 0))
        bounds = np.flatnonzero(ends_here | ((marks.kinds > 0) & (marks.depths == goal) & (goal > 0)))
        found = self._cut(data, array, marks, bounds, leads, lost, inside=inside)
        cut = 0
        if self._inside and len(bounds):
            cut, depth = int(marks.positions[bounds[-1]]) + 1, goal
            self._bound = int(marks.kinds[bounds[-1]])
        elif not self._inside and len(marks.positions):
            cut, depth = int(marks.positions[-1]) + 1, int(marks.depths[-1])
        if len(data) - cut > MAX_CELL:
            self._skipping |= self._inside
            self._depth = int(marks.depths[-1]) if len(marks.depths) else self._depth
            self._string ^= len(marks.quotes) % 2 == 1
            slashes = len(data) - len(data.rstrip(b"\\"))
            self._carry = b"\\" * (slashes % 2)
        elif cut:
            self._carry, self._depth, self._string = data[cut:], depth, False
        else:
            self._carry = data
        return found

    def finish(self) -> Records:
        """Return what is left when the text is at its end."""
        rest = np.frombuffer(self._carry, np.uint8)
        marks = _find_marks(self._carry, rest, self._depth, string=self._string)
        if self._depth or self._string or self._skipping or len(marks.kinds) or len(marks.quotes) % 2:
            raise UnbalancedError("the text ends in the middle of a JSON value")
        left = self._carry.strip()[:2000].decode(errors="replace")
        none = np.zeros(0, np.int64)
        return Records(b"", none, none, none, [(self._number, left, OUTSIDE)] if left else [])

    def _follow(self, data: bytes, marks: _Marks) -> tuple[dict[int, bool], list[tuple[int, str]]]:
        """Go through the brackets above the rows.

        Returns:
            Of each list at the depth of the rows (by its mark) whether it holds them; and marks at which a
            page turns out to have no such list, with a reason.
        """
        leads: dict[int, bool] = {}
        lost: list[tuple[int, str]] = []
        goal, page = len(self._path), self._page
        name = next((name for name in self._path if name is not None), None)
        reason = f"a page without a list {name!r}" if name is not None else "a value beside the list of rows"
        above = (marks.kinds == 1) & (marks.depths <= goal) | (marks.kinds == -1) & (marks.depths < goal)
        for mark in np.flatnonzero(above).tolist():
            depth = int(marks.depths[mark])
            if marks.kinds[mark] == -1:
                if self._matched.pop() and depth + 1 == page and not self._found:
                    lost.append((mark, reason))
                continue
            at, parent = int(marks.positions[mark]), self._matched[depth - 1]
            fits = parent and (data[at] == _LIST) == (self._path[depth - 1] is None)
            if parent and not fits and depth == page:
                lost.append((mark, reason))
            wanted = self._path[depth - 2] if depth > 1 else None
            if fits and wanted is not None:
                fits = _key(data, at, marks.quotes) == wanted
            self._matched.append(fits)
            if depth == page:
                self._found = False
            if depth == goal:
                leads[mark] = fits
                self._found |= fits
        return leads, lost

    def _cut(
        self,
        data: bytes,
        array: npt.NDArray[np.uint8],
        marks: _Marks,
        bounds: Offsets,
        leads: dict[int, bool],
        lost: list[tuple[int, str]],
        *,
        inside: bool,
    ) -> Records:
        """Cut the rows out: each lies between two bounds, and ends with the second."""
        # The text before the first bound belongs to what was open before the block.
        at = np.concatenate([[-1], bounds]).astype(np.int64)
        places = np.concatenate([[-1], marks.positions[bounds]]).astype(np.int64)
        kinds = np.concatenate([[self._bound], marks.kinds[bounds]])
        if self._path:
            leading = np.array([inside, *(leads[mark] for mark in bounds[kinds[1:] == 1].tolist())])
            current = np.cumsum((at >= 0) & (kinds == 1))
            holds = leading[current][:-1] & (kinds[:-1] != -1)
        else:
            holds = np.ones(len(bounds), np.bool_)
        starts, ends = places[:-1] + 1, places[1:] + 1
        if self._path:
            for index in np.flatnonzero(holds & (np.diff(at) == 1) & (kinds[:-1] == 1) & (kinds[1:] == -1)):
                holds[index] = bool(data[starts[index] : ends[index] - 1].strip())
        numbers = self._number + np.cumsum(holds) - 1
        broken: _Broken = []
        for mark, reason in lost:
            before = int(np.searchsorted(at[1:], mark, side="right"))
            broken.append((self._number + int(holds[:before].sum()), None, reason))
        self._number += int(holds.sum())
        if self._skipping and len(holds):
            broken.append((int(numbers[0]), None, TOO_LONG))
            holds[0] = self._skipping = False
        if len(holds) and marks.depths.max() > MAX_DEPTH:
            until = marks.depths[: at[-1] + 1]
            deepest = np.maximum.reduceat(until, np.maximum(at[:-1], 0)) - len(self._path)
            for row in np.flatnonzero(holds & (deepest > MAX_DEPTH)).tolist():
                text = data[starts[row] : min(ends[row], starts[row] + 2000)].decode(errors="replace")
                broken.append((int(numbers[row]), text.strip(), TOO_DEEP))
                holds[row] = False
        if self._path:
            array = array.copy()
            array[places[1:]] = _NEWLINE
            data = array.tobytes()
        broken.sort(key=lambda row: row[0])
        return _records(data, starts[holds], ends[holds], numbers[holds], broken)


def _records(data: bytes, starts: Offsets, ends: Offsets, numbers: Offsets, broken: _Broken) -> Records:
    if len(starts) and (starts[1:] == ends[:-1]).all():
        first = int(starts[0])
        return Records(data[first : ends[-1]], starts - first, ends - first, numbers, broken)
    return pack(data, starts, ends, numbers, broken)


def _key(data: bytes, at: int, quotes: Offsets) -> str | None:
    """Return the name of the member whose value begins at a place."""
    index = int(np.searchsorted(quotes, at))
    if index < 2 or data[quotes[index - 1] + 1 : at].strip() != b":":
        return None
    try:
        return str(json.loads(data[quotes[index - 2] : quotes[index - 1] + 1]))
    except ValueError:
        return None
