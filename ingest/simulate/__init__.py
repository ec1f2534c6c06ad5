"""Made datasets with known operations, for the demo, the tests and evaluation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

from cypher.errors import UsageError
from ingest.simulate.audience import befriend, follow, go_viral, join, respond
from ingest.simulate.dataset import FORMATS, write
from ingest.simulate.elsewhere import add_elsewhere
from ingest.simulate.identifiers import identify_people, identify_sites
from ingest.simulate.lookalikes import add_lookalikes
from ingest.simulate.money import ordinary_ads
from ingest.simulate.population import crowd, describe, make_population, ordinary_admins, ordinary_posts
from ingest.simulate.presets import PRESETS
from ingest.simulate.transparency import ordinary_history
from ingest.simulate.viewing import INSIDER, View, look
from ingest.simulate.world import World

__all__ = ["FORMATS", "PRESETS", "SimulationReport", "View", "build", "simulate"]

#: Posts and reactions of an ordinary asset, on average, as measured.
ACTIONS_PER_ASSET: Final = 20


@dataclass(frozen=True)
class SimulationReport:
    """What was made: rows by table, assets by planted operation, and the files."""

    preset: str
    seed: int
    rows: dict[str, int]
    operations: dict[str, int]
    files: tuple[Path, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the report for JSON."""
        return {**asdict(self), "files": [str(path) for path in self.files]}


def simulate(
    preset: str,
    *,
    background: int,
    seed: int,
    out_dir: Path,
    fmt: str = "csv",
    actions: int | None = None,
    view: View = INSIDER,
) -> SimulationReport:
    """Write a dataset with known operations; the same arguments give the same bytes.

    Args:
        preset: One of `PRESETS`.
        background: Ordinary accounts, Pages and Groups on Facebook; accounts elsewhere (ten in a hundred) and
            the Pages of look-alikes (about four) come on top.
        seed: All that is random comes from it.
        out_dir: Folder to write to; made where it is missing.
        fmt: One of `FORMATS`.
        actions: About how many posts and reactions there are; by default about 20 for each ordinary asset.
        view: What of the world is shown.

    Raises:
        UsageError: There is no such preset or format, or a number is negative.
    """
    if fmt not in FORMATS:
        raise UsageError(f"There is no format {fmt!r}", f"Choose one of {', '.join(FORMATS)}")
    tables = build(preset, background=background, seed=seed, actions=actions, view=view)
    files = write(tables, out_dir, fmt)
    truth = tables.get("truth", pl.DataFrame({"operation": []}, schema={"operation": pl.String}))
    sizes = truth.group_by("operation").len().sort("operation")
    return SimulationReport(
        preset,
        seed,
        {name: frame.height for name, frame in tables.items()},
        dict(sizes.iter_rows()),
        tuple(files),
    )


def build(
    preset: str, *, background: int, seed: int, actions: int | None = None, view: View = INSIDER
) -> dict[str, pl.DataFrame]:
    """Return the tables of a dataset: the canonical ones, `truth` and `lookalikes`.

    Arguments are those of `simulate`.

    Raises:
        UsageError: There is no such preset, or a number is negative.
    """
    if preset not in PRESETS:
        raise UsageError(f"There is no preset {preset!r}", f"Choose one of {', '.join(PRESETS)}")
    if background < 0 or seed < 0 or (actions is not None and actions < 0):
        raise UsageError(
            "Background, seed and actions must not be negative", "For example: --background 4000 --seed 1"
        )
    usual = max(1, background * ACTIONS_PER_ASSET)
    activity = 1.0 if actions is None else actions / usual
    world = World(seed, articles=max(500, background * 2), activity=activity)
    population = make_population(world, background)
    planted = PRESETS[preset].plant(world, population)
    people = population.people
    lookalikes = add_lookalikes(world, population)
    for assets in (people, population.pages, population.groups):
        describe(world, assets)
    ordinary_admins(world, population)
    ordinary_history(world, population.pages)
    ordinary_ads(world, population.pages)
    identify_people(world, people)
    identify_sites(world, population.pages)
    ordinary_posts(world, people, 11)
    ordinary_posts(world, population.pages, 22)
    join(world, people, population.groups)
    everybody = crowd([people, *(made.personas for made in planted)])
    befriend(world, everybody)
    go_viral(world, everybody)
    audiences: Sequence[tuple[Any, Any, float]] = [
        (people, population.pages, 4.0),
        *((people, pages, 0.8 / len(lookalikes.pages)) for pages in lookalikes.pages),
        *((people, made.pages, min(0.6, 0.02 * len(made.pages) + 0.02)) for made in planted),
        *((made.personas, population.pages, 3.0) for made in planted),
    ]
    pairs = [follow(world, who, pages, mean) for who, pages, mean in audiences]
    if background:
        who, page = (np.concatenate(side) for side in zip(*pairs, strict=True))
        respond(world, who, page, reposts=0.35, reactions=1.6, replies=0.2, minutes=300)
    for act in [*lookalikes.later, *(act for made in planted for act in made.later)]:
        act()
    add_elsewhere(world, population, background)
    return look(world.data.tables(), view, seed)
