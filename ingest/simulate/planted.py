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

    `later` is what it does with posts of ordinary Pages, once there are any.
    """

    plan: Plan
    personas: Assets
    pages: Assets
    groups: Assets
    instagram: Assets
    x: Assets | None = None
    later: list[Callable[[], None]] = field(default_factory=list)

    def cell(self, assets: Assets) -> Ints:
        """Return the cell of each asset."""
        return np.arange(len(assets)) % self.plan.cells

    @property
    def elsewhere(self) -> list[Assets]:
        """Its accounts on other platforms than Facebook."""
        return [self.instagram, *([self.x] if self.x else [])]

    @property
    def operators(self) -> Ints:
        """Positions of the personas that administer; the others amplify."""
        return np.arange(len(self.personas))[
            : max(self.plan.core, self.plan.cells, len(self.personas) * 11 // 20)
        ]
