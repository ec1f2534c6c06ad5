"""Pictures of an operation as inline SVG: who coordinates with whom, and when things happened.

Positions follow from the data alone, so the same results draw the same picture. No text from outside is
drawn.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Final

import polars as pl

#: Edges drawn at most, the heaviest first.
EDGES_DRAWN: Final = 600
#: Ticks drawn at most in one row of the timeline.
TICKS_DRAWN: Final = 400

_RADIUS: Final = 132.0
_CENTRE: Final = 180.0
_GAP: Final = 0.10  # radians between the arcs of two kinds
_KINDS: Final = {"page": "Pages", "account": "accounts", "group": "Groups", "instagram": "Instagram accounts"}


@dataclass(frozen=True)
class Node:
    """A member on the circle: place in pixels, radius, and kind."""

    x: str
    y: str
    r: str
    kind: str


@dataclass(frozen=True)
class Arc:
    """The stretch of the circle that one kind of member takes, with the place of its label."""

    path: str
    kind: str
    label: str
    x: str
    y: str
    anchor: str


@dataclass(frozen=True)
class Curve:
    """A coordinated pair: an SVG path and the number of its heaviest layer."""

    path: str
    layer: int


@dataclass(frozen=True)
class Network:
    """The members on a circle, ordered by kind, with curves between those that coordinate."""

    nodes: list[Node]
    arcs: list[Arc]
    curves: list[Curve]
    pairs: int


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


def network(members: pl.DataFrame, edges: pl.DataFrame, layers: list[str]) -> Network:
    """Lay out the members and edges of one operation; `layers` numbers the layers."""
    shown = (
        members.select(
            key=pl.concat_str("platform", "kind", "id", separator=":"),
            group=pl.when((pl.col("kind") == "account") & (pl.col("platform") == "instagram"))
            .then(pl.lit("instagram"))
            .otherwise(pl.col("kind")),
        )
        .with_columns(order=pl.col("group").replace_strict(_order(), default=9, return_dtype=pl.Int64))
        .sort("order", "key")
    )
    pairs = (
        edges.select(
            source=pl.concat_str("source_platform", "source_kind", "source_id", separator=":"),
            target=pl.concat_str("target_platform", "target_kind", "target_id", separator=":"),
            layer="layer",
            weight="weight",
        )
        .sort("weight", "source", "target", "layer", descending=[True, False, False, False])
        .unique(["source", "target"], keep="first", maintain_order=True)
    )
    groups = shown.group_by("group", maintain_order=True).len().rows()
    step = (2 * math.pi - _GAP * len(groups)) / max(shown.height, 1)
    size = max(1.1, min(5.0, step * _RADIUS * 0.42))
    places: dict[str, tuple[float, float]] = {}
    nodes: list[Node] = []
    arcs: list[Arc] = []
    angle, keys = -math.pi / 2 + _GAP / 2, iter(shown["key"].to_list())
    for kind, number in groups:
        start = angle
        for _ in range(number):
            x, y = _point(angle + step / 2, _RADIUS)
            places[next(keys)] = (x, y)
            nodes.append(Node(f"{x:.1f}", f"{y:.1f}", f"{size:.1f}", kind if kind in _KINDS else "other"))
            angle += step
        arcs.append(_arc(start, angle, kind, number))
        angle += _GAP
    number_of = {layer: number % 8 for number, layer in enumerate(layers)}
    curves = [
        Curve(_curve(places[source], places[target]), number_of.get(layer, 0))
        for source, target, layer, _ in pairs.head(EDGES_DRAWN).iter_rows()
        if source in places and target in places
    ]
    return Network(nodes, arcs, curves, pairs.height)


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


def _order() -> dict[str, int]:
    return {kind: number for number, kind in enumerate(_KINDS)}


def _point(angle: float, radius: float) -> tuple[float, float]:
    return _CENTRE + radius * math.cos(angle), _CENTRE + radius * math.sin(angle)


def _arc(start: float, end: float, kind: str, number: int) -> Arc:
    end = max(end, start + 0.01)
    middle = (start + end) / 2
    (x1, y1), (x2, y2) = _point(start, _RADIUS + 11), _point(min(end, start + 6.27), _RADIUS + 11)
    large = 1 if end - start > math.pi else 0
    path = f"M{x1:.1f} {y1:.1f}A{_RADIUS + 11:.0f} {_RADIUS + 11:.0f} 0 {large} 1 {x2:.1f} {y2:.1f}"
    x, y = _point(middle, _RADIUS + 24)
    anchor = "middle" if abs(math.cos(middle)) < 0.3 else ("start" if math.cos(middle) > 0 else "end")
    noun = _KINDS.get(kind, "others")
    label = f"{number:,} {noun.removesuffix('s') if number == 1 else noun}"
    return Arc(path, kind if kind in _KINDS else "other", label, f"{x:.1f}", f"{y + 4:.1f}", anchor)


def _curve(source: tuple[float, float], target: tuple[float, float]) -> str:
    """Bend towards the centre, more the farther the two are apart."""
    middle = ((source[0] + target[0]) / 2, (source[1] + target[1]) / 2)
    pull = 0.25 + 0.6 * math.dist(source, target) / (2 * _RADIUS)
    x, y = (m + (_CENTRE - m) * pull for m in middle)
    return f"M{source[0]:.1f} {source[1]:.1f}Q{x:.1f} {y:.1f} {target[0]:.1f} {target[1]:.1f}"


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
