"""Text blocks to records: where each row begins and ends, and on which line.

Rows are found by counting quotes (numpy, whole blocks at once). Only a block whose quoting is unusual is gone
through row by row, by a regular expression that cannot backtrack.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from ingest.reading.batches import MAX_ROW

UNCLOSED: Final = "a quote is opened and never closed"
AFTER_QUOTE: Final = 'text after a closing quote; a quote inside a quoted cell is written ""'
LONE_RETURN: Final = "a carriage return in an unquoted cell"
TOO_LONG: Final = f"longer than {MAX_ROW >> 20} MiB"

_QUOTE: Final = 34
_NEWLINE: Final = 10
_RETURN: Final = 13

Offsets = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Records:
    """Rows in one block of text.

    Attributes:
        data: The bytes of the rows, one after the other without gaps.
        starts: Where each row begins in `data`.
        ends: Where it ends, past its newline.
        lines: The physical line on which it begins, from 1.
        broken: Rows whose quoting is broken: line, text, reason.
    """

    data: bytes
    starts: Offsets
    ends: Offsets
    lines: Offsets
    broken: list[tuple[int, str | None, str]] = field(default_factory=list)

    def keep(self, mask: npt.NDArray[np.bool_]) -> Records:
        """Return the rows that `mask` chooses."""
        if mask.all():
            return self
        return pack(self.data, self.starts[mask], self.ends[mask], self.lines[mask], self.broken)

    def text(self, index: int) -> str:
        """Return one row as text, bytes that are not UTF-8 replaced."""
        return self.data[self.starts[index] : self.ends[index]].decode(errors="replace").rstrip("\r\n")


def pack(
    data: bytes,
    starts: Offsets,
    ends: Offsets,
    lines: Offsets,
    broken: list[tuple[int, str | None, str]],
) -> Records:
    """Return the rows of `data` that lie between `starts` and `ends`, without what is between them."""
    packed = b"".join([data[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)])
    bounds = np.concatenate([np.zeros(1, np.int64), np.cumsum(ends - starts)])
    return Records(packed, bounds[:-1], bounds[1:], lines, broken)


def split_records(blocks: Iterator[bytes], delimiter: str | None) -> Iterator[Records]:
    r"""Yield the rows of a text; rows that hold nothing are left out but their lines count.

    Args:
        blocks: UTF-8 text.
        delimiter: Of a CSV, whose quoted cells may hold newlines; None where every line is a row.
    """
    splitter = _Splitter(delimiter)
    for block in blocks:
        yield splitter.split(block, last=False)
    yield splitter.split(b"", last=True)


class _Splitter:
    def __init__(self, delimiter: str | None) -> None:
        self._delimiter = delimiter
        self._carry = b""
        self._line = 1
        self._skipping = False  # inside a line that was rejected as too long
        d = re.escape((delimiter or ",").encode())
        cell = rb'(?>"(?:[^"]++|"")*+"|[^' + d + rb'\n\r"][^' + d + rb"\n\r]*+|)"
        self._cells = re.compile(cell + rb"(?:" + d + cell + rb")*+")

    def split(self, block: bytes, *, last: bool) -> Records:
        data = self._carry + block
        self._carry = b""
        if self._skipping:
            newline = data.find(b"\n")
            if newline < 0:
                return self._nothing()
            data, self._skipping = data[newline + 1 :], False
            self._line += 1
        if last and data and not data.endswith(b"\n"):
            data += b"\n"
        if not data:
            return self._nothing()
        found = self._by_counting(data, last=last)
        if found is None or (not len(found.ends) and len(data) > MAX_ROW):
            found = self._by_matching(data, last=last)
        if len(self._carry) > MAX_ROW and b"\n" not in self._carry:
            found.broken.append((self._line, None, f"the line is {TOO_LONG}"))
            self._carry, self._skipping = b"", True
        lengths = found.ends - found.starts
        blank = lengths == 1
        if b"\r" in data:
            first = np.frombuffer(found.data, np.uint8)[found.starts] if len(found.starts) else found.starts
            blank |= (lengths == 2) & (first == _RETURN)
        return found.keep(~blank)

    def _nothing(self) -> Records:
        none = np.zeros(0, np.int64)
        return Records(b"", none, none, none)

    def _by_counting(self, data: bytes, *, last: bool) -> Records | None:
        """Return the whole rows of a block and carry the rest; None if it is quoted unusually."""
        array = np.frombuffer(data, np.uint8)
        newlines = np.flatnonzero(array == _NEWLINE)
        ends = newlines
        if self._delimiter is not None:
            returns = data.count(b"\r") if b"\r" in data else 0
            if returns and returns != data.count(b"\r\n") + data.endswith(b"\r"):
                return None
            quotes = np.flatnonzero(array == _QUOTE)
            if not self._usual(array, quotes):
                return None
            ends = newlines[np.searchsorted(quotes, newlines) % 2 == 0]
        if last and (not len(ends) or ends[-1] + 1 < len(data)):
            return None
        if not len(ends):
            self._carry = data
            return self._nothing()
        ends = ends + 1
        starts = np.concatenate([np.zeros(1, np.int64), ends[:-1]])
        lines = np.searchsorted(newlines, starts) + self._line
        size = int(ends[-1])
        self._line += int(np.searchsorted(newlines, size))
        self._carry = data[size:]
        return Records(data[:size], starts, ends, lines)

    def _usual(self, array: npt.NDArray[np.uint8], quotes: Offsets) -> bool:
        """Whether every quote opens a cell, closes one, or is doubled inside one."""
        delimiter = ord(self._delimiter or ",")
        opening, closing = quotes[::2], quotes[1::2]
        before = array[opening[opening > 0] - 1]
        after = array[closing[closing < len(array) - 1] + 1]
        opens, closes = np.zeros(256, np.bool_), np.zeros(256, np.bool_)
        opens[[delimiter, _NEWLINE, _QUOTE]] = True
        closes[[delimiter, _NEWLINE, _RETURN, _QUOTE]] = True
        return bool(opens[before].all() and closes[after].all())

    def _by_matching(self, data: bytes, *, last: bool) -> Records:
        """As `_by_counting`, row by row; rows with broken quoting are set aside and the next line goes on."""
        starts: list[int] = []
        ends: list[int] = []
        lines: list[int] = []
        broken: list[tuple[int, str | None, str]] = []
        position, size = 0, len(data)
        while position < size:
            match = self._cells.match(data, position)
            stop = match.end() if match else position
            if data.startswith(b"\n", stop) or data.startswith(b"\r\n", stop):
                end = data.index(b"\n", stop) + 1
                starts.append(position)
                ends.append(end)
                lines.append(self._line)
                self._line += data.count(b"\n", position, end)
                position = end
                continue
            unclosed = data.startswith(b'"', stop)
            unfinished = unclosed or stop == size or data[stop:] == b"\r"
            newline = data.find(b"\n", position)
            if not last and (newline < 0 or (unfinished and size - position <= MAX_ROW)):
                break
            end = newline + 1 if newline >= 0 else size
            returned = data.startswith(b"\r", stop)
            reason = UNCLOSED if unclosed else LONE_RETURN if returned else AFTER_QUOTE
            cut = data[position : min(end, position + 2000)].decode(errors="replace").rstrip("\r\n")
            broken.append((self._line, cut, reason))
            self._line += 1
            position = end
        self._carry = data[position:]
        return pack(
            data,
            np.array(starts, np.int64),
            np.array(ends, np.int64),
            np.array(lines, np.int64),
            broken,
        )
