"""Values on their way to the server, fast, and back from it, as plain Python."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import neo4j
import pandas as pd
import polars as pl
from neo4j.time import Date, DateTime

#: The times that a pandas Timestamp can hand to the driver, which counts nanoseconds in 64 bits.
_FIRST: Final = dt.datetime(1678, 1, 1, tzinfo=dt.UTC)
_LAST: Final = dt.datetime(2262, 1, 1, tzinfo=dt.UTC)


def as_rows(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame as maps that the driver packs fast; times become zoned in UTC."""
    columns = [_values(series) for series in frame]
    return [dict(zip(frame.columns, row, strict=True)) for row in zip(*columns, strict=True)]


def plain(value: Any) -> Any:
    """Return a value of the driver as plain Python.

    Nodes and relationships become their properties, a path the list of its nodes, times Python's.
    """
    if isinstance(value, str | int | float | None):
        return value
    if isinstance(value, DateTime | Date):
        return value.to_native()
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict | neo4j.graph.Node | neo4j.graph.Relationship):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, neo4j.graph.Path):
        return [plain(node) for node in value.nodes]
    return value


def _values(series: pl.Series) -> list[Any]:
    if isinstance(series.dtype, pl.Struct):
        return as_rows(series.struct.unnest())
    if isinstance(series.dtype, pl.Datetime):
        return _times(series.dt.convert_time_zone("UTC"))
    if series.dtype == pl.List(pl.Datetime):
        return [item and [time.replace(tzinfo=dt.UTC) for time in item] for item in series.to_list()]
    return series.to_list()


def _times(series: pl.Series) -> list[Any]:
    """Return zoned times, as Timestamps wherever they can be.

    The driver takes 40 microseconds to pack a `datetime` and 9 to pack a `Timestamp` (measured, neo4j 6.4);
    at two times a row that is most of what a load costs on this side. With dt.UTC rather than a named zone,
    the server keeps `Z`, not `[UTC]`.
    """
    if not series.drop_nulls().is_between(_FIRST, _LAST).all():
        return [time and time.replace(tzinfo=dt.UTC) for time in series.to_list()]
    stamps = pd.DatetimeIndex(series.dt.replace_time_zone(None).to_numpy()).tz_localize(dt.UTC)
    values: list[Any] = stamps.astype(object).tolist()
    return [None if value is pd.NaT else value for value in values] if series.null_count() else values
