"""Cells of a canonical column as a rule of a mapping makes them: expressions over whole columns."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from ingest.database import open_database
from ingest.mapping.schema import PLACEHOLDER, CellRule, has_time
from ingest.tables import UTC_TIME

#: How a time is handed on to validation.
_RFC3339: Final = "%Y-%m-%dT%H:%M:%S%.6fZ"
_PER_SECOND: Final = {"seconds": 1, "milliseconds": 10**3, "microseconds": 10**6, "nanoseconds": 10**9}


@dataclass(frozen=True)
class Cells:
    """Texts, and why they cannot be read where they cannot; None where that is for validation to say."""

    text: pl.Expr
    refused: pl.Expr | None = None


@dataclass(frozen=True)
class Reference:
    """A source column, or a place in the JSON of one.

    Attributes:
        column: Name of the column.
        pointer: JSON pointer below it; empty for the column itself.
    """

    column: str
    pointer: str = ""


def resolve(reference: str, columns: Collection[str]) -> Reference | None:
    """Return what a reference means in a file with these columns; None if it is in none of them.

    A column of that very name counts first; then the longest column that the reference goes on from, with a
    pointer (`/stats/likes`) or with dots (`stats.likes`).
    """
    if reference in columns:
        return Reference(reference)
    if reference.startswith("/"):
        parts = [part.replace("~1", "/").replace("~0", "~") for part in reference[1:].split("/")]
        join = "/".join
    else:
        parts, join = reference.split("."), ".".join
    for length in range(len(parts) - 1, 0, -1):
        if (column := join(parts[:length])) in columns:
            below = (part.replace("~", "~0").replace("/", "~1") for part in parts[length:])
            return Reference(column, "".join(f"/{part}" for part in below))
    return None


def with_nested(batch: pl.DataFrame, references: Sequence[str]) -> tuple[pl.DataFrame, dict[str, str]]:
    """Return the batch with a column for each nested reference, and the column that holds each reference.

    References to columns that the batch does not have are left out. Numbers keep their digits.
    """
    held: dict[str, str] = {}
    nested: dict[str, Reference] = {}
    for reference in references:
        found = resolve(reference, batch.columns)
        if found is None:
            continue
        held[reference] = found.column
        if found.pointer:
            held[reference] = f"__at {reference}"
            nested[held[reference]] = found
    if not nested or batch.is_empty():
        return batch.with_columns(pl.lit(None, pl.String).alias(name) for name in nested), held
    picked = ", ".join(f"{_picked(place)} AS {_quoted(name)}" for name, place in nested.items())
    rows = batch.select({place.column for place in nested.values()}).with_row_index("__row")
    with open_database() as database:
        database.register("cells", rows.to_arrow())
        read = database.sql(f'SELECT {picked} FROM cells ORDER BY "__row"').pl()  # noqa: S608 - quoted names
    return pl.concat([batch, read.cast(pl.String)], how="horizontal"), held


def _picked(place: Reference) -> str:
    column, pointer = _quoted(place.column), place.pointer.replace("'", "''")
    # No text of DuckDB can hold a NUL, so that JSON with one is passed over.
    sound = f"json_valid({column}) AND NOT contains({column}, '\\u0000')"
    return f"json_extract_string(CASE WHEN {sound} THEN {column} END, '{pointer}')"


def cells(rule: CellRule, held: Mapping[str, str]) -> Cells:
    """Return the cells that a rule makes.

    Args:
        rule: The rule.
        held: Column of the batch that holds each reference; those that are not there are missing.
    """
    text = _source(rule, held)
    if rule.regex is not None:
        text = text.str.extract(rule.regex, _group(rule.regex))
    if rule.strip is not None:
        text = text.str.strip_chars(rule.strip)
    if rule.thousands or rule.decimal:
        text = _number(text, rule.thousands, rule.decimal)
    if rule.map is not None:
        otherwise = (
            text if rule.otherwise is None else pl.when(text.is_not_null()).then(pl.lit(rule.otherwise))
        )
        text = text.replace_strict(rule.map, default=otherwise, return_dtype=pl.String)
    if rule.split is not None:
        text = _list(text, rule.split)
    if rule.unit is not None:
        return _epoch(text, rule.unit)
    if rule.format is not None:
        return _time(text, rule.format, rule.zone)
    return Cells(text)


def _source(rule: CellRule, held: Mapping[str, str]) -> pl.Expr:
    if rule.value is not None:
        return pl.lit(rule.value, pl.String)
    if rule.template is None:
        return pl.coalesce(_cell(reference, held) for reference in rule.references())
    parts: list[pl.Expr] = []
    end = 0
    for match in PLACEHOLDER.finditer(rule.template):
        parts.append(pl.lit(rule.template[end : match.start()]))
        parts.append(_cell(match[1], held) if match[1] else pl.lit(match[0][0]))
        end = match.end()
    return pl.concat_str(*parts, pl.lit(rule.template[end:]))


def _cell(reference: str, held: Mapping[str, str]) -> pl.Expr:
    """Return a source cell, trimmed; null where missing."""
    if reference not in held:
        return pl.lit(None, pl.String)
    text = pl.col(held[reference]).str.strip_chars()
    return pl.when(text != "").then(text)


def _group(pattern: str) -> int:
    """Return 1 if a regular expression has a group, else 0 for the whole match."""
    groups = pl.select(pl.lit("").str.extract_groups(f"(?:{pattern})")).to_series()
    return 1 if isinstance(groups.dtype, pl.Struct) and groups.dtype.fields else 0


def _number(text: pl.Expr, thousands: str | None, decimal: str | None) -> pl.Expr:
    """Return a number without separators of thousands and with a dot; what is otherwise written stays."""
    whole = rf"\d{{1,3}}(?:{_escaped(thousands)}\d{{3}})+|\d+" if thousands else r"\d+"
    fits = text.str.contains(rf"^(?:{whole})(?:{_escaped(decimal or '.')}\d+)?$")
    plain = text.str.replace_all(thousands, "", literal=True) if thousands else text
    return pl.when(fits).then(plain.str.replace(decimal or ".", ".", literal=True)).otherwise(text)


def _escaped(character: str) -> str:
    """Return a character as a regular expression of Polars."""
    return rf"\x{{{ord(character):x}}}"


def _list(text: pl.Expr, separator: str) -> pl.Expr:
    """Return the parts of a text as a JSON array, so that no part is split again."""
    encoded = pl.struct(text.str.split(separator).alias("c")).struct.json_encode()
    return pl.when(text.is_not_null()).then(encoded.str.slice(5).str.head(-1))


def _time(text: pl.Expr, formats: Sequence[str], zone: str | None) -> Cells:
    """Return times as RFC 3339 in UTC, dates as dates, and why a text is neither.

    A local time that a zone has twice or never is refused: no guess is made.
    """
    made: list[pl.Expr] = []
    faults: list[pl.Expr] = []
    for form in formats:
        if "%z" in form:
            stamp = text.str.to_datetime(form, strict=False, time_unit="us", time_zone="UTC")
            made.append(stamp.dt.strftime(_RFC3339))
        elif not has_time(form):
            made.append(text.str.to_date(form, strict=False).dt.strftime("%Y-%m-%d"))
        else:
            assert zone is not None
            local = text.str.to_datetime(form, strict=False, time_unit="us")
            sure = local.dt.replace_time_zone(zone, ambiguous="null", non_existent="null")
            first = local.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
            made.append(sure.dt.convert_time_zone("UTC").dt.strftime(_RFC3339))
            unsure = local.is_not_null() & sure.is_null()
            faults += [
                pl.when(unsure & first.is_null()).then(
                    pl.lit(f"{zone} has no such time: clocks went forward")
                ),
                pl.when(unsure).then(pl.lit(f"{zone} has this time twice: clocks went back")),
            ]
    value = pl.coalesce(made)
    wrong = text.is_not_null() & value.is_null()
    unfit = pl.lit(f"not a time as the mapping says: {' or '.join(formats)}")
    return Cells(pl.coalesce(value, text), pl.when(wrong).then(pl.coalesce(*faults, unfit)))


def _epoch(text: pl.Expr, unit: str) -> Cells:
    """Return epoch times of a unit as RFC 3339 in UTC."""
    scale = _PER_SECOND[unit]
    whole = text.str.extract(r"^(\d{1,19})(?:\.\d+)?$", 1).cast(pl.Int64, strict=False)
    part = (
        (text.str.extract(r"\.(\d+)$", 1).fill_null("") + "000000")
        .str.slice(0, 6)
        .cast(pl.Int64, strict=False)
    )
    micro = whole * (1_000_000 // scale) if scale <= 10**6 else whole // (scale // 10**6)
    if scale < 10**6:
        micro += part // scale
    plausible = (whole // scale).is_between(0, 4_102_444_800)
    value = pl.when(plausible).then(micro).cast(UTC_TIME).dt.strftime(_RFC3339)
    wrong = text.is_not_null() & value.is_null()
    return Cells(pl.coalesce(value, text), pl.when(wrong).then(pl.lit(f"not an epoch time in {unit}")))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
