"""`created_together`: assets of one kind that were made in a burst.

Null model: assets are made independently, at the rate at which those of their kind on their platform are
made around it, the burst's own days left out, at that hour of the day. The rate is the highest of those of
several `_SEASONS`, so that a rush of the public is in it (as in MACS, Zhang et al. 2008). A window that
begins with an asset and has k assets in it, where r are expected, has p = P(X >= k - 1), X Poisson of rate r:
the first is given. A pair's p is that of the least likely window that holds both; two widths are looked at,
and p counts double for that. In a burst each asset is joined with the next few only.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import polars as pl

from analytics.layers.statistics import Floats, Integers, poisson_tail

_HOUR: Final = 3_600
_DAY: Final = 24 * _HOUR
#: Widths of bursts, in seconds, the end not included: dates without times are a day apart.
_WIDTHS: Final = (_HOUR, _DAY)
#: What is so long before and after a burst tells at what rate assets are made without it; what is next to it
#: may be of it.
_SEASONS: Final = (20 * _DAY, 60 * _DAY)
_NEAR: Final = 3 * _DAY
#: Assets after it in a burst with which each is joined.
_NEXT: Final = 3
#: Fewest in a burst: two or three are a family.
FEWEST: Final = 5
#: Pseudo-counts of the hours of the day: few births tell little of them.
_EVEN: Final = 5.0


def birth_pairs(assets: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, Any]]:
    """Return the pairs of assets that were made in one burst, and counts.

    Args:
        assets: `asset`, `platform`, `kind`, `created_at`, no nulls.

    Returns:
        `source`, `target`, `object_kind`, `object` (when the burst began), `p_value`, `source_at`,
        `target_at`, and counts for the record.
    """
    ordered = assets.sort("platform", "kind", "created_at", "asset")
    parts = [_pairs(group) for group in ordered.partition_by("platform", "kind", maintain_order=True)]
    pairs = pl.concat(parts) if parts else _pairs(ordered)
    return pairs.sort("source", "target"), {"seconds": list(_WIDTHS)}


def _pairs(born: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs of one kind of asset, in the order of their birth."""
    at = born["created_at"].dt.epoch("us").to_numpy() // 1_000_000
    hours = _hours(at)
    # The least likely window of each pair of an asset and the `step`-th after it.
    least = np.ones((_NEXT + 1, at.size))
    begun = np.tile(np.arange(at.size), (_NEXT + 1, 1))
    for width in _WIDTHS:
        chance, last = _windows(at, hours, width)
        for step in range(1, _NEXT + 1):
            _least_likely(least[step], begun[step], chance, last, step)
    found = [_found(born, least[step], begun[step], step) for step in range(1, _NEXT + 1)]
    return pl.concat(found)


def _hours(at: Integers) -> Floats:
    """Return how many times as many assets are made in each hour of the day as in the mean one."""
    counts = np.bincount(at % _DAY // _HOUR, minlength=24) + _EVEN
    share: Floats = counts / counts.mean()
    return share


def _windows(at: Integers, hours: Floats, width: int) -> tuple[Floats, Integers]:
    """Return p of the window that begins with each asset, and the place of the last asset in it."""
    place = np.arange(at.size)
    last = np.searchsorted(at, at + width, side="left") - 1

    def between(begin: Integers, end: Integers) -> Integers:
        return np.searchsorted(at, end, side="right") - np.searchsorted(at, begin, side="left")

    # Before the first and after the last no asset could be seen.
    begin, end = at[:1].sum(), at[-1:].sum()
    near = between(at - _NEAR, at + width + _NEAR)
    beside = np.minimum(at + width + _NEAR, end) - np.maximum(at - _NEAR, begin)
    rate = np.zeros(at.size)
    for season in _SEASONS:
        around = between(at - season, at + season) - near
        seen = np.minimum(at + season, end) - np.maximum(at - season, begin) - beside
        # One more than were seen: no rate is known to be nothing.
        rate = np.maximum(rate, (around + 1) / np.maximum(seen, 7 * _DAY))
    of_day = np.maximum(hours[at % _DAY // _HOUR], hours[(at + width) % _DAY // _HOUR])
    expected = rate * width * (of_day if width < _DAY else 1.0)
    followers = last - place
    chance = np.minimum(poisson_tail(followers, expected) * len(_WIDTHS), 1.0)
    chance[followers < FEWEST - 1] = 1.0
    return chance, last


def _least_likely(least: Floats, begun: Integers, chance: Floats, last: Integers, step: int) -> None:
    """Note, for each asset and the `step`-th after it, the least likely of the windows that hold both."""
    size = chance.size
    # A window that holds both begins at the first of them or before it; the few last ones are enough.
    for before in range(50):
        starts = np.arange(size - before)
        held = last[starts] >= starts + before + step
        better = held & (chance[starts] < least[before:])
        least[before:][better] = chance[starts][better]
        begun[before:][better] = starts[better]


def _found(born: pl.DataFrame, least: Floats, begun: Integers, step: int) -> pl.DataFrame:
    first = np.flatnonzero(least < 1.0)
    other = born[first + step].select(asset_b="asset", at_b="created_at")
    burst = born[begun[first]].select(object=pl.col("created_at").dt.strftime("%Y-%m-%dT%H:%M:%SZ"))
    pairs = pl.concat([born[first], other, burst], how="horizontal").with_columns(
        p_value=pl.Series(least[first])
    )
    ordered = pl.col("asset") < pl.col("asset_b")
    return pairs.select(
        source=pl.when(ordered).then("asset").otherwise("asset_b"),
        target=pl.when(ordered).then("asset_b").otherwise("asset"),
        object_kind=pl.lit("creation"),
        object="object",
        p_value="p_value",
        source_at=pl.when(ordered).then("created_at").otherwise("at_b"),
        target_at=pl.when(ordered).then("at_b").otherwise("created_at"),
    )
