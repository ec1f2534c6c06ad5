"""Draws what the test against chance is worth, docs/images/calibration.svg: `python -m bench.calibration`.

Left, the p-values where there is nothing to find: times permuted within objects, so that activity, popularity
and spread over time stay as they are. Right, its power: the share of planted pairs that are found, by the
number of objects that they co-act on and how popular those are. `bench.tie_curves` draws the same of ties.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
import polars as pl
from scipy import stats

import analytics
from analytics.layers.statistics import Floats
from bench.calibration_ties import made_ties, rewired, tie_tests

ROOT: Final = Path(__file__).resolve().parents[1]
TARGET: Final = ROOT / "docs" / "images" / "calibration.svg"
_FDR: Final = 0.05
_COLOURS: Final = ("#1b6ca8", "#c8553d", "#588157", "#7b2d8b", "#b08900")
_LEVELS: Final = 10.0 ** -np.arange(0.5, 7.01, 0.25)
Points: TypeAlias = Sequence[tuple[float, float]]


def made(seed: int, assets: int = 400, objects: int = 300, actions: int = 4000) -> pl.DataFrame:
    """Return innocent actions: heavy-tailed actors and objects, each object in hours of its own, 17 days."""
    draw = np.random.default_rng(seed)
    which = np.minimum(draw.pareto(0.9, actions).astype(np.int64), objects - 1)
    start = draw.uniform(0, 1_500_000, objects)
    return pl.DataFrame(
        {
            "object": [f"o{o}" for o in which],
            "actor": [f"a{a}" for a in np.minimum(draw.pareto(0.5, actions), assets - 1).astype(np.int64)],
            "at": (start[which] + draw.lognormal(np.log(6 * 3600), 1.5, actions)).astype(np.int64),
            "post": [f"p{n}" for n in range(actions)],
        }
    )


def shuffled(actions: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Return the actions with their times permuted within each object."""
    order = pl.Series(np.random.default_rng(seed).random(actions.height))
    times = actions.with_columns(order=order).sort("object", "order")["at"]
    return actions.sort("object", maintain_order=True).with_columns(at=times)


def null_share(sets: Sequence[pl.DataFrame], window: int) -> tuple[Points, int]:
    """Return the share of testable pairs with p at most each level, and how many sets have an edge."""
    below, testable, with_edge = np.zeros(len(_LEVELS)), 0, 0
    for actions in sets:
        found = analytics.coordinate(actions, time_window=window, null="poisson")
        active = actions.group_by("actor").len().filter(pl.col("len") >= 2).height
        testable += active * (active - 1) // 2
        p = found["p_value"].to_numpy()
        below += [(p <= level).sum() for level in _LEVELS]
        with_edge += bool((found["q_value"] <= _FDR).any())
    return _points(below, testable), with_edge


def tie_null_share(runs: int, within: str) -> tuple[Points, int]:
    """Return what `null_share` does, of ties that are rewired by double-edge swaps."""
    below, testable, with_edge = np.zeros(len(_LEVELS)), 0, 0
    for seed in range(runs):
        found, able = tie_tests(rewired(made_ties(seed), seed, within=within), 1.0)
        testable += able
        below += [(found["p_value"].to_numpy() <= level).sum() for level in _LEVELS]
        with_edge += bool((found["q_value"] <= _FDR).any())
    return _points(below, testable), with_edge


def _points(below: Floats, testable: int) -> Points:
    seen = below > 0
    points = zip(-np.log10(_LEVELS[seen]), -np.log10(below[seen] / testable), strict=True)
    return [(float(x), float(y)) for x, y in points]


def power(popularity: int, most: int, pairs: int = 30) -> Points:
    """Return the share of planted pairs found, by the number of objects they co-act on within a minute.

    Each planted asset also acts 20 times alone, on objects of any popularity.
    """
    points = []
    for objects in range(1, most + 1):
        draw = np.random.default_rng([popularity, objects])
        rows: list[tuple[str, str, int, str]] = []
        for pair in range(pairs):
            for place in range(objects):
                name, start = f"x{popularity}-{pair}-{place}", int(draw.integers(0, 1_500_000))
                rows += [(name, f"planted{pair}-{side}", start + 20 * side, "") for side in (0, 1)]
                crowd = draw.integers(0, 400, popularity - 2)
                at = start + draw.lognormal(np.log(6 * 3600), 1.5, popularity - 2)
                rows += [(name, f"a{a}", int(t), "") for a, t in zip(crowd, at, strict=True)]
            rows += [
                (
                    f"o{int(draw.integers(0, 300))}",
                    f"planted{pair}-{side}",
                    int(draw.integers(0, 1_500_000)),
                    "",
                )
                for side in (0, 1)
                for _ in range(20)
            ]
        planted = pl.DataFrame(rows, schema=["object", "actor", "at", "post"], orient="row")
        actions = pl.concat([made(objects), planted]).with_columns(
            post=pl.int_range(pl.len()).cast(pl.String)
        )
        found = analytics.coordinate(actions, time_window=60, null="poisson").filter(
            (pl.col("q_value") <= _FDR)
            & (pl.col("source").str.head(-2) == pl.col("target").str.head(-2))
            & pl.col("source").str.starts_with("planted")
        )
        points.append((float(objects), found.height / pairs))
    return points


