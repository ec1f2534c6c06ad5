"""Plants an operation: personas in cells that run fronts, carry out issued tasks and amplify each other.

What betrays it is behaviour; each trace is on a part of its assets only, but each carries out some tasks.
"""

from __future__ import annotations

import numpy as np

from ingest.simulate import clock, names
from ingest.simulate.audience import follow, join, respond
from ingest.simulate.casting import cast
from ingest.simulate.clock import DAY, END, Ints
from ingest.simulate.identifiers import identify_operation
from ingest.simulate.money import Bill, advertise
from ingest.simulate.plan import AdPlan, Plan
from ingest.simulate.planted import Operation
from ingest.simulate.population import Population, describe, ordinary_posts
from ingest.simulate.tasks import spread_tasks
from ingest.simulate.transparency import ordinary_history, show_admin_countries
from ingest.simulate.world import World


def plant(world: World, population: Population, plan: Plan) -> Operation:
    """Add an operation to the world and name its members in `truth`."""
    made = cast(world, population, plan)
    if plan.ads:
        _advertise(world, made, plan.ads)
    for assets in (made.personas, made.pages, made.groups, *made.elsewhere):
        describe(world, assets)
        world.name_truth(plan.operation, assets)
    ordinary_history(world, made.pages, renamed=0.25)
    administer(world, made)
    identify_operation(world, made)
    _fill_groups(world, population, made)
    spread_tasks(world, population.groups, made)
    ordinary_posts(world, made.personas, 5, office=True)
    ordinary_posts(world, made.pages, 9, office=True)
    for assets in made.elsewhere:
        ordinary_posts(world, assets, 6, office=True)
    amplify(world, made)
    join(world, made.personas, population.groups, 1.0, 0.5)
    return made


def _advertise(world: World, made: Operation, plan: AdPlan) -> None:
    rng, n = world.rng, plan.ads
    fronts = rng.permutation(len(made.pages))[: max(1, len(made.pages) * 3 // 10)]
    page = fronts[rng.integers(0, len(fronts), n)]
    weights = rng.lognormal(0, 1, n)
    first, last = clock.at(*plan.first), clock.at(*plan.last)
    started = np.sort(rng.integers(first, last + 27 * DAY, n))
    started[0], started[-1] = first + int(rng.integers(0, 27 * DAY)), last + int(rng.integers(0, 27 * DAY))
    np.minimum.at(made.pages.created, page, started - 20 * DAY)
    currencies, shares = zip(*plan.currencies, strict=True)
    currency = np.array(currencies, dtype=object)[
        rng.choice(len(currencies), n, p=np.array(shares) / sum(shares))
    ]
    currency[: len(currencies)] = currencies
    said = rng.random(n)
    front_men = names.people(rng, np.full(n, made.plan.operator))
    payer = made.pages.names[page]
    payer = np.where(said < 0.85, front_men, payer).astype(object)
    payer[said < 0.55] = None
    advertise(
        world,
        Bill(
            made.pages,
            page,
            weights / weights.sum() * plan.usd,
            currency,
            started,
            payer,
            made.pages.countries[page].astype(object),
        ),
        made.site,
    )


def administer(world: World, made: Operation, since: Ints | None = None) -> None:
    """Let operators run the fronts of their cell, and the core run fronts in several.

    Args:
        world: Where.
        made: The operation.
        since: When each Page was taken over, if it was.
    """
    rng, plan, operators = world.rng, made.plan, made.operators
    for assets in (made.pages, made.groups):
        pairs: list[tuple[int, int]] = []
        for cell in range(plan.cells):
            team = operators[operators % plan.cells == cell]
            fronts = np.flatnonzero(made.cell(assets) == cell)
            if not len(team) or not len(fronts):
                continue
            pairs += [(int(rng.choice(team)), int(front)) for front in fronts for _ in range(3)]
            if assets.kind == "page":
                pairs += [(int(admin), int(rng.choice(fronts))) for admin in team for _ in range(2)]
        for core in range(plan.core):
            pairs += [(core, int(front)) for front in rng.permutation(len(assets))[:5]]
        if not pairs:
            continue
        admin, front = np.array(sorted(set(pairs)), dtype=np.int64).T
        there = assets.created if since is None or assets.kind != "page" else since
        created = np.maximum(made.personas.created[admin], there[front])
        world.administer(made.personas.ids[admin], assets.kind, assets.ids[front], created)
        if assets.kind == "page":
            # A few sit where they claim to: an outsider does not see one country only.
            abroad = rng.random(len(admin)) < 0.07
            where = np.where(abroad, assets.countries[front], plan.operator)
            show_admin_countries(world, assets.ids[front], where)


def _fill_groups(world: World, population: Population, made: Operation) -> None:
    """Let personas and ordinary people be members of the operation's Groups."""
    rng = world.rng
    for position, group in enumerate(made.groups.ids):
        size = int(made.groups.followers[position])
        inside = made.personas.ids[rng.random(len(made.personas)) < 0.5]
        few = min(max(size - len(inside), 0), 40, len(population.people))
        outside = population.people.ids[rng.permutation(len(population.people))[:few]]
        member = np.concatenate([inside, outside])[: max(size, 1)]
        since = made.groups.created[position] + (rng.random(len(member)) * 200 * DAY).astype(np.int64)
        world.data.add(
            "members",
            {
                "account_id": member,
                "group_id": np.full(len(member), group),
                "since": np.minimum(since, END - DAY),
            },
        )


def amplify(world: World, made: Operation, since: Ints | None = None) -> None:
    """Let amplifiers (and, less, operators) repost and react to the fronts of their cell and a few others.

    Args:
        world: Where.
        made: The operation.
        since: For each Page, when it begins; from its beginning if not given.
    """
    rng, plan, personas = world.rng, made.plan, made.personas
    if not len(made.pages):
        return
    amplifier = np.ones(len(personas), dtype=bool)
    amplifier[made.operators] = False
    follower = np.repeat(np.arange(len(personas)), np.where(amplifier, 4, 1))
    own = np.minimum(
        made.cell(personas)[follower]
        + plan.cells * rng.integers(0, -(-len(made.pages) // plan.cells), len(follower)),
        len(made.pages) - 1,
    )
    page = np.where(rng.random(len(follower)) < 0.75, own, rng.integers(0, len(made.pages), len(follower)))
    respond(
        world,
        personas.ids[follower],
        made.pages.ids[page],
        reposts=1.8,
        reactions=2.2,
        replies=0.3,
        minutes=50,
        spread=1.2,
        since=None if since is None else since[page],
    )
    follow(world, personas, made.pages, 3.0)
