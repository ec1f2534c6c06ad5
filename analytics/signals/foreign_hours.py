"""Members who sleep while the country that they declare is awake."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl
from babel.core import get_global

from analytics.signals.case import Case
from analytics.signals.trait import Trait, measure

#: Somebody with a night posts at most this share in its hours.
ASLEEP: Final = 0.04
#: The middle of a night, local time, and how far from it an ordinary one may be (hours).
MIDNIGHT: Final = 3.5
LATITUDE: Final = 4.5

TRAIT = Trait(
    name="foreign_hours",
    sentence="{k} of {n} members with a country and a night ({share}) sleep while that country is awake;"
    " elsewhere {background} do",
)


def foreign_hours(case: Case) -> pl.DataFrame:
    """Measure it; returns columns `MEASURED`."""
    home = case.population.assets.select("asset", "country").drop_nulls()
    nights = case.population.days.filter(pl.col("quiet") <= ASLEEP).join(home, on="asset")
    clocks = pl.DataFrame(
        [
            (country, ahead)
            for country in nights["country"].unique().sort()
            for ahead in sorted(_offsets(country))
        ],
        schema={"country": pl.String, "ahead": pl.Float64},
        orient="row",
    )
    # How many hours the middle of a night is from that of the nearest zone of the country.
    distance = (pl.col("asleep") + pl.col("ahead") - MIDNIGHT + 12) % 24 - 12
    nearest = nights.join(clocks, on="country", how="left").group_by("asset").agg(distance.abs().min())
    return measure(TRAIT, nearest.select("asset", has=pl.col("asleep") > LATITUDE).sort("asset"), case)


def _offsets(country: str) -> set[float]:
    """Return the hours that a country's clocks are ahead of UTC, in summer and in winter."""
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
    return found
