"""Few ties outside: against whom an account is ranked, what counts as outside, and when nothing is said."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl

from analytics.population import read_population
from analytics.signals.few_ties_outside import few_ties_outside
from analytics.weights import WEIGHTS
from cypher.session import Graph
from tests.analytics.made_case import ACCOUNTS, START, case, only

#: Of the 200 ordinary accounts: from 3 to 22 ties, as many have each number.
PUBLIC = {f"oa{i}": 3 + i % 20 for i in range(200)}
OLD = {"created_at": START, "name": "Anna"}
LATE = {"": {"last_at": START + timedelta(days=5000)}}


def measured(
    own: dict[str, int],
    facts: dict[str, Any] | None = None,
    public: dict[str, int] | None = None,
    **more: Any,
) -> dict[str, Any]:
    inside = {key: facts or {**OLD, "name": f"{key}nna"} for key in ACCOUNTS}
    known = {**(PUBLIC if public is None else public), **own}
    return only(few_ties_outside(case(inside, ties=known, outside={"name": "Olga"}, activity=LATE)))


def test_personas_without_a_life_of_their_own() -> None:
    row = measured(dict.fromkeys(ACCOUNTS[:4], 1))
    # Two have none on record at all: they are described, and of others of the platform ties are known.
    assert (row["known"], row["value"]) == (6, 1.0)
    assert row["bits"] == 6 * WEIGHTS["few_ties_outside"].per_asset
    assert "fewer friends, and Groups and follows outside" in row["why"]


def test_the_fronts_of_the_community_are_no_ties_but_friends_inside_are() -> None:
    tied = [(a, "FOLLOWS", "p0") for a in ACCOUNTS[:3]] + [(a, "FRIEND", "a5") for a in ACCOUNTS[3:5]]
    inside = {**dict.fromkeys(ACCOUNTS, OLD), "p0": {}}
    made = case(
        inside,
        ties={**PUBLIC, **dict.fromkeys(ACCOUNTS, 4)},
        tied=tied,
        outside={"name": "Olga"},
        activity=LATE,
    )
    assert only(few_ties_outside(made))["value"] == 0.5


def test_who_runs_a_page_is_left_out() -> None:
    inside = {**dict.fromkeys(ACCOUNTS, OLD), "p0": {}}
    made = case(inside, ties=PUBLIC, admins=[("a0", "p0")], outside={"name": "Olga"}, activity=LATE)
    row = only(few_ties_outside(made))
    assert (row["known"], row["eligible"], row["value"]) == (5, 5, 1.0)


def test_where_the_lazy_are_many_nobody_has_few() -> None:
    lazy = {key: ties for i, (key, ties) in enumerate(PUBLIC.items()) if i % 12}
    assert measured({}, public=lazy)["value"] == 0.0
    assert measured(dict.fromkeys(ACCOUNTS, 3))["value"] == 1.0
    assert measured(dict.fromkeys(ACCOUNTS, 4))["bits"] == 0.0


def test_no_ties_of_a_platform_and_accounts_that_are_only_mentioned_are_not_known() -> None:
    assert measured({}, public={})["why"] == "not known"
    row = measured({"a0": 1}, facts={"created_at": START})
    assert (row["known"], row["eligible"]) == (1, 6)


def test_new_and_busy_accounts_are_compared_with_such() -> None:
    ties = {**PUBLIC, **dict.fromkeys(ACCOUNTS, 1)}
    # Nobody outside is as new, and nobody as busy: there is no background to have fewer than.
    fresh = {key: {"created_at": START + timedelta(days=4990), "name": "Anna"} for key in ACCOUNTS}
    outside = {"name": "Olga"}
    assert only(few_ties_outside(case(fresh, ties=ties, outside=outside, activity=LATE)))["known"] == 0
    busy = {**LATE, **{key: {"posts": 500} for key in ACCOUNTS}}
    old = dict.fromkeys(ACCOUNTS, OLD)
    assert only(few_ties_outside(case(old, ties=ties, outside=outside, activity=busy)))["known"] == 0


def test_pages_have_no_such_trait() -> None:
    assert few_ties_outside(case({"p0": {}, "p1": {}}, ties=PUBLIC)).is_empty()


def test_ties_come_from_the_graph_and_reactions_from_the_log(graph: Graph, tmp_path: Path) -> None:
    graph.driver.execute_query(
        """
        CREATE (a:Asset:Account {key: 'a'}), (b:Asset:Account {key: 'b'}), (p:Asset:Page {key: 'p'})
        CREATE (a)-[:FRIEND]->(b), (a)-[:LIKES]->(p), (b)-[:FOLLOWS]->(a), (p)-[:LIKES]->(a),
               (b)-[:MEMBER_OF]->(:Asset:Group {key: 'g'}), (:Asset:Account {key: 'c'})
        """
    )
    reaction = {"kind": "reaction", "object": "p", "actor": "a", "at": START}
    pl.DataFrame([reaction, reaction]).write_parquet(tmp_path / "actions-SRC-1.parquet")
    found = read_population(graph, tmp_path, pl.Series(["b", "a", "b"]))
    assert found.ties.rows() == [("a", 2), ("b", 3)]
    assert [row for row in found.tied.rows() if row[0] == "a"] == [("a", "FRIEND", "b"), ("a", "LIKES", "p")]
    assert len(found.tied.rows()) == 4
    assert found.acts.rows() == [("a", 1)]
