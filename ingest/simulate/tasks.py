"""Tasks: what an operation's headquarters or cells issue to be spread, and how it is carried out."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from ingest.simulate import clock, writing
from ingest.simulate.clock import END, Ints
from ingest.simulate.planted import Operation
from ingest.simulate.world import Assets, World
from ingest.simulate.writing import blank, pictures, vary

#: Fewest tasks that an asset carries out.
_FEWEST = 3


def spread_tasks(world: World, groups: Assets, made: Operation, since: int = clock.START) -> None:
    """Issue central tasks to all and local tasks to each cell; each asset carries a part of them out.

    Args:
        world: Where.
        groups: Ordinary Groups, into which personas post where the operation has too few of its own.
        made: The operation.
        since: When the first task may be issued.
    """
    rng, plan = world.rng, made.plan
    cell_of_task = np.concatenate([np.full(plan.central, -1), np.repeat(np.arange(plan.cells), plan.local)])
    n = len(cell_of_task)
    issued = _issue(world, n, plan.operator, since)
    topic = np.array([list(writing.TOPICS).index(name) for name in plan.topics])[
        rng.integers(0, len(plan.topics), n)
    ]
    text = writing.texts(rng, topic.astype(np.int64), common=0.0)
    link = blank(_links(world, made.site, issued), rng.random(n) >= 0.55)
    image = blank(pictures(world.numbers("thing", n)), rng.random(n) >= 0.45)
    tags = writing.hashtags(rng, topic.astype(np.int64), 0.6)
    # A third of the tags are the operation's own; the others are everybody's.
    own = world.tags(7).gather(pl.Series(np.arange(n) % 7))
    tags = tags.zip_with(pl.Series(rng.random(n) < 0.67), own)
    reach = np.concatenate([groups.ids[groups.countries == plan.claimed[0][0]][:40], made.groups.ids])

    for assets, keenness in (
        (made.pages, rng.beta(2, 5, len(made.pages))),
        (made.personas, rng.beta(1.2, 7, len(made.personas))),
        *((assets, rng.beta(1.5, 6, len(assets))) for assets in made.elsewhere),
    ):
        if not len(assets):
            continue
        doing = _who_does_what(rng, cell_of_task, made.cell(assets), keenness, assets.kind == "page")
        task, doer = np.nonzero(doing)
        at = np.minimum(issued[task] + clock.delays(rng, len(task), plan.minutes, 1.1), END - 1)
        columns: dict[str, Any] = {
            "urls": link.gather(task),
            "hashtags": tags.gather(task),
            "image_hashes": image.gather(task),
        }
        authors, said = assets.ids[doer], vary(rng, text.gather(task))
        if assets is made.personas and len(reach):
            into = blank(
                pl.Series(reach[rng.integers(0, len(reach), len(task))]), rng.random(len(task)) >= 0.4
            )
            kind = pl.Series(["group"] * len(task)).zip_with(
                into.is_not_null(), pl.Series([None] * len(task), dtype=pl.String)
            )
            columns |= {"surface_id": into, "surface_kind": kind}
        world.post(assets.kind, authors, at, said, platform=assets.platform, **columns)


def _issue(world: World, n: int, operator: str, since: int) -> Ints:
    """Return n moments of an office's working week, none before `since`."""
    issued = clock.moments(world.rng, np.full(n, operator), office=True)
    while (early := np.flatnonzero(issued < since)).size:
        issued[early] = clock.moments(world.rng, np.full(len(early), operator), office=True)
    return issued


def _who_does_what(
    rng: np.random.Generator, cell_of_task: Ints, cell: Ints, keenness: npt.NDArray[np.float64], page: bool
) -> npt.NDArray[np.bool_]:
    """Return tasks x assets: who carries out what, each at its own keenness and at least a few."""
    mine = (cell_of_task[:, None] == -1) | (cell_of_task[:, None] == cell)
    local = cell_of_task[:, None] == cell
    # A cell does most of what is its own, and some of what comes from above.
    doing: npt.NDArray[np.bool_] = mine & (
        rng.random(mine.shape) < keenness * np.where(local, 1.6, 0.5 if page else 0.35)
    )
    for asset in np.flatnonzero(doing.sum(axis=0) < _FEWEST):
        doing[rng.permutation(np.flatnonzero(mine[:, asset]))[:_FEWEST], asset] = True
    return doing


def _links(world: World, site: str, at: Ints) -> pl.Series:
    """Return a link for each task: half to the operation's own site, half to what the press has."""
    number = pl.Series(world.numbers("thing", len(at)) % 1_000_000).cast(pl.String)
    press = world.press.links(world.rng, at, 1.0)
    return (f"https://{site}/" + number).zip_with(pl.Series(world.rng.random(len(at)) < 0.5), press)
