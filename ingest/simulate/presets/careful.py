"""Slow operations that share one trace of infrastructure, and nothing else that anybody records.

Every front has an admin of its own, who uses devices of his own from where he claims to be; nothing is
copied, nobody amplifies, nothing was made in bursts. But somebody hosts the sites of all fronts on one
machine, or counts their visitors with one tag.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ingest.simulate.audience import follow, join
from ingest.simulate.casting import cast
from ingest.simulate.identifiers import identify_alone
from ingest.simulate.plan import Plan
from ingest.simulate.planted import Operation
from ingest.simulate.population import Population, describe, ordinary_posts
from ingest.simulate.presets import scenes
from ingest.simulate.transparency import ordinary_history, show_admin_countries
from ingest.simulate.world import World

#: Fronts of each operation, and what its sites have in common.
CASES: Final = (
    (8, ("analytics_tag",)),
    (12, ("website_host",)),
    (20, ("analytics_tag", "website_host")),
)
#: Share of the fronts at which the trace is on record.
_SEEN: Final = 0.9


def plant_all(world: World, population: Population) -> list[Operation]:
    """Plant three operations: a tag, a host, both."""
    return [_plant(world, population, number, *case) for number, case in enumerate(CASES, 1)]


def _plant(
    world: World, population: Population, number: int, size: int, traces: tuple[str, ...]
) -> Operation:
    scene = scenes.draw(world.rng)
    plan = Plan(
        f"CAREFUL-{number}",
        *scene,
        pages=size,
        accounts=size,
        burst=0.0,
        copied=0.0,
        shared=0.0,
    )
    made = cast(world, population, plan)
    pages, personas = made.pages, made.personas
    personas.countries = pages.countries
    for assets in (personas, pages):
        describe(world, assets)
        world.name_truth(plan.operation, assets)
    ordinary_history(world, pages)
    world.administer(personas.ids, "page", pages.ids, np.maximum(personas.created, pages.created))
    show_admin_countries(world, pages.ids, personas.countries)
    identify_alone(world, personas)
    world.identify("domain", "page", pages.ids, world.numbers("thing", size), 0.3)
    for kind in traces:
        world.identify(kind, "page", pages.ids, np.repeat(world.numbers("thing", 1), size), _SEEN)
    ordinary_posts(world, pages, 22)
    ordinary_posts(world, personas, 11)
    join(world, personas, population.groups)
    follow(world, personas, population.pages)
    return made
