"""Operations on two or three platforms: one set of tasks for Facebook, Instagram, X; the same phones."""

from __future__ import annotations

from typing import Final

from ingest.simulate.operation import plant
from ingest.simulate.plan import Plan
from ingest.simulate.planted import Operation
from ingest.simulate.population import Population
from ingest.simulate.presets import scenes
from ingest.simulate.world import World

#: Pages, accounts on Facebook, on Instagram, on X.
SIZES: Final = ((5, 12, 20, 0), (8, 30, 0, 40), (12, 40, 25, 30))


def plant_all(world: World, population: Population) -> list[Operation]:
    """Plant three operations: with Instagram, with X, with both."""
    return [
        plant(
            world,
            population,
            Plan(
                f"PLATFORMS-{number}",
                *scenes.draw(world.rng),
                pages=pages,
                accounts=accounts,
                instagram=instagram,
                x=x,
                cells=1 + accounts // 20,
                core=2,
                shared=0.5,
                burst=0.4,
                copied=0.2,
            ),
        )
        for number, (pages, accounts, instagram, x) in enumerate(SIZES, 1)
    ]
