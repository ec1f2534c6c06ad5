"""The presets: worlds by name, each a function from a random generator to the operations planted in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from ingest.simulate.plan import Plan
from ingest.simulate.presets import takedown


@dataclass(frozen=True)
class Preset:
    """A world by name: what it is, and the operations to plant."""

    title: str
    plans: Callable[[np.random.Generator], list[Plan]]


def _nothing(_: np.random.Generator) -> list[Plan]:
    return []


PRESETS: Final[Mapping[str, Preset]] = {
    "takedown-2019": Preset(
        "Facebook's takedown of 1 April 2019: three operations and many spam rings", takedown.plans
    ),
    "background": Preset("Ordinary assets and look-alikes only; nothing to find", _nothing),
}
