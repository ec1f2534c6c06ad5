"""Innocent groups that look coordinated: how they are made, named, and in what proportion.

Each takes ordinary people, or makes its own Pages, and is named in the table `lookalikes`. What each does is
in `businesses.py` and `crowds.py`.
"""

from __future__ import annotations

from ingest.simulate import businesses, crowds
from ingest.simulate.innocents import Innocents
from ingest.simulate.population import Population
from ingest.simulate.world import World

#: Kinds, and one of each to so many people; with few people, at least one of those that make Pages.
_BUSINESSES = (
    (businesses.newsroom, 1400),
    (businesses.franchise, 1600),
    (businesses.agency, 1400),
    (businesses.web_studio, 2000),
    (businesses.feed, 2500),
)
_CROWDS = (
    (crowds.fan_club, 1100),
    (crowds.day_of_action, 1100),
    (crowds.template_letter, 2500),
    (crowds.superfans, 2500),
    (crowds.staff, 1500),
)
_FEWEST = 150


def add_lookalikes(world: World, population: Population) -> Innocents:
    """Add every kind of look-alike in proportion to the population."""
    size = len(population.people)
    made = Innocents(world, population)
    for business, one_in in _BUSINESSES:
        for number in range(1, -(-size // one_in) + 1):
            if size >= _FEWEST:
                business(made, number)
    for _ in range(size // 60):
        crowds.family(made)
    for crowd, one_in in _CROWDS:
        for number in range(1, size // one_in + 1):
            crowd(made, number)
    return made
