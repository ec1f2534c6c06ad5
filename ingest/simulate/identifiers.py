"""Identifiers: who has which, and how people come to share them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import numpy as np

from ingest.simulate.planted import Operation
from ingest.simulate.world import Assets, World

#: Share of the accounts for which an identifier of their own is on record: the same for everybody.
_KNOWN: Final = {"device": 0.9, "phone": 0.45, "email": 0.4, "ip": 0.6}


def identify_alone(world: World, accounts: Assets, kinds: Collection[str] = tuple(_KNOWN)) -> None:
    """Give accounts identifiers that nobody else has."""
    for kind in kinds:
        number = world.numbers("thing", len(accounts))
        world.identify(kind, "account", accounts.ids, number, _KNOWN[kind], platform=accounts.platform)


def identify_people(world: World, people: Assets) -> None:
    """Give ordinary people their own identifiers, and the shared ones of homes, offices and carriers."""
    rng, n = world.rng, len(people)
    identify_alone(world, people)
    # Carriers put hundreds behind one address.
    carriers = world.numbers("thing", max(2, n // 1500))
    behind = rng.random(n) < 0.15
    world.identify(
        "ip", "account", people.ids[behind], carriers[rng.integers(0, len(carriers), int(behind.sum()))], 1.0
    )
    # Homes of two to five: an address, often a tablet, sometimes a phone number.
    home = world.numbers("thing", max(1, n // 12))[rng.integers(0, max(1, n // 12), n)]
    at_home = rng.random(n) < 0.3
    for kind, share in (("ip", 0.9), ("device", 0.45), ("phone", 0.12)):
        world.identify(kind, "account", people.ids[at_home], home[at_home], share)
    # Offices and campuses of dozens: an address, and the number of the front desk.
    office = world.numbers("thing", max(1, n // 400))[rng.integers(0, max(1, n // 400), n)]
    world.identify("ip", "account", people.ids, office, 0.1)
    at_desk = rng.random(n) < 0.06
    desk = world.numbers("thing", max(1, n // 200))[rng.integers(0, max(1, n // 200), n)]
    for kind, share in (("phone", 0.6), ("device", 0.3), ("ip", 0.5)):
        world.identify(kind, "account", people.ids[at_desk], desk[at_desk], share)


def identify_sites(world: World, pages: Assets) -> None:
    """Give Pages their own web sites; cheap hosting and free builders are shared by strangers."""
    rng, n = world.rng, len(pages)
    own = world.numbers("thing", n)
    hosts = world.numbers("thing", max(2, n // 80))
    world.identify("domain", "page", pages.ids, own, 0.3)
    world.identify("website_host", "page", pages.ids, hosts[rng.integers(0, len(hosts), n)], 0.3)
    world.identify("analytics_tag", "page", pages.ids, own, 0.18)
    world.identify("payment", "page", pages.ids, own, 0.12)
    # One owner with a few Pages measures and pays for them together.
    business = np.arange(n) // 3
    together = (business % 12 == 0) & (n > 30)
    for kind in ("analytics_tag", "payment"):
        world.identify(kind, "page", pages.ids[together], own[business[together]], 0.8)


def identify_operation(world: World, made: Operation) -> None:
    """Leave infrastructure behind: devices, phones and addresses of a cell, an office, payments, a host."""
    rng, plan, personas = world.rng, made.plan, made.personas
    n = len(personas)
    cell = made.cell(personas)
    team = max(1, n // plan.cells)
    devices = world.numbers("thing", plan.cells * max(1, team // 4)).reshape(plan.cells, -1)
    phones = world.numbers("thing", plan.cells * max(1, team // 4)).reshape(plan.cells, -1)
    device = devices[cell, rng.integers(0, devices.shape[1], n)]
    phone = phones[cell, rng.integers(0, phones.shape[1], n)]
    own = world.numbers("thing", n)
    # Everybody has a device and a telephone; theirs are shared.
    device = np.where(rng.random(n) < plan.shared, device, own)
    phone = np.where(rng.random(n) < plan.shared, phone, own)
    email, address = world.numbers("thing", n), world.numbers("thing", plan.cells)[cell]
    office = world.numbers("thing", 2)
    for kind, numbers, share in (
        ("device", device, _KNOWN["device"]),
        ("phone", phone, _KNOWN["phone"]),
        ("email", email, _KNOWN["email"]),
        ("ip", own, _KNOWN["ip"]),
        ("ip", address, plan.shared * 0.8),
        ("ip", office[rng.integers(0, 2, n)], plan.shared / 2),
    ):
        world.identify(kind, "account", personas.ids, numbers, share)
    # An account elsewhere is run from the telephone of a persona.
    for assets in made.elsewhere:
        runner = rng.integers(0, n, len(assets))
        for kind, numbers, share in (
            ("device", device, 0.9),
            ("email", email, 0.4),
            ("phone", phone, 0.45),
        ):
            world.identify(kind, "account", assets.ids, numbers[runner], share, platform=assets.platform)
    page_cell = made.cell(made.pages)
    cards, host = world.numbers("thing", plan.cells), world.numbers("thing", 1)
    whole = np.repeat(host, len(made.pages))
    for kind, numbers, share in (
        ("payment", cards[page_cell], plan.shared * 0.5),
        ("website_host", whole, 0.3),
        ("analytics_tag", whole, 0.2),
    ):
        world.identify(kind, "page", made.pages.ids, numbers, share)
