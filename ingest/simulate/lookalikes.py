"""Innocent groups that look coordinated: newsrooms, franchises, agencies, fan clubs, campaigners, families.

Each takes ordinary people and makes its own Pages, and is named in the table `lookalikes`.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from ingest.simulate import clock, writing
from ingest.simulate.clock import DAY, END, HOUR, MINUTE, Ints
from ingest.simulate.money import CURRENCIES, Bill, advertise
from ingest.simulate.population import Population, describe, make, ordinary_posts, show_admin_countries
from ingest.simulate.world import Assets, World
from ingest.simulate.writing import blank, vary


def add_lookalikes(world: World, population: Population) -> list[Assets]:
    """Add every kind of look-alike in proportion to the population; return the Pages that they made."""
    size = len(population.people)
    pages: list[Assets] = []
    for kind, one_in in ((_newsroom, 1400), (_franchise, 1600), (_agency, 1400)):
        pages += [
            kind(world, population, number) for number in range(1, -(-size // one_in) + 1) if size >= 150
        ]
    for _ in range(size // 60):
        _family(world, population)
    for number in range(1, size // 1100 + 1):
        _fan_club(world, population, number)
        _day_of_action(world, population, number)
    return pages


def _country(world: World) -> str:
    return str(clock.COUNTRIES[world.rng.choice(5, p=[0.45, 0.2, 0.1, 0.15, 0.1])])


def _team(world: World, population: Population, country: str, n: int) -> Ints:
    return population.people.ids[population.from_country(world.rng, country, n)]


def _pages(world: World, country: str, n: int, name: str, topic: int | None, verified: float) -> Assets:
    """Return Pages of one declared owner."""
    pages = make(world, "page", np.full(n, country), clock.born(world.rng, n))
    if topic is not None:
        pages.topics[:] = topic
    if name:
        pages.names = name + " " + pages.names
        pages.owners[:] = name
    pages.verified = world.rng.random(n) < verified
    return pages


def _staff(world: World, pages: Assets, team: Ints, country: str, per_page: int) -> None:
    """Let `per_page` of the team run each Page."""
    if not len(team):
        return
    page = np.repeat(np.arange(len(pages)), min(per_page, len(team)))
    admin = np.concatenate(
        [world.rng.permutation(team)[: min(per_page, len(team))] for _ in range(len(pages))]
    )
    world.administer(admin, "page", pages.ids[page], pages.created[page])
    show_admin_countries(world, pages.ids[page], np.full(len(page), country))


def _syndicate(
    world: World, pages: Assets, items: int, share: float, minutes: float, site: str, exact: float
) -> None:
    """Let Pages carry the same items of their own site.

    Args:
        world: Where.
        pages: Who.
        items: How many.
        share: Of the Pages that carry an item.
        minutes: Median delay between them.
        site: Host of the links.
        exact: Share of copied texts that stay as they are; the others are edited.
    """
    rng = world.rng
    at = clock.moments(rng, np.full(items, str(pages.countries[0])), office=True)
    item, page = np.nonzero(rng.random((items, len(pages))) < share)
    topics = np.full(items, pages.topics[0])
    text = writing.texts(rng, topics, common=0.0).gather(item)
    text = text.zip_with(pl.Series(rng.random(len(item)) < exact), vary(rng, text))
    number = world.numbers("thing", items) % 10_000_000
    when = np.minimum(at[item] + clock.delays(rng, len(item), minutes, 0.9), END - 1)
    world.post(
        "page",
        pages.ids[page],
        when,
        text,
        hashtags=writing.hashtags(rng, topics).gather(item),
        urls=pl.Series([f"https://{site}/{n}" for n in number.tolist()]).gather(item),
    )


def _finish(world: World, pages: Assets, group: str, kind: str, team: Ints, mean: float) -> Assets:
    """Describe a group's Pages, let them post for themselves, and name the group."""
    describe(world, pages)
    ordinary_posts(world, pages, mean, office=True)
    world.name_lookalike(group, kind, "page", pages.ids)
    if len(team):
        world.name_lookalike(group, kind, "account", team)
    return pages


def _newsroom(world: World, population: Population, number: int) -> Assets:
    """A publisher with verified Pages that carry the same stories within minutes, declared its own."""
    rng, country = world.rng, _country(world)
    pages = _pages(world, country, int(rng.integers(6, 13)), f"Herald{number}", 8, 0.8)
    team = _team(world, population, country, int(rng.integers(6, 12)))
    _staff(world, pages, team, country, 4)
    tag = np.repeat(world.numbers("thing", 1), len(pages))
    for kind in ("domain", "analytics_tag", "website_host"):
        world.identify(kind, "page", pages.ids, tag, 0.9)
    world.identify("ip", "account", team, np.repeat(tag[:1], len(team)), 0.8)
    _syndicate(world, pages, 70, 0.6, 6, f"herald{number}.example", 0.8)
    return _finish(world, pages, f"NEWSROOM-{number:02d}", "newsroom", team, 12)


