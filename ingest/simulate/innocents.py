"""What look-alikes are made of: teams of ordinary people, Pages of one owner, items that many carry."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from ingest.simulate import clock, names, writing
from ingest.simulate.clock import END, Ints
from ingest.simulate.population import Population, describe, make, ordinary_posts
from ingest.simulate.transparency import ordinary_history, show_admin_countries
from ingest.simulate.world import Assets, World
from ingest.simulate.writing import vary


class Innocents:
    """Look-alikes under construction.

    Attributes:
        world: Where.
        population: Whose people take part.
        pages: The Pages that were made for them.
        later: What they do with posts of other Pages, once there are any.
    """

    def __init__(self, world: World, population: Population) -> None:
        self.world, self.population = world, population
        self.pages: list[Assets] = []
        self.later: list[Callable[[], None]] = []

    def country(self) -> str:
        """Return a country in which most of the people are."""
        return str(clock.COUNTRIES[self.world.rng.choice(5, p=[0.45, 0.2, 0.1, 0.15, 0.1])])

    def team(self, country: str, low: int, high: int) -> Ints:
        """Return the ids of between `low` and `high` people of a country."""
        n = int(self.world.rng.integers(low, high))
        return self.population.people.ids[self.population.from_country(self.world.rng, country, n)]

    def make_pages(
        self,
        country: str,
        low: int,
        high: int,
        *,
        owner: str = "",
        owned: float = 0.8,
        verified: float = 0.03,
    ) -> Assets:
        """Return between `low` and `high` Pages of one name and owner, which a share of them declares."""
        rng = self.world.rng
        n = int(rng.integers(low, high))
        pages = make(self.world, "page", np.full(n, country), clock.born(rng, n))
        if owner:
            pages.names = owner + " " + pages.names
            pages.owners[rng.random(n) < owned] = owner
        pages.verified = rng.random(n) < verified
        return pages

    def staff(self, pages: Assets, team: Ints, country: str, per_page: int) -> None:
        """Let `per_page` of the team run each Page."""
        if not len(team):
            return
        few, world = min(per_page, len(team)), self.world
        page = np.repeat(np.arange(len(pages)), few)
        admin = np.concatenate([world.rng.permutation(team)[:few] for _ in range(len(pages))])
        world.administer(admin, "page", pages.ids[page], pages.created[page])
        show_admin_countries(world, pages.ids[page], np.full(len(page), country))

    def owners(self, pages: Assets, country: str) -> None:
        """Let each Page have an admin of its own."""
        mine = self.team(country, len(pages), len(pages) + 1)
        pages_of = pages.ids[: len(mine)]
        self.world.administer(mine, "page", pages_of, pages.created[: len(mine)])
        show_admin_countries(self.world, pages_of, np.full(len(mine), country))

    def syndicate(
        self, pages: Assets, items: int, share: float, minutes: float, exact: float, spread: float = 0.9
    ) -> None:
        """Let Pages carry the same items of one site.

        Args:
            pages: Who.
            items: How many.
            share: Of the Pages that carry an item.
            minutes: Median delay between them.
            exact: Share of copied texts that stay as they are; the others are edited.
            spread: Of the logarithm of the delay.
        """
        world, rng, site = self.world, self.world.rng, self.world.site()
        at = clock.moments(rng, np.full(items, str(pages.countries[0])), office=True)
        item, page = np.nonzero(rng.random((items, len(pages))) < share)
        topics = np.full(items, pages.topics[0])
        text = writing.texts(rng, topics, common=0.0).gather(item)
        text = text.zip_with(pl.Series(rng.random(len(item)) < exact), vary(rng, text))
        number = world.numbers("thing", items) % 1_000_000
        world.post(
            "page",
            pages.ids[page],
            np.minimum(at[item] + clock.delays(rng, len(item), minutes, spread), END - 1),
            text,
            hashtags=writing.hashtags(rng, topics).gather(item),
            urls=pl.Series([f"https://{site}/{n}" for n in number.tolist()]).gather(item),
        )

    def finish(self, pages: Assets, group: str, kind: str, team: Ints, mean: float) -> None:
        """Describe a group's Pages, let them post for themselves, and name the group."""
        describe(self.world, pages)
        ordinary_history(self.world, pages)
        ordinary_posts(self.world, pages, mean, office=True)
        self.world.name_lookalike(group, kind, "page", pages.ids)
        if len(team):
            self.world.name_lookalike(group, kind, "account", team)
        self.pages.append(pages)

    def brand(self) -> str:
        """Return the name of a business."""
        return names.brand(self.world.rng)
