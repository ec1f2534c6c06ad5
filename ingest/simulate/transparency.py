"""What Page Transparency shows: where admins sit, how Pages were called, which others they took up."""

from __future__ import annotations

import numpy as np
import polars as pl

from ingest.simulate import clock, names, writing
from ingest.simulate.clock import Ints
from ingest.simulate.world import Assets, Names, Strings, World

#: Share of the Pages whose admins' countries are shown, and of those whose creation is.
_COUNTRIES_SHOWN, _HISTORY_KNOWN = 0.75, 0.7


def show_admin_countries(world: World, pages: Ints, countries: Strings) -> None:
    """Show outsiders, for a share of the Pages, how many admins of each country they have."""
    counts = (
        pl.DataFrame({"page_id": pages, "country": countries})
        .group_by("page_id", "country")
        .len("count")
        .sort("page_id", "country")
    )
    shown = np.unique(pages)
    shown = shown[world.rng.random(len(shown)) < _COUNTRIES_SHOWN]
    world.data.add("page_admin_countries", counts.filter(pl.col("page_id").is_in(shown.tolist())).to_dict())


def ordinary_history(world: World, pages: Assets, renamed: float = 0.05) -> None:
    """Record the creation of most Pages, that a few were renamed, and that a few took up another Page."""
    rng, n = world.rng, len(pages)
    before = pages.names.copy()
    changed = rng.random(n) < renamed
    # Most new names are about the same thing.
    before[changed] = names.titles(rng, writing.NAMES[pages.topics])[changed]
    record_history(world, pages, before, pages.created, np.flatnonzero(changed), _later(world, pages))


def record_history(
    world: World, pages: Assets, before: Names, created: Ints, renamed: Ints, when: Ints, merged: float = 0.02
) -> None:
    """Record creations, renames and merges as Page Transparency tells them.

    Args:
        world: Where.
        pages: Which.
        before: Their first names.
        created: When they began.
        renamed: Positions of those that have another name now.
        when: When each was renamed, if it was.
        merged: Share of the Pages that took up another.
    """
    rng, n = world.rng, len(pages)
    other = names.titles(rng, writing.NAMES[rng.integers(0, len(writing.NAMES), n)])
    events = (
        ("created", np.flatnonzero(rng.random(n) < _HISTORY_KNOWN), created, before),
        ("renamed", renamed, when, pages.names),
        ("merged", np.flatnonzero(rng.random(n) < merged), _later(world, pages), other),
    )
    for event, rows, at, said in events:
        world.data.add(
            "page_history",
            {
                "page_id": pages.ids[rows],
                "event": event,
                "at": at[rows],
                "name": pl.Series(said[rows].tolist(), dtype=pl.String),
            },
        )


def _later(world: World, pages: Assets) -> Ints:
    """Return a time in the life of each Page."""
    return pages.created + (world.rng.random(len(pages)) * (clock.END - pages.created)).astype(np.int64)
