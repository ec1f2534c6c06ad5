"""Who an operation consists of: personas, fronts and accounts elsewhere, as they present themselves."""

from __future__ import annotations

import numpy as np
import polars as pl

from ingest.simulate import clock, names, writing
from ingest.simulate.clock import DAY
from ingest.simulate.plan import Plan
from ingest.simulate.planted import Operation
from ingest.simulate.population import Population, make
from ingest.simulate.world import Assets, Strings, World
from ingest.simulate.writing import pictures


def cast(world: World, population: Population, plan: Plan) -> Operation:
    """Make the assets of an operation; what they do and leave behind is up to its preset."""
    rng = world.rng
    countries, weights = zip(*plan.claimed, strict=True)
    chosen = np.array([list(writing.TOPICS).index(topic) for topic in plan.topics])
    bursts = 2 + plan.accounts // 40

    def claimed(n: int) -> Strings:
        return np.array(countries)[rng.choice(len(countries), n, p=np.array(weights) / sum(weights))]

    def some(kind: str, n: int, share: float, platform: str = "facebook") -> Assets:
        since = clock.at(2013, 1) if kind == "page" else clock.at(2015, 1)
        created = clock.born_in_bursts(rng, n, bursts, since, clock.START - 30 * DAY, share)
        assets = make(world, kind, claimed(n), created, platform=platform)
        assets.topics = chosen[rng.integers(0, len(chosen), n)].astype(np.int64)
        assets.verified[:] = False
        if kind != "account":
            assets.names = names.titles(rng, writing.NAMES[assets.topics])
        return assets

    made = Operation(
        plan,
        some("account", plan.accounts, plan.burst),
        some("page", plan.pages, plan.burst * 7 / 12),
        some("group", plan.groups, plan.burst / 3),
        some("account", plan.instagram, plan.burst, "instagram"),
        some("account", plan.x, plan.burst, "x"),
        world.site(),
    )
    # Faces taken from strangers and used for several personas, for a part of them.
    few = pictures(world.numbers("thing", 1 + plan.accounts // 8)).to_list()
    faces = np.array(few + population.people.pictures[: len(few)].to_list(), dtype=object)
    copied = rng.random(plan.accounts) < plan.copied
    mine = np.array(made.personas.pictures.to_list(), dtype=object)
    mine[copied] = faces[rng.integers(0, len(faces), int(copied.sum()))]
    made.personas.pictures = pl.Series(mine.tolist(), dtype=pl.String)
    for assets, total in (
        (made.pages, plan.page_followers),
        (made.groups, plan.group_members),
        (made.instagram, plan.instagram_followers),
    ):
        if total is not None and len(assets):
            assets.followers = clock.split(rng, total, len(assets))
    return made
