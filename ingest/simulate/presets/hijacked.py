"""Pages that were bought with their followers, renamed and put to another use.

A bought Page has years of honest posts about something else, then some silence, a new name, new admins, and
posts of the operation. The new admins sit elsewhere than the Page says.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from ingest.simulate import clock
from ingest.simulate.audience import join
from ingest.simulate.casting import cast
from ingest.simulate.clock import DAY, END, START, Ints
from ingest.simulate.identifiers import identify_operation
from ingest.simulate.operation import administer, amplify
from ingest.simulate.plan import Plan
from ingest.simulate.planted import Operation
from ingest.simulate.population import Population, describe, make, ordinary_posts
from ingest.simulate.presets import scenes
from ingest.simulate.tasks import spread_tasks
from ingest.simulate.transparency import record_history
from ingest.simulate.world import Assets, World

SIZES: Final = (8, 20, 45)
#: Share of the Pages that got a new name; the others kept theirs.
_RENAMED: Final = 0.9
#: A bought Page has so many times the followers of an ordinary one.
_FOLLOWERS: Final = 8


def plant_all(world: World, population: Population) -> list[Operation]:
    """Plant three operations of different size."""
    return [_plant(world, population, number, size) for number, size in enumerate(SIZES, 1)]


def _plant(world: World, population: Population, number: int, size: int) -> Operation:
    plan = Plan(
        f"HIJACKED-{number}",
        *scenes.draw(world.rng),
        pages=size,
        accounts=max(4, size * 2 // 3),
        cells=1 + size // 15,
        core=2,
        central=40,
        local=15,
        minutes=60,
        burst=0.3,
        copied=0.2,
        shared=0.5,
    )
    made = cast(world, population, plan)
    before, taken = _buy(world, made.pages)
    back = taken + world.rng.integers(4 * DAY, 20 * DAY, size)
    for assets in (made.personas, made.pages):
        describe(world, assets)
        world.name_truth(plan.operation, assets)
    renamed = np.flatnonzero(before.names != made.pages.names)
    at = np.minimum(back, END - DAY)
    record_history(world, made.pages, before.names, before.created, renamed, at, merged=0.15)
    administer(world, made, taken)
    identify_operation(world, made)
    ordinary_posts(world, before, 22, until=taken)
    spread_tasks(world, population.groups, made, since=int(back.max()))
    ordinary_posts(world, made.pages, 22, office=True, since=back)
    ordinary_posts(world, made.personas, 5, office=True)
    amplify(world, made, back)
    join(world, made.personas, population.groups, 1.0, 0.5)
    return made


def _buy(world: World, pages: Assets) -> tuple[Assets, Ints]:
    """Give the Pages the age and followers of others; return what they were, and when each changed hands."""
    rng, n = world.rng, len(pages)
    countries = clock.COUNTRIES[rng.choice(len(clock.COUNTRIES), n, p=clock.SHARES)]
    before = replace(make(world, "page", countries, clock.born(rng, n)), ids=pages.ids)
    pages.created, pages.pictures = before.created, before.pictures
    pages.followers = before.followers * _FOLLOWERS
    kept = rng.random(n) >= _RENAMED
    pages.names[kept] = before.names[kept]
    first = START + 10 * DAY + int(rng.integers(0, 40 * DAY))
    return before, first + rng.integers(0, 30 * DAY, n)
