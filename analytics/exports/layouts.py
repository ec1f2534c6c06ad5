"""Where the members of an operation lie in the pictures of who coordinates with whom.

Every connected part is laid out on its own by the forces of Fruchterman and Reingold (1991), then the parts
are packed side by side, the largest in the middle; members that no line joins stand in rows below. Positions
follow from the data alone.
"""

from __future__ import annotations

import math
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

#: Width of the picture in pixels.
SIZE: Final = 460.0
_MARGIN: Final = 10.0
_STEPS: Final = 80
_GOLDEN: Final = math.pi * (3 - math.sqrt(5))
#: Parts of more members take the push of far ones from the cells of a grid of so many rows and columns.
_EXACT: Final = 700
_GRID: Final = 16
_NEAREST: Final = 12
#: Distance between two parts, where two dots that are joined lie 1 apart.
_GAP: Final = 1.3

Points: TypeAlias = NDArray[np.float64]


def places(count: int, links: NDArray[np.int64]) -> tuple[Points, int, float]:
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


def _parts(count: int, links: NDArray[np.int64]) -> Points:
    """Lay out the parts that `links` join and pack them."""
    weights = np.ones(len(links), dtype=np.int8)
    matrix = coo_array((weights, (links[:, 0], links[:, 1])), shape=(count, count))
    part = np.asarray(connected_components(matrix, directed=False)[1])
    sizes = np.bincount(part)
    shapes: list[Points] = []
    order = sorted(range(len(sizes)), key=lambda number: (-sizes[number], number))
    for number in order:
        inside = np.flatnonzero(part == number)
        shapes.append(_spread(len(inside), np.searchsorted(inside, links[part[links[:, 0]] == number])))
    points = np.zeros((count, 2))
    for number, placed in zip(order, _packed(shapes), strict=True):
        points[part == number] = placed
    return points


def _spread(count: int, links: NDArray[np.int64]) -> Points:
    """Return places around (0, 0): joined ones about 1 apart, the others pushed off one another."""
    turn = np.arange(count)
    radius = 0.6 * np.sqrt(turn)
    points = np.column_stack([radius * np.cos(turn * _GOLDEN), radius * np.sin(turn * _GOLDEN)])
    heat = 0.25 * math.sqrt(count)
    for step in range(_STEPS):
        move = _pushed(points, points, np.ones(count)) if count <= _EXACT else _pushed_from_afar(points)
        along = points[links[:, 0]] - points[links[:, 1]]
        pull = along * np.hypot(along[:, 0], along[:, 1])[:, None]
        np.subtract.at(move, links[:, 0], pull)
        np.add.at(move, links[:, 1], pull)
        move -= 0.05 * points
        length = np.hypot(move[:, 0], move[:, 1])[:, None] + 1e-9
        points += move / length * np.minimum(length, heat * (1 - step / _STEPS) + 0.01)
    centred: Points = points - points.mean(axis=0)
    return centred


def _pushed(points: Points, bodies: Points, masses: Points) -> Points:
    """Return how `bodies` push each point away; a body of mass m pushes like m points."""
    off = points[:, None, :] - bodies[None, :, :]
    square = np.einsum("ijk,ijk->ij", off, off) + 0.01
    move: Points = np.einsum("ijk,ij->ik", off, 0.5 * masses / square)
    return move


def _pushed_from_afar(points: Points) -> Points:
    """Return about the same for many points: the nearest push one by one, all of them as cells of a grid."""
    low, high = points.min(axis=0), points.max(axis=0)
    cell = ((points - low) / (high - low + 1e-9) * _GRID).astype(np.int64).clip(0, _GRID - 1)
    number = cell[:, 0] * _GRID + cell[:, 1]
    masses = np.bincount(number, minlength=_GRID**2)
    held = np.flatnonzero(masses)
    sums = np.column_stack([np.bincount(number, along, _GRID**2) for along in points.T])
    move = _pushed(points, sums[held] / masses[held, None], masses[held].astype(np.float64))
    nearest = np.asarray(cKDTree(points).query(points, k=_NEAREST + 1)[1])
    near = points[nearest[:, 1:]]
    off = points[:, None, :] - near
    square = np.einsum("ijk,ijk->ij", off, off) + 0.01
    pushed: Points = move + np.einsum("ijk,ij->ik", off, 0.5 / square)
    return pushed


def _packed(shapes: list[Points]) -> list[Points]:
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


def _fitted(points: Points) -> tuple[Points, float]:
    """Return places turned to lie flat, moved and scaled into the picture's width, and pixels a unit."""
    _, _, axes = np.linalg.svd(points - points.mean(axis=0), full_matrices=False)
    flat = points @ (axes * np.sign(axes.sum(axis=1, keepdims=True))).T
    low, high = flat.min(axis=0), flat.max(axis=0)
    scale = min(40.0, (SIZE - 2 * _MARGIN) / max(float((high - low).max()), 1.0))
    left = (SIZE - scale * (high[0] - low[0])) / 2
    return (flat - low) * scale + np.array([left, _MARGIN]), scale
