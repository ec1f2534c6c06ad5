"""The picture of who coordinates with whom: members as dots, joined where they act together.

Every connected part is laid out on its own by the forces of Fruchterman and Reingold (1991), then the parts
are packed side by side, the largest in the middle; members that no line joins stand in rows below. Positions
follow from the data alone. All dots of one role and kind are one SVG path, as are all lines of one layer, so
that hundreds of members take a few kilobytes. No text from outside is drawn.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

#: Edges drawn at most, the heaviest first; as many ties of administrators.
EDGES_DRAWN: Final = 600
#: Members drawn at most, the most certain first.
NODES_DRAWN: Final = 1000

SIZE: Final = 460.0
_MARGIN: Final = 10.0
_STEPS: Final = 80
_GOLDEN: Final = math.pi * (3 - math.sqrt(5))
#: Distance between two parts, where two dots that are joined lie 1 apart.
_GAP: Final = 1.3
_ROLES: Final = ("front", "operator", "amplifier")
_KINDS: Final = ("account", "page", "group")

_Points = NDArray[np.float64]


@dataclass(frozen=True)
class Network:
    """An operation's members and coordinated pairs as SVG paths.

    Attributes:
        lines: (number of the layer, path), one a layer.
        ties: Path from administrators to what they administer, where the evidence names them; may be empty.
        dots: (role, kind, path), one a role and kind.
        roles: (role, members drawn), as drawn.
        kinds: Kinds drawn.
        dot: Diameter of a dot in pixels.
        members: Members drawn.
        pairs: Coordinated pairs, drawn or not.
        apart: Members drawn that no line joins.
        height: Of the picture, in pixels; its width is `SIZE`.
    """

    lines: list[tuple[int, str]]
    ties: str
    dots: list[tuple[str, str, str]]
    roles: list[tuple[str, int]]
    kinds: list[str]
    dot: str
    members: int
    pairs: int
    apart: int
    height: int


def network(members: pl.DataFrame, edges: pl.DataFrame, evidence: pl.DataFrame, layers: list[str]) -> Network:
    """Lay out the members and edges of one operation; `layers` numbers the layers."""
    shown = (
        members.sort("confidence", "kind", "id", descending=[True, True, False], nulls_last=True)
        .head(NODES_DRAWN)
        .select(
            key=pl.concat_str("platform", "kind", "id", separator=":"),
            kind=pl.when(pl.col("kind").is_in(_KINDS)).then("kind").otherwise(pl.lit("account")),
            role=pl.when(pl.col("role").is_in(_ROLES)).then("role").otherwise(pl.lit("other")),
        )
        .sort("role", "kind", "key", descending=[True, False, False])
    )
    pairs = _pairs(edges)
    at = {key: number for number, key in enumerate(shown["key"].to_list())}
    number_of = {layer: number % 8 for number, layer in enumerate(layers)}
    joined = [
        (at[source], at[target], number_of.get(layer, 0))
        for source, target, layer in pairs.head(EDGES_DRAWN).select("source", "target", "layer").iter_rows()
        if source in at and target in at
    ]
    administered = [(at[one], at[other]) for one, other in _ties(evidence, at)][:EDGES_DRAWN]
    links = np.array([pair[:2] for pair in joined] + administered, dtype=np.int64).reshape(-1, 2)
    points, height, dot = _places(shown.height, links)
    frame = shown.with_columns(x=pl.Series(points[:, 0]), y=pl.Series(points[:, 1]))
    return Network(
        lines=[
            (number, _segments(points, [pair[:2] for pair in joined if pair[2] == number]))
            for number in sorted({pair[2] for pair in joined}, reverse=True)
        ],
        ties=_segments(points, administered),
        dots=[
            (str(role), str(kind), "".join(f"M{x:.0f} {y:.0f}h.01" for x, y in group.select("x", "y").rows()))
            for (role, kind), group in frame.group_by("role", "kind", maintain_order=True)
        ],
        roles=[
            (role, count)
            for role in (*_ROLES, "other")
            if (count := frame.filter(pl.col("role") == role).height)
        ],
        kinds=[kind for kind in _KINDS if (frame["kind"] == kind).any()],
        dot=f"{dot:.1f}",
        members=shown.height,
        pairs=pairs.height,
        apart=shown.height - len(np.unique(links)),
        height=height,
    )


def _pairs(edges: pl.DataFrame) -> pl.DataFrame:
    """Return each coordinated pair once, with its heaviest layer, the heaviest pair first."""
    return (
        edges.select(
            source=pl.concat_str("source_platform", "source_kind", "source_id", separator=":"),
            target=pl.concat_str("target_platform", "target_kind", "target_id", separator=":"),
            layer="layer",
            weight="weight",
        )
        .sort("weight", "source", "target", "layer", descending=[True, False, False, False])
        .unique(["source", "target"], keep="first", maintain_order=True)
    )


def _ties(evidence: pl.DataFrame, members: dict[str, int]) -> list[tuple[Any, ...]]:
    """Return (administrator, administered) where evidence names a member as what two others share."""
    named = evidence.filter(pl.col("object_kind") == "admin")
    both = pl.concat(
        named.select("object", asset=pl.col(f"{side}_key"), weight=pl.lit(1)) for side in ("source", "target")
    )
    return (
        both.filter(pl.col("object").is_in(list(members)) & pl.col("asset").is_in(list(members)))
        .select("object", "asset")
        .unique()
        .sort("object", "asset")
        .rows()
    )


def _places(count: int, links: NDArray[np.int64]) -> tuple[_Points, int, float]:
    """Return where `count` members lie in pixels, the height that they take, and the diameter of a dot."""
    points = np.zeros((count, 2))
    joined = np.unique(links)
    bottom, dot = _MARGIN, 6.0
    if len(joined):
        local, scale = _fitted(_parts(len(joined), np.searchsorted(joined, links)))
        points[joined] = local
        bottom = float(local[:, 1].max()) + _MARGIN
        dot = max(2.6, min(11.0, 0.36 * scale))
    loose = np.setdiff1d(np.arange(count), joined)
    if len(loose):
        pitch = dot * 1.7
        in_row = int((SIZE - 2 * _MARGIN) // pitch)
        turn = np.arange(len(loose))
        bottom += 2 * pitch
        points[loose] = np.column_stack(
            [_MARGIN + pitch * (turn % in_row), bottom + pitch * (turn // in_row)]
        )
        bottom = float(points[loose, 1].max()) + _MARGIN
    return points, math.ceil(bottom), dot


def _parts(count: int, links: NDArray[np.int64]) -> _Points:
    """Lay out the parts that `links` join and pack them."""
    weights = np.ones(len(links), dtype=np.int8)
    matrix = coo_array((weights, (links[:, 0], links[:, 1])), shape=(count, count))
    part = np.asarray(connected_components(matrix, directed=False)[1])
    sizes = np.bincount(part)
    shapes: list[_Points] = []
    order = sorted(range(len(sizes)), key=lambda number: (-sizes[number], number))
    for number in order:
        inside = np.flatnonzero(part == number)
        shapes.append(_spread(len(inside), np.searchsorted(inside, links[part[links[:, 0]] == number])))
    points = np.zeros((count, 2))
    for number, placed in zip(order, _packed(shapes), strict=True):
        points[part == number] = placed
    return points


def _spread(count: int, links: NDArray[np.int64]) -> _Points:
    """Return places around (0, 0): joined ones about 1 apart, the others pushed off one another."""
    turn = np.arange(count)
    radius = 0.6 * np.sqrt(turn)
    points = np.column_stack([radius * np.cos(turn * _GOLDEN), radius * np.sin(turn * _GOLDEN)])
    heat = 0.25 * math.sqrt(count)
    for step in range(_STEPS):
        off = points[:, None, :] - points[None, :, :]
        square = np.einsum("ijk,ijk->ij", off, off) + 0.01
        move = np.einsum("ijk,ij->ik", off, 0.5 / square)
        along = points[links[:, 0]] - points[links[:, 1]]
        pull = along * np.hypot(along[:, 0], along[:, 1])[:, None]
        np.subtract.at(move, links[:, 0], pull)
        np.add.at(move, links[:, 1], pull)
        move -= 0.05 * points
        length = np.hypot(move[:, 0], move[:, 1])[:, None] + 1e-9
        points += move / length * np.minimum(length, heat * (1 - step / _STEPS) + 0.01)
    centred: _Points = points - points.mean(axis=0)
    return centred


def _packed(shapes: list[_Points]) -> list[_Points]:
    """Return the shapes moved, in the order given, each as near to the middle as its disc finds room."""
    radii = np.array([np.hypot(*shape.T).max() for shape in shapes]) + _GAP
    step = 0.5
    # Places for four times the discs' own area, in the order of their distance from the middle.
    turn = np.arange(int(4 * np.square(radii + step).sum() / step**2) + 50)
    radius = step / math.sqrt(math.pi) * np.sqrt(turn)
    places = np.column_stack([radius * np.cos(turn * _GOLDEN), radius * np.sin(turn * _GOLDEN)])
    room = np.full(len(places), np.inf)
    moved = []
    for shape, size in zip(shapes, radii, strict=True):
        moved.append(shape + places[int(np.argmax(room >= size))])
        # Room is measured to the dots, not to the disc around them, so that small parts fill the corners.
        room = np.minimum(room, cKDTree(moved[-1]).query(places)[0])
    return moved


def _fitted(points: _Points) -> tuple[_Points, float]:
    """Return places turned to lie flat, moved and scaled into the picture's width, and pixels a unit."""
    _, _, axes = np.linalg.svd(points - points.mean(axis=0), full_matrices=False)
    flat = points @ (axes * np.sign(axes.sum(axis=1, keepdims=True))).T
    low, high = flat.min(axis=0), flat.max(axis=0)
    scale = min(40.0, (SIZE - 2 * _MARGIN) / max(float((high - low).max()), 1.0))
    left = (SIZE - scale * (high[0] - low[0])) / 2
    return (flat - low) * scale + np.array([left, _MARGIN]), scale


def _segments(points: _Points, pairs: list[tuple[int, int]]) -> str:
    rounded = np.rint(points).astype(int)
    return "".join(f"M{rounded[a, 0]} {rounded[a, 1]}L{rounded[b, 0]} {rounded[b, 1]}" for a, b in pairs)
