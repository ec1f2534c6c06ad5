"""Innocent crowds that look coordinated: fans, campaigners, staff, families."""

from __future__ import annotations

import numpy as np
import polars as pl

from ingest.simulate import clock, writing
from ingest.simulate.clock import DAY, END, HOUR, MINUTE, Ints
from ingest.simulate.innocents import Innocents
from ingest.simulate.rewording import reworded
from ingest.simulate.writing import blank, vary


def family(made: Innocents) -> None:
    """A family that shares a tablet and a phone and runs its shop's Page: too many to name."""
    world, rng, population = made.world, made.world.rng, made.population
    team = made.team(made.country(), 2, 5)
    page = int(rng.integers(0, len(population.pages)))
    created = np.full(len(team), population.pages.created[page])
    world.administer(team, "page", np.full(len(team), population.pages.ids[page]), created)
    home = np.repeat(world.numbers("thing", 1), len(team))
    for kind, share in (("device", 0.7), ("ip", 0.9), ("phone", 0.4)):
        world.identify(kind, "account", team, home, share)


def fan_club(made: Innocents, number: int) -> None:
    """Fans who repeat a star's hashtags and links in bursts, whenever there is something new."""
    world, rng, country = made.world, made.world.rng, made.country()
    fans = made.team(country, 25, 60)
    releases = 10
    start = clock.moments(rng, np.full(releases, country))
    release, fan = np.nonzero(rng.random((releases, len(fans))) < 0.4)
    at = np.minimum(start[release] + (rng.gamma(1.2, 40, len(fan)) * MINUTE).astype(np.int64), END - 1)
    clips = pl.Series([world.video() for _ in range(releases)])
    world.post(
        "account",
        fans[fan],
        at,
        writing.texts(rng, np.full(len(fan), 10), common=0.2),
        hashtags=pl.Series(world.tags(1).to_list() * len(fan)),
        urls=blank(clips.gather(release), rng.random(len(fan)) < 0.3),
    )
    world.name_lookalike(f"FANCLUB-{number:02d}", "fan club", "account", fans)


def day_of_action(made: Innocents, number: int) -> None:
    """Campaigners who paste the same text with the same hashtag on one evening."""
    world, rng = made.world, made.world.rng
    people = made.team(made.country(), 40, 90)
    start = int(rng.integers(clock.START + DAY, END - DAY))
    at = start + (rng.beta(2, 3, len(people)) * 1.5 * HOUR).astype(np.int64)
    text = writing.texts(rng, np.repeat(8, 2), common=0.0).gather(rng.integers(0, 2, len(people)))
    twice = np.concatenate([np.arange(len(people)), np.flatnonzero(rng.random(len(people)) < 0.4)])
    again = clock.delays(rng, len(twice) - len(people), 25)
    when = at[twice] + np.concatenate([np.zeros(len(people), np.int64), again])
    world.post(
        "account",
        people[twice],
        np.minimum(when, END - 1),
        vary(rng, text.gather(twice)),
        hashtags=pl.Series(world.tags(1).to_list() * len(twice)),
    )
    world.name_lookalike(f"CAMPAIGN-{number:02d}", "day of action", "account", people)


def template_letter(made: Innocents, number: int) -> None:
    """Campaigners who put a template in their own words, in three rounds of some days each."""
    world, rng = made.world, made.world.rng
    people = made.team(made.country(), 30, 90)
    rounds = 3
    start = rng.integers(clock.START, END - 6 * DAY, rounds)
    template = writing.texts(rng, np.full(rounds, int(rng.integers(0, len(writing.NAMES)))), common=0.0)
    which, writer = np.nonzero(rng.random((rounds, len(people))) < 0.6)
    at = start[which] + (rng.gamma(2.0, 18.0, len(which)) * HOUR).astype(np.int64)
    said = reworded(rng, template.gather(which), pl.Series(which))
    tag = pl.Series(world.tags(1).to_list() * len(which))
    world.post("account", people[writer], np.minimum(at, END - 1), said, hashtags=tag)
    world.name_lookalike(f"LETTER-{number:02d}", "template letter", "account", people)


def superfans(made: Innocents, number: int) -> None:
    """Followers who have a bell rung for every post of one Page, and like it within minutes."""
    people, pages = made.team(made.country(), 25, 90), made.population.pages
    star = pages.ids[made.world.rng.permutation(np.argsort(-pages.followers)[: max(1, len(pages) // 20)])[:1]]
    made.later.append(lambda: _like_at_once(made, people, star))
    made.world.name_lookalike(f"SUPERFANS-{number:02d}", "superfans", "account", people)


def _like_at_once(made: Innocents, people: Ints, star: Ints) -> None:
    world, rng = made.world, made.world.rng
    owner, posts, published = world.published()
    theirs = np.flatnonzero(np.isin(owner, star))
    keen = rng.beta(3, 4, len(people))
    post, fan = np.nonzero(rng.random((len(theirs), len(people))) < keen)
    at = published[theirs[post]] + clock.delays(rng, len(post), 8, 1.0)
    seen = at < END
    kind = np.array(["like", "love", "wow"], dtype=object)[rng.choice(3, len(post), p=[0.6, 0.35, 0.05])]
    world.data.add(
        "reactions",
        {
            "account_id": people[fan][seen],
            "target_kind": "post",
            "target_id": posts[theirs[post]][seen],
            "type": pl.Series(kind[seen].tolist(), dtype=pl.String),
            "at": at[seen],
        },
    )


def staff(made: Innocents, number: int) -> None:
    """Employees who pass on what their company publishes, from its office and within the hour."""
    world, rng, country = made.world, made.world.rng, made.country()
    people = made.team(country, 8, 20)
    desk = np.repeat(world.numbers("thing", 1), len(people))
    for kind, share in (("ip", 0.8), ("phone", 0.4), ("device", 0.2)):
        world.identify(kind, "account", people, desk, share)
    items, site = 20, world.site()
    start = clock.moments(rng, np.full(items, country), office=True)
    item, who = np.nonzero(rng.random((items, len(people))) < 0.3)
    at = np.minimum(start[item] + clock.delays(rng, len(item), 30, 1.0), END - 1)
    topics = np.full(len(item), int(rng.integers(0, len(writing.NAMES))))
    links = pl.Series([f"https://{site}/{n}" for n in (world.numbers("thing", items) % 1_000_000).tolist()])
    world.post("account", people[who], at, writing.texts(rng, topics, common=0.3), urls=links.gather(item))
    world.name_lookalike(f"STAFF-{number:02d}", "staff", "account", people)
