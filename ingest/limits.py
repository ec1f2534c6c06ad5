"""How many rows of a source may be rejected before none of it is loaded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from cypher.errors import CibError, UsageError


class TooManyRejectsError(CibError):
    """More rows of a source are rejected than it may have, so that nothing of it is loaded."""


@dataclass(frozen=True)
class RejectLimit:
    """How many rows of a source may be rejected; what is not given does not count.

    Attributes:
        rows: A number of rows.
        percent: A part of the rows of the source's files, from 0 to 100.
    """

    rows: int | None = None
    percent: float | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return what `1000` or `0.5%` says; an empty text sets no limit.

        Raises:
            UsageError: It says neither.
        """
        text = text.strip()
        if not text:
            return cls()
        if re.fullmatch(r"[0-9]{1,15}", text):
            return cls(rows=int(text))
        if re.fullmatch(r"[0-9]{1,3}(\.[0-9]+)? ?%", text) and float(text.rstrip(" %")) <= 100:
            return cls(percent=float(text.rstrip(" %")))
        raise UsageError(
            f"{text!r} is no limit of rejected rows", "Give a number, as 1000, or a part, as 0.5%."
        )

    def check(self, name: str, rejected: int, rows: int | None, where: Path, *, loaded: bool = False) -> None:
        """Raise if a source has more rejected rows than it may.

        Args:
            name: What the source is called.
            rejected: Its rejected rows.
            rows: All rows of its files; None while they are not known.
            where: The file of the rejected rows.
            loaded: Whether it was loaded before, when more were allowed.

        Raises:
            TooManyRejectsError: It has.
        """
        over_rows = self.rows is not None and rejected > self.rows
        over_part = self.percent is not None and rows is not None and rejected * 100 > self.percent * rows
        if not over_rows and not over_part:
            return
        many = f"{rejected:,} row{'s' * (rejected != 1)}"
        of = f" of {rows:,}" if rows is not None else ", at least,"
        may = f"{self.rows:,} may be" if over_rows else f"{self.percent:g}% may be"
        kept = "it stays as it was loaded before" if loaded else "nothing of it is loaded"
        raise TooManyRejectsError(
            f"{name}: {many}{of} are rejected where {may}; {kept}",
            f"The rejected rows are in {where}, each with its reason. Mend the file, or allow more.",
        )


NO_LIMIT: Final = RejectLimit()
