"""What a source profile is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl


@dataclass(frozen=True)
class Side:
    """A file that is no table of its own but completes another: a look-up table beside it.

    Attributes:
        name: What it is called in the account of rows.
        columns: The columns that tell it.
        key: Those that tell its rows apart; none may be empty.
    """

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]


@dataclass(frozen=True)
class Profile:
    """How the files of one source are recognised and mapped to the canonical tables.

    Attributes:
        name: As in `--profile`.
        title: One line for a person.
        recognise: Given the columns and the path of a file, the canonical table that its rows are, or None.
        map: Given a batch of text columns with `line`, the table, and the sides that were found by name,
            returns text columns of canonical names and `line`, one row for each of the batch, in its order.
        derive: Given a mapped and validated batch, further rows for other tables (staged, but not part of the
            account of rows, since they are no rows of the file).
        keys: Keys of tables where the source tells rows apart otherwise than the canonical tables do.
        sides: Files that complete another of the same folder.
        spare_of: Name of a profile whose files hold the same rows, better read: of a folder with both only
            those are loaded.
    """

    name: str
    title: str
    recognise: Callable[[Sequence[str], Path], str | None]
    map: Callable[[pl.DataFrame, str, Mapping[str, pl.DataFrame]], pl.DataFrame]
    derive: Callable[[pl.DataFrame], Mapping[str, pl.DataFrame]] = field(default=lambda _: {})
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sides: tuple[Side, ...] = ()
    spare_of: str | None = None

    def side(self, columns: Sequence[str]) -> Side | None:
        """Return the side that a file with these columns is, if it is one."""
        return next((side for side in self.sides if set(side.columns) == set(columns)), None)
