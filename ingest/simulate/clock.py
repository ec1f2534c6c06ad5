"""When things happen: day and night by time zone, shifts, bursts, delays. Times are microseconds, UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

#: Countries of the population, with hours from UTC (winter time) and share of the people.
OFFSETS: Final = {
    "IN": 5.5,
    "PK": 5.0,
    "BD": 6.0,
    "US": -6.0,
    "GB": 0.0,
    "AE": 4.0,
    "ID": 7.0,
    "BR": -3.0,
    "NG": 1.0,
    "EG": 2.0,
    "DE": 1.0,
    "JP": 9.0,
}
COUNTRIES: Final = np.array(list(OFFSETS))
SHARES: Final = np.array([0.34, 0.16, 0.08, 0.10, 0.06, 0.04, 0.06, 0.05, 0.04, 0.03, 0.02, 0.02])

#: Relative activity of each local hour: people at leisure, and an office from nine to six.
_LEISURE: Final = np.array([3, 1.5, 0.8, 0.5, 0.5, 1, 2, 4, 5, 5, 5, 5, 6, 6, 5, 5, 5, 6, 7, 9, 10, 10, 8, 5])
_OFFICE: Final = np.array(
    [0.1, 0, 0, 0, 0, 0, 0.1, 0.3, 2, 9, 11, 11, 10, 6, 9, 11, 11, 9, 4, 1.5, 1, 0.8, 0.5, 0.2]
)


def at(year: int, month: int, day: int = 1) -> int:
    """Return midnight UTC of a day."""
    return int(datetime(year, month, day, tzinfo=UTC).timestamp()) * SECOND


START: Final = at(2018, 10)
END: Final = at(2019, 4)
_DAYS: Final = (END - START) // DAY


def moments(rng: np.random.Generator, countries: npt.NDArray[np.str_], *, office: bool = False) -> Ints:
    """Return a time in the period for each country: people's evenings, or an office's working week."""
    n = len(countries)
    weights = _OFFICE if office else _LEISURE
    day = rng.integers(0, _DAYS, n)
    if office:
        # 1 October 2018 was a Monday: most of a weekend's work moves to the days before it.
        weekend = (day % 7 >= 5) & (rng.random(n) < 0.8)
        day = np.where(weekend, day - rng.integers(2, 6, n), day)
    hour = rng.choice(24, n, p=weights / weights.sum())
    local = START + day * DAY + hour * HOUR + rng.integers(0, HOUR, n)
    return inside(local - hours_from_utc(countries))


def hours_from_utc(countries: npt.NDArray[np.str_]) -> Ints:
    """Return each country's offset, in microseconds."""
    offsets: Ints = np.zeros(len(countries), dtype=np.int64)
    for name, hours in OFFSETS.items():
        offsets[countries == name] = int(hours * HOUR)
    return offsets


def inside(times: Ints) -> Ints:
    """Fold times that leave the period by less than its length back into it."""
    return START + (times - START) % (END - START)


def delays(rng: np.random.Generator, n: int, minutes: float, spread: float = 1.0) -> Ints:
    """Return log-normal delays with this median."""
    return rng.lognormal(np.log(minutes * MINUTE), spread, n).astype(np.int64)


def born(rng: np.random.Generator, n: int) -> Ints:
    """Return creation times of ordinary assets: 2008 to 2018, more of them in the middle years."""
    return at(2008, 1) + (rng.beta(2.0, 2.0, n) * (START - at(2008, 1))).astype(np.int64)


def born_in_bursts(
    rng: np.random.Generator, n: int, bursts: int, since: int, until: int, share: float
) -> Ints:
    """Return creation times of which a share falls into bursts of about two days each."""
    centres = rng.integers(since, until, bursts)
    together = centres[rng.integers(0, bursts, n)] + (rng.normal(0, 1, n) * DAY).astype(np.int64)
    alone = rng.integers(since, until, n)
    return np.clip(np.where(rng.random(n) < share, together, alone), since, START - DAY)


def split(rng: np.random.Generator, total: int, n: int, tail: float = 1.2) -> Ints:
    """Split a total into n heavy-tailed integers that sum to it."""
    if n == 0:
        return np.zeros(0, dtype=np.int64)
    weights = rng.pareto(tail, n) + 0.05
    parts: Ints = np.floor(weights / weights.sum() * total).astype(np.int64)
    parts[: total - int(parts.sum())] += 1
    return parts
