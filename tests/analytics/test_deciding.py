"""Decisions: on record for good, known again by their members, quiet until something material changes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from analytics.decisions.changed import changed_materially
from analytics.decisions.deciding import decide, settle
from analytics.decisions.journal import Decision, Journal, Subject, Verdict
from analytics.decisions.remnants import parts_of_dismissed
from analytics.exports.redaction import redacted
from analytics.history.identity import identify
from analytics.memory import EARLIER, Memory, earlier_members
from analytics.record import write_operations
from analytics.results import Results, read_results
from cypher.errors import CibError, UsageError
from cypher.session import Graph

NOTE = 'harmless: “a newsroom”, =cmd|"x"'


def test_the_journal_is_only_added_to(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "decisions.ndjson")
    assert journal.read() == []
    subject = Subject(12.5, {"x:account:1": "operator"}, {"copied": 3.0})
    later = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
    first = journal.append([(Verdict("OP-1", "watch", "Ada", "a\u2028b\nc"), subject)], "RUN-1", now=later)
    before = journal.path.read_bytes()
    # A clock set back does not turn decisions round; two at once are two.
    same = [(Verdict("OP-1", "dismissed", "Ada"), subject)] * 2
    more = journal.append(same, "RUN-2", now=later - dt.timedelta(days=1))
    assert journal.path.read_bytes().startswith(before)
    assert journal.read() == [*first, *more]
    assert len({one.id for one in (*first, *more)}) == 3
    assert [one.at for one in journal.read()] == sorted(one.at for one in journal.read())
    assert journal.latest()["OP-1"] == more[-1]


@pytest.mark.parametrize(
    "wrong",
    [
        {"verdict": "maybe", "by": "Ada"},
        {"verdict": "watch", "by": " "},
        {"verdict": "watch", "by": "x" * 201},
        {"verdict": "watch", "by": "Ada", "note": "x" * 10_001},
    ],
)
def test_a_decision_that_says_too_little_or_too_much_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        Verdict("OP-1", **wrong)


def test_a_line_that_is_no_decision_is_named(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "decisions.ndjson")
    journal.append([(Verdict("OP-1", "watch", "Ada"), Subject())], "RUN-1")
    with journal.path.open("a") as file:
        file.write('{"id": "DEC-1"}\n')
    with pytest.raises(CibError, match="line 2"):
        journal.read()


def test_what_changes_an_operation_materially() -> None:
    then = Subject(20.0, {f"a{n}": "front" for n in range(4)}, {"copied": 5.0, "renamed": -1.0})
    assert changed_materially(then, then) == []
    # Fewer members and weaker evidence are no reason; amplifiers count for a third of a front.
    weaker = Subject(9.0, {"a1": "front", **{f"b{n}": "amplifier" for n in range(2)}}, {"copied": 2.9})
    assert changed_materially(then, weaker) == []
    assert changed_materially(then, Subject(25.9, then.members, {"renamed": 2.9})) == []
    assert changed_materially(then, Subject(20.0, then.members | {"c": "operator"})) == [
        "1 of its 5 members are new"
    ]
    stronger = Subject(26.0, then.members, {"copied": 6.0, "renamed": 3.0, "foreign_admins": 6.0})
    assert changed_materially(then, stronger) == [
        "its score rose from 20.0 to 26.0 bits",
        "it now shows foreign admins and renamed",
    ]


def test_an_operation_that_was_decided_on_is_known_again_when_it_returns(tmp_path: Path) -> None:
    subject = Subject(9.0, {"a": "front", "b": "front", "c": "amplifier", "d": "amplifier"})
    memory = Memory(tmp_path)
    memory.journal.append([(Verdict("OP-OLD", "dismissed", "Ada"), subject)], "RUN-1")
    earlier = earlier_members(pl.DataFrame(schema=EARLIER), memory)
    rows = [("a", 0, "front"), ("b", 0, "front"), ("x", 0, "amplifier"), ("y", 0, "amplifier")]
    rows += [("c", 1, "amplifier"), ("d", 1, "amplifier")]
    members = pl.DataFrame(rows, schema=["asset", "community", "role"], orient="row")
    # Both hold two of its four members: who runs it says more than who spreads it.
    assert identify(members, earlier)["operation"][0] == "OP-OLD"


def test_a_piece_of_what_was_dismissed_falls_under_its_dismissal() -> None:
    def decision(name: str, verdict: str, members: str) -> Decision:
        subject = Subject(9.0, dict.fromkeys(members, "amplifier"))
        return Decision(f"DEC-{name}", dt.datetime.now(dt.UTC), name, verdict, "Ada", "", "RUN-1", subject)

    latest = {
        "A": decision("A", "dismissed", "abcdef"),
        "B": decision("B", "confirmed", "ghij"),
        "C": decision("C", "dismissed", "abxy"),
    }
    found = {"A": "abcdef", "PIECE": "abc1", "MIXED": "ab12", "OF-B": "ghij", "BOTH": "abx"}
    rows = [(asset, name, "amplifier") for name, assets in found.items() for asset in assets]
    # A front that is not from there weighs as much as the three amplifiers that are.
    rows += [(asset, "LED", "front" if asset == "9" else "amplifier") for asset in "def9"]
    members = pl.DataFrame(rows, schema=EARLIER, orient="row")
    assert parts_of_dismissed(members, latest) == {"PIECE": latest["A"], "BOTH": latest["C"]}


@pytest.mark.server
def test_decisions_outlive_runs_and_the_graph(graph: Graph, tmp_path: Path) -> None:
    memory, layers = Memory(tmp_path), tmp_path / "layers"
    _rank(graph, "RUN-1", {"OP-A": (30.0, "abcd"), "OP-B": (20.0, "efgh"), "OP-C": (10.0, "ijkl")})
    with pytest.raises(UsageError, match="OP-X"):
        decide(graph, memory, [Verdict("OP-A", "watch", "Ada"), Verdict("OP-X", "watch", "Ada")])
    assert memory.journal.read() == []

    decide(graph, memory, [Verdict("OP-A", "dismissed", "Ada", NOTE), Verdict("OP-B", "confirmed", "Bo")])
    assert _listed(read_results(graph, layers)) == [("OP-B", 1, "confirmed"), ("OP-C", 2, "")]
    everything = read_results(graph, layers, include_candidates=True)
    assert _listed(everything)[-1] == ("OP-A", 3, "dismissed")
    why = dict(everything.operations.select("operation_id", "why").rows())["OP-A"]
    assert 'by “Ada”: “harmless: a newsroom, =cmd|"x"”. because' in why

    # A new run finds it as it was, then with other evidence.
    _rank(graph, "RUN-2", {"OP-A": (33.0, "abcd"), "OP-B": (20.0, "efgh")})
    assert settle(graph, memory).quiet == ("OP-A",)
    assert _listed(read_results(graph, layers)) == [("OP-B", 1, "confirmed")]
    _rank(graph, "RUN-3", {"OP-A": (36.0, "abcdxy"), "OP-B": (20.0, "efgh")})
    settled = settle(graph, memory)
    assert not settled.quiet
    assert "2 of its 6 members are new and its score rose from 30.0 to 36.0 bits" in settled.speaking["OP-A"]
    loud = read_results(graph, layers)
    assert _listed(loud) == [("OP-A", 1, "dismissed"), ("OP-B", 2, "confirmed")]
    assert "speaks again since 2 of its 6" in loud.operations["why"][0]
    # Dismissed again as it is now, it is quiet again; decided otherwise, it is back.
    decide(graph, memory, [Verdict("OP-A", "dismissed", "Ada")])
    assert _listed(read_results(graph, layers)) == [("OP-B", 1, "confirmed")]
    decide(graph, memory, [Verdict("OP-A", "watch", "Ada")])
    assert _listed(read_results(graph, layers)) == [("OP-A", 1, "watch"), ("OP-B", 2, "confirmed")]
    history = read_results(graph, layers).decisions.filter(operation_id="OP-A")["verdict"].to_list()
    assert history == ["dismissed", "dismissed", "watch"]

    # What is left of a dismissed operation under another id is quiet as well.
    decide(graph, memory, [Verdict("OP-A", "dismissed", "Ada")])
    _rank(graph, "RUN-3B", {"OP-A": (30.0, "abcd"), "OP-D": (25.0, "xy"), "OP-B": (20.0, "efgh")})
    assert settle(graph, memory).quiet == ("OP-A", "OP-D")
    everything = read_results(graph, layers, include_candidates=True)
    assert "A part of OP-A: Dismissed on" in everything.operations["why"].to_list()[2]
    decide(graph, memory, [Verdict("OP-A", "watch", "Ada")])

    # The graph is lost, and the next run finds one of the two: the other is there, as gone.
    graph.driver.execute_query("MATCH (n:Operation|Decision|Signal|Asset) DETACH DELETE n")
    _rank(graph, "RUN-4", {"OP-B": (20.0, "efgh")})
    settle(graph, memory)
    assert _listed(read_results(graph, layers)) == [("OP-B", 1, "confirmed")]
    found = read_results(graph, layers, include_candidates=True)
    assert found.operations.select("operation_id", "status", "decision").rows()[-1] == (
        "OP-A",
        "gone",
        "watch",
    )
    assert found.decisions.height == 6
    # What is gone can be decided on, and stays as it was when it was there.
    decide(graph, memory, [Verdict("OP-A", "dismissed", "Bo")])
    assert set(memory.journal.latest()["OP-A"].subject.members) == {_key(name) for name in "abcd"}
    assert _listed(read_results(graph, layers)) == [("OP-B", 1, "confirmed")]


@pytest.mark.server
def test_a_decision_made_in_the_graph_is_taken_into_the_journal(graph: Graph, tmp_path: Path) -> None:
    memory = Memory(tmp_path)
    _rank(graph, "RUN-1", {"OP-A": (30.0, "abcd"), "OP-B": (20.0, "efgh")})
    graph.driver.execute_query(
        "MATCH (o:Operation {id: 'OP-A'}), (p:Operation {id: 'OP-B'})"
        " CREATE (:Decision {verdict: 'dismissed', by: 'Cy'})-[:DECIDED]->(o),"
        " (:Decision {verdict: 'perhaps'})-[:DECIDED]->(p)"
    )
    settled = settle(graph, memory)
    assert settled.quiet == ("OP-A",)
    assert settled.strange == ("OP-B: 'perhaps'",)
    assert _listed(read_results(graph, tmp_path)) == [("OP-B", 1, "")]
    (one,) = memory.journal.read()
    assert (one.operation, one.verdict, one.by, len(one.subject.members)) == ("OP-A", "dismissed", "Cy", 4)
    settle(graph, memory)
    assert memory.journal.read() == [one]


def _key(name: str) -> str:
    return f"facebook:account:{name}"


def _listed(results: Results) -> list[tuple[str, int, str]]:
    return results.operations.select("operation_id", "rank", "decision").rows()


def _rank(graph: Graph, run: str, found: dict[str, tuple[float, str]]) -> None:
    """Write what a ranking writes, of operations whose members are the characters of a text."""
    rows = [(name, asset) for name, (_, assets) in found.items() for asset in assets]
    graph.driver.execute_query(
        "UNWIND $rows AS row MERGE (a:Asset {key: row[0]})"
        " SET a:Account, a.platform = 'facebook', a.kind = 'account', a.id = row[1], a.name = row[1]",
        rows=[(_key(asset), asset) for _, asset in rows],
    )
    operations = pl.DataFrame(
        [
            (name, place, score, "new", False, len(assets), "because", run, place)
            for place, (name, (score, assets)) in enumerate(found.items(), 1)
        ],
        schema=["operation", "rank", "score", "status", "candidate", "assets", "why", "run", "community"],
        orient="row",
    )
    members = pl.DataFrame(
        [(_key(asset), name, "amplifier", 0.5, "coordinated") for name, asset in rows],
        schema=["asset", "operation", "role", "confidence", "why"],
        orient="row",
    )
    signals = pl.DataFrame(
        [(name, "tempo", 0.5, 0.1, score, "why", 0) for name, (score, _) in found.items()],
        schema=["operation", "name", "value", "background", "bits", "why", "place"],
        orient="row",
    )
    write_operations(graph, operations, members, signals, run)


@pytest.mark.server
def test_an_operation_that_touches_a_watched_asset_says_so(graph: Graph, tmp_path: Path) -> None:
    memory = Memory(tmp_path)
    _rank(graph, "RUN-1", {"OP-A": (30.0, "abcd"), "OP-B": (20.0, "efgh"), "OP-C": (10.0, "ijkl")})
    decide(graph, memory, [Verdict("OP-A", "dismissed", "Ada")])
    graph.driver.execute_query(
        "MATCH (e:Asset {key: $one}) CREATE (z:Asset:Account {key: $other, name: 'Zed'})-[:ADMINISTERS]->(e)",
        one=_key("e"),
        other=_key("z"),
    )
    watched = pl.DataFrame(
        {"asset": [_key(name) for name in "abzq"], "note": [None, "case of “2019”", "boss", "never loaded"]}
    )
    assert memory.watchlist.add(watched, "suspects.csv") == 4
    assert memory.watchlist.add(watched, "again.csv") == 0
    settled = settle(graph, memory)
    assert set(settled.touching) == {"OP-A", "OP-B"}
    found = read_results(graph, tmp_path)
    why = dict(found.operations.select("operation_id", "why").rows())
    # That a watched asset is in it makes a dismissed operation speak again.
    assert "speaks again since it holds 2 watched assets more than then." in why["OP-A"]
    assert f"Holds 2 watched assets: “{_key('a')} a”, “{_key('b')} b” (“case of 2019”)." in why["OP-A"]
    assert why["OP-B"] == f"Is tied to 1 watched asset: “{_key('z')} Zed” (“boss”). because"
    assert why["OP-C"] == "because"
    whys = dict(found.members.select("id", "why").rows())
    assert whys["a"] == "on the watchlist; coordinated"
    assert whys["c"] == "coordinated"
    hidden = redacted(found, b"key")
    for frame in (hidden.operations, hidden.members, hidden.details):
        assert not [text for text in ("Zed", "boss", "2019", "Ada", _key("z")) if text in frame.write_json()]
    # Loaded again and removed from the list: the marks follow.
    graph.driver.execute_query("MATCH (n:Watchlist) DETACH DELETE n")
    assert set(settle(graph, memory).touching) == {"OP-A", "OP-B"}
    assert memory.watchlist.remove(watched) == 4
    assert settle(graph, memory).touching == {}
    assert read_results(graph, tmp_path).operations["operation_id"].to_list() == ["OP-B", "OP-C"]
