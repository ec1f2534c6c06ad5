"""Ordinary people, Pages and Groups, and what they do on ordinary days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from ingest.simulate import clock, names, writing
from ingest.simulate.clock import Ints
from ingest.simulate.transparency import show_admin_countries
from ingest.simulate.world import Assets, Strings, World
from ingest.simulate.writing import blank, pictures


@dataclass(frozen=True)
class Population:
    """The background before anything is planted in it."""

    people: Assets
    pages: Assets
    groups: Assets

    def from_country(self, rng: np.random.Generator, country: str, n: int) -> Ints:
        """Return positions of up to n people of a country, each once."""
        here = np.flatnonzero(self.people.countries == country)
        return rng.permutation(here)[:n]


def make(world: World, kind: str, countries: Strings, created: Ints, *, platform: str = "facebook") -> Assets:
    """Return assets with ordinary names, topics, followers and pictures."""
    rng, n = world.rng, len(countries)
    topics = rng.choice(len(writing.NAMES), n, p=np.array([14, 14, 10, 8, 9, 8, 7, 7, 8, 3, 7, 5]) / 100)
    named = names.people(rng, countries) if kind == "account" else names.titles(rng, writing.NAMES[topics])
    scale = {"account": 4.5, "page": 6.5, "group": 5.5}[kind]
    number = world.numbers("thing", n)
    shared = rng.random(n) < 0.08
    number[shared] = world.stock[(rng.random(int(shared.sum())) ** 2 * 12).astype(np.int64)]
    return Assets(
        platform=platform,
        kind=kind,
        ids=world.numbers(kind if platform == "facebook" else platform, n),
        names=named,
        countries=countries,
        created=created,
        followers=np.floor(rng.lognormal(scale, 1.6, n)).astype(np.int64),
        topics=topics.astype(np.int64),
        verified=(rng.random(n) < 0.004) if kind == "account" else (rng.random(n) < 0.03),
        owners=np.full(n, None, dtype=object),
        pictures=pictures(number),
    )


def crowd(parts: Sequence[Assets]) -> Assets:
    """Return assets of one kind and platform as one."""
    first = parts[0]
    columns = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in ("ids", "names", "countries", "created", "followers", "topics", "verified", "owners")
    }
    return Assets(first.platform, first.kind, pictures=pl.concat([p.pictures for p in parts]), **columns)


def make_population(world: World, n: int) -> Population:
    """Return about n assets: five people in six, the rest Pages and Groups."""
    pages, groups = n * 12 // 100, n * 4 // 100

    def some(kind: str, count: int) -> Assets:
        countries = clock.COUNTRIES[world.rng.choice(len(clock.COUNTRIES), count, p=clock.SHARES)]
        return make(world, kind, countries, clock.born(world.rng, count))

    return Population(some("account", n - pages - groups), some("page", pages), some("group", groups))


def describe(world: World, assets: Assets) -> None:
    """Write the rows of the assets themselves, with the gaps that real data have."""
    rng, n = world.rng, len(assets)
    if n == 0:
        return

    def gaps(values: Any, share: float) -> pl.Series:
        series = values if isinstance(values, pl.Series) else pl.Series(values)
        return blank(series, rng.random(n) < share)

    name = pl.Series(assets.names.tolist(), dtype=pl.String)
    columns: dict[str, Any] = {
        "id": assets.ids,
        "name": gaps(name, 0.01),
        "created_at": gaps(assets.created, 0.1),
    }
    if assets.kind == "group":
        columns |= {
            "members": gaps(assets.followers, 0.0),
            "privacy": np.where(rng.random(n) < 0.7, "public", "closed"),
        }
        world.data.add("groups", columns)
        return
    columns |= {
        "handle": gaps(names.handles(rng, assets.names), 0.3),
        "country": gaps(assets.countries, 0.12),
        "followers": gaps(assets.followers, 0.0),
        "verified": assets.verified,
        "profile_image_hash": gaps(assets.pictures, 0.15),
    }
    about = gaps(writing.texts(rng, assets.topics), 0.6)
    hostile = pl.Series(names.HOSTILE).gather(rng.integers(0, len(names.HOSTILE), n))
    about = about.zip_with(pl.Series(rng.random(n) >= 0.003), hostile)
    if assets.kind == "account":
        world.data.add(
            "accounts",
            columns | {"bio": about, "language": gaps(_languages(assets.countries), 0.3)},
            platform=assets.platform,
        )
    else:
        owners = pl.Series(assets.owners.tolist(), dtype=pl.String)
        world.data.add(
            "pages",
            columns
            | {
                "about": about,
                "confirmed_owner": owners,
                "category": pl.Series(writing.NAMES[assets.topics].tolist(), dtype=pl.String),
            },
        )


def _languages(countries: Strings) -> Strings:
    spoken = {
        "IN": "hi",
        "PK": "ur",
        "BD": "bn",
        "AE": "ar",
        "ID": "id",
        "BR": "pt",
        "EG": "ar",
        "DE": "de",
        "JP": "ja",
    }
    return np.array([spoken.get(str(country), "en") for country in countries])


def ordinary_admins(world: World, population: Population) -> None:
    """Let each Page and Group be run by one to three people, mostly of its own country."""
    rng, people = world.rng, population.people
    if not len(people):
        return
    by_country = {str(c): np.flatnonzero(people.countries == c) for c in np.unique(people.countries)}
    for assets in (population.pages, population.groups):
        which = np.repeat(np.arange(len(assets)), rng.choice([1, 2, 3], len(assets), p=[0.6, 0.28, 0.12]))
        admin = rng.integers(0, len(people), len(which))
        for country, pool in by_country.items():
            here = (assets.countries[which] == country) & (rng.random(len(which)) < 0.93)
            admin[here] = pool[rng.integers(0, len(pool), int(here.sum()))]
        created = np.maximum(assets.created[which], people.created[admin])
        world.administer(people.ids[admin], assets.kind, assets.ids[which], created)
        if assets.kind == "page":
            show_admin_countries(world, assets.ids[which], people.countries[admin])


def ordinary_posts(
    world: World,
    assets: Assets,
    mean: float,
    *,
    spread: float = 1.3,
    office: bool = False,
    since: Ints | None = None,
    until: Ints | None = None,
) -> None:
    """Let assets post for themselves: heavy-tailed, each in the hours of its country.

    Args:
        world: Where.
        assets: Who.
        mean: Posts for an asset, on average, at usual activity.
        spread: Standard deviation of the logarithm of activity.
        office: Whether in working hours.
        since: When each begins; what would come before is left out, likewise after `until`.
        until: When each ends.
    """
    rng = world.rng
    mean *= world.activity
    rate = np.minimum(rng.lognormal(np.log(mean) - spread**2 / 2, spread, len(assets)), 60 * mean)
    who = np.repeat(np.arange(len(assets)), rng.poisson(rate))
    if not len(who):
        return
    at = clock.moments(rng, assets.countries[who], office=office)
    if assets.kind == "page":
        # Some Pages have their posts published by a clock, at the quarter hours.
        scheduled = (rng.random(len(assets)) < 0.25)[who]
        at[scheduled] -= at[scheduled] % (15 * clock.MINUTE)
    if since is not None or until is not None:
        inside = (at >= (clock.START if since is None else since[who])) & (
            at < (clock.END if until is None else until[who])
        )
        who, at = who[inside], at[inside]
    # Most write about what they care about.
    topics = np.where(
        rng.random(len(who)) < 0.7, assets.topics[who], rng.integers(0, len(writing.NAMES), len(who))
    )
    image = blank(pictures(world.numbers("thing", len(who))), rng.random(len(who)) >= 0.15)
    world.post(
        assets.kind,
        assets.ids[who],
        at,
        writing.texts(rng, topics),
        urls=world.press.links(rng, at, 0.2),
        hashtags=writing.hashtags(rng, topics),
        image_hashes=image,
        platform=assets.platform,
    )
