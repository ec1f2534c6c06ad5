"""Kinds of evidence count together as far as they speak of the same members."""

from __future__ import annotations

import polars as pl
import pytest

from analytics.corrections import APART, ONE_KIND
from analytics.scoring import measure_signals, score
from analytics.weights import ALERT_THRESHOLD, MOST_OF_ONE_KIND
from tests.analytics.made_case import case

OFFICE = [f"a{i}" for i in range(8)]
PAGES = [f"p{i}" for i in range(5)]
AT_HOME = {"country": "IN", "admin_countries": ["AE"], "admin_country_counts": [2]}


def lines(admins: list[tuple[str, str]], edges: list[tuple[str, str, str]]) -> dict[str, float]:
    """Return the sum's lines: an office with one telephone and device, beside Pages run from abroad."""
    inside = {a: {"country": "AE"} for a in OFFICE} | dict.fromkeys(PAGES, AT_HOME)
    uses = [(a, f"{kind}:1", kind) for a in OFFICE for kind in ("device", "phone")]
    together = [(a, b, "shared_identifier") for a in OFFICE for b in OFFICE if a < b]
    outside = {"country": "IN", "admin_countries": ["IN"], "admin_country_counts": [1]}
    made = case(inside, admins=admins, uses=uses, edges=together + edges, outside=outside)
    measured = measure_signals(made, looked_at=1)
    assert score(measured)["score"][0] == pytest.approx(measured["bits"].sum(), abs=0.005)
    assert measured["name"].is_unique().all()
    return {**dict(measured.select("name", "bits").iter_rows()), "score": score(measured)["score"][0]}


def test_an_office_beside_the_pages_of_emigrants_is_no_alert() -> None:
    beside = lines([], [])
    assert beside["shared_access"] > 5
    assert beside["foreign_admins"] > 5
    # Nothing of the one kind is left beside the other, which counts as one kind does.
    apart = {name: bits for name, bits in beside.items() if name.startswith(APART)}
    assert list(apart.values()) == [-min(beside["shared_access"], beside["foreign_admins"])]
    against = {"search", "loosely_held", "score"}
    assert sum(bits for name, bits in beside.items() if name not in against) == pytest.approx(
        MOST_OF_ONE_KIND
    )
    # One colleague with a Page of his own does not make it an operation,
    one = lines([("a0", "p0")], [])
    assert one["score"] < ALERT_THRESHOLD
    # but where most of them run the Pages, or act in step with them, both kinds speak of one thing.
    run = lines([(a, PAGES[i % 5]) for i, a in enumerate(OFFICE)], [])
    step = lines([], [(OFFICE[i], PAGES[i % 5], "co_url") for i in range(8)])
    for found in (run, step):
        assert not any(name.startswith(APART) for name in found)
        assert ONE_KIND not in found
        assert found["score"] > one["score"] + 3


def test_a_few_members_of_another_kind_count_by_their_share() -> None:
    # Two of eight run the Pages: a quarter, so half of what those Pages say.
    few = lines([("a0", page) for page in PAGES] + [("a1", page) for page in PAGES], [])
    taken = [bits for name, bits in few.items() if name.startswith(APART)]
    smaller = min(few["shared_access"], few["foreign_admins"] + few.get("undeclared_control", 0.0))
    assert taken == [pytest.approx(-smaller / 2, abs=0.01)]
    assert pl.Series(taken).is_not_null().all()
