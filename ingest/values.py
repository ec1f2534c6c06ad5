"""How a text cell is understood: for each type an expression of its value and one of the reason why not.

Everything is a Polars expression over a whole column. A reason is null where the cell is fine or empty.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import polars as pl

from ingest import normalise
from ingest.tables import LIMITS, UTC_TIME, Column

#: Epoch seconds reach from March 1973 to 2100: below, digits are a year or a date; above, milliseconds.
MIN_EPOCH: Final = 100_000_000
MAX_EPOCH: Final = 4_102_444_800

#: What a platform's name is, and the one that is meant where none is named.
PLATFORM: Final = r"^[a-z0-9][a-z0-9_-]{0,31}$"
DEFAULT_PLATFORM: Final = "facebook"

#: The most digits of a count.
COUNT_DIGITS: Final = 18

_RFC3339: Final = (
    r"^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2})(:\d{2})?(\.\d+)?\s*([Zz]|UTC|GMT|[+-]\d{2}:?\d{2})?)?$"
)
_EPOCH: Final = r"^\d{1,12}(?:\.\d{1,9})?$"
_LOCAL: Final = r"\d\s*(?:AM|PM|am|pm)?\s*[A-Z]{3,5}$"
_DAMAGED_ID: Final = r"^\d+(?:[.,]\d+)?[eE]\+?\d+$|^\d+\.0+$"
_COUNT: Final = rf"^(\d{{1,{COUNT_DIGITS}}})(?:\.0+)?$"
_AMOUNT: Final = r"^\d{1,15}(?:\.\d{1,9})?$"
_TRUE: Final = ("true", "t", "yes", "y", "1")
_FALSE: Final = ("false", "f", "no", "n", "0")


@dataclass(frozen=True)
class Parsed:
    """The value of a cell, why it has none, and whether it is a date without a time."""

    value: pl.Expr
    reason: pl.Expr
    date_only: pl.Expr | None = None


def parse(column: Column, cell: pl.Expr) -> Parsed:
    """Return how a column's cells are read; `cell` is trimmed text, null where missing."""
    return _PARSERS[column.type](column, cell)


def _no(*cases: tuple[pl.Expr, str]) -> pl.Expr:
    """Return the reason of the first case that holds; a case that is null does not hold."""
    return pl.coalesce(
        *(pl.when(case).then(pl.lit(reason)) for case, reason in cases), pl.lit(None, pl.String)
    )


def _too_long(column: Column, cell: pl.Expr) -> tuple[pl.Expr, str]:
    limit = LIMITS[column.type]
    return cell.str.len_chars() > limit, f"longer than {limit:,} characters"


def _text(_: Column, cell: pl.Expr) -> Parsed:
    return Parsed(cell, pl.lit(None, pl.String))


def _short(column: Column, cell: pl.Expr) -> Parsed:
    return Parsed(cell, _no(_too_long(column, cell)))


def _handle(column: Column, cell: pl.Expr) -> Parsed:
    return Parsed(normalise.handle(cell), _no(_too_long(column, cell)))


def _id(column: Column, cell: pl.Expr) -> Parsed:
    return Parsed(
        cell,
        _no(
            (cell.str.contains(_DAMAGED_ID), "a spreadsheet has cut this id; format its column as text"),
            _too_long(column, cell),
            (cell.str.contains(r"[\x00-\x1f\x7f]"), "an id holds no control characters"),
        ),
    )  # fmt: skip


def _platform(_: Column, cell: pl.Expr) -> Parsed:
    slug = cell.str.to_lowercase().fill_null(DEFAULT_PLATFORM)
    wrong = ~slug.str.contains(PLATFORM)
    return Parsed(slug, _no((wrong, "a platform is a short name such as facebook, instagram, x")))


def _word(column: Column, cell: pl.Expr) -> Parsed:
    return Parsed(cell.str.to_lowercase(), _no(_too_long(column, cell)))


def _choice(column: Column, cell: pl.Expr) -> Parsed:
    word = cell.str.to_lowercase()
    return Parsed(word, _no((~word.is_in(column.choices), f"must be one of {', '.join(column.choices)}")))


def _country(_: Column, cell: pl.Expr) -> Parsed:
    return Parsed(country(cell), pl.lit(None, pl.String))


