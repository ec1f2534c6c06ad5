"""Farms that sell likes: many accounts like what was ordered, at one time, and share no admin and no page.

What they do together is the method of Beutel et al., CopyCatch (WWW 2013): groups that like the same Pages at
the same times. Between orders they live like others, to hide among them; each telephone has one account.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from ingest.simulate import clock
from ingest.simulate.audience import follow, join, respond
from ingest.simulate.casting import cast
from ingest.simulate.clock import END, HOUR, MINUTE
from ingest.simulate.identifiers import identify_alone
from ingest.simulate.plan import Plan
from ingest.simulate.planted import Operation
from ingest.simulate.population import Population, describe, ordinary_posts
from ingest.simulate.presets import scenes
from ingest.simulate.world import World

SIZES: Final = (30, 80, 200)
#: Orders that a farm carries out, customers that place them, and the share of the farm that each takes.
_ORDERS: Final = 45
_CUSTOMERS: Final = 12
_SHARE: Final = 0.6


def plant_all(world: World, population: Population) -> list[Operation]:
    """Plant three farms of different size."""
    return [_plant(world, population, number, size) for number, size in enumerate(SIZES, 1)]


def _plant(world: World, population: Population, number: int, size: int) -> Operation:
    scene = scenes.draw(world.rng)
    plan = Plan(f"LOCKSTEP-{number}", *scene, pages=0, accounts=size, burst=0.7, copied=0.35)
    made = cast(world, population, plan)
    farm = made.personas
    describe(world, farm)
    world.name_truth(plan.operation, farm)
    _identify(world, made)
    ordinary_posts(world, farm, 5)
    join(world, farm, population.groups, 1.0, 0.5)
    made.later.append(lambda: _deliver(world, population, made))
    return made


def _identify(world: World, made: Operation) -> None:
    """Give each account a telephone of its own; the addresses are a few that the farm rents."""
    rng, n, ids = world.rng, len(made.personas), made.personas.ids
    pool = world.numbers("thing", max(2, n // 10))
    identify_alone(world, made.personas, ("device", "phone", "email"))
    for _ in range(2):
        world.identify("ip", "account", ids, pool[rng.integers(0, len(pool), n)], 0.4)


def _deliver(world: World, population: Population, made: Operation) -> None:
    """Like what was ordered, in lockstep; and, as cover, whatever ordinary people like."""
    rng, farm, pages = world.rng, made.personas, population.pages
    if not len(pages):
        return
    who, page = follow(world, farm, pages, 3.0)
    respond(world, who, page, reposts=0.2, reactions=1.6, replies=0.1, minutes=300)
    customers = pages.ids[rng.permutation(len(pages))[:_CUSTOMERS]]
    owner, posts, published = world.published()
    ordered = np.flatnonzero(np.isin(owner, customers) & (published < END - clock.DAY))
    ordered = rng.permutation(ordered)[:_ORDERS]
    start = published[ordered] + rng.integers(10 * MINUTE, 6 * HOUR, len(ordered))
    order, worker = np.nonzero(rng.random((len(ordered), len(farm))) < _SHARE)
    at = start[order] + (rng.gamma(2.0, 3.0, len(order)) * MINUTE).astype(np.int64)
    kind = np.array(["like", "love", "wow"], dtype=object)[rng.choice(3, len(order), p=[0.8, 0.15, 0.05])]
    world.data.add(
        "reactions",
        {
            "account_id": farm.ids[worker],
            "target_kind": "post",
            "target_id": posts[ordered[order]],
            "type": pl.Series(kind.tolist(), dtype=pl.String),
            "at": at,
        },
    )
