"""The score of an operation as a sum that a reader can redo."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

import polars as pl

from analytics.signals.shape import SHAPE

#: Decimals tried until the displayed lines add up to the displayed total.
_MOST_DECIMALS: Final = 6


@dataclass(frozen=True)
class Line:
    """One line of the sum: a signal and its bits, as displayed."""

    signal: str
    value: float | None
    background: float | None
    bits: Decimal
    why: str
    share: float


@dataclass(frozen=True)
class Sum:
    """The score line by line: the displayed bits of `lines` and `rest` add up to `total` exactly.

    Lines stand from the strongest for to the strongest against; of equal ones the rarest trait elsewhere
    comes first. `rest` is what the lines leave unexplained; 0 unless the results contradict themselves.
    """

    lines: list[Line]
    total: Decimal
    rest: Decimal

    @property
    def telling(self) -> list[Line]:
        """The lines that change the score as displayed."""
        return [line for line in self.lines if line.bits]

    @property
    def silent(self) -> list[Line]:
        """The lines that were measured and count nothing."""
        quiet = [line for line in self.lines if not line.bits and line.value is not None]
        return [line for line in quiet if line.signal not in SHAPE]

    @property
    def shape(self) -> list[Line]:
        """The lines that say how it is coordinated, and never count."""
        return [line for line in self.lines if line.signal in SHAPE]

    @property
    def unknown(self) -> list[Line]:
        """The lines that the data hold nothing for."""
        return [line for line in self.lines if not line.bits and line.value is None]


def sum_of(signals: pl.DataFrame, score: float | None) -> Sum:
    """Return the score as a sum that a reader can redo: with as many decimals as that takes."""
    bits = [Decimal(repr(value or 0.0)) for value in signals["bits"].to_list()]
    wanted = Decimal(repr(score or 0.0))
    for decimals in range(2, _MOST_DECIMALS + 1):
        unit = Decimal(1).scaleb(-decimals)
        rounded = [value.quantize(unit, ROUND_HALF_EVEN) for value in bits]
        total = wanted.quantize(unit, ROUND_HALF_EVEN)
        if sum(rounded) == total:
            break
    most = float(max((abs(value) for value in rounded), default=Decimal(1))) or 1.0
    lines = [
        Line(
            row["signal"], row["value"], row["background"], value, row["why"] or "", abs(float(value)) / most
        )
        for row, value in zip(signals.iter_rows(named=True), rounded, strict=True)
    ]
    lines.sort(key=lambda line: (-line.bits, -_lift(line), line.signal))
    return Sum(lines, total, total - sum(rounded, Decimal(0)))


def _lift(line: Line) -> float:
    return line.value / line.background if line.value and line.background else 0.0
