"""Where an invented operation works, what it claims, and what it talks about: drawn anew for every seed."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from ingest.simulate import clock, writing

#: Share of the operations that claim another country than their own.
_ABROAD: Final = 0.7


class Scene(NamedTuple):
    """The fields of a `Plan` that say where and about what."""

    operator: str
    claimed: tuple[tuple[str, float], ...]
    topics: tuple[str, ...]


def draw(rng: np.random.Generator) -> Scene:
    """Return a scene: most operations claim to live in a country in which they do not."""
    operator, target, third = rng.choice(clock.COUNTRIES, 3, replace=False, p=clock.SHARES)
    home = target if rng.random() < _ABROAD else operator
    topics = rng.choice(writing.NAMES, 3, replace=False)
    return Scene(str(operator), ((str(home), 0.85), (str(third), 0.15)), tuple(map(str, topics)))
