"""Innocent businesses that look coordinated: newsrooms, franchises, agencies, web studios, news feeds."""

from __future__ import annotations

import numpy as np

from ingest.simulate import clock
from ingest.simulate.clock import DAY, END
from ingest.simulate.innocents import Innocents
from ingest.simulate.money import CURRENCIES, Bill, advertise
from ingest.simulate.world import Assets


def newsroom(made: Innocents, number: int) -> None:
    """A publisher with mostly verified Pages that carry the same stories within minutes, declared its own."""
    world, rng, country = made.world, made.world.rng, made.country()
    pages = made.make_pages(country, 6, 13, owner=made.brand(), verified=float(rng.uniform(0.3, 0.95)))
    pages.topics[:] = 8
    team = made.team(country, 6, 12)
    made.staff(pages, team, country, 4)
    tag = np.repeat(world.numbers("thing", 1), len(pages))
    for kind in ("domain", "analytics_tag", "website_host"):
        world.identify(kind, "page", pages.ids, tag, 0.9)
    world.identify("ip", "account", team, np.repeat(tag[:1], len(team)), 0.8)
    made.syndicate(pages, 70, 0.6, 6, 0.8)
    made.finish(pages, f"NEWSROOM-{number:02d}", "newsroom", team, 12)


def franchise(made: Innocents, number: int) -> None:
    """A chain: branches with one head office, payer and templates, and a local manager each."""
    world, country, brand = made.world, made.country(), made.brand()
    pages = made.make_pages(country, 15, 30, owner=brand, verified=0.3)
    pages.topics[:] = 2
    head = made.team(country, 3, 4)
    made.staff(pages, head, country, 2)
    made.owners(pages, country)
    tag = np.repeat(world.numbers("thing", 1), len(pages))
    for kind in ("payment", "analytics_tag", "domain"):
        world.identify(kind, "page", pages.ids, tag, 0.8)
    made.syndicate(pages, 30, 0.7, 20, 0.9)
    _advertise(made, pages, np.arange(len(pages)), brand, world.site())
    made.finish(pages, f"FRANCHISE-{number:02d}", "franchise", head, 4)


def agency(made: Innocents, number: int) -> None:
    """An agency that runs, hosts and advertises the Pages of many clients, and greets for all of them."""
    world, rng, country = made.world, made.world.rng, made.country()
    pages = _clients(made, country, 10, 24)
    team = made.team(country, 4, 9)
    made.staff(pages, team, country, 3)
    made.owners(pages, country)
    office = np.repeat(world.numbers("thing", 1), len(team))
    world.identify("ip", "account", team, office, 0.9)
    world.identify("device", "account", team, office, 0.4)
    for kind, share in (("analytics_tag", 0.3), ("website_host", 0.5), ("payment", 0.5)):
        world.identify(kind, "page", pages.ids, np.repeat(office[:1], len(pages)), share)
    _advertise(made, pages, np.flatnonzero(rng.random(len(pages)) < 0.5), made.brand(), None)
    made.syndicate(pages, 5, 0.6, 15, 0.6)
    made.finish(pages, f"AGENCY-{number:02d}", "agency", team, 10)


def web_studio(made: Innocents, number: int) -> None:
    """A studio that made the sites of small businesses: one small host, often its tag, no admin in common."""
    world, country = made.world, made.country()
    pages = _clients(made, country, 6, 16)
    made.owners(pages, country)
    one = np.repeat(world.numbers("thing", 1), len(pages))
    world.identify("website_host", "page", pages.ids, one, 0.8)
    world.identify("analytics_tag", "page", pages.ids, one, 0.35)
    world.identify("domain", "page", pages.ids, world.numbers("thing", len(pages)), 0.6)
    made.finish(pages, f"STUDIO-{number:02d}", "web studio", np.zeros(0, dtype=np.int64), 12)


def feed(made: Innocents, number: int) -> None:
    """Unrelated Pages that let a machine publish every story of one site, seconds after it is out."""
    country = made.country()
    pages = _clients(made, country, 6, 16)
    made.owners(pages, country)
    made.syndicate(pages, 40, 0.8, 0.5, 1.0, 0.6)
    made.finish(pages, f"FEED-{number:02d}", "news feed", np.zeros(0, dtype=np.int64), 8)


def _clients(made: Innocents, country: str, low: int, high: int) -> Assets:
    """Return Pages that have nothing to do with each other; some declare their owners."""
    pages = made.make_pages(country, low, high)
    declared = made.world.rng.random(len(pages)) < 0.3
    pages.owners[declared] = [made.brand() for _ in range(int(declared.sum()))]
    return pages


def _advertise(made: Innocents, pages: Assets, which: clock.Ints, payer: str, site: str | None) -> None:
    """Let some of the Pages have ads that name one payer."""
    rng = made.world.rng
    page = np.repeat(which, 2)
    n, countries = len(page), pages.countries[page].astype(object)
    started = np.maximum(pages.created[page], clock.at(2016, 1)) + (rng.random(n) * 300 * DAY).astype(
        np.int64
    )
    bill = Bill(
        pages,
        page,
        rng.lognormal(4, 1, n),
        np.array([CURRENCIES[str(country)] for country in countries], dtype=object),
        np.minimum(started, END - DAY),
        np.full(n, payer, dtype=object),
        countries,
    )
    advertise(made.world, bill, site)
