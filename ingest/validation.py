"""Text batches to typed rows and rejects, as the canonical tables declare."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from ingest.lists import BAD_LIST, parse_lists
from ingest.plain import plain_columns, trimmed
from ingest.rejects import SCHEMA
from ingest.tables import Column, Table
from ingest.values import parse

#: Staged column that names the time columns whose value is a date without a time, separated by `|`.
DATE_ONLY: Final = "x_date_only"

#: Column of a text batch in which a profile says why a cell of a column cannot be read, null where it can. No
#: column of a file is called so.
REFUSED: Final = "\0refused_{}"

_REASON: Final = "__reason_{}"


@dataclass(frozen=True)
class Validated:
    """A batch after validation; `frame` and `rejects` together have the batch's rows.

    Attributes:
        frame: Typed rows, all columns of the table, then unknown ones as `x_<name>`, then `line`.
        rejects: In the columns of `ingest.rejects.SCHEMA`; of a row's faults the first.
    """

    frame: pl.DataFrame
    rejects: pl.DataFrame


def validate(batch: pl.DataFrame, table: Table) -> Validated:
    """Type every column of a text batch and split off the rows that break a rule.

    Args:
        batch: String columns and `line`.
        table: What the columns must be.
    """
    # What a profile refuses is not plain, however well it reads.
    free = [column for column in table.columns if REFUSED.format(column.name) not in batch.columns]
    plain = plain_columns(batch, free)
    text = _with_all_columns(batch, table, plain)
    typed: list[pl.Expr | pl.Series] = []
    reasons: list[pl.Expr | pl.Series] = []
    dates: list[pl.Expr] = []
    for column in table.columns:
        if column.name in plain:
            typed.append(plain[column.name])
            continue
        value, reason, date_only = _parse(text, column)
        typed.append(value)
        reasons.append(reason)
        if date_only is not None:
            dates.append(pl.when(date_only).then(pl.lit(column.name)))
    own = {*table.names, *map(REFUSED.format, table.names), "line"}
    extra = _extra_names([name for name in text.columns if name not in own])
    date_only = pl.concat_str(dates, separator="|", ignore_nulls=True) if dates else pl.lit("")
    full = text.select(
        *typed,
        *reasons,
        *(pl.col(name).alias(new) for name, new in extra.items()),
        *([pl.when(date_only != "").then(date_only).alias(DATE_ONLY)] if dates else []),
        "line",
    )
    full = _with_range_reasons(full, table)
    names = [column.name for column in table.columns if _REASON.format(column.name) in full.columns]
    frame = full.drop(_REASON.format(name) for name in names)
    rejects = _no_rejects()
    broken = [name for name in names if full[_REASON.format(name)].null_count() < full.height]
    if broken:
        good = full.select(
            pl.all_horizontal(pl.col(_REASON.format(name)).is_null() for name in broken)
        ).to_series()
        rejects = _rejects(text.filter(~good), full.filter(~good), broken)
        frame = frame.filter(good)
    if dates and frame[DATE_ONLY].null_count() == frame.height:
        frame = frame.drop(DATE_ONLY)
    return Validated(frame, rejects)


def extra_name(name: str) -> str:
    """Return the staged name of a column that no table declares."""
    clean = re.sub(r"\W+", "_", name.strip().lower()).strip("_") or "unnamed"
    return clean if clean.startswith("x_") else f"x_{clean}"


def _extra_names(names: Sequence[str]) -> dict[str, str]:
    """Return the staged name of each unknown column; names that would coincide are numbered."""
    extra: dict[str, str] = {}
    taken = {DATE_ONLY}
    for name in names:
        wanted = new = extra_name(name)
        number = 2
        while new in taken:
            new, number = f"{wanted}_{number}", number + 1
        taken.add(new)
        extra[name] = new
    return extra


def _with_all_columns(batch: pl.DataFrame, table: Table, plain: Collection[str]) -> pl.DataFrame:
    """Return a batch with every column of the table, trimmed but where that is known to change nothing."""
    others = [name for name in batch.columns if name not in plain and name != "line"]
    clean = batch.select(trimmed(pl.col(name)).alias(name) for name in others) if others else None
    columns = []
    for name in batch.columns:
        cell = pl.col(name)
        if clean is not None and name in others and not clean[name].item():
            stripped = cell.str.strip_chars()
            cell = pl.when(stripped != "").then(stripped).alias(name)
        columns.append(cell)
    missing = [pl.lit(None, pl.String).alias(name) for name in table.names if name not in batch.columns]
    return batch.select(*columns, *missing)


def _parse(
    text: pl.DataFrame, column: Column
) -> tuple[pl.Expr | pl.Series, pl.Expr | pl.Series, pl.Expr | None]:
    name = _REASON.format(column.name)
    if column.type in ("list", "countries"):
        values, broken = parse_lists(text[column.name], countries=column.type == "countries")
        reason = pl.DataFrame({"b": broken}).select(pl.when("b").then(pl.lit(BAD_LIST)).alias(name))
        return values.alias(column.name), reason[name], None
    cell = pl.col(column.name)
    parsed = parse(column, cell)
    why = parsed.reason
    refused = REFUSED.format(column.name)
    if refused in text.columns:
        why = pl.coalesce(refused, why)
    if column.required:
        why = pl.coalesce(pl.when(cell.is_null()).then(pl.lit("is required but empty")), why)
        if column.type == "platform":
            why = parsed.reason
    return parsed.value.cast(column.dtype).alias(column.name), why.alias(name), parsed.date_only


def _with_range_reasons(full: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Add reasons for rows whose range is upside down, or whose money has no currency."""
    rules = [(low, pl.col(low) > pl.col(high), f"{low} is greater than {high}") for low, high in table.ranges]
    for column in table.columns:
        if column.type == "amount":
            bare = pl.col(column.name).is_not_null() & pl.col("currency").is_null()
            if _REASON.format("currency") in full.columns:
                bare &= pl.col(_REASON.format("currency")).is_null()
            rules.append((column.name, bare, "an amount needs a currency"))
    told: dict[str, pl.Expr] = {}
    for name, wrong, reason in rules:
        column_reason = _REASON.format(name)
        none = pl.col(column_reason) if column_reason in full.columns else pl.lit(None, pl.String)
        told[column_reason] = pl.coalesce(told.get(column_reason, none), pl.when(wrong).then(pl.lit(reason)))
    return full.with_columns(expression.alias(name) for name, expression in told.items())


def _no_rejects() -> pl.DataFrame:
    return pl.DataFrame(schema=SCHEMA)


def _rejects(text: pl.DataFrame, full: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    flags = full.select(_REASON.format(name) for name in names)
    frame = pl.concat([text.select(*names, "line"), flags], how="horizontal")
    broken = [(name, pl.col(_REASON.format(name))) for name in names]
    return frame.select(
        "line",
        pl.coalesce(pl.when(why.is_not_null()).then(pl.lit(name)) for name, why in broken).alias("column"),
        pl.coalesce(
            # A null cell is a value too: the first broken column decides, not the first one with text.
            pl.when(reason.is_not_null()).then(pl.col(name).fill_null("")) for name, reason in broken
        ).replace("", None).alias("value"),
        pl.coalesce(reason for _, reason in broken).alias("reason"),
    )  # fmt: skip
