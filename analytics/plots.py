"""Plots of one operation, with matplotlib (extra `notebooks`); no text from outside is in them."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl

from analytics.exports.networks import COLOURS, ROLES
from analytics.exports.networks import network as network_of
from analytics.exports.sums import sum_of
from analytics.exports.timelines import co_actions
from analytics.results import Results
from cypher.errors import UsageError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_KINDS: Final = {"account": "o", "page": "s", "group": "D"}
_BINS: Final = 60


def score(one: Results, axes: Axes | None = None) -> Axes:
    """Plot the bits of each signal, those for to the right, and their sum.

    Raises:
        UsageError: matplotlib is not installed.
    """
    total = sum_of(one.signals, one.operations["score"].item())
    lines = [line for line in total.lines if line.bits][::-1]
    drawn = axes if axes is not None else _pyplot().subplots(figsize=(7, 0.32 * len(lines) + 1))[1]
    bits = [float(line.bits) for line in lines]
    colours = [_colours()["accent" if value > 0 else "against"] for value in bits]
    bars = drawn.barh([line.signal.replace("_", " ") for line in lines], bits, color=colours)
    drawn.bar_label(bars, [f"{line.bits:+}" for line in lines], padding=3)
    drawn.axvline(0, color="black", linewidth=0.8)
    drawn.margins(x=0.15)
    drawn.set(xlabel="bits of evidence", title=f"{_name(one)}: {total.total} bits")
    drawn.spines[["top", "right"]].set_visible(False)
    return drawn


def timeline(one: Results) -> Figure:
    """Plot when members were created, when they acted together in each layer, and when ads started.

    Raises:
        UsageError: matplotlib is not installed, or nothing of the operation is dated.
    """
    colours, layers = _colours(), _of_layers(one)
    created = one.members["created_at"].drop_nulls()
    started = one.ads.select(pl.coalesce("started_at", "created_at")).to_series().drop_nulls()
    acted = co_actions(one.evidence).group_by("layer", maintain_order=True)
    all_rows = [
        ("members created", created, colours["created"]),
        *(
            (f"co-actions: {layer}".replace("_", " "), part["at"], layers.get(str(layer), colours["l7"]))
            for (layer,), part in acted
        ),
        ("ads started", started, colours["ads"]),
    ]
    rows = [row for row in all_rows if row[1].len()]
    if not rows:
        raise UsageError(f"nothing of {_name(one)} is dated", "There is no timeline to draw.")
    figure, all_axes = _pyplot().subplots(
        len(rows), figsize=(8, 1.1 * len(rows) + 0.6), sharex=True, squeeze=False, layout="constrained"
    )
    times = pl.concat(known.rename("at") for _, known, _ in rows).dt.replace_time_zone(None).to_numpy()
    bins = np.linspace(times.min().astype(np.int64), times.max().astype(np.int64) + 1, _BINS + 1)
    edges = bins.astype(np.int64).astype("datetime64[us]")
    for drawn, (name, known, colour) in zip(all_axes[:, 0], rows, strict=True):
        counts, _ = np.histogram(known.dt.timestamp("us").to_numpy(), bins)
        drawn.stairs(counts, edges, fill=True, color=colour)
        drawn.set_title(f"{name}: {known.len():,}", loc="left", fontsize="small")
        drawn.spines[["top", "right"]].set_visible(False)
    figure.suptitle(f"{_name(one)} over time", fontsize="medium")
    return figure  # type: ignore[no-any-return]


def network(one: Results, axes: Axes | None = None) -> Axes:
    """Plot members, joined where they act together; they lie where the report has them.

    Raises:
        UsageError: matplotlib is not installed.
    """
    layers = _of_layers(one)
    data = network_of(one.members, one.edges, one.evidence, list(layers)).data
    drawn = axes if axes is not None else _pyplot().subplots(figsize=(7, 7), layout="constrained")[1]
    from matplotlib.collections import LineCollection

    members, edges = data["members"], data["edges"]
    points = np.column_stack([members["x"], members["y"]]) if members["x"] else np.zeros((0, 2))
    ties = np.array(data["ties"], dtype=np.int64).reshape(-1, 2)
    drawn.add_collection(LineCollection(list(points[ties]), colors="#9aa3ad", linewidths=0.5, zorder=1))
    joined = np.array([edges["from"], edges["to"]], dtype=np.int64).T.reshape(-1, 2)
    of_layer = np.array(edges["layer"], dtype=np.int64)
    for number, (layer, colour) in enumerate(layers.items()):
        lines = LineCollection(
            list(points[joined[of_layer == number]]),
            colors=colour,
            linewidths=0.9,
            label=layer.replace("_", " "),
            zorder=2,
        )
        drawn.add_collection(lines)
    role, kind = np.array(members["role"]), np.array(members["kind"])
    for each in ROLES:
        for shape, marker in _KINDS.items():
            chosen = points[(role == each) & (kind == shape)]
            if len(chosen):
                label = f"{each} ({shape}), {len(chosen):,}"
                drawn.scatter(
                    chosen[:, 0],
                    chosen[:, 1],
                    s=3 * data["dot"],
                    c=_colours()[each],
                    marker=marker,
                    label=label,
                    zorder=3,
                )
    drawn.set(title=f"{_name(one)}: who coordinates with whom", aspect="equal")
    drawn.invert_yaxis()
    drawn.autoscale_view()
    drawn.axis("off")
    drawn.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False, fontsize="small")
    return drawn


@cache
def _colours() -> dict[str, str]:
    """Return the colours that the report has in the light, by the names that they have there."""
    css = files("analytics.exports").joinpath("templates/report.css").read_text(encoding="utf-8")
    return dict(re.findall(r"--([\w-]+): light-dark\((#\w+),", css))


def _of_layers(one: Results) -> dict[str, str]:
    """Return the colours of an operation's layers, in the order in which the report numbers them."""
    layers = one.edges["layer"].value_counts().sort("count", "layer", descending=[True, False])["layer"]
    return {layer: _colours()[f"l{number % COLOURS}"] for number, layer in enumerate(layers)}


def _name(one: Results) -> str:
    return str(one.operations["operation_id"].item())


def _pyplot() -> Any:
    try:
        from matplotlib import pyplot
    except ImportError as error:
        raise UsageError(
            "plots need matplotlib, which is not installed", 'Install it: pip install "cibgraph[notebooks]"'
        ) from error
    return pyplot