def country(cell: pl.Expr) -> pl.Expr:
    """Return a two-letter country code in capitals, any other text as it is."""
    return pl.when(cell.str.len_chars() == 2).then(cell.str.to_uppercase()).otherwise(cell)


def _currency(_: Column, cell: pl.Expr) -> Parsed:
    code = cell.str.to_uppercase()
    return Parsed(
        code, _no((~code.str.contains(r"^[A-Z]{3}$"), "a currency is a three-letter code such as USD"))
    )


def _count(_: Column, cell: pl.Expr) -> Parsed:
    digits = cell.str.extract(_COUNT, 1)
    return Parsed(
        digits.cast(pl.Int64, strict=False),
        _no((cell.is_not_null() & digits.is_null(), "must be a whole number, 0 or more, without separators")),
    )


def _amount(_: Column, cell: pl.Expr) -> Parsed:
    return Parsed(
        cell.cast(pl.Float64, strict=False),
        _no((~cell.str.contains(_AMOUNT), "must be an amount such as 1234.50, 0 or more, without currency")),
    )


def _flag(_: Column, cell: pl.Expr) -> Parsed:
    word = cell.str.to_lowercase()
    value = pl.when(word.is_in(_TRUE)).then(True).when(word.is_in(_FALSE)).then(False)
    return Parsed(value, _no((~word.is_in(_TRUE + _FALSE), "must be true or false")))


def _time(_: Column, cell: pl.Expr) -> Parsed:
    parts = cell.str.extract_groups(_RFC3339).struct
    day, minute, second, fraction, zone = (parts.field(str(i)) for i in range(1, 6))
    offset = (
        pl.when(zone.str.contains(r"^[Zz]|UTC|GMT") | zone.is_null())
        .then(pl.lit("+0000"))
        .otherwise(zone.str.replace(":", "", literal=True))
    )
    stamp = pl.concat_str(
        day,
        pl.lit("T"),
        minute.fill_null("00:00"),
        second.fill_null(":00"),
        (fraction.fill_null(".") + "000000").str.slice(0, 7),
        offset,
    )
    written = stamp.str.to_datetime("%Y-%m-%dT%H:%M:%S%.6f%z", time_unit="us", time_zone="UTC", strict=False)
    is_epoch = cell.str.contains(_EPOCH)
    whole = cell.str.extract(r"^(\d+)", 1).cast(pl.Int64, strict=False)
    micro = (
        (cell.str.extract(r"\.(\d+)$", 1).fill_null("") + "000000")
        .str.slice(0, 6)
        .cast(pl.Int64, strict=False)
    )
    in_range = whole.is_between(MIN_EPOCH, MAX_EPOCH)
    epoch = pl.when(is_epoch & in_range).then(whole * 1_000_000 + micro).cast(UTC_TIME)
    value = pl.when(is_epoch).then(epoch).otherwise(written)
    wrong = cell.is_not_null() & value.is_null()
    return Parsed(
        value,
        _no(
            (wrong & cell.str.contains(r"^\d{13}$"), "looks like milliseconds; epoch times are in seconds"),
            (wrong & is_epoch, "not a plausible epoch time in seconds"),
            (wrong & day.is_not_null(), "there is no such date or time"),
            (wrong & cell.str.contains(_LOCAL), "a local time zone is ambiguous; give an offset like -05:00"),
            (wrong, "not a time: write it as 2019-04-01T12:00:00Z or as epoch seconds"),
        ),
        date_only=day.is_not_null() & minute.is_null(),
    )  # fmt: skip


def _list(_: Column, cell: pl.Expr) -> Parsed:
    """Only the separated form; JSON arrays are read in `ingest.validation`, a column at a time."""
    return Parsed(cell.str.split("|"), pl.lit(None, pl.String))


_PARSERS: Final[dict[str, Callable[[Column, pl.Expr], Parsed]]] = {
    "text": _text,
    "name": _short,
    "handle": _handle,
    "key": _short,
    "id": _id,
    "platform": _platform,
    "word": _word,
    "choice": _choice,
    "country": _country,
    "currency": _currency,
    "count": _count,
    "amount": _amount,
    "flag": _flag,
    "time": _time,
    "list": _list,
    "countries": _list,
}
