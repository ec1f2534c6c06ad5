"""Networks that say the same in other words, hours apart: what a search for exact copies at one time misses.

Each member puts what it is told in its own words and waits its own time; no copy equals another, and no site
or picture is its own.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from ingest.simulate import clock, writing
from ingest.simulate.audience import follow, join
from ingest.simulate.casting import cast
from ingest.simulate.clock import END
from ingest.simulate.identifiers import identify_operation
from ingest.simulate.plan import Plan
from ingest.simulate.planted import Operation
from ingest.simulate.population import Population, describe, ordinary_posts
from ingest.simulate.presets import scenes
from ingest.simulate.rewording import reworded
from ingest.simulate.world import World

SIZES: Final = (20, 50, 120)
#: Messages that a network is told to spread, and the share of it that spreads each.
_TASKS: Final = 60
_SHARE: Final = 0.3
#: Median of the delay in minutes, and the spread of its logarithm.
_DELAY: Final = (240.0, 0.9)


def plant_all(world: World, population: Population) -> list[Operation]:
    """Plant three networks of different size."""
    return [_plant(world, population, number, size) for number, size in enumerate(SIZES, 1)]


def _plant(world: World, population: Population, number: int, size: int) -> Operation:
    plan = Plan(
        f"COPYPASTE-{number}",
        *scenes.draw(world.rng),
        pages=0,
        accounts=size,
        cells=max(1, size // 20),
        burst=0.4,
        copied=0.2,
        shared=0.5,
    )
    made = cast(world, population, plan)
    personas = made.personas
    describe(world, personas)
    world.name_truth(plan.operation, personas)
    identify_operation(world, made)
    _spread(world, population, made)
    ordinary_posts(world, personas, 8)
    join(world, personas, population.groups, 1.0, 0.5)
    follow(world, personas, population.pages, 3.0)
    return made


def _spread(world: World, population: Population, made: Operation) -> None:
    """Let each member carry out its part of the tasks: reworded, late, half of it in Groups."""
    rng, plan, personas = world.rng, made.plan, made.personas
    issued = clock.moments(rng, np.full(_TASKS, plan.operator), office=True)
    chosen = np.array([list(writing.TOPICS).index(topic) for topic in plan.topics])
    topic = chosen[rng.integers(0, len(chosen), _TASKS)]
    told = writing.texts(rng, topic, common=0.0)
    tags = writing.hashtags(rng, topic, 0.3)
    keen = _SHARE * rng.lognormal(0, 0.4, len(personas))
    task, doer = np.nonzero(rng.random((_TASKS, len(personas))) < keen)
    at = issued[task] + clock.delays(rng, len(task), *_DELAY)
    task, doer, at = (values[at < END] for values in (task, doer, at))
    groups = population.groups
    reach = groups.ids[groups.countries == plan.claimed[0][0]][:40]
    columns = {}
    if len(reach):
        own = rng.random(len(task)) < 0.5
        columns["surface_id"] = writing.blank(pl.Series(reach[rng.integers(0, len(reach), len(task))]), own)
        columns["surface_kind"] = writing.blank(pl.Series(["group"] * len(task)), own)
    world.post(
        "account",
        personas.ids[doer],
        at,
        reworded(rng, told.gather(task), pl.Series(task)),
        hashtags=tags.gather(task),
        **columns,  # type: ignore[arg-type]
    )
