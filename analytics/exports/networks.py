"""Who coordinates with whom: a picture, and the data from which the same picture is explored.

Members are dots, joined where they act together. All dots of one role and kind are one SVG path, as are all
lines of one layer, so that hundreds of members take a few kilobytes. No text from outside is drawn; the data
hold names, escaped, for the script that shows them as text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from analytics.exports.layouts import Points, places
from analytics.exports.wording import defang, shorten

#: Members drawn at most, the most certain first.
NODES_DRAWN: Final = 2000
#: Coordinated pairs at most: in the picture, and to explore.
PAIRS_DRAWN: Final = 1000
PAIRS_EXPLORED: Final = 4000
#: Pairs of each member that go before all others, so that nobody who is joined to anybody stands alone.
_OWN_PAIRS: Final = 2

ROLES: Final = ("front", "operator", "advertiser", "amplifier", "other")
_KINDS: Final = ("account", "page", "group")
#: Layers are told apart by so many colours.
COLOURS: Final = 8
_NAME: Final = 80
_WHY: Final = 240


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
        drawn: Coordinated pairs drawn.
        explored: Coordinated pairs in `data`.
        apart: Members drawn that no line joins.
        height: Of the picture, in pixels; its width is `layouts.SIZE`.
        data: The same for a script: `layers`, columns of `members`, columns of `edges` (positions in
            `members`), `ties`.
    """

    lines: list[tuple[int, str]]
    ties: str
    dots: list[tuple[str, str, str]]
    roles: list[tuple[str, int]]
    kinds: list[str]
    dot: str
    members: int
    pairs: int
    drawn: int
    explored: int
    apart: int
    height: int
    data: dict[str, Any]


def network(members: pl.DataFrame, edges: pl.DataFrame, evidence: pl.DataFrame, layers: list[str]) -> Network:
    """Lay out the members and edges of one operation; `layers` numbers the layers."""
    shown = _shown(members)
    at = shown.select("key", at=pl.int_range(pl.len(), dtype=pl.Int64))
    links = _links(edges, at, layers)
    pairs = links.unique("pair", keep="first", maintain_order=True)
    drawn = pairs.head(PAIRS_DRAWN)
    ties = _ties(evidence, at).head(PAIRS_DRAWN)
    joined = np.vstack([pairs.select("a", "b").to_numpy(), ties.to_numpy()]).astype(np.int64)
    points, height, dot = places(shown.height, joined)
    frame = shown.with_columns(x=pl.Series(points[:, 0]), y=pl.Series(points[:, 1]))
    return Network(
        lines=[
            (int(number), _segments(points, part.select("a", "b")))
            for (number,), part in drawn.sort("layer", descending=True, maintain_order=True).group_by(
                pl.col("layer") % COLOURS, maintain_order=True
            )
        ],
        ties=_segments(points, ties),
        dots=[
            (str(role), str(kind), "".join(f"M{x:.0f} {y:.0f}h.01" for x, y in group.select("x", "y").rows()))
            for (role, kind), group in frame.group_by("role", "kind", maintain_order=True)
        ],
        roles=[(role, count) for role in ROLES if (count := frame.filter(pl.col("role") == role).height)],
        kinds=[kind for kind in _KINDS if (frame["kind"] == kind).any()],
        dot=f"{dot:.1f}",
        members=shown.height,
        pairs=edges.select(*_ENDS).unique().height,
        drawn=drawn.height,
        explored=pairs.height,
        apart=shown.height - len(np.unique(joined)),
        height=height,
        data={
            "layers": layers,
            "dot": round(dot, 1),
            "members": _member_columns(frame),
            "edges": _edge_columns(links),
            "ties": [list(pair) for pair in ties.rows()],
        },
    )


_ENDS: Final = tuple(f"{side}_{name}" for side in ("source", "target") for name in ("platform", "kind", "id"))


def _shown(members: pl.DataFrame) -> pl.DataFrame:
    known = {
        name: name if name in members.columns else pl.lit(None, dtype)
        for name, dtype in (("name", pl.String()), ("followers", pl.Int64()), ("why", pl.String()))
    }
    return (
        members.sort("confidence", "kind", "id", descending=[True, True, False], nulls_last=True)
        .head(NODES_DRAWN)
        .select(
            "confidence",
            key=pl.concat_str("platform", "kind", "id", separator=":"),
            kind=pl.when(pl.col("kind").is_in(_KINDS)).then("kind").otherwise(pl.lit("account")),
            role=pl.when(pl.col("role").is_in(ROLES)).then("role").otherwise(pl.lit("other")),
            **known,
        )
        .sort("role", "kind", "key", descending=[True, False, False])
    )