def _franchise(world: World, population: Population, number: int) -> Assets:
    """A chain: branches with one head office, payer and templates, and a local manager each."""
    rng, country = world.rng, _country(world)
    brand = f"Brand{number}"
    pages = _pages(world, country, int(rng.integers(15, 30)), brand, 2, 0.3)
    head = _team(world, population, country, 3)
    _staff(world, pages, head, country, 2)
    local = _team(world, population, country, len(pages))
    world.administer(local, "page", pages.ids[: len(local)], pages.created[: len(local)])
    tag = np.repeat(world.numbers("thing", 1), len(pages))
    for kind in ("payment", "analytics_tag", "domain"):
        world.identify(kind, "page", pages.ids, tag, 0.8)
    _syndicate(world, pages, 30, 0.7, 20, f"brand{number}.example", 0.9)
    page = np.repeat(np.arange(len(pages)), 2)
    n = len(page)
    started = np.maximum(pages.created[page], clock.at(2016, 1)) + rng.integers(0, 300, n) * DAY
    advertise(
        world,
        Bill(
            pages,
            page,
            rng.lognormal(4, 1, n),
            np.full(n, CURRENCIES[country], dtype=object),
            np.minimum(started, END - DAY),
            np.full(n, brand, dtype=object),
            np.full(n, country, dtype=object),
        ),
        f"brand{number}.example",
    )
    return _finish(world, pages, f"FRANCHISE-{number:02d}", "franchise", head, 4)


def _agency(world: World, population: Population, number: int) -> Assets:
    """An agency that runs the unrelated Pages of many clients, and schedules greetings for all of them."""
    rng, country = world.rng, _country(world)
    pages = _pages(world, country, int(rng.integers(10, 24)), "", None, 0.05)
    team = _team(world, population, country, int(rng.integers(4, 9)))
    _staff(world, pages, team, country, 3)
    clients = _team(world, population, country, len(pages))
    world.administer(clients, "page", pages.ids[: len(clients)], pages.created[: len(clients)])
    office = np.repeat(world.numbers("thing", 1), len(team))
    world.identify("ip", "account", team, office, 0.9)
    world.identify("device", "account", team, office, 0.4)
    world.identify("analytics_tag", "page", pages.ids, np.repeat(office[:1], len(pages)), 0.3)
    _syndicate(world, pages, 5, 0.6, 15, f"greetings{number}.example", 0.6)
    return _finish(world, pages, f"AGENCY-{number:02d}", "agency", team, 10)


def _family(world: World, population: Population) -> None:
    """A family that shares a tablet and a phone and runs its shop's Page: too many to name."""
    rng = world.rng
    team = _team(world, population, _country(world), int(rng.integers(2, 5)))
    page = int(rng.integers(0, len(population.pages)))
    created = np.full(len(team), population.pages.created[page])
    world.administer(team, "page", np.full(len(team), population.pages.ids[page]), created)
    home = np.repeat(world.numbers("thing", 1), len(team))
    for kind, share in (("device", 0.7), ("ip", 0.9), ("phone", 0.4)):
        world.identify(kind, "account", team, home, share)


def _fan_club(world: World, population: Population, number: int) -> None:
    """Fans who repeat a star's hashtags and links in bursts, whenever there is something new."""
    rng, country = world.rng, _country(world)
    fans = _team(world, population, country, int(rng.integers(25, 60)))
    releases = 10
    start = clock.moments(rng, np.full(releases, country))
    release, fan = np.nonzero(rng.random((releases, len(fans))) < 0.4)
    at = np.minimum(start[release] + (rng.gamma(1.2, 40, len(fan)) * MINUTE).astype(np.int64), END - 1)
    text = writing.texts(rng, np.full(len(fan), 10), common=0.2)
    clips = pl.Series([f"https://video.example/star{number}/{k}" for k in range(releases)])
    world.post(
        "account",
        fans[fan],
        at,
        text,
        hashtags=pl.Series([f"star{number}"] * len(fan)),
        urls=blank(clips.gather(release), rng.random(len(fan)) < 0.3),
    )
    world.name_lookalike(f"FANCLUB-{number:02d}", "fan club", "account", fans)


def _day_of_action(world: World, population: Population, number: int) -> None:
    """Campaigners who paste the same text with the same hashtag on one evening."""
    rng, country = world.rng, _country(world)
    crowd = _team(world, population, country, int(rng.integers(40, 90)))
    start = int(rng.integers(clock.START + DAY, END - DAY))
    at = start + (rng.beta(2, 3, len(crowd)) * 1.5 * HOUR).astype(np.int64)
    text = writing.texts(rng, np.repeat(8, 2), common=0.0).gather(rng.integers(0, 2, len(crowd)))
    twice = np.concatenate([np.arange(len(crowd)), np.flatnonzero(rng.random(len(crowd)) < 0.4)])
    when = at[twice] + np.concatenate(
        [np.zeros(len(crowd), np.int64), clock.delays(rng, len(twice) - len(crowd), 25)]
    )
    world.post(
        "account",
        crowd[twice],
        np.minimum(when, END - 1),
        vary(rng, text.gather(twice)),
        hashtags=pl.Series([f"marchfor{number}"] * len(twice)),
    )
    world.name_lookalike(f"CAMPAIGN-{number:02d}", "day of action", "account", crowd)