def main() -> None:
    """Measure, draw, and print the figures."""
    runs = 100
    null = {}
    for window in (60, 3600):
        points, with_edge = null_share([shuffled(made(seed), seed) for seed in range(runs)], window)
        null[f"made data, {window:,} s"] = points
        print(f"{window} s: an edge at q <= {_FDR} in {with_edge} of {runs} shuffled sets", end="; ")
        print(f"99% bound {int(stats.binom.ppf(0.99, runs, _FDR))}")
    for within in ("all", "kind"):
        points, with_edge = tie_null_share(2 * runs, within)
        if within == "all":
            null["rewired ties"] = points
        print(f"ties rewired ({within}): an edge in {with_edge} of {2 * runs} sets", end="; ")
        print(f"99% bound {int(stats.binom.ppf(0.99, 2 * runs, _FDR))}")
    data = Path(os.environ.get("CIB_SHARED_DATA") or ROOT.parent / "shared" / "data")
    shares = data / "coortweet" / "russian_coord_tweets.csv.gz"
    if shares.exists():
        names = {"object_id": "object", "account_id": "actor", "timestamp_share": "at", "content_id": "post"}
        real = pl.read_csv(shares).rename(names)
        points, with_edge = null_share([shuffled(real, seed) for seed in range(10)], 60)
        null["CooRTweet's shares, 60 s"] = points
        print(f"CooRTweet's shares: an edge in {with_edge} of 10 shuffled sets")
    else:
        print(f"{shares} is not there (set CIB_SHARED_DATA)", file=sys.stderr)
    curves = {f"{popularity:,} actors": power(popularity, 8) for popularity in (2, 10, 100, 400)}
    for name, points in curves.items():
        print(f"power, objects of {name}: {', '.join(f'{share:.2f}' for _, share in points)}")
    TARGET.write_text(drawn(null, curves), encoding="utf-8")


def drawn(
    null: Mapping[str, Points],
    curves: Mapping[str, Points],
    *,
    title: str = "Power at q of 0.05, window 60 s",
    x: str = "objects co-acted on",
    most_x: float = 8.0,
) -> str:
    """Return both pictures as SVG; `title` and axis are those of the right one."""
    share = "-log10 share of testable pairs with p or less"
    left = _plot(50, null, 7.0, 7.0, "-log10 p", share, diagonal=True)
    right = _plot(470, curves, most_x, 1.0, x, "share of planted pairs found", diagonal=False)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 860 420" font-family="sans-serif"'
        ' font-size="12">\n<rect width="860" height="420" fill="white"/>\n'
        f'<text x="50" y="24" font-size="14">Nothing to find: above the line is cautious</text>\n{left}'
        f'<text x="470" y="24" font-size="14">{title}</text>\n{right}</svg>\n'
    )


def _plot(
    left: int, lines: Mapping[str, Points], most_x: float, most_y: float, x: str, y: str, *, diagonal: bool
) -> str:
    size, top = 340, 40
    bottom, middle = top + size, top + size / 2

    def at(point: tuple[float, float]) -> tuple[float, float]:
        across, up = (min(value / most, 1.0) for value, most in zip(point, (most_x, most_y), strict=True))
        return left + size * across, top + size * (1 - up)

    def text(place: tuple[float, float], said: str, more: str = 'text-anchor="middle"') -> str:
        return f'<text x="{place[0]:.0f}" y="{place[1]:.0f}" {more}>{said}</text>'

    parts = [f'<path d="M{left},{top}v{size}h{size}" fill="none" stroke="#444"/>']
    parts += [text((at((step, 0))[0], bottom + 16), str(step)) for step in range(int(most_x) + 1)]
    marks = [most_y * step / 4 for step in range(5)]
    parts += [text((left - 8, at((0, mark))[1] + 4), f"{mark:g}", 'text-anchor="end"') for mark in marks]
    parts.append(text((left + size / 2, bottom + 34), x))
    parts.append(
        text((left - 34, middle), y, f'text-anchor="middle" transform="rotate(-90 {left - 34} {middle})"')
    )
    if diagonal:
        parts.append(f'<path d="M{left},{bottom}l{size},{-size}" stroke="#999" stroke-dasharray="4"/>')
    for place, (name, points) in enumerate(lines.items()):
        colour, places = _COLOURS[place], [at(point) for point in points]
        line = " ".join(f"{across:.1f},{down:.1f}" for across, down in places)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}"/>')
        parts += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="2.5" fill="{colour}"/>' for a, b in places]
        row = bottom - 12 - 16 * (len(lines) - 1 - place)
        parts.append(text((left + size - 5, row), name, f'fill="{colour}" text-anchor="end"'))
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    main()
