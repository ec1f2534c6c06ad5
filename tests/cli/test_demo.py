"""The demo: a made dataset from nothing to files, compared with what was planted."""

import re
from pathlib import Path

import polars as pl
import pytest

from analytics.evaluation import evaluate
from cibgraph.commands.demo import compare

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


@pytest.mark.server
def test_demo_runs_twice(cib: Cib, workspace: Path) -> None:
    for _ in range(2):
        done = cib("demo", "--out", "demo", "--background", "300")
        assert done.returncode == 0, done.stderr
        for planted in ("PK-ISPR", "IN-INC-IT-CELL", "IN-SILVER-TOUCH"):
            assert re.search(rf"^  {planted}: (OP-\w+ holds|none of) ", done.stdout, re.MULTILINE), (
                done.stdout
            )
        # Planted assets outnumber so small a background; the first operation stands out even so.
        assert re.search(r"^  PK-ISPR: OP-\w+ holds ", done.stdout, re.MULTILINE), done.stdout
        for name in ("operations.xlsx", "report.html", "operations.csv"):
            assert (workspace / "demo" / "results" / name).is_file()
        assert "cib -w demo browser" in done.stdout


@pytest.mark.server
def test_demo_leaves_other_folders_alone(cib: Cib, workspace: Path) -> None:
    done = cib("demo", "--out", ".")
    assert done.returncode == 2
    assert "holds something else than a demo" in done.stderr
    assert not (workspace / "data").exists()


def _members(name: str, rows: list[tuple[str, str]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=[name, "asset"], orient="row")
