"""The demo: a made dataset from nothing to files, compared with what was planted."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import neo4j
import polars as pl
import pytest
from neo4j.graph import Node, Relationship

from analytics.evaluation.figures import evaluate
from cibgraph.commands.demo import compare
from cibgraph.commands.run import told_of_further
from cypher.library import names, query
from cypher.session import Graph

from .conftest import Cib


def test_comparison_counts_what_is_held_missed_and_added() -> None:
    truth = _members("operation", [("A", "1"), ("A", "2"), ("B", "3"), ("B", "4"), ("C", "5"), ("C", "6")])
    found = _members(
        "operation_id",
        [("OP-1", "1"), ("OP-1", "2"), ("OP-1", "7"), ("OP-2", "3"), ("OP-2", "9"), ("OP-3", "4")],
    )
    ranks = pl.DataFrame({"operation_id": ["OP-1", "OP-2", "OP-3"], "rank": [1, 2, 3]})
    assert compare(evaluate(truth, found, ranks)) == [
        "A: OP-1 holds all 2 of its 2 assets, and 1 other",
        "B: OP-3 holds 1 of its 2 assets and no other; 1 in 1 other operation",
        "C: none of its 2 assets is in a ranked operation",
    ]


def test_comparison_tells_rings_together_and_each_once() -> None:
    rings = {"X-SPAM-1": "12", "X-SPAM-2": "345", "X-SPAM-3": "67", "X-SPAM-4": "89", "A": "0"}
    truth = _members("operation", [(name, asset) for name, assets in rings.items() for asset in assets])
    found = _members(
        "operation_id",
        [("OP-1", asset) for asset in "12"] + [("OP-2", asset) for asset in "345"] + [("OP-3", "6")],
    )
    ranks = pl.DataFrame({"operation_id": ["OP-1", "OP-2", "OP-3"], "rank": [1, 2, 3]})
    assert compare(evaluate(truth, found, ranks)) == [
        "A: none of its 1 assets is in a ranked operation",
        "X-SPAM-3: OP-3 holds 1 of its 2 assets and no other",
        "2 rings of spam (X-SPAM-1, X-SPAM-2; 5 assets): each one operation, with no other asset",
        "1 ring of spam (X-SPAM-4; 2 assets): in no ranked operation",
    ]


def test_further_operations_are_told_in_one_sentence_whatever_their_number_and_kinds() -> None:
    def told(*kinds: tuple[str, ...], report: Path | None = Path("report.html")) -> str:
        none = dict.fromkeys(("pages", "accounts", "groups", "instagram_accounts"), 0)
        further = [
            {"rank": rank, **none, **dict.fromkeys(kind, 9)} for rank, kind in enumerate(kinds, start=4)
        ]
        return told_of_further(further, "cib", report)

    both, alone = ("pages", "accounts"), ("accounts",)
    assert told(both) == (
        "1 more operation, of Pages and accounts. cib show 4 explains it; report.html has it."
    )
    assert told(both, both, report=None) == (
        "2 more operations, both of Pages and accounts. cib show 4 explains the next."
    )
    assert told(*[both] * 1000) == (
        "1,000 more operations, all of Pages and accounts. "
        "cib show 4 explains the next; report.html has all of them."
    )
    assert told(alone, both, ("instagram_accounts", "groups", "pages"), both, ()) == (
        "5 more operations: 2 of Pages and accounts; 1 of accounts; "
        "1 of Pages, Groups and Instagram accounts; 1 of other assets. "
        "cib show 4 explains the next; report.html has all of them."
    )


@pytest.mark.server
def test_demo_runs_twice_and_answers_every_question(cib: Cib, workspace: Path, graph: Graph) -> None:
    for _ in range(2):
        done = cib("demo", "--out", "demo", "--background", "300")
        assert done.returncode == 0, done.stderr
        for planted in ("PK-ISPR", "IN-INC-IT-CELL", "IN-SILVER-TOUCH"):
            assert re.search(rf"^  {planted}: (OP-\w+ holds|none of) ", done.stdout, re.MULTILINE), (
                done.stdout
            )
        # Planted assets outnumber so small a background; the first operation stands out even so.
        assert re.search(r"^  PK-ISPR: OP-\w+ holds ", done.stdout, re.MULTILINE), done.stdout
        assert _further(done.stdout) == max(0, len(_listed(done.stdout)) - 3), done.stdout
        for name in ("operations.xlsx", "report.html", "operations.csv"):
            assert (workspace / "demo" / "results" / name).is_file()
        assert "cib -w demo browser" in done.stdout
    for name in names("browser"):
        _answered(graph, name.partition("/")[2])


@pytest.mark.server
def test_demo_leaves_other_folders_alone(cib: Cib, workspace: Path) -> None:
    done = cib("demo", "--out", ".")
    assert done.returncode == 2
    assert "holds something else than a demo" in done.stderr
    assert not (workspace / "data").exists()


def test_demo_goes_where_the_workspace_option_says(cib: Cib, workspace: Path) -> None:
    (workspace / "cases").mkdir()
    (workspace / "cases" / "notes.txt").touch()
    done = cib("--workspace", "cases", "demo")
    assert done.returncode == 2
    assert "cases holds something else than a demo" in done.stderr
    assert not (workspace / "demo").exists()


#: Of these the demo may hold nothing: nobody decided yet, nothing changed; how many candidates and bridges
#: there are is for detection to say. tests/cypher/test_browser.py has rows for them.
_NOTHING = {
    "decisions",
    "what_changed",
    "who_stands_near",
    "operations_to_watch",
    "operations_in_common",
    "bridges_drawn",
}


def _answered(graph: Graph, name: str) -> None:
    """Check that a question has rows, is drawn if its name says so, and never reads the whole graph."""
    found = query(f"browser/{name}")
    with graph.driver.session(default_access_mode="READ") as session:
        result = session.run(found.text, found.parameters)
        rows = [list(record.values()) for record in result]
        planned = session.run("EXPLAIN " + found.text, found.parameters).consume().plan
    assert rows or name in _NOTHING, f"{name}: no rows"
    parts = Node | Relationship | neo4j.graph.Path
    drawn = any(isinstance(value, parts) for row in rows for value in row)
    assert drawn == name.endswith("_drawn") or not rows, name
    whole = [step for step in _steps(planned) if step.startswith(("AllNodesScan", "CartesianProduct"))]
    # Posts are the actions that the graph holds; they are reached from an operation or an object.
    assert not whole, (name, whole)


def _steps(plan: dict[str, Any]) -> Iterator[str]:
    yield plan["operatorType"]
    if plan["operatorType"].startswith(("NodeByLabelScan", "PartitionedNodeByLabelScan")):
        assert ":Post" not in plan["args"]["Details"], plan["args"]["Details"]
    for part in plan.get("children", []):
        yield from _steps(part)


def _listed(printed: str) -> list[str]:
    return re.findall(r"^ +\d+  (OP-\w+) ", printed, re.MULTILINE)


def _further(printed: str) -> int:
    """Return how many further operations are told of; their kinds, if several, must add up to that."""
    told = re.search(r"^(\d+) more operations?(, |: )(.*?)\. cib -w demo show 4 ", printed, re.MULTILINE)
    if told is None:
        return 0
    if told[2] == ": ":
        assert sum(int(number) for number in re.findall(r"(\d+) of ", told[3])) == int(told[1])
    return int(told[1])


def _members(name: str, rows: list[tuple[str, str]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=[name, "asset"], orient="row")
