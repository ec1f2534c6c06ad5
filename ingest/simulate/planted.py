"""A planted operation: what it consists of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from ingest.simulate.clock import Ints
from ingest.simulate.plan import Plan
from ingest.simulate.world import Assets


@dataclass
class Operation:
    """A planted operation: its assets, and the cell of each (its position modulo the number of cells).

    `site` is the host of its own web site, `later` what it does with posts of ordinary Pages once they exist.
    """

    plan: Plan
    personas: Assets
    pages: Assets
    groups: Assets
    instagram: Assets
    x: Assets
    site: str
    later: list[Callable[[], None]] = field(default_factory=list)

    def cell(self, assets: Assets) -> Ints:
        """Return the cell of each asset."""
        return np.arange(len(assets)) % self.plan.cells

    @property
    def elsewhere(self) -> list[Assets]:
        """Its accounts on other platforms than Facebook."""
        return [self.instagram, self.x]

    @property
    def operators(self) -> Ints:
        """Positions of the personas that administer; the others amplify."""
        return np.arange(len(self.personas))[
            : max(self.plan.core, self.plan.cells, len(self.personas) * 11 // 20)
        ]
