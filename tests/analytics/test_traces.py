"""Traces: fronts that one telling identifier joins, and nothing else."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from analytics.choosing import choose
from analytics.communities import Communities
from analytics.layers.edges import EVIDENCE_SCHEMA
from analytics.results import read_results
from analytics.scoring import measure_signals, score
from analytics.signals.loosely_held import loosely_held
from analytics.signals.shape import shape
from analytics.signals.shared_sites import shared_sites
from analytics.traces import MOST_CUSTOMERS, TRACE, Traces, traces
from analytics.weights import ALERT_THRESHOLD
from cypher.session import Graph
from tests.analytics.made_case import PAGES, case, only
from tests.analytics.test_takedown import pipeline

FOUND = pl.Schema({"asset": pl.String(), "community": pl.Int64(), "scale": pl.Float64()})
LINKS = pl.Schema(
    {"source": pl.String(), "target": pl.String(), "type": pl.String(), "strength": pl.Float64()}
)
USES = pl.Schema(dict.fromkeys(("asset", "kind", "identifier", "object_kind", "object"), pl.String()))
#: Five Pages, each with an administrator of its own.
OWN = [(f"a{i}", f"p{i}") for i in range(5)]


def found(
    uses: Sequence[tuple[str, str]],
    admins: Sequence[tuple[str, str]] = OWN,
    *,
    open_fronts: Sequence[str] = (),
    communities: Sequence[tuple[str, int]] = (),
    links: Sequence[tuple[str, str, str, float]] = (),
    whole: Sequence[tuple[str, int]] = (),
    most: int = 50,
    kind: str = "analytics_tag",
) -> Traces:
    """Find traces; keys with an `a` are accounts, and things are named by their kind, then `:`."""
    rows = [
        (asset, "account" if asset[0] == "a" else "page", thing, thing.split(":")[0], thing.split(":")[1])
        for asset, thing in ((one, other if ":" in other else f"{kind}:{other}") for one, other in uses)
    ]
    ties = [(account, page, "ADMINISTERS", 1.8) for account, page in admins]
    return traces(
        pl.DataFrame(rows, USES, orient="row"),
        pl.DataFrame(list(admins), {"account": pl.String, "asset": pl.String}, orient="row"),
        pl.DataFrame({"asset": list(open_fronts)}, {"asset": pl.String}),
        Communities(
            pl.DataFrame([(*row, 1.0) for row in communities], FOUND, orient="row"),
            pl.DataFrame([*ties, *links], LINKS, orient="row"),
            pl.DataFrame(list(whole), {"asset": pl.String, "community": pl.Int64}, orient="row"),
        ),
        most,
        1 + max((number for _, number in communities), default=-1),
    )


def groups(told: Traces) -> list[list[str]]:
    frame = told.members.group_by("community", maintain_order=True).agg("asset")
    return [sorted(keys) for keys in frame["asset"].to_list()]


def tagged(thing: str, *which: int) -> list[tuple[str, str]]:
    return [(f"p{i}", thing) for i in (which or range(5))]


def test_one_tag_over_pages_of_different_people_is_a_candidate_with_those_who_run_them() -> None:
    told = found(tagged("x"), communities=[("z", 7)])
    assert groups(told) == [[*(f"a{i}" for i in range(5)), *(f"p{i}" for i in range(5))]]
    assert told.members["community"].unique().to_list() == [8]
    assert told.members["scale"].unique().to_list() == [TRACE]
    assert told.evidence.schema == EVIDENCE_SCHEMA
    rows = told.evidence.select("source", "target", "object_kind", "object").rows()
    assert rows == [("p0", f"p{i}", "analytics_tag", "x") for i in range(1, 5)]


@pytest.mark.parametrize(
    "admins",
    [
        [("a0", f"p{i}") for i in range(5)],
        [*OWN, *(("a9", f"p{i}") for i in range(4))],
        # Two and two and one: three hands.
        [("a0", "p0"), ("a0", "p1"), ("a1", "p2"), ("a1", "p3"), ("a2", "p4")],
    ],
)
def test_who_runs_most_of_them_runs_them_openly(admins: list[tuple[str, str]]) -> None:
    assert groups(found(tagged("x"), admins)) == []


def test_where_nobody_is_known_to_run_them_the_pages_stand_alone() -> None:
    assert groups(found(tagged("x"), [])) == [[f"p{i}" for i in range(5)]]
    assert groups(found(tagged("x", 0, 1, 2), [])) == []


def test_who_names_an_owner_conceals_nothing() -> None:
    assert groups(found(tagged("x"), [], open_fronts=["p0"])) == [["p1", "p2", "p3", "p4"]]
    assert groups(found(tagged("x"), [], open_fronts=["p0", "p1"])) == []


def test_the_telephone_of_all_administrators_reaches_their_pages_an_office_does_not() -> None:
    phone = [(f"a{i}", "x") for i in range(5)]
    assert len(groups(found(phone, kind="phone"))[0]) == 10
    office = [(f"a{i}", "x") for i in range(11)]
    assert groups(found(office, kind="phone")) == []


def test_a_card_of_pages_and_of_administrators_is_one() -> None:
    card = [("p0", "x"), ("p1", "x"), ("a2", "x"), ("a3", "x")]
    told = found(card, kind="payment")
    assert groups(told) == [sorted([f"{what}{i}" for what in "ap" for i in range(4)])]
    assert told.evidence.select("source", "target").rows() == [("a2", "a3"), ("a2", "p0"), ("a2", "p1")]


#: Three accounts run five Pages in turns.
TURNS = [("a0", "p0"), ("a0", "p1"), ("a1", "p1"), ("a1", "p2"), ("a1", "p3"), ("a2", "p3"), ("a2", "p4")]
TOWN = [(f"{what}{i}", 3) for what in "ap" for i in range(5)]


def test_fronts_that_a_few_accounts_run_in_turns_are_a_candidate() -> None:
    told = found([], TURNS, whole=TOWN, communities=[("z", 7)])
    assert groups(told) == [["a0", "a1", "a2", "p0", "p1", "p2", "p3", "p4"]]
    assert told.members["community"].unique().to_list() == [8]
    assert told.evidence["layer"].unique().to_list() == ["shared_admin"]
    assert told.evidence.select("source", "target", "object_kind", "object").rows() == [
        ("p0", "p1", "admin", "a0"),
        ("p1", "p2", "admin", "a1"),
        ("p1", "p3", "admin", "a1"),
        ("p3", "p4", "admin", "a2"),
    ]


@pytest.mark.parametrize(
    ("admins", "open_fronts", "whole", "most"),
    [
        pytest.param([(f"a{min(i, 1)}", f"p{i}") for i in range(5)], [], TOWN, 50, id="a couple"),
        pytest.param(TURNS[:-2], [], TOWN, 50, id="two who have four"),
        pytest.param(TURNS, ["p0", "p1"], TOWN, 50, id="three that name no owner"),
        pytest.param(TURNS, [], [*TOWN[:8], ("p3", 4), ("p4", 4)], 50, id="apart but for a helping hand"),
        pytest.param(TURNS, [], TOWN, 2, id="who runs more than most"),
    ],
)
def test_a_business_an_owner_and_a_helping_hand_are_none(
    admins: list[tuple[str, str]], open_fronts: list[str], whole: list[tuple[str, int]], most: int
) -> None:
    assert groups(found([], admins, open_fronts=open_fronts, whole=whole, most=most)) == []


def ring(first: int, pages: int = 8) -> list[tuple[str, str]]:
    """Each account runs a Page and the next, round and round: a group that no bridge parts."""
    return [(f"a{first + i}", f"p{first + page % pages}") for i in range(pages) for page in (i, i + 1)]


def named(first: int, last: int) -> list[str]:
    return sorted(f"{what}{i}" for what in "ap" for i in range(first, last))


def test_two_groups_that_one_tie_joins_are_two_candidates_a_chain_is_one() -> None:
    town = [(f"{what}{i}", 3) for what in "ap" for i in range(16)]
    helping = ("a0", "p8")
    joined = [*ring(0), *ring(8), helping]
    assert groups(found([], joined, whole=town)) == [named(0, 8), named(8, 16)]
    # A second tie makes them one, and a small group stays with the large one.
    assert groups(found([], [*joined, ("a9", "p1")], whole=town)) == [named(0, 16)]
    assert groups(found([], [*ring(0), *ring(8, pages=5), helping], whole=town)) == [named(0, 13)]
    # Where there are bridges only, none tells where one group ends.
    chain = [(f"a{i}", f"p{page}") for i in range(16) for page in (i, min(i + 1, 15))]
    assert groups(found([], chain, whole=town)) == [named(0, 16)]


def test_what_edges_show_as_well_is_no_new_candidate() -> None:
    seen = [("p0", 0), ("p1", 0), ("p2", 0)]
    assert groups(found([], TURNS, whole=TOWN, communities=seen)) == []
    assert len(groups(found([], TURNS, whole=TOWN, communities=seen[1:]))) == 1


def test_a_host_of_many_is_anybodys_a_tag_of_as_many_is_not() -> None:
    many = [(f"p{i}", "x") for i in range(MOST_CUSTOMERS + 1)]
    assert groups(found(many, [], kind="website_host")) == []
    assert len(groups(found(many[1:], [], kind="website_host"))[0]) == MOST_CUSTOMERS
    assert len(groups(found(many, []))[0]) == MOST_CUSTOMERS + 1


def test_host_and_tag_of_the_same_are_one_trace_a_tag_of_a_few_on_the_host_is_another() -> None:
    host = [(f"p{i}", "website_host:h") for i in range(10)]
    tag = [(f"p{i}", "analytics_tag:t") for i in range(2, 10)]
    both = found([*host, *tag], [])
    assert groups(both) == [[f"p{i}" for i in range(10)]]
    assert set(both.evidence["object_kind"]) == {"website_host", "analytics_tag"}
    few = found([*host, *tag[:4]], [])
    assert sorted(map(len, groups(few))) == [4, 10]


def test_a_group_that_mostly_lies_in_a_community_is_no_new_one() -> None:
    assert groups(found(tagged("x"), [], communities=[("p0", 0), ("p1", 0), ("p2", 0)])) == []
    # Two each in two communities: none of them shows it.
    apart = [("p0", 0), ("p1", 0), ("p2", 1), ("p3", 1)]
    assert len(groups(found(tagged("x"), [], communities=apart))[0]) == 5


def test_an_administrator_who_belongs_elsewhere_is_not_one_of_them() -> None:
    busy = [("a0", "z", "COORDINATED", 6.0)]
    assert "a0" not in groups(found(tagged("x"), links=busy))[0]
    elsewhere = [*OWN, ("a1", "p8"), ("a1", "p9")]
    assert "a1" not in groups(found(tagged("x"), elsewhere))[0]


def test_the_order_of_rows_does_not_matter() -> None:
    uses = [*tagged("x"), *((f"p{i}", "website_host:h") for i in range(3, 12))]
    told = found(uses)
    assert len(groups(told)) == 2
    for seed in range(5):
        mixed = random.Random(seed)
        again = found(mixed.sample(uses, len(uses)), mixed.sample(OWN, len(OWN)))
        assert again.members.equals(told.members)
        assert again.evidence.equals(told.evidence)


def test_a_trace_takes_what_communities_leave() -> None:
    rows = [(key, 0, 1.0) for key in "ab"] + [(key, 1, TRACE) for key in "bcde"] + [("d", 2, TRACE)]
    candidates = pl.DataFrame(rows, FOUND, orient="row").with_columns(patient=pl.lit(value=False))
    scores = pl.DataFrame({"community": [0, 1, 2], "score": [-9.0, 8.0, 9.0], "shown": [0, 4, 1]})
    # The third, which scores best, takes its only member first; of the second two of four are left.
    assert set(choose(candidates, scores, 3.0)["community"]) == {0, 2}
    kept = choose(candidates.filter(pl.col("community") < 2), scores, 3.0)
    assert kept.rows() == [("a", 0), ("b", 0), ("c", 1), ("d", 1), ("e", 1)]


def test_a_trace_is_no_background_no_coordination_and_not_held_loosely() -> None:
    uses = [(page, "tag:1", "analytics_tag") for page in PAGES]
    uses += [(f"op{i}", f"tag:{i}", "analytics_tag") for i in range(2, 90)]
    alone = case({page: {} for page in PAGES}, uses=uses)
    assert only(loosely_held(alone))["value"] == 0.0
    by_trace = dataclasses.replace(alone, traced=pl.Series([0]))
    assert only(loosely_held(by_trace))["bits"] == 0.0
    assert shape(by_trace).is_empty()
    # Of a community beside it, whose members share nothing, the prior is all the background there is.
    beside = pl.DataFrame({"asset": [f"op{i}" for i in range(2, 52)]}).with_columns(
        community=pl.lit(1, pl.Int64)
    )
    both = dataclasses.replace(by_trace, members=pl.concat([alone.members, beside]))
    background = dict(shared_sites(both).select("community", "background").iter_rows())
    assert background[1] == pytest.approx(0.03)
    other = dataclasses.replace(both, traced=pl.Series([], dtype=pl.Int64))
    assert dict(shared_sites(other).select("community", "background").iter_rows())[1] > background[1]


def test_a_tag_over_more_pages_than_is_usual_tells_a_usual_one_does_not() -> None:
    innocent = [(f"op{i}", f"tag:{i // 3}", "analytics_tag") for i in range(90)]
    uses = [(page, "tag:x", "analytics_tag") for page in PAGES]
    assert only(shared_sites(case({page: {} for page in PAGES}, uses=uses + innocent)))["value"] == 1.0
    three = case({page: {} for page in PAGES[:3]}, uses=uses[:3] + innocent)
    assert only(shared_sites(three))["value"] == 0.0


def test_an_operation_that_is_most_of_what_is_known_is_not_its_own_excuse() -> None:
    inside = [f"p{i}" for i in range(18)]
    uses = [(page, "tag:x", "analytics_tag") for page in inside]
    uses += [(f"op{i}", f"tag:{i}", "analytics_tag") for i in range(50)]
    assert only(shared_sites(case({page: {} for page in inside}, uses=uses)))["value"] == 1.0


def test_a_trace_alone_is_no_alert_with_foreign_administrators_it_is_one() -> None:
    pages = [f"p{i}" for i in range(8)]
    uses = [(page, "tag:x", "analytics_tag") for page in pages]
    uses += [(f"op{i}", f"tag:{i}", "analytics_tag") for i in range(100)]
    at_home = {"country": "PK", "admin_countries": ["PK"], "admin_country_counts": [1]}

    def bits(**facts: object) -> float:
        made = case(
            {page: {**at_home, **facts} for page in pages},
            uses=uses,
            outside=at_home,
        )
        by_trace = dataclasses.replace(made, traced=pl.Series([0]))
        return float(score(measure_signals(by_trace, looked_at=1))["score"][0])

    assert bits() < 0.0
    assert bits(admin_countries=["IN"]) >= ALERT_THRESHOLD


def test_the_careful_operation_is_a_candidate_with_its_evidence(graph: Graph, tmp_path: Path) -> None:
    ranked = pipeline(graph, tmp_path, "careful", background=60, seed=3)
    assert ranked.alerts.is_empty()
    truth = pl.read_csv(tmp_path / "data" / "truth.csv", infer_schema=False)
    found = read_results(graph, tmp_path / "layers", include_candidates=True)
    members = found.members.join(
        truth.select("operation", "platform", "kind", "id"), on=["platform", "kind", "id"]
    )
    best = (
        members.group_by("operation", "operation_id").len().sort("operation", "len", descending=[False, True])
    )
    best = best.unique("operation", keep="first", maintain_order=True)
    assert best["operation"].to_list() == ["CAREFUL-1", "CAREFUL-2", "CAREFUL-3"]
    assert (best["len"] >= pl.Series([12, 20, 34])).all()
    for operation, kinds in zip(
        best["operation_id"],
        ({"analytics_tag"}, {"website_host"}, {"analytics_tag", "website_host"}),
        strict=True,
    ):
        evidence = found.evidence.filter(pl.col("operation_id") == operation)
        assert set(evidence["object_kind"]) >= kinds
        own = found.members.filter(pl.col("operation_id") == operation)
        assert set(own["role"]) == {"front", "operator"}
