"""Each signal on a small made population: what it counts, what it ignores, what it says."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl
import pytest

from analytics import acting
from analytics import population as p
from analytics.population import Population
from analytics.scoring import SEARCH, measure_signals, score
from analytics.signals import SIGNALS
from analytics.signals.case import Case
from analytics.signals.coordinated_activity import coordinated_activity
from analytics.signals.copied_ads import copied_ads
from analytics.signals.copied_pictures import copied_pictures
from analytics.signals.creation_burst import creation_burst
from analytics.signals.foreign_admins import foreign_admins
from analytics.signals.foreign_currency import foreign_currency
from analytics.signals.open_ownership import open_ownership
from analytics.signals.renamed_pages import renamed_pages
from analytics.signals.reworded_texts import reworded_texts
from analytics.signals.shared_access import shared_access
from analytics.signals.undeclared_control import undeclared_control
from analytics.signals.undisclosed_payers import undisclosed_payers
from analytics.weights import LEAST_SEARCH, WEIGHTS
from tests.analytics.made_case import ACCOUNTS, PAGES, START, case, only


def test_coordinated_activity_counts_members_with_an_edge_to_a_member() -> None:
    edges = [("a0", "a1", "co_url"), ("a2", "oa1", "co_text"), ("a3", "a4", "shared_admin")]
    row = only(coordinated_activity(case({key: {} for key in ACCOUNTS}, edges=edges)))
    assert (row["known"], row["value"]) == (6, pytest.approx(2 / 6))
    assert 0 < row["bits"] <= 4
    assert "2 of 6 active members" in row["why"]


def test_shared_access_needs_more_than_a_household_and_no_addresses_of_the_network() -> None:
    uses = [(a, "device:1", "device") for a in ACCOUNTS[:4]] + [(a, "phone:1", "phone") for a in ACCOUNTS[4:]]
    uses += [(f"oa{i}", f"device:o{i}", "device") for i in range(100)]
    uses += [(f"oa{i}", "ip:1", "ip") for i in range(20)]
    row = only(shared_access(case({key: {} for key in ACCOUNTS}, uses=uses)))
    assert row["value"] == pytest.approx(4 / 6)
    assert row["bits"] == 6.0


def test_control_that_is_declared_does_not_count() -> None:
    admins = [(account, page) for page in PAGES for account in ("a0", "a1")]
    hidden = only(undeclared_control(case({**{key: {} for key in PAGES}, "a0": {}}, admins=admins)))
    owned = case({**{key: {"confirmed_owner": "A Ltd"} for key in PAGES}, "a0": {}}, admins=admins)
    assert hidden["bits"] == 3.0
    assert only(undeclared_control(owned))["bits"] == 0.0


@pytest.mark.parametrize("seen", ["admins", "countries"])
def test_foreign_admins_from_insiders_and_outsiders_data(seen: str) -> None:
    facts: dict[str, Any] = {"country": "IN"}
    if seen == "countries":
        facts |= {"admin_countries": ["PK", "IN"], "admin_country_counts": [3, 1]}
    inside = {**dict.fromkeys(PAGES, facts), **{a: {"country": "PK"} for a in ACCOUNTS}}
    admins = list(zip(ACCOUNTS, PAGES, strict=False)) if seen == "admins" else []
    row = only(foreign_admins(case(inside, admins=admins)))
    assert (row["known"], row["value"], row["bits"]) == (4, 1.0, WEIGHTS["foreign_admins"].cap)


def test_where_a_platform_sees_administrators_counts_more_than_where_they_say_they_are() -> None:
    at_home = {account: {"country": "IN"} for account in ACCOUNTS}
    seen = {"country": "IN", "admin_countries": ["PK"], "admin_country_counts": [1]}
    admins = list(zip(ACCOUNTS, PAGES, strict=False))
    assert (
        only(foreign_admins(case({**dict.fromkeys(PAGES, seen), **at_home}, admins=admins)))["value"] == 1.0
    )
    # Of Pages of which nothing is shown the claim is all there is.
    claimed = {**{key: {"country": "IN", "admin_countries": []} for key in PAGES}, **at_home}
    assert only(foreign_admins(case(claimed, admins=admins)))["value"] == 0.0


def test_a_page_of_unknown_country_says_nothing() -> None:
    inside = {**{key: {} for key in PAGES}, "a0": {"country": "PK"}}
    assert foreign_admins(case(inside, admins=[("a0", page) for page in PAGES])).is_empty()


def test_creation_burst_is_corrected_for_the_search() -> None:
    together = {key: {"created_at": START + timedelta(days=i)} for i, key in enumerate(ACCOUNTS)}
    spread = {key: {"created_at": START + timedelta(days=200 * i)} for i, key in enumerate(ACCOUNTS)}
    burst = only(creation_burst(case(together)))
    assert (burst["value"], burst["bits"]) == (1.0, WEIGHTS["creation_burst"].cap)
    assert "6 of 6 accounts" in burst["why"]
    assert only(creation_burst(case(spread)))["bits"] == 0.0


def test_accounts_made_in_one_sitting_count_as_one() -> None:
    def burst(apart: timedelta) -> dict[str, Any]:
        made = {key: {"created_at": START + timedelta(hours=9) + i * apart} for i, key in enumerate(ACCOUNTS)}
        return only(creation_burst(case(made)))

    # A class makes them in a lesson of two hours; whoever makes six in ten sat down at least thrice.
    lesson, at_work = burst(timedelta(minutes=24)), burst(timedelta(hours=2))
    assert lesson["bits"] == 0.0
    assert ", in 1 sitting of two hours at most; of others" in lesson["why"]
    assert at_work["bits"] == 2 * WEIGHTS["creation_burst"].per_asset
    assert ", in 3 sittings of two hours at most; of others" in at_work["why"]
    # Of days nobody can tell sittings.
    midnight = START.replace(hour=0, minute=0, second=0, microsecond=0)
    days = only(creation_burst(case({key: {"created_at": midnight} for key in ACCOUNTS})))
    assert days["bits"] == WEIGHTS["creation_burst"].cap
    assert "sitting" not in days["why"]


def test_a_default_picture_says_nothing() -> None:
    few = case({a: {"picture": f"face{i % 3}"} for i, a in enumerate(ACCOUNTS)})
    assert only(copied_pictures(few))["bits"] == 3.0
    # Who takes strangers' faces takes one after the other.
    taken = case({a: {"picture": "face"} for a in ACCOUNTS[:1]}, outside={"picture": "face"})
    assert copied_pictures(taken).is_empty()
    # What they all show is a badge, and one picture.
    badge = case({a: {"picture": "face"} for a in ACCOUNTS})
    assert only(copied_pictures(badge))["bits"] == WEIGHTS["copied_pictures"].per_asset
    default = case({a: {"picture": "default"} for a in ACCOUNTS}, outside={"picture": "default"})
    assert copied_pictures(default).is_empty()


def test_the_picture_of_what_members_are_named_after_says_nothing() -> None:
    outside = {"name": "Ann Lee"}
    names = ["Zorvanika army", "Zorvanika lover", "Zorvanika fan", "Ann Lee", "Bo Ray", "Cy Dean"]
    club = {a: {"name": names[i], "picture": f"star{i % 3}"} for i, a in enumerate(ACCOUNTS)}
    assert only(copied_pictures(case(club, outside=outside)))["bits"] == 0.0
    strangers = {a: {**facts, "name": None} for a, facts in club.items()}
    assert only(copied_pictures(case(strangers, outside=outside)))["bits"] == 3.0
    # Pictures that none of the named shows are copies as ever.
    others = {
        a: {**facts, "picture": "face"} if i > 2 else facts for i, (a, facts) in enumerate(club.items())
    }
    assert only(copied_pictures(case(others, outside=outside)))["value"] == 0.5


def test_a_picture_that_everybody_knows_or_many_show_says_nothing() -> None:
    def turned(*bits: int) -> str:
        return f"{0xFACEFACEFACEFACE ^ sum(1 << bit for bit in bits):016x}"

    two = {a: {"picture": turned(0) if i < 3 else turned(1, 2)} for i, a in enumerate(ACCOUNTS)}
    assert only(copied_pictures(case(two)))["bits"] == 2.0
    # The star, whose picture it is but for a few bits; a star with another picture; a Page that nobody knows.
    star = {"p0": {"picture": turned(3), "verified": True}}
    assert only(copied_pictures(case({**two, **star})))["known"] == 1
    other = {"p0": {"picture": turned(*range(20)), "verified": True}}
    assert only(copied_pictures(case({**two, **other})))["value"] == pytest.approx(6 / 7)
    unknown = {"p0": {"picture": turned(3), "verified": False}}
    assert only(copied_pictures(case({**two, **unknown})))["value"] == pytest.approx(6 / 7)
    # Seven more show what is near it, none of them equal: with the six they are more than twelve.
    near = {f"a{10 + i}": {"picture": turned(10 + i)} for i in range(7)}
    assert only(copied_pictures(case({**two, **near})))["value"] == 0.0


def test_who_shows_one_picture_on_two_platforms_is_one_person() -> None:
    elsewhere = {
        "i0": {"picture": "a", "platform": "instagram"},
        "i1": {"picture": "b", "platform": "instagram"},
    }
    people = case({"a0": {"picture": "a"}, "a1": {"picture": "b"}, **elsewhere})
    assert only(copied_pictures(people))["value"] == 0.0


def test_renamed_pages_count_where_the_history_is_known() -> None:
    inside = {
        "p0": {"history_events": ["created", "renamed"]},
        "p1": {"history_events": ["created"]},
        "p2": {},
    }
    row = only(renamed_pages(case(inside, outside={"history_events": ["created"]})))
    assert (row["known"], row["eligible"], row["value"]) == (2, 2, 0.5)


def test_undisclosed_payers_only_where_any_ad_tells() -> None:
    silent = [{"asset": page} for page in PAGES]
    telling = [{"asset": f"op{i}", "payer": f"payer:{i}"} for i in range(50)]
    assert only(undisclosed_payers(case({key: {} for key in PAGES}, ads=silent + telling)))["bits"] == 6.0
    untold = only(undisclosed_payers(case({key: {} for key in PAGES}, ads=silent)))
    assert (untold["bits"], untold["known"], untold["why"]) == (0.0, 0, "not known")


def test_foreign_currency_is_judged_by_the_audience() -> None:
    def bits(**ad: Any) -> float:
        ads = [{"asset": page, **ad} for page in PAGES]
        measured = foreign_currency(case({key: {"country": "IN"} for key in PAGES}, ads=ads))
        return float(only(measured)["bits"])

    assert bits(currency="INR") == 0.0
    assert bits(currency="PKR") == 6.0
    assert bits(currency="USD", countries=["US", "IN"]) == 0.0
    assert bits(currency="RUB", countries=["US"]) == 6.0


@pytest.mark.parametrize(("named", "bits"), [(9, 0.0), (8, 6.0)])
def test_foreign_money_that_says_whose_it_is_hides_nothing(named: int, bits: float) -> None:
    ads = [
        {"asset": page, "currency": "PKR", "payer": "payer:1" if i < named else None}
        for page in PAGES
        for i in range(10)
    ]
    row = only(foreign_currency(case({key: {"country": "IN"} for key in PAGES}, ads=ads)))
    assert (row["known"], row["bits"]) == (len(PAGES), bits)


@pytest.mark.parametrize("kind", ["analytics_tag", "payment"])
def test_how_one_owner_pays_for_his_pages_is_one_decision(kind: str) -> None:
    ads = [{"asset": page, "currency": "PKR"} for page in PAGES]
    ads += [{"asset": f"op{i}", "payer": "payer:1"} for i in range(50)]
    inside = {key: {"country": "IN"} for key in PAGES}
    for signal in (foreign_currency, undisclosed_payers):
        weight = WEIGHTS[signal.__name__]
        strangers = only(signal(case(inside, ads=ads)))
        assert strangers["bits"] > weight.per_asset
        # Nobody is known to run them; one thing reaches two, and another these and the rest.
        chain = [(page, f"{kind}:1", kind) for page in PAGES[:2]]
        chain += [(page, f"{kind}:2", kind) for page in PAGES[1:]]
        owned = only(signal(case(inside, ads=ads, uses=chain)))
        assert (owned["value"], owned["bits"]) == (strangers["value"], weight.per_asset)
        hosted = [(page, "website_host:1", "website_host") for page in PAGES]
        assert only(signal(case(inside, ads=ads, uses=hosted)))["bits"] == strangers["bits"]


def test_copied_ads_need_an_edge_to_a_member() -> None:
    ads = [{"asset": page} for page in [*PAGES, *(f"op{i}" for i in range(50))]]
    edges = [("p0", "p1", "shared_creative"), ("op1", "p2", "shared_creative")]
    row = only(copied_ads(case({key: {} for key in PAGES}, ads=ads, edges=edges)))
    assert row["value"] == 0.5
    assert row["bits"] > 0


def test_open_ownership_speaks_against() -> None:
    inside = {
        "p0": {"verified": True},
        "p1": {"confirmed_owner": "A Ltd"},
        "p2": {"verified": False},
        "a0": {},
    }
    row = only(open_ownership(case(inside)))
    assert (row["known"], row["bits"]) == (3, -8.0)


def test_one_verified_member_does_not_clear_those_of_whom_nothing_is_known() -> None:
    inside = {"a0": {"verified": True}, **{key: {} for key in ACCOUNTS[1:]}}
    row = only(open_ownership(case(inside)))
    assert (row["known"], row["bits"]) == (1, -2.0)


def test_rewording_counts_where_accounts_share_no_exact_copy() -> None:
    ring = [(a, b, "co_similar_text") for a in ACCOUNTS for b in ACCOUNTS if a < b]
    assert only(reworded_texts(case({key: {} for key in ACCOUNTS}, edges=ring)))["value"] == 1.0
    # A petition that asks for one's own words comes in a few rounds.
    few = case({key: {} for key in ACCOUNTS}, edges=ring, objects=3)
    assert only(reworded_texts(few))["value"] == 0.0
    copied = [(a, b, "co_text") for a, b, _ in ring]
    assert only(reworded_texts(case({key: {} for key in ACCOUNTS}, edges=ring + copied)))["value"] == 0.0
    # A Page's templates (the weather, times of prayer) are its trade.
    pages = [(a, b, "co_similar_text") for a in PAGES for b in PAGES if a < b]
    assert reworded_texts(case({key: {} for key in PAGES}, edges=pages)).is_empty()


def test_the_score_is_the_sum_of_what_is_shown() -> None:
    edges = [("a0", "a1", "co_url"), ("a2", "a3", "co_url")]
    measured = measure_signals(
        case({key: {"picture": "face"} for key in ACCOUNTS}, edges=edges), looked_at=1024
    )
    assert measured.filter(pl.col("name") == SEARCH)["bits"].to_list() == [-10.0]
    scored = score(measured).row(0, named=True)
    assert scored["score"] == pytest.approx(measured["bits"].sum(), abs=0.005)
    assert 0 < scored["completeness"] <= 1
    few = measure_signals(case({key: {} for key in ACCOUNTS}, edges=edges), looked_at=8)
    assert few.filter(pl.col("name") == SEARCH)["bits"].to_list() == [-LEAST_SEARCH]


def test_no_signal_fails_on_an_empty_world() -> None:
    nobody = Case(
        Population(
            pl.DataFrame(schema=p.ASSETS),
            pl.DataFrame(schema=p.ADMINS),
            pl.DataFrame(schema=p.IDENTIFIERS),
            pl.DataFrame(schema=p.ADS),
            pl.DataFrame(schema=acting.ACTIVITY),
        ),
        pl.DataFrame(schema={"asset": pl.String, "community": pl.Int64}),
        pl.DataFrame(
            schema={"source": pl.String, "target": pl.String, "layer": pl.String, "objects": pl.Int64}
        ),
        pl.Series([], dtype=pl.String),
    )
    assert all(signal(nobody).is_empty() for signal in SIGNALS)
