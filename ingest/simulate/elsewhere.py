"""Ordinary accounts on Instagram and X: most belong to people, some to Pages, and say the same there."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from ingest.simulate import clock, writing
from ingest.simulate.clock import END, MINUTE, SECOND
from ingest.simulate.identifiers import identify_alone
from ingest.simulate.population import Population, describe, make, ordinary_posts
from ingest.simulate.world import Assets, World
from ingest.simulate.writing import blank, pictures

#: Accounts for each ordinary asset.
SHARES: Final = {"instagram": 0.06, "x": 0.04}
#: Of them: owned by a person who is on Facebook too, and by a Page.
_PEOPLE, _PAGES = 0.6, 0.2
#: Of those who are in two places: use the same picture, and say things in both.
_SAME_PICTURE, _CROSSPOST = 0.4, 0.4


def add_elsewhere(world: World, population: Population, background: int) -> None:
    """Add the accounts, what they say for themselves, and what they say in two places."""
    for platform, share in SHARES.items():
        n = int(background * share)
        countries = clock.COUNTRIES[world.rng.choice(len(clock.COUNTRIES), n, p=clock.SHARES)]
        accounts = make(world, "account", countries, clock.born(world.rng, n), platform=platform)
        people, pages = int(n * _PEOPLE), int(n * _PAGES)
        mine = np.arange(n)
        owned = [
            (population.people, mine[:people]),
            (population.pages, mine[people : people + pages]),
        ]
        pairs = [
            (owners, _own(world, accounts, owners, which), which) for owners, which in owned if len(owners)
        ]
        describe(world, accounts)
        identify_alone(world, accounts)
        ordinary_posts(world, accounts, 11)
        for owners, owner, which in pairs:
            if owners.kind == "account":
                _share_telephone(world, accounts, owners, owner, which)
            _say_twice(world, accounts, owners, owner, which)


def _own(world: World, accounts: Assets, owners: Assets, which: clock.Ints) -> clock.Ints:
    """Give accounts the name and country of an owner, often its picture; return the owners' positions."""
    rng = world.rng
    owner = rng.choice(len(owners), len(which), replace=len(which) > len(owners))
    accounts.names[which] = owners.names[owner]
    accounts.countries[which] = owners.countries[owner]
    accounts.topics[which] = owners.topics[owner]
    same = rng.random(len(which)) < _SAME_PICTURE
    accounts.pictures = accounts.pictures.scatter(which[same], owners.pictures.gather(owner[same]))
    return owner


def _share_telephone(
    world: World, accounts: Assets, people: Assets, owner: clock.Ints, which: clock.Ints
) -> None:
    number = world.numbers("thing", len(which))
    for kind, share in (("device", 0.8), ("phone", 0.5), ("email", 0.5), ("ip", 0.5)):
        known = world.rng.random(len(which)) < share
        for assets, of in ((accounts, which), (people, owner)):
            world.identify(
                kind, "account", assets.ids[of[known]], number[known], 0.85, platform=assets.platform
            )


def _say_twice(world: World, accounts: Assets, owners: Assets, owner: clock.Ints, which: clock.Ints) -> None:
    """Let some publish in both places: by a scheduler within seconds, or by hand within minutes."""
    rng = world.rng
    does = rng.random(len(which)) < _CROSSPOST
    rate = rng.lognormal(1.5, 0.8, int(does.sum()))
    times = rng.poisson(rate)
    owner, which = np.repeat(owner[does], times), np.repeat(which[does], times)
    n = len(which)
    if not n:
        return
    at = clock.moments(rng, owners.countries[owner], office=owners.kind == "page")
    topics = owners.topics[owner]
    text = writing.texts(rng, topics)
    columns: dict[str, Any] = {
        "urls": world.press.links(rng, at, 0.2),
        "hashtags": writing.hashtags(rng, topics),
        "image_hashes": blank(pictures(world.numbers("thing", n)), rng.random(n) >= 0.4),
    }
    by_hand = rng.random(n) < 0.4
    later = np.where(by_hand, clock.delays(rng, n, 4), rng.integers(0, 5 * SECOND, n))
    world.post(owners.kind, owners.ids[owner], at, text, **columns)
    world.post(
        "account",
        accounts.ids[which],
        np.minimum(at + np.minimum(later, 600 * MINUTE), END - 1),
        text,
        platform=accounts.platform,
        **columns,
    )
