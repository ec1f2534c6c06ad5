"""A planted operation: what it consists of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingest.simulate.clock import Ints
from ingest.simulate.plan import Plan
from ingest.simulate.world import Assets


@dataclass
class Operation:
    """A planted operation: its assets, and the cell of each (its position modulo the number of cells)."""

    plan: Plan
    personas: Assets
    pages: Assets
    groups: Assets
    instagram: Assets

    def cell(self, assets: Assets) -> Ints:
        """Return the cell of each asset."""
        return np.arange(len(assets)) % self.plan.cells

    @property
    def operators(self) -> Ints:
        """Positions of the personas that administer; the others amplify."""
        return np.arange(len(self.personas))[
            : max(self.plan.core, self.plan.cells, len(self.personas) * 11 // 20)
        ]
