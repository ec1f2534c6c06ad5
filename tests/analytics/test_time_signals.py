"""Signals of time: who never sleeps, works in shifts, sleeps by another clock, or woke after years."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from analytics.signals.foreign_hours import foreign_hours
from analytics.signals.no_break import no_break
from analytics.signals.sleepers import sleepers
from analytics.signals.work_shifts import work_shifts
from tests.analytics.made_case import ACCOUNTS, START, case, only
from tests.analytics.test_coacting import acts, with_acts


def hours(*awake: int, posts: int = 120, weekend: float = 2 / 7) -> dict[str, Any]:
    """The activity of somebody who posts as often in each of these hours (UTC), and in no others."""
    each = [posts // len(awake) if hour in awake else 0 for hour in range(24)]
    return {"posts": posts, "hours": each, "weekend": round(sum(each) * weekend)}


DAY = hours(*range(7, 23))


def measured(signal: Any, members: dict[str, Any], country: str = "IN") -> dict[str, Any]:
    activity = {"": DAY, **dict.fromkeys(ACCOUNTS, members)}
    inside = {key: {"country": country} for key in ACCOUNTS}
    return only(signal(case(inside, outside={"country": "GB"}, activity=activity)))


def test_round_the_clock_is_no_persons_day() -> None:
    assert measured(no_break, hours(*range(24)))["value"] == 1.0
    assert measured(no_break, DAY)["bits"] == 0.0


def test_office_hours_without_weekends_are_a_job() -> None:
    assert measured(work_shifts, hours(*range(9, 17), weekend=0.0))["value"] == 1.0
    assert measured(work_shifts, hours(*range(9, 17)))["bits"] == 0.0


@pytest.mark.parametrize(("country", "foreign"), [("GB", 0.0), ("IN", 1.0), ("JP", 1.0), ("ES", 0.0)])
def test_who_sleeps_by_another_clock(country: str, foreign: float) -> None:
    # Asleep from 23 to 7 o'clock UTC: at night in western Europe, by day in India and Japan.
    row = measured(foreign_hours, DAY, country)
    assert row["value"] == foreign
    assert (row["bits"] > 0) == (foreign > 0)


def test_a_country_in_many_zones_has_many_nights() -> None:
    # Asleep from 10 to 18 o'clock UTC is night in Kamchatka, though not in Moscow.
    assert measured(foreign_hours, hours(*range(10), *range(18, 24)), "RU")["value"] == 0.0


def test_few_posts_tell_no_day() -> None:
    few = {"": hours(*range(10, 20), posts=40)}
    assert no_break(case({key: {} for key in ACCOUNTS}, activity=few)).is_empty()


def test_sleepers_lay_still_while_others_were_active() -> None:
    late, end = START + timedelta(days=700), START + timedelta(days=1000)
    activity: dict[str, Any] = {"": {"last_at": end}, **dict.fromkeys(ACCOUNTS[:3], {"first_at": late})}  # noqa: RUF024 - only read
    old = {"created_at": START}
    row = only(sleepers(case(dict.fromkeys(ACCOUNTS, old), activity=activity)))
    assert (row["known"], row["value"]) == (6, 0.5)
    assert row["bits"] > 0
    # Who posts five times in 600 days is silent for 400 by chance, but not who posts ten times.
    for posts, share in ((5, 0.0), (10, 0.5)):
        woke = {"first_at": START + timedelta(days=400), "posts": posts}
        row = only(
            sleepers(
                case(
                    dict.fromkeys(ACCOUNTS, old),
                    activity={"": {"last_at": end}, **dict.fromkeys(ACCOUNTS[:3], woke)},
                )
            )
        )
        assert row["value"] == share
    # Whoever is there from the record's first day may have been active before it.
    assert only(sleepers(case(dict.fromkeys(ACCOUNTS, old), activity={"": {"last_at": end}})))["bits"] == 0


def test_eight_posts_a_member_tell_the_hours_of_a_group() -> None:
    few = hours(*range(7, 23, 2), posts=8)
    assert measured(foreign_hours, few, "JP")["value"] == 1.0
    assert measured(foreign_hours, few, "GB")["value"] == 0.0
    # Of fewer posts, and of a country that no clock knows, nothing is said.
    for country, activity in (("JP", hours(*range(7, 22, 3), posts=5)), ("XX", few)):
        inside = {key: {"country": country} for key in ACCOUNTS}
        made = case(inside, outside={"country": "GB"}, activity=dict.fromkeys(ACCOUNTS, activity))
        assert foreign_hours(made).is_empty()


def test_a_wave_that_comes_at_night_is_nobodys_day() -> None:
    """Members post by day, and eight times together while it is night where they live."""
    at_night = hours(*range(7, 23), posts=16)
    at_night["hours"][2] = 8
    inside = {key: {"country": "GB"} for key in ACCOUNTS}
    ring = [(a, b, "co_url") for a in ACCOUNTS for b in ACCOUNTS if a < b]
    activity = {"": DAY, **dict.fromkeys(ACCOUNTS, at_night)}
    made = case(inside, outside={"country": "GB"}, activity=activity, edges=ring)
    assert only(foreign_hours(made))["value"] == 1.0
    wave = [(key, thing, 7200 + i) for thing in range(8) for i, key in enumerate(ACCOUNTS)]
    assert only(foreign_hours(with_acts(made, acts(wave))))["value"] == 0.0
