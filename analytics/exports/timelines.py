"""The picture of when things happened, as inline SVG. No text from outside is drawn."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Final

import polars as pl

#: Ticks drawn at most in one row of the timeline.
TICKS_DRAWN: Final = 400


@dataclass(frozen=True)
class Span:
    """One row of the timeline: a bar from `x` over `width`, or ticks, in percent of the time axis."""

    label: str
    note: str
    kind: str
    y: int
    x: str
    width: str
    ticks: list[str]


@dataclass(frozen=True)
class Timeline:
    """Rows over one time axis; `marks` are (percent, label)."""

    rows: list[Span]
    marks: list[tuple[str, str]]
    height: int


def timeline(members: pl.DataFrame, edges: pl.DataFrame, ads: pl.DataFrame) -> Timeline | None:
    """Draw what is dated: creation of members, ads, and each layer's co-action; None if nothing is."""
    created = members["created_at"].drop_nulls().sort().to_list()
    started = ads.select(pl.coalesce("started_at", "created_at")).to_series().drop_nulls().sort().to_list()
    spans = (
        edges.group_by("layer")
        .agg(pl.col("first_at").min(), pl.col("last_at").max())
        .drop_nulls()
        .sort("first_at", "layer")
        .rows()
    )
    times = created + started + [time for _, *both in spans for time in both]
    if not times:
        return None
    first, last = min(times), max(times)
    length = max((last - first).total_seconds(), 86_400.0)

    def at(time: dt.datetime) -> str:
        return f"{100 * (time - first).total_seconds() / length:.2f}"

    rows: list[Span] = []

    def row(label: str, kind: str, known: list[dt.datetime], *, bar: bool) -> None:
        start, end = at(known[0]), at(known[-1])
        width = f"{max(float(end) - float(start), 0.4):.2f}"
        ticks = [] if bar else sorted({at(time) for time in known}, key=float)
        stride = max(1, math.ceil(len(ticks) / TICKS_DRAWN))
        note = f"{known[0]:%d %b %Y} to {known[-1]:%d %b %Y}"
        rows.append(Span(label, note, kind, 12 + 36 * len(rows), start, width, ticks[::stride]))

    if created:
        row(f"{len(created):,} of {members.height:,} members created", "created", created, bar=False)
    for layer, begin, end in spans:
        row(f"coordination: {layer}", "layer", [begin, end], bar=True)
    if started:
        row(f"{len(started):,} ads started", "ads", started, bar=False)
    return Timeline(rows, _marks(first, length), 12 + 36 * len(rows))


def _marks(first: dt.datetime, length: float) -> list[tuple[str, str]]:
    """Return about six round dates on the axis: years, months or days."""
    last = first + dt.timedelta(seconds=length)
    days = length / 86_400
    if days > 730:
        every = max(1, round((last.year - first.year) / 6))
        times = [first.replace(year=y, month=1, day=1) for y in range(first.year + 1, last.year + 1, every)]
        pattern = "%Y"
    elif days > 60:
        months = range(first.year * 12 + first.month, last.year * 12 + last.month)
        every = max(1, round(len(months) / 6))
        times = [first.replace(year=m // 12, month=m % 12 + 1, day=1) for m in months[::every]]
        pattern = "%b %Y"
    else:
        every = max(1, round(days / 6))
        times = [first + dt.timedelta(days=d) for d in range(0, math.ceil(days), every)]
        pattern = "%d %b"
    midnight = (time.replace(hour=0, minute=0, second=0, microsecond=0) for time in times)
    return [
        (f"{100 * (time - first).total_seconds() / length:.2f}", f"{time:{pattern}}")
        for time in midnight
        if first <= time <= last
    ]
