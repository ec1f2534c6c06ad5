"""Members who are awake at the hours of another part of the world than the country that they declare."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
from babel.core import get_global

from analytics.coacting import MICROSECONDS
from analytics.signals.case import Case
from analytics.signals.trait import PRIOR_WEIGHT, Trait, measure

#: With fewer posts nothing can be said of somebody's hours.
FEWEST_POSTS: Final = 8
#: From so many bits on another part of the world fits somebody's hours better than home: it has some fifteen
#: zones to choose from.
BETTER: Final = 2.0
#: Another part of the world: so many hours from all of a country's clocks. Those who keep late hours live
#: nearer.
FAR: Final = 4.0
_HOUR: Final = 3600 * MICROSECONDS
#: What everybody may do at any hour.
ANYTIME: Final = 0.1
#: Posts in each hour of a day, local time, before any data is seen: six hours of sleep.
_PRIOR: Final = np.array([0.6, *[0.3] * 5, 0.6, *[1.25] * 16, 1.0])

TRAIT = Trait(
    name="foreign_hours",
    sentence="{k} of {n} members with a country ({share}) do what they do by themselves at hours that fit"
    " another part of the world better; elsewhere {background} do",
    # A third of a club may live abroad.
    minority=0.5,
)


def foreign_hours(case: Case) -> pl.DataFrame:
    """Measure it; returns columns `MEASURED`.

    Members are compared with the day that people have where they say that they live, and with the same day
    in every zone that is far from it (a likelihood ratio of two multinomials). What members do together does
    not count: a wave comes when it comes, be it the day's or the operator's.
    """
    who, hours = _alone(case)
    if who.is_empty():
        return measure(TRAIT, pl.DataFrame(schema={"asset": pl.String, "has": pl.Boolean}), case)
    countries = who["country"].unique().sort()
    lives_in = who["country"].cast(pl.Enum(countries)).to_physical().to_numpy()
    outside = case.elsewhere(who)["row"].to_numpy()
    day = _day(hours[outside], countries, lives_in[outside])
    fits = np.stack([hours @ np.log2(_at(day, ahead / 2)) for ahead in range(48)], axis=1)
    home, far = _choices(countries)
    better = np.where(far[lives_in], fits, -np.inf).max(axis=1)
    better -= np.where(home[lives_in], fits, -np.inf).max(axis=1)
    return measure(TRAIT, who.select("asset", has=pl.Series(better >= BETTER)), case)


def _alone(case: Case) -> tuple[pl.DataFrame, np.ndarray]:
    """Return who posts enough by himself, `asset`, `country`, `row`, and a row of posts in each hour (UTC).

    Only countries count whose clocks are known.
    """
    home = case.population.assets.select("asset", "country").drop_nulls()
    clocks = [country for country in home["country"].unique() if offsets(country)]
    who = (
        case.population.activity.filter(pl.col("hours").list.len() == 24)
        .select("asset", "hours")
        .join(home.filter(pl.col("country").is_in(clocks)), on="asset")
        .sort("asset")
        .with_row_index("row")
    )
    hours = who["hours"].list.to_array(24).to_numpy().astype(np.float64)
    joint = (
        case.together.filter(pl.col("kind") != "reaction")
        .select("asset", "post", "at", hour=pl.col("at") // _HOUR % 24)
        .unique()
        .join(who.select("asset", "row"), on="asset")
    )
    np.subtract.at(hours, (joint["row"].to_numpy(), joint["hour"].to_numpy()), 1.0)
    hours = hours.clip(0.0)
    enough = hours.sum(axis=1) >= FEWEST_POSTS
    kept = who.filter(pl.Series(enough, dtype=pl.Boolean)).select("asset", "country").with_row_index("row")
    return kept, hours[enough]


def _day(hours: np.ndarray, countries: pl.Series, lives_in: np.ndarray) -> np.ndarray:
    """Return the share of posts in each hour of the day, local time; everybody counts the same.

    Args:
        hours: Posts of each asset in each hour, UTC.
        countries: Their codes; those with clocks far apart are left out.
        lives_in: The place of each asset's country among them.
    """
    total = _PRIOR / _PRIOR.sum() * PRIOR_WEIGHT
    shares = hours / hours.sum(axis=1, keepdims=True)
    for number, country in enumerate(countries):
        clocks = offsets(country)
        if max(clocks) - min(clocks) <= 1:
            total = total + np.roll(shares[lives_in == number].sum(axis=0), round(min(clocks)))
    return np.asarray((1 - ANYTIME) * total / total.sum() + ANYTIME / 24)


def _at(day: np.ndarray, ahead: float) -> np.ndarray:
    """Return a local day as UTC has it where clocks are so many hours ahead."""
    whole, part = int(ahead // 1), ahead % 1
    return np.asarray((1 - part) * np.roll(day, -whole) + part * np.roll(day, -whole - 1))


def _choices(countries: pl.Series) -> tuple[np.ndarray, np.ndarray]:
    """Return of each country which half hours ahead of UTC (0 to 23.5) are home, and which are far away."""
    ahead = np.arange(48) / 2
    clocks = [np.array(sorted(offsets(country))) for country in countries]
    apart = np.stack([np.abs((ahead[:, None] - own[None, :] + 12) % 24 - 12).min(axis=1) for own in clocks])
    return apart < 0.5, (apart >= FAR) & (ahead % 1 == 0)


@cache
def offsets(country: str) -> frozenset[float]:
    """Return the hours that a country's clocks are ahead of UTC, in summer and in winter; none if unknown."""
    zones = [zone for zone, territory in get_global("zone_territories").items() if territory == country]
    found = set()
    for zone in zones:
        try:
            clock = ZoneInfo(zone)
        except (KeyError, ValueError):
            continue
        for month in (1, 7):
            ahead = datetime(2020, month, 1, tzinfo=clock).utcoffset() or timedelta()
            found.add(ahead.total_seconds() / 3600)
    return frozenset(found)
