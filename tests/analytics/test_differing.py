"""What changed between two rankings."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from analytics.history.differing import Difference, differ
from analytics.history.rankings import MEMBERS, OPERATIONS, Ranking, Rankings
from analytics.memory import EARLIER, Memory, earlier_members
from cypher.errors import UsageError


def ranking(run: str, found: dict[str, str], candidates: dict[str, str] | None = None) -> Ranking:
    """A ranking of operations whose members are the characters of a text; capitals are fronts."""
    both = [(name, assets, True) for name, assets in found.items()]
    both += [(name, assets, False) for name, assets in (candidates or {}).items()]
    members = [
        (name, f"x:account:{asset}", f"Name {asset}", "front" if asset.isupper() else "amplifier")
        for name, assets, _ in both
        for asset in assets
    ]
    operations = [
        (name, place, 50.0 - len(assets), alert, len(assets))
        for place, (name, assets, alert) in enumerate(both, 1)
    ]
    return Ranking(
        run,
        pl.DataFrame(operations, schema=OPERATIONS, orient="row"),
        pl.DataFrame(members, schema=MEMBERS, orient="row"),
    )


def changes(found: Difference) -> dict[str, tuple[str, list[str], int, int]]:
    rows = found.changes.select("operation_id", "status", "was", "joined", "left").rows()
    return {operation: (status, was, joined, left) for operation, status, was, joined, left in rows}


def test_every_way_in_which_operations_change() -> None:
    before = ranking(
        "RUN-1",
        {
            "SAME": "abc",
            "GREW": "def",
            "SHRANK": "ghij",
            "ONE": "KLm",
            "TWO": "Nop",
            "CUT": "qrstuvw",
            "WENT": "yz",
        },
    )
    after = ranking(
        "RUN-2",
        {
            "SAME": "abc",
            "GREW": "def12",
            "SHRANK": "ghi",
            "ONE": "KLmNop",
            "CUT": "qrst",
            "PIECE": "uvw",
            "FRESH": "345",
        },
    )
    found = differ(before, after)
    assert changes(found) == {
        "FRESH": ("new", [], 3, 0),
        "ONE": ("merged", ["TWO"], 3, 0),
        "CUT": ("split", [], 0, 3),
        "PIECE": ("split", ["CUT"], 3, 0),
        "GREW": ("grown", [], 2, 0),
        "SHRANK": ("shrunk", [], 0, 1),
        "TWO": ("gone", ["ONE"], 0, 3),
        "WENT": ("gone", [], 0, 2),
        "SAME": ("unchanged", [], 0, 0),
    }
    assert list(changes(found)) == [
        "FRESH", "ONE", "CUT", "PIECE", "GREW", "SHRANK", "TWO", "WENT", "SAME",
    ]  # fmt: skip
    moves = found.moves.select("operation_id", "change", "id", "other").rows()
    assert [move for move in moves if move[0] == "GREW"] == [
        ("GREW", "joined", "1", []),
        ("GREW", "joined", "2", []),
    ]
    assert [move for move in moves if move[0] == "CUT"] == [("CUT", "left", one, ["PIECE"]) for one in "uvw"]
    assert {move for move in moves if move[0] in ("FRESH", "WENT", "PIECE", "TWO")} == set()
    why = dict(found.changes.select("operation_id", "why").rows())
    assert why["ONE"] == "took in TWO: 3 joined; score fell by 3.0 bits"
    assert why["TWO"] == "gone into ONE"


def test_what_runs_an_operation_says_more_of_it_than_what_spreads_it() -> None:
    before = ranking("RUN-1", {"OLD": "ABabcdef"})
    # The fronts with another crowd share a weight of 6 of 16, most of the crowd without them 4 of 12.
    found = differ(before, ranking("RUN-2", {"CROWD": "abcd", "NEW": "AB1234"}))
    assert dict(found.changes.select("operation_id", "rank_before").rows()) == {"CROWD": None, "NEW": 1}
    assert changes(found)["NEW"] == ("split", [], 4, 6)


def test_an_id_is_kept_to_however_much_it_drifted_over_many_runs() -> None:
    found = differ(ranking("RUN-1", {"A": "abc", "B": "xyz"}), ranking("RUN-9", {"A": "mno", "B": "xyz"}))
    assert changes(found)["A"] == ("grown", [], 3, 3)
    assert found.changes.height == 2


def test_candidates_count_when_they_become_alerts_or_if_asked_for() -> None:
    before = ranking("RUN-1", {"A": "abc"}, {"B": "def", "C": "ghi"})
    after = ranking("RUN-2", {"A": "abc", "B": "def"}, {"C": "ghi"})
    found = differ(before, after)
    assert dict(found.changes.select("operation_id", "why").rows()) == {
        "A": "unchanged",
        "B": "unchanged: an alert now",
    }
    assert set(changes(differ(before, after, everything=True))) == {"A", "B", "C"}


def test_rankings_are_kept_and_found(tmp_path: Path) -> None:
    rankings = Rankings(tmp_path)
    assert rankings.runs() == []
    first, second = ranking("RUN-20260101", {"A": "abc"}), ranking("RUN-20260201", {"A": "abcd"})
    rankings.keep(second)
    rankings.keep(first)
    assert rankings.runs() == ["RUN-20260101", "RUN-20260201"]
    assert rankings.before("RUN-20260201") == "RUN-20260101"
    assert rankings.before("RUN-20260101") is None
    assert rankings.find("RUN-202602") == "RUN-20260201"
    assert rankings.read("RUN-20260201").members.equals(second.members)
    for wrong in ("RUN-2026", "RUN-3"):
        with pytest.raises(UsageError, match=wrong):
            rankings.find(wrong)


def test_the_last_ranking_stands_in_for_a_graph_that_was_lost(tmp_path: Path) -> None:
    memory = Memory(tmp_path)
    memory.rankings.keep(ranking("RUN-1", {"OLD": "abc"}))
    memory.rankings.keep(ranking("RUN-2", {"A": "Abc"}))
    found = earlier_members(pl.DataFrame(schema=EARLIER), memory)
    assert found.rows()[0] == ("x:account:A", "A", "front")
    assert found.height == 3
    there = pl.DataFrame([("x:account:q", "Q", "front")], schema=EARLIER, orient="row")
    assert earlier_members(there, memory).equals(there)
