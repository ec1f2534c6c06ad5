"""What each signal may weigh: the numbers of `signals/weights.toml`, where each has its reason."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final


@dataclass(frozen=True)
class Weight:
    """What one signal may weigh.

    Attributes:
        kind: Kind of evidence: two signals of a kind are not independent.
        prior: Background rate assumed before any data is seen.
        cap: Most bits of the signal.
        per_asset: Most bits for each supporting asset.
        ceiling: Highest background rate that the data may set.
        floor: Lowest.
        relates: Whether it tells that members belong together, and beside what else does nothing more.
        why: The judgement behind the numbers.
    """

    kind: str
    prior: float
    cap: float
    per_asset: float
    why: str
    ceiling: float = 1 - 1e-6
    floor: float = 1e-6
    relates: bool = False


_READ: Final[dict[str, Any]] = tomllib.loads(
    files("analytics").joinpath("signals/weights.toml").read_text(encoding="utf-8")
)
#: By the signal's name.
WEIGHTS: Final = {name: Weight(**numbers) for name, numbers in _READ["signal"].items()}
#: Most bits of all signals of a kind together.
KIND_CAPS: Final[dict[str, float]] = _READ["kinds"]
#: Fewest bits of an operation that is exported, and of a piece that is joined with others.
ALERT_THRESHOLD: Final[float] = _READ["score"]["alert_threshold"]
SUSPICION: Final[float] = _READ["score"]["suspicion"]
#: Least price of having searched, in bits.
LEAST_SEARCH: Final[float] = _READ["score"]["least_search"]
#: Bits from which on a kind of evidence stands by itself; those from which on it begins to, beside what only
#: relates members; and most bits where only one kind does.
LEAST_OF_A_KIND: Final[float] = _READ["score"]["least_of_a_kind"]
SPEAKS_FROM: Final[float] = _READ["score"]["speaks_from"]
MOST_OF_ONE_KIND: Final[float] = _READ["score"]["most_of_one_kind"]
