"""Operations that buy their audience: Pages with few followers and many ads, and next to nothing in common.

Ads name no payer or a front man, are paid in the operator's currency and lead to one site; a few texts serve
all. The Pages do not post together.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from ingest.simulate import clock, names, writing
from ingest.simulate.audience import follow, join
from ingest.simulate.casting import cast
from ingest.simulate.clock import DAY, END
from ingest.simulate.identifiers import identify_operation
from ingest.simulate.money import CURRENCIES, Bill, advertise
from ingest.simulate.operation import administer
from ingest.simulate.plan import Plan
from ingest.simulate.planted import Operation
from ingest.simulate.population import Population, describe, ordinary_posts
from ingest.simulate.presets import scenes
from ingest.simulate.transparency import ordinary_history
from ingest.simulate.world import World

SIZES: Final = (6, 14, 30)
_ADS_PER_PAGE: Final = 9
#: Shares of the ads that name no payer and a front man; the others name the Page.
_SILENT, _FRONT_MAN = 0.45, 0.4


def plant_all(world: World, population: Population) -> list[Operation]:
    """Plant three buyers of different size."""
    return [_plant(world, population, number, size) for number, size in enumerate(SIZES, 1)]


def _plant(world: World, population: Population, number: int, size: int) -> Operation:
    plan = Plan(
        f"ADBUYER-{number}",
        *scenes.draw(world.rng),
        pages=size,
        accounts=size,
        cells=1 + size // 10,
        core=1,
        burst=0.5,
        copied=0.2,
        shared=0.4,
    )
    made = cast(world, population, plan)
    _buy(world, made)
    for assets in (made.personas, made.pages):
        describe(world, assets)
        world.name_truth(plan.operation, assets)
    ordinary_history(world, made.pages, renamed=0.15)
    administer(world, made)
    identify_operation(world, made)
    ordinary_posts(world, made.pages, 10, office=True)
    ordinary_posts(world, made.personas, 5)
    join(world, made.personas, population.groups, 1.0, 0.5)
    follow(world, made.personas, population.pages, 3.0)
    return made


def _buy(world: World, made: Operation) -> None:
    """Advertise from every Page, in waves of a few weeks, with a few texts and front men for all."""
    rng, plan, pages = world.rng, made.plan, made.pages
    page = np.repeat(np.arange(len(pages)), 1 + rng.poisson(_ADS_PER_PAGE - 1, len(pages)))
    n = len(page)
    waves = rng.integers(clock.START, END - 40 * DAY, 3)
    started = waves[rng.integers(0, 3, n)] + rng.integers(0, 30 * DAY, n)
    home = CURRENCIES[plan.operator]
    currency = np.array([CURRENCIES[str(country)] for country in pages.countries[page]], dtype=object)
    currency[rng.random(n) < 0.8] = home
    men = names.people(rng, np.full(2 + len(pages) // 10, plan.operator))
    said = rng.random(n)
    payer = np.where(said < _SILENT + _FRONT_MAN, men[rng.integers(0, len(men), n)], pages.names[page])
    payer[said < _SILENT] = None
    few = writing.texts(rng, pages.topics[rng.integers(0, len(pages), 4 + len(pages) // 3)], common=0.0)
    advertise(
        world,
        Bill(
            pages,
            page,
            rng.lognormal(4.5, 1.0, n),
            currency,
            started,
            payer.astype(object),
            pages.countries[page].astype(object),
        ),
        made.site,
        few.gather(pl.Series(rng.integers(0, len(few), n))),
    )
