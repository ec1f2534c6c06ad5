"""The picture of when things happened, as inline SVG. No text from outside is drawn."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Final

import polars as pl

from analytics.exports.networks import COLOURS

#: Height of a row's bars and distance between two rows, in pixels.
BARS: Final = 22
_PITCH: Final = 52
#: Units of the axis, each for spans up to so many days: a bar is one of them.
_UNITS: Final = ((100, "1d", "day"), (750, "1w", "week"), (5_500, "1mo", "month"), (math.inf, "1y", "year"))


@dataclass(frozen=True)
class Bar:
    """So many things in one unit of time: place and width in percent of the axis, height in pixels."""

    x: str
    width: str
    height: str
    title: str


@dataclass(frozen=True)
class Row:
    """One row of the timeline, either bars by count or one band from first to last."""

    label: str
    note: str
    kind: str
    y: int
    bars: list[Bar]
    band: bool


@dataclass(frozen=True)
class Timeline:
    """Rows over one time axis; `marks` are (percent, label); a bar is one `unit`."""

    rows: list[Row]
    marks: list[tuple[str, str]]
    height: int
    unit: str


def timeline(
    members: pl.DataFrame, edges: pl.DataFrame, evidence: pl.DataFrame, ads: pl.DataFrame, layers: list[str]
) -> Timeline | None:
    """Draw what is dated: creation of members, co-actions of each layer, ads; None if nothing is.

    A co-action is counted once for each asset that took part in it. A layer whose evidence has no times is a
    band from its first to its last edge. `layers` numbers the layers, as their colours do.
    """
    created = members["created_at"].drop_nulls()
    started = ads.select(pl.coalesce("started_at", "created_at")).to_series().drop_nulls()
    acted = co_actions(evidence)
    bands = _bands(edges).filter(~pl.col("layer").is_in(acted["layer"].unique().to_list()))
    times = pl.concat(
        series.rename("at") for series in (created, started, acted["at"], bands["first_at"], bands["last_at"])
    )
    if times.is_empty():
        return None
    axis = _Axis.of(times)
    colour = {layer: f"l{number % COLOURS}" for number, layer in enumerate(layers)}
    rows: list[Row] = []

    def row(label: str, kind: str, known: pl.Series, *, band: bool = False) -> None:
        ends: list[dt.datetime] = known.sort().to_list()
        note = f"{ends[0]:%d %b %Y} to {ends[-1]:%d %b %Y}"
        bars = [axis.band(known)] if band else axis.bars(known)
        rows.append(Row(label, note, kind, 12 + _PITCH * len(rows), bars, band))

    if created.len():
        row(f"{created.len():,} of {members.height:,} members created", "created", created)
    for (layer,), part in acted.group_by("layer", maintain_order=True):
        row(f"{part.height:,} co-actions: {layer}", colour.get(str(layer), "l7"), part["at"])
    for layer, *both in bands.rows():
        row(
            f"coordination: {layer}",
            colour.get(layer, "l7"),
            pl.Series(both, dtype=times.dtype),
            band=True,
        )
    if started.len():
        row(f"{started.len():,} ads started", "ads", started)
    return Timeline(rows, axis.marks(), 12 + _PITCH * len(rows), axis.unit)


def co_actions(evidence: pl.DataFrame) -> pl.DataFrame:
    """Return `layer`, `object`, `asset`, `at`: who acted on what when, each once, by layer and time."""
    sides = (
        evidence.select("layer", "object", asset=f"{side}_key", at=f"{side}_at")
        for side in ("source", "target")
    )
    return pl.concat(sides).drop_nulls("at").unique().sort("layer", "at")


def _bands(edges: pl.DataFrame) -> pl.DataFrame:
    spans = edges.group_by("layer").agg(pl.col("first_at").min(), pl.col("last_at").max())
    return spans.drop_nulls().sort("first_at", "layer")


@dataclass(frozen=True)
class _Axis:
    """The time axis: from `first` over `length` seconds, in steps `every`, called `unit`."""

    first: dt.datetime
    length: float
    every: str
    unit: str

    @classmethod
    def of(cls, times: pl.Series) -> _Axis:
        first, last = times.min(), times.max()
        assert isinstance(first, dt.datetime)
        assert isinstance(last, dt.datetime)
        every, unit = next(
            (every, unit) for days, every, unit in _UNITS if (last - first).total_seconds() <= days * 86_400
        )
        steps = pl.Series([first, last], dtype=times.dtype).dt.truncate(every)
        begin, end = steps.item(0), steps.dt.offset_by(every).item(1)
        return cls(begin, (end - begin).total_seconds(), every, unit)

    def at(self, time: dt.datetime) -> float:
        return 100 * (time - self.first).total_seconds() / self.length

    def bars(self, known: pl.Series) -> list[Bar]:
        counts = known.rename("at").dt.truncate(self.every).value_counts().sort("at")
        most = int(counts["count"].max() or 1)  # type: ignore[arg-type]
        ends = counts["at"].dt.offset_by(self.every)
        return [
            Bar(
                f"{self.at(begin):.2f}",
                f"{max(self.at(end) - self.at(begin), 0.3):.2f}",
                # Root of the count, so that one thing is seen beside hundreds.
                f"{max(BARS * math.sqrt(count / most), 2):.1f}",
                f"{self._named(begin)}: {count:,}",
            )
            for (begin, count), end in zip(counts.rows(), ends, strict=True)
        ]

    def band(self, known: pl.Series) -> Bar:
        begin, end = known.item(0), known.item(1)
        title = f"{begin:%d %b %Y} to {end:%d %b %Y}"
        return Bar(
            f"{self.at(begin):.2f}",
            f"{max(self.at(end) - self.at(begin), 0.4):.2f}",
            f"{BARS / 2:.1f}",
            title,
        )

    def marks(self) -> list[tuple[str, str]]:
        """Return about six round dates on the axis: years, months or days."""
        first, last = self.first, self.first + dt.timedelta(seconds=self.length)
        days = self.length / 86_400
        if days > 730:
            every = max(1, round((last.year - first.year) / 6))
            times = [
                first.replace(year=y, month=1, day=1) for y in range(first.year + 1, last.year + 1, every)
            ]
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
        return [(f"{self.at(time):.2f}", f"{time:{pattern}}") for time in midnight if first <= time <= last]

    def _named(self, begin: dt.datetime) -> str:
        patterns = {"day": "%d %b %Y", "week": "week of %d %b %Y", "month": "%B %Y", "year": "%Y"}
        return f"{begin:{patterns[self.unit]}}"
