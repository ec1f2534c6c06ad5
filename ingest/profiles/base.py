"""What a source profile is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

#: How many of a file's first rows a profile may look at to recognise it.
LOOKED_AT = 100


@dataclass(frozen=True)
class Look:
    """What a profile recognises a file by.

    Attributes:
        path: The file; inside a container the name of the member.
        columns: Names of the columns, as in the file.
        rows: At most `LOOKED_AT` first rows, every column text, null where missing.
    """

    path: Path
    columns: tuple[str, ...]
    rows: pl.DataFrame

    def has(self, *names: str) -> bool:
        """Return whether every one of these columns is there."""
        return set(names) <= set(self.columns)


@dataclass(frozen=True)
class Side:
    """A file that completes others: a look-up table beside them.

    If `Profile.recognise` knows the file too it is also a source of its own.

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
        name: As in `--as`.
        title: One line for a person.
        recognise: Returns the canonical table that the rows of a file are (the main table), or None.
        map: Given a batch of text columns with `line`, the main table, and the sides that were found by name,
            returns text columns of canonical names and `line`, one row for each of the batch, in its order.
            A column `ingest.validation.REFUSED` of a name may say why a cell cannot be read.
        derive: Given those rows of a batch (text columns as in the file, and `line`) whose mapped rows are
            valid, and the main table, returns further rows for other tables: text columns of canonical names,
            and `line`. They are validated too, and have accounts of their own, apart from the file's rows.
        covers: For people and for the reference: of each canonical table that the profile fills, what each
            column is made of, e.g. `{"posts": {"id": "tweetid", "urls": "urls, or links in tweet_text"}}`.
        keys: Keys of tables where the source tells rows apart otherwise than the canonical tables do.
        sides: Files that complete another of the same folder.
        header: Names of the columns, by position, of files without a header; None where a header names them.
        spare_of: Name of a profile whose files hold the same rows, better read: of a folder with both only
            those are loaded.
    """

    name: str
    title: str
    recognise: Callable[[Look], str | None]
    map: Callable[[pl.DataFrame, str, Mapping[str, pl.DataFrame]], pl.DataFrame]
    derive: Callable[[pl.DataFrame, str], Mapping[str, pl.DataFrame]] = field(
        default=lambda _batch, _table: {}
    )
    covers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sides: tuple[Side, ...] = ()
    header: tuple[str, ...] | None = None
    spare_of: str | None = None

    def side(self, columns: Sequence[str]) -> Side | None:
        """Return the side that a file with these columns is, if it is one."""
        return next((side for side in self.sides if set(side.columns) == set(columns)), None)
