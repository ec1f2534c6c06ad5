"""In whose hands assets are, and what is one decision."""

from __future__ import annotations

import polars as pl

from analytics.hands import hands
from analytics.population import ADMINS, IDENTIFIERS
from analytics.signals.renamed_pages import renamed_pages
from analytics.signals.shared_access import shared_access
from analytics.signals.shared_sites import shared_sites
from analytics.weights import WEIGHTS
from tests.analytics.made_case import case, only

PAGES = [f"p{i}" for i in range(8)]
COUPLE = [("a0", page) for page in PAGES[:4]] + [("a1", page) for page in PAGES[4:]]


def told(
    admins: list[tuple[str, str]], uses: list[tuple[str, str, str]], *fronts: str
) -> set[tuple[str, str]]:
    found = hands(
        pl.DataFrame(admins, schema=ADMINS, orient="row"),
        pl.DataFrame(uses, schema=IDENTIFIERS, orient="row"),
        pl.DataFrame({"asset": fronts}, schema={"asset": pl.String}),
    )
    return set(found.iter_rows())


def test_a_household_is_one_hand_and_an_office_is_not() -> None:
    run = [("a0", "p0"), ("a1", "p1"), ("a2", "p2"), ("a3", "p3")]
    everybody = [(f"a{i}", "phone:1", "phone") for i in range(4)]
    assert told(run[:3], everybody[:3]) == {(f"{kind}{i}", "a0") for kind in "ap" for i in range(3)}
    assert told(run, everybody) == {(f"{kind}{i}", f"a{i}") for kind in "ap" for i in range(4)}
    # An address of the network is a carrier's.
    assert ("p1", "a1") in told(run[:2], [("a0", "ip:1", "ip"), ("a1", "ip:1", "ip")])


def test_a_page_of_nobody_is_in_the_hand_of_all_who_share_with_it() -> None:
    run = [("a0", "p0"), ("a1", "p1")]
    tags = [(f"p{i}", "tag:1", "analytics_tag") for i in range(3)]
    assert ("p2", "a0") in told(run[:1], [tags[0], tags[2]], "p0", "p2")
    # Two who decide for themselves share the tag: a studio's, and whose Page it is nobody knows.
    assert not any(asset == "p2" for asset, _ in told(run, tags, "p0", "p1", "p2"))
    assert told([], tags, "p0", "p1", "p2") == set()


def test_what_a_couple_does_with_its_pages_is_one_decision() -> None:
    renamed = {"history_events": ["created", "renamed"]}
    inside: dict[str, dict[str, list[str]]] = {"a0": {}, "a1": {}} | dict.fromkeys(PAGES, renamed)
    others = {"history_events": ["created"]}
    uses = [(a, "phone:1", "phone") for a in ("a0", "a1")]
    uses += [(page, "card:1", "payment") for page in PAGES] + [
        (page, "tag:1", "analytics_tag") for page in PAGES
    ]
    uses += [(f"op{i}", f"card:o{i}", "payment") for i in range(60)]
    strangers = case(inside, admins=COUPLE, uses=uses[2:], outside=others)
    assert only(renamed_pages(strangers))["bits"] == 2 * WEIGHTS["renamed_pages"].per_asset
    assert only(shared_access(strangers))["bits"] == 2 * WEIGHTS["shared_access"].per_asset
    assert only(shared_sites(strangers))["bits"] == 2 * WEIGHTS["shared_sites"].per_asset
    couple = case(inside, admins=COUPLE, uses=uses, outside=others)
    assert only(renamed_pages(couple))["bits"] == WEIGHTS["renamed_pages"].per_asset
    assert only(shared_access(couple))["bits"] == 0.0
    assert only(shared_sites(couple))["bits"] == 0.0
