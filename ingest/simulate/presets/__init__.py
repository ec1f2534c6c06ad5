"""The presets: worlds by name, each with a function that plants its operations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from ingest.simulate.planted import Operation
from ingest.simulate.population import Population
from ingest.simulate.presets import adbuyers, careful, copypaste, hijacked, lockstep, takedown, twoplatforms
from ingest.simulate.world import World


@dataclass(frozen=True)
class Preset:
    """A world by name: what it is, and how to plant its operations."""

    title: str
    plant: Callable[[World, Population], list[Operation]]


def _nothing(_: World, __: Population) -> list[Operation]:
    return []


_INVENTED: Final = (lockstep, copypaste, hijacked, adbuyers, careful, twoplatforms)


def _mixed(world: World, population: Population) -> list[Operation]:
    return [made for module in _INVENTED for made in module.plant_all(world, population)]


PRESETS: Final[Mapping[str, Preset]] = {
    "takedown-2019": Preset(
        "Facebook's takedown of 1 April 2019: three operations and many spam rings",
        takedown.plant_all,
    ),
    "lockstep-farm": Preset("Farms that sell likes: lockstep, and no shared admins", lockstep.plant_all),
    "copy-paste": Preset("Networks that reword what they copy, hours apart", copypaste.plant_all),
    "hijacked-pages": Preset("Pages bought with their followers, renamed and repurposed", hijacked.plant_all),
    "ad-buyers": Preset("Pages that buy their audience and do not say who pays", adbuyers.plant_all),
    "careful": Preset("Slow operations that share one tag or host, and nothing else", careful.plant_all),
    "two-platforms": Preset("Operations on Facebook, Instagram and X", twoplatforms.plant_all),
    "mixed": Preset("The eighteen invented operations in one world", _mixed),
    "background": Preset("Ordinary assets and look-alikes only; nothing to find", _nothing),
}
