"""What a column looks like by its first values: a time and how it is written, a URL, a number, a list."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from ingest.profiles.base import Look
from ingest.tables import Column
from ingest.values import parse

_FORMATS: Final = (
    "%Y-%m-%d %H:%M:%S %z", "%a %b %d %H:%M:%S %z %Y", "%a, %d %b %Y %H:%M:%S %z", "%Y%m%dT%H%M%S%z",
    "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d", "%Y%m%d%H%M%S",
    "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y",
    "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p", "%m/%d/%y %H:%M", "%m/%d/%y %I:%M %p", "%d/%m/%y %H:%M",
    "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y", "%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%d-%m-%Y",
    "%b %d, %Y %H:%M:%S", "%b %d, %Y, %I:%M %p", "%b %d, %Y", "%B %d, %Y", "%d %b %Y %H:%M:%S", "%d %b %Y",
    "%d %B %Y", "%a %b %d %H:%M:%S %Y",
)  # fmt: skip
_TIMED_NAME: Final = re.compile(
    r"time|date|creat|publish|posted|stamp|since|until|seen|_at$|At$|^at$", re.IGNORECASE
)
#: Whole numbers that are plausible as epoch times, 2001 to 2100, by unit.
_EPOCHS: Final = {"seconds": 10, "milliseconds": 13, "microseconds": 16}
#: JSON objects are looked into this deep.
_DEPTH: Final = 3
#: The share of cells that a format of times must fit; the others may be faults.
_NEARLY_ALL: Final = 0.8
_SEPARATORS: Final = (";", ",", " ")


@dataclass(frozen=True)
class Seen:
    """A source column, or a place in the JSON of one, as its first values show it.

    Attributes:
        reference: As a mapping names it.
        kind: `empty`, `time`, `url`, `number`, `flag`, `list` or `text`.
        values: Those that are not missing.
        formats: Of a time: the formats that fit all values; empty where it is RFC 3339 or an epoch time.
        unit: Of an epoch time.
        split: Of a list: the separator; None where it is a JSON array or separated by `|`.
    """

    reference: str
    kind: str
    values: tuple[str, ...]
    formats: tuple[str, ...] = ()
    unit: str | None = None
    split: str | None = None


def columns_seen(look: Look) -> list[Seen]:
    """Return what the columns of a file look like; those that hold JSON objects by the places in them."""
    found: list[Seen] = []
    for name in look.columns:
        values = look.rows[name].drop_nulls().to_list() if name in look.rows.columns else []
        found += _seen(name, [value for value in values if value.strip()], 0)
    return found


def _seen(reference: str, values: Sequence[str], depth: int) -> list[Seen]:
    objects = _objects(values) if depth < _DEPTH else None
    if objects is None:
        return [_kind(reference, tuple(values))]
    inside: dict[str, list[str]] = {}
    for one in objects:
        for key, value in one.items():
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            if value is not None and text.strip():
                inside.setdefault(key, []).append(text)
    return [
        seen
        for key, texts in inside.items()
        if key and "." not in key and "/" not in key
        for seen in _seen(f"{reference}.{key}", texts, depth + 1)
    ]


def _objects(values: Sequence[str]) -> list[dict[str, object]] | None:
    if not values or not all(value.startswith("{") for value in values):
        return None
    try:
        read = [json.loads(value) for value in values]
    except (ValueError, RecursionError):
        return None
    return [one for one in read if isinstance(one, dict)]


def _kind(reference: str, values: tuple[str, ...]) -> Seen:
    if not values:
        return Seen(reference, "empty", values)
    cells = pl.Series(values).str.strip_chars()
    if cells.str.contains(r"^\d+(?:\.0+)?$").all():
        digits = cells.str.extract(r"^(\d+)", 1).str.len_chars()
        unit = next((unit for unit, length in _EPOCHS.items() if (digits == length).all()), None)
        if unit and _TIMED_NAME.search(reference):
            return Seen(reference, "time", values, unit=unit)
        return Seen(reference, "number", values)
    if _fits(cells):
        return Seen(reference, "time", values)
    if formats := _formats(cells):
        return Seen(reference, "time", values, formats=formats)
    if cells.str.to_lowercase().is_in(["true", "false", "yes", "no"]).all():
        return Seen(reference, "flag", values)
    if cells.str.starts_with("[").all():
        return Seen(reference, "list", values)
    for split in ("|", *_SEPARATORS):
        parts = cells.str.split(split).explode().str.strip_chars()
        parts = parts.filter(parts != "")
        if len(parts) > len(cells) and parts.str.contains(r"^(?:(?i:https?)://|#)\S+$").all():
            return Seen(reference, "list", values, split=None if split == "|" else split)
    if cells.str.contains(r"^(?i:https?)://\S+$").all():
        return Seen(reference, "url", values)
    return Seen(reference, "text", values)


def _fits(cells: pl.Series) -> bool:
    """Return whether validation takes the cells as times as they are."""
    parsed = parse(Column("t", "time"), pl.col("c"))
    return bool(pl.DataFrame({"c": cells}).select(parsed.value.is_not_null().all()).item())


def _formats(cells: pl.Series) -> tuple[str, ...]:
    """Return the formats that fit most cells, if those are nearly all."""
    fitting = {
        form: len(cells) - cells.str.to_datetime(form, strict=False, time_unit="us").null_count()
        for form in _FORMATS
    }
    most = max(fitting.values())
    return (
        tuple(form for form, count in fitting.items() if count == most)
        if most >= _NEARLY_ALL * len(cells)
        else ()
    )
