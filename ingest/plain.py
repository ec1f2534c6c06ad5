"""Cells written the plain way, which nearly all are: typed in few cheap steps instead of by all the rules.

A column of a batch is plain if every cell of it is such that the rules of `ingest.values` would take it as it
is, and give the same value. One other cell, and the rules go through the whole column. So nothing is decided
here but speed, and the tests hold the two ways against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from ingest.tables import LIMITS, Column, Type
from ingest.values import COUNT_DIGITS, DEFAULT_PLATFORM, PLATFORM

_CELL: Final = "cell {}"
_VALUE: Final = "value {}"

#: An id that no spreadsheet has cut, for that takes a point or an E behind a digit.
_ID: Final = r"^(?:[0-9]+(?:_[0-9]+)?|[A-Za-z_-][A-Za-z0-9_.:/@-]*)$"
#: A handle that is one already.
_HANDLE: Final = r"^[A-Za-z0-9_.-]+$"
_TIME: Final = "%Y-%m-%dT%H:%M:%SZ"
_TIME_SHAPE: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"
_LOOSE_ITEM: Final = r"^\||\|\||\|$|\s\||\|\s"
_SPACE: Final = 0x20
#: What begins with a character beyond ASCII sorts behind this.
_ASCII: Final = "\x7f"
#: Last bytes that white space beyond ASCII may have (other characters have them too).
_LAST: Final = (*range(0x80, 0x8B), 0x9F, 0xA0, 0xA8, 0xA9, 0xAF)


@dataclass(frozen=True)
class _Way:
    """How a column's plain value is made, and whether all its cells are plain (given cells and values)."""

    value: Callable[[pl.Expr], pl.Expr]
    holds: Callable[[Column, pl.Expr, pl.Expr], pl.Expr]


def plain_columns(batch: pl.DataFrame, columns: Sequence[Column]) -> dict[str, pl.Series]:
    """Return the typed values of those columns of a batch that are plain, by name.

    Args:
        batch: Text columns, not trimmed; a column may be missing.
        columns: What they must be.
    """
    plain = {
        column.name: pl.Series(column.name, [], column.dtype).extend_constant(None, batch.height)
        for column in columns
        if column.name not in batch.columns and not column.required and column.type != "platform"
    }
    tried = [column for column in columns if column.name in batch.columns and column.type in _WAYS]
    if not tried or not batch.height:
        return plain
    cells = batch.select(pl.col(column.name).alias(_CELL.format(column.name)) for column in tried)
    values = cells.select(
        _WAYS[column.type].value(pl.col(_CELL.format(column.name))).alias(_VALUE.format(column.name))
        for column in tried
    )
    told = pl.concat([cells, values], how="horizontal").select(_is_plain(column) for column in tried)
    for column, holds in zip(tried, told.row(0), strict=True):
        if holds:
            plain[column.name] = values[_VALUE.format(column.name)].alias(column.name)
    return plain


def _is_plain(column: Column) -> pl.Expr:
    cell, value = pl.col(_CELL.format(column.name)), pl.col(_VALUE.format(column.name))
    holds = _WAYS[column.type].holds(column, cell, value)
    if column.required and column.type != "platform":
        holds &= cell.null_count() == 0
    return holds.alias(column.name)


def trimmed(cell: pl.Expr) -> pl.Expr:
    """Return whether no cell of a column is empty or begins or ends with white space."""
    last = cell.cast(pl.Binary).bin.get(-1, null_on_oob=True)
    # Empty cells, and those that begin with a blank or a control, sort before the first visible character.
    holds = (cell >= "!").all() & (last > _SPACE).all()
    doubtful = cell.filter((cell > _ASCII) | last.is_in(_LAST))
    return holds & ~(doubtful.str.strip_chars() != doubtful).any()


def _short(column: Column, cell: pl.Expr, _: pl.Expr) -> pl.Expr:
    return trimmed(cell) & (cell.str.len_bytes() <= LIMITS[column.type]).all()


def _handle(column: Column, cell: pl.Expr, value: pl.Expr) -> pl.Expr:
    return _short(column, cell, value) & cell.str.contains(_HANDLE).all()


def _word(column: Column, cell: pl.Expr, value: pl.Expr) -> pl.Expr:
    seen = cell.unique()
    return trimmed(seen) & (seen.str.len_bytes() <= LIMITS[column.type]).all() & (cell == value).all()


def _id(column: Column, cell: pl.Expr, _: pl.Expr) -> pl.Expr:
    return cell.str.contains(_ID).all() & (cell.str.len_bytes() <= LIMITS[column.type]).all()


def _one_of(column: Column, cell: pl.Expr, _: pl.Expr) -> pl.Expr:
    return cell.unique().drop_nulls().is_in(column.choices).all()


def _platform(_: Column, cell: pl.Expr, __: pl.Expr) -> pl.Expr:
    return cell.unique().str.contains(PLATFORM).all()


def _count(_: Column, cell: pl.Expr, value: pl.Expr) -> pl.Expr:
    # A cast takes signs as well, which sort before the digits.
    return (cell.null_count() == value.null_count()) & (cell >= "0").all() & (
        cell.str.len_bytes() <= COUNT_DIGITS
    ).all()  # fmt: skip


def _time(_: Column, cell: pl.Expr, value: pl.Expr) -> pl.Expr:
    return (cell.null_count() == value.null_count()) & cell.str.contains(_TIME_SHAPE).all()


def _list(_: Column, cell: pl.Expr, __: pl.Expr) -> pl.Expr:
    several = cell.filter(cell.str.contains("|", literal=True))
    return trimmed(cell) & ~several.str.contains(_LOOSE_ITEM).any() & ~cell.str.starts_with("[").any()


def _same(cell: pl.Expr) -> pl.Expr:
    return cell


_WAYS: Final[dict[Type, _Way]] = {
    "text": _Way(_same, lambda _, cell, __: trimmed(cell)),
    "name": _Way(_same, _short),
    "handle": _Way(_same, _handle),
    "key": _Way(_same, _short),
    "word": _Way(lambda cell: cell.str.to_lowercase(), _word),
    "id": _Way(_same, _id),
    "platform": _Way(lambda cell: cell.fill_null(DEFAULT_PLATFORM), _platform),
    "choice": _Way(_same, _one_of),
    "count": _Way(lambda cell: cell.cast(pl.Int64, strict=False), _count),
    "time": _Way(
        lambda cell: cell.str.to_datetime(_TIME, time_unit="us", time_zone="UTC", strict=False), _time
    ),
    "list": _Way(lambda cell: cell.str.split("|"), _list),
}