def _links(edges: pl.DataFrame, at: pl.DataFrame, layers: list[str]) -> pl.DataFrame:
    """Return the edges between members shown, pair by pair: `a`, `b` (positions), `pair`, `layer`, numbers.

    The heaviest pairs of each member come first, then the heaviest of all; a pair's heaviest layer first.
    """
    number = pl.DataFrame({"name": layers}, schema={"name": pl.String}).with_row_index("layer")
    found = (
        edges.with_columns(
            source=pl.concat_str(*_ENDS[:3], separator=":"), target=pl.concat_str(*_ENDS[3:], separator=":")
        )
        .join(at.rename({"key": "source", "at": "a"}), on="source")
        .join(at.rename({"key": "target", "at": "b"}), on="target")
        .join(number.rename({"name": "layer", "layer": "number"}), on="layer")
        .sort("weight", "source", "target", "number", descending=[True, False, False, False])
        .with_columns(pair=pl.struct("a", "b").rank("dense"), layer=pl.col("number").cast(pl.Int64))
    )
    heaviest = found.unique("pair", keep="first", maintain_order=True).with_row_index("place")
    ends = pl.concat(heaviest.select("pair", "place", end=side) for side in ("a", "b"))
    own = (
        ends.with_columns(turn=pl.col("place").rank("ordinal").over("end"))
        .group_by("pair")
        .agg(late=pl.col("turn").min() > _OWN_PAIRS)
    )
    order = heaviest.select("pair", "place").join(own, on="pair").sort("late", "place").head(PAIRS_EXPLORED)
    return (
        found.join(order.select("pair").with_row_index("order"), on="pair", maintain_order="left")
        .sort("order", maintain_order=True)
        .drop("order")
    )


def _ties(evidence: pl.DataFrame, at: pl.DataFrame) -> pl.DataFrame:
    """Return (administrator, administered) where evidence names a member as what two others share."""
    named = evidence.filter(pl.col("object_kind") == "admin")
    both = pl.concat(named.select(key="object", asset=f"{side}_key") for side in ("source", "target"))
    return (
        both.unique()
        .join(at.rename({"at": "a"}), on="key")
        .join(at.rename({"at": "b", "key": "asset"}), on="asset")
        .sort("key", "asset")
        .select("a", "b")
    )


def _segments(points: Points, pairs: pl.DataFrame) -> str:
    rounded = np.rint(points).astype(int)
    return "".join(
        f"M{rounded[a, 0]} {rounded[a, 1]}L{rounded[b, 0]} {rounded[b, 1]}" for a, b in pairs.rows()
    )


def _member_columns(frame: pl.DataFrame) -> dict[str, list[Any]]:
    return {
        "key": frame["key"].to_list(),
        "name": [defang(shorten(name, _NAME)) for name in frame["name"].to_list()],
        "role": frame["role"].to_list(),
        "kind": frame["kind"].to_list(),
        "x": frame["x"].round(1).to_list(),
        "y": frame["y"].round(1).to_list(),
        "confidence": frame["confidence"].to_list(),
        "followers": frame["followers"].to_list(),
        "why": [defang(shorten(why, _WHY)) for why in frame["why"].to_list()],
    }


def _edge_columns(links: pl.DataFrame) -> dict[str, list[Any]]:
    days = ("first_at", "last_at")
    frame = links.with_columns(
        *(
            pl.col(name).dt.strftime("%Y-%m-%d") if name in links.columns else pl.lit(None).alias(name)
            for name in days
        ),
        *(pl.lit(None).alias(name) for name in ("expected", "q_value") if name not in links.columns),
    )
    return {
        "from": frame["a"].to_list(),
        "to": frame["b"].to_list(),
        "layer": frame["layer"].to_list(),
        "weight": frame["weight"].to_list(),
        "expected": [value and float(f"{value:.3g}") for value in frame["expected"].to_list()],
        "q": [value and float(f"{value:.2g}") for value in frame["q_value"].to_list()],
        "first": frame["first_at"].to_list(),
        "last": frame["last_at"].to_list(),
    }
