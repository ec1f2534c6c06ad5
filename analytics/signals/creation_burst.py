"""Accounts that were made within days of each other."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.signals.case import Case
from analytics.signals.trait import SHOWN
from analytics.weights import WEIGHTS

NAME: Final = "creation_burst"
WINDOW: Final = timedelta(days=14)
#: A class or a new office makes its accounts in one sitting of at most so long, which counts as one account.
SITTING: Final = timedelta(hours=2)
_DAY: Final = int(timedelta(days=1).total_seconds())
WEIGHT: Final = WEIGHTS[NAME]
#: Fewer of the members made in one fortnight count so much less: of a fan club a fifth come with its star.
COHORT: Final = 0.4


def creation_burst(case: Case) -> pl.DataFrame:
    """Measure the fullest fortnight of each community (a scan statistic; Naus 1965, Kulldorff 1997).

    The background is the share of all other accounts made in that same fortnight; the bits are corrected for
    having looked at every fortnight between the community's first account and its last. Who bears one name
    counts as one, and so do those made in one sitting, where more than the day is known.

    Returns:
        Columns `SHOWN`.
    """
    made = case.of_kind("account").select("asset", "created_at")
    known = made.drop_nulls().with_columns(at=pl.col("created_at").dt.epoch("s"))
    background = case.elsewhere(known)
    everyone = np.sort(background["at"].to_numpy())
    width = int(WINDOW.total_seconds())
    members = made.join(case.members.select("asset", "community"), on="asset")
    eligible = dict(members.group_by("community").len().iter_rows())
    rows = []
    for (community,), group in (
        known.with_columns(counts=pl.col("asset").is_in(background["asset"].implode()))
        .join(members, on="asset")
        .join(case.as_one, on=["asset", "community"])
        .sort("at", "asset")
        .group_by("community", maintain_order=True)
    ):
        times, own = group["at"].to_numpy(), group.filter("counts")["at"].to_numpy()
        names = group["as_one"].rank("dense").to_numpy()
        first, k, rate, bits, sittings = _fullest(times, names, own, everyone, width)
        together = (
            f", in {sittings} sitting{'s' * (sittings > 1)} of two hours at most" if sittings < k else ""
        )
        made_then = group["asset"][first : first + k].to_list()
        known_of = (eligible[community], times.size, k, rate, bits)
        rows.append((community, *known_of, int(times[first]), together, made_then))
    columns = ("community", "eligible", "known", "k", "background", "bits", "start", "together", "by")
    measured = pl.DataFrame(rows, schema=list(columns), orient="row", infer_schema_length=None)
    if measured.is_empty():
        return pl.DataFrame(schema=SHOWN)
    return (
        measured.with_columns(
            name=pl.lit(NAME),
            value=pl.col("k") / pl.col("known"),
            why=pl.format(
                "{} of {} accounts with a known date were made within 14 days from {}{}; of others {}% were",
                "k",
                "known",
                pl.from_epoch("start").dt.date(),
                "together",
                (pl.col("background") * 100).round(2),
            ),
        )
        .select(list(SHOWN))
        .cast(SHOWN)
        .sort("community")
    )


def _fullest(
    times: NDArray[np.int64],
    names: NDArray[np.uint32],
    own: NDArray[np.int64],
    everyone: NDArray[np.int64],
    width: int,
) -> tuple[int, int, float, float, int]:
    """Return place of its first account, k, background, bits and sittings of the fullest window.

    Windows begin with an account.

    Args:
        times: When the community's accounts were made, sorted (seconds).
        names: What each counts as, in that order.
        own: Those of them that are part of the background.
        everyone: The background, sorted.
        width: Of the window (seconds).
    """
    n = times.size
    counts = np.searchsorted(times, times + width, side="right") - np.arange(n)
    best = int(np.argmax(counts))
    k, start = int(counts[best]), int(times[best])
    sittings = _sittings(times[best : best + k])
    within = _between(everyone, start, width) - _between(own, start, width)
    p = float(np.clip((within + 1) / (everyone.size - own.size + 100), 1e-6, 1 - 1e-6))
    q = (k + p) / (n + 1)
    if q <= p:
        return best, k, p, 0.0, sittings
    ratio = k * np.log2(q / p) + (n - k) * np.log2((1 - q) / (1 - p))
    supporters = min(np.unique(names[best : best + k]).size, sittings)
    windows = 1 + (int(times[-1]) - int(times[0])) / width
    bits = max(
        0.0,
        min(
            float(ratio - np.log2(windows)),
            WEIGHT.cap * min(1.0, k / n / COHORT),
            (supporters - 1) * WEIGHT.per_asset,
        ),
    )
    return best, k, p, round(bits, 2), sittings


def _between(times: NDArray[np.int64], start: int, width: int) -> int:
    return int(
        np.searchsorted(times, start + width, side="right") - np.searchsorted(times, start, side="left")
    )


def _sittings(times: NDArray[np.int64]) -> int:
    """Return the fewest sittings in which all were made; of days alone, as many as there are times.

    Args:
        times: In order, at least one (seconds).
    """
    if not (times % _DAY).any():
        return times.size
    length = int(SITTING.total_seconds())
    found = end = 0
    while end < times.size:
        end = int(np.searchsorted(times, times[end] + length, side="right"))
        found += 1
    return found
