"""The takedown of 1 April 2019, with its published figures.

Source: Nathaniel Gleicher, "Removing Coordinated Inauthentic Behavior and Spam From India and Pakistan",
Facebook Newsroom, 1 April 2019, with the follower figures as quoted by the press of the day. How cells, tasks
and infrastructure were organised was not published: that is this generator's assumption, not a claim about
anybody.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ingest.simulate.operation import plant
from ingest.simulate.plan import AdPlan, Plan
from ingest.simulate.planted import Operation
from ingest.simulate.population import Population
from ingest.simulate.world import World

SPAM_PAGES: Final = 227
SPAM_ACCOUNTS: Final = 94
#: An assumption: the takedown says that the spam was not one operation, and gives no number of rings.
SPAM_RINGS: Final = 20

OPERATIONS: Final = (
    Plan(
        operation="PK-ISPR",
        operator="PK",
        claimed=(("IN", 0.45), ("PK", 0.3), ("GB", 0.15), ("US", 0.1)),
        topics=("Army", "Politics", "Community", "Music"),
        pages=24,
        accounts=57,
        groups=7,
        instagram=15,
        page_followers=2_800_000,
        group_members=4_700,
        instagram_followers=1_050,
        cells=3,
        core=4,
        central=60,
        local=40,
        shared=1.0,
        ads=AdPlan(60, 1_100, (("USD", 0.4), ("PKR", 0.6)), (2015, 5), (2018, 12)),
    ),
    Plan(
        operation="IN-INC-IT-CELL",
        operator="IN",
        claimed=(("IN", 1.0),),
        topics=("Politics", "Community", "Education"),
        pages=138,
        accounts=549,
        page_followers=200_000,
        cells=23,
        core=14,
        central=120,
        local=30,
        minutes=45,
        shared=1.0,
        ads=AdPlan(400, 39_000, (("INR", 1.0),), (2014, 8), (2019, 3)),
    ),
    Plan(
        operation="IN-SILVER-TOUCH",
        operator="IN",
        claimed=(("IN", 1.0),),
        topics=("Politics",),
        pages=1,
        accounts=12,
        groups=1,
        instagram=1,
        page_followers=2_600_000,
        group_members=15_000,
        instagram_followers=30_000,
        core=2,
        central=40,
        local=40,
        shared=1.0,
        ads=AdPlan(150, 70_000, (("INR", 1.0),), (2014, 6), (2019, 2)),
    ),
)


def plans(rng: np.random.Generator) -> list[Plan]:
    """Return the three operations, and the spam as rings that share nothing with each other."""
    even = np.full(SPAM_RINGS, 1 / SPAM_RINGS)
    pages = 4 + rng.multinomial(SPAM_PAGES - 4 * SPAM_RINGS, even)
    accounts = 2 + rng.multinomial(SPAM_ACCOUNTS - 2 * SPAM_RINGS, even)
    topics = ("Cinema", "Cricket", "Health", "Fashion", "Technology", "Food", "Music", "Travel")
    rings = [
        Plan(
            operation=f"IN-SPAM-{ring + 1:02d}",
            operator="IN",
            claimed=(("IN", 0.85), ("US", 0.15)),
            topics=(topics[ring % 8], topics[(ring + 3) % 8]),
            pages=int(pages[ring]),
            accounts=int(accounts[ring]),
            central=25,
            local=25,
            minutes=20,
            shared=0.6,
        )
        for ring in range(SPAM_RINGS)
    ]
    return [*OPERATIONS, *rings]


def plant_all(world: World, population: Population) -> list[Operation]:
    """Plant them all."""
    return [plant(world, population, plan) for plan in plans(world.rng)]
