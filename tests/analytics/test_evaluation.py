"""Evaluation: counted by hand on small cases, and held against plain counting on made ones."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.evaluation.figures import Evaluation, evaluate
from cibgraph.context import Context
from cibgraph.main import cli


def count(
    truth: dict[str, str],
    found: list[str],
    background: int | None = None,
    lookalikes: dict[str, str] | None = None,
) -> Evaluation:
    """Evaluate operations whose assets are the characters of a text, those found in order of rank."""
    planted = [(name, asset) for name, assets in truth.items() for asset in assets]
    members = [(f"OP-{rank}", asset) for rank, assets in enumerate(found, 1) for asset in assets]
    ranks = [(f"OP-{rank}", rank) for rank in range(1, len(found) + 1)]
    groups = [(name, "club", asset) for name, assets in (lookalikes or {}).items() for asset in assets]
    return evaluate(
        pl.DataFrame(planted, schema={"operation": pl.String, "asset": pl.String}, orient="row"),
        pl.DataFrame(members, schema={"operation_id": pl.String, "asset": pl.String}, orient="row"),
        pl.DataFrame(ranks, schema={"operation_id": pl.String, "rank": pl.Int64}, orient="row"),
        background=background,
        lookalikes=pl.DataFrame(groups, schema=["group", "kind_of_group", "asset"], orient="row")
        if lookalikes
        else None,
        resamples=100,
    )


def test_each_planted_operation_is_measured_by_the_one_that_fits_it_best() -> None:
    found = count({"A": "abcd", "B": "xyz", "C": "q"}, ["ab", "abcuv", "xy1234"])
    rows = {row["operation"]: row for row in found.operations.to_dicts()}
    a, b, c = rows["A"], rows["B"], rows["C"]
    # 2 of 2 and 2 of 4: F1 4/6; 3 of 5 and 3 of 4: F1 6/9. Of equals the higher ranked counts.
    assert (a["operation_id"], a["precision"], a["recall"]) == ("OP-1", 1.0, 0.5)
    assert a["f1"] == pytest.approx(2 / 3)
    assert (a["others"], a["elsewhere"]) == (1, 3)
    assert (b["operation_id"], b["shared"], b["f1"], b["hit_rank"]) == ("OP-3", 2, pytest.approx(4 / 9), None)
    assert (c["operation_id"], c["precision"], c["recall"], c["f1"]) == (None, None, 0.0, 0.0)
    assert a["f1_low"] < a["f1"] < a["f1_high"]
    assert found.figure("least_f1") == 0


def test_going_down_the_ranking() -> None:
    found = count({"A": "abcd", "B": "wxyz"}, ["123", "abc", "d", "wx78", "wxyz9"], background=50_000)
    # Two of four are not most; a further piece is neither hit nor miss.
    assert found.ranking["verdict"].to_list() == ["false", "hit", "piece", "false", "hit"]
    assert found.figure("average_precision") == pytest.approx((1 / 2 + 2 / 4) / 2)
    assert found.figure("false_per_100000") == 4
    low, high = found.figures.filter(measure="false_per_100000").select("low", "high").row(0)
    assert (low, high) == pytest.approx((2 * 0.2422, 2 * 7.2247), rel=1e-3)
    assert count({"A": "abcd", "B": "wxyz"}, ["abcd"]).figure("average_precision") == 0.5


def test_an_operation_is_given_to_one_not_hit_before() -> None:
    # Both hold most of it; the first to be hit is taken, then the other.
    found = count({"A": "abc", "B": "abc"}, ["abc", "ab", "c"])
    assert found.ranking.select("verdict", "planted").rows() == [("hit", "A"), ("hit", "B"), ("piece", "A")]
    assert found.figure("average_precision") == 1


def test_look_alikes_are_told_with_their_rank() -> None:
    found = count({"A": "abc"}, ["123", "abc", "456"], lookalikes={"L": "12", "M": "56", "N": "abc"})
    assert found.ranking["lookalike"].to_list() == ["L", "N", "M"]
    # What is a hit is no innocent group, whatever the list of look-alikes says.
    assert (found.figure("lookalikes"), found.figure("lookalikes_above_planted")) == (2, 1)


def test_who_is_not_in_the_data_is_told_apart() -> None:
    truth = pl.DataFrame({"operation": list("AAAAB"), "asset": list("abcdz")})
    members = pl.DataFrame({"operation_id": ["OP"] * 2, "asset": list("ab")})
    ranks = pl.DataFrame({"operation_id": ["OP"], "rank": [1]})
    found = evaluate(truth, members, ranks, absent=pl.Series(list("cdz")), resamples=10)
    assert found.operations.select("operation", "assets", "f1").rows() == [("A", 2, 1.0)]
    assert found.absent.rows() == [("A", 2), ("B", 1)]
    assert found.figure("average_precision") == 1


def test_with_nothing_planted_only_false_operations_count() -> None:
    found = count({}, ["ab"], background=10)
    assert found.operations.is_empty()
    assert found.figure("false") == 1
    assert found.figure("average_precision") is None
    assert found.figure("adjusted_rand_index") is None
    nothing = count({}, [], background=100_000).figures.filter(measure="false_per_100000")
    assert nothing.select("value", "low").row(0) == (0, 0)
    assert nothing["high"].item() == pytest.approx(3.689, rel=1e-3)


groups_of_assets = st.lists(st.text("abcdefghij", min_size=1, max_size=6), max_size=5)


@settings(max_examples=40, deadline=None)
@given(groups_of_assets, groups_of_assets, st.integers(0, 5))
def test_agrees_with_plain_counting(planted: list[str], found: list[str], others: int) -> None:
    truth = {f"P{place}": assets for place, assets in enumerate(planted)}
    outside = set("".join(found)) - set("".join(planted))
    background = len(outside) + others
    counted = count(truth, found, background)
    hit: dict[str, int] = {}
    false = 0
    precisions = []
    for rank, assets in enumerate(map(set, found), 1):
        of = [name for name in truth if 2 * len(set(truth[name]) & assets) > len(assets)]
        of.sort(key=lambda name: -len(set(truth[name]) & assets))
        if fresh := [name for name in of if name not in hit]:
            hit[fresh[0]] = rank
            precisions.append(len(hit) / (len(hit) + false))
        elif not of:
            false += 1
    assert counted.figure("false") == false
    assert dict(counted.operations.drop_nulls("hit_rank").select("operation", "hit_rank").iter_rows()) == hit
    if truth:
        assert counted.figure("average_precision") == pytest.approx(sum(precisions) / len(truth))
        f1 = {
            name: max((2 * len(set(p) & set(f)) / (len(set(p)) + len(set(f))) for f in found), default=0)
            for name, p in truth.items()
        }
        assert dict(counted.operations.select("operation", "f1").iter_rows()) == pytest.approx(f1)
        if background:
            assert counted.figure("adjusted_rand_index") == pytest.approx(_rand(truth, found, others))
    assert counted.figures.equals(count(truth, found, background).figures)
    between = counted.figures.drop_nulls("low").filter(~pl.col("low").le(pl.col("high")))
    assert between.is_empty()


def _rand(truth: dict[str, str], found: list[str], others: int) -> float:
    """Return the adjusted Rand index by looking at each pair of assets."""
    assets = sorted(set("".join(truth.values())) | set("".join(found))) + [f"-{n}" for n in range(others)]
    first = {a: next((name for name, held in truth.items() if a in held), a) for a in assets}
    second = {a: next((str(n) for n, held in enumerate(found) if a in held), a) for a in assets}
    pairs = list(combinations(assets, 2))
    one = sum(first[a] == first[b] for a, b in pairs)
    two = sum(second[a] == second[b] for a, b in pairs)
    both = sum(first[a] == first[b] and second[a] == second[b] for a, b in pairs)
    expected = one * two / len(pairs) if pairs else 0
    spread = (one + two) / 2 - expected
    return (both - expected) / spread if spread else 1.0


def test_exported_files_are_enough(tmp_path: Path) -> None:
    (tmp_path / "truth.csv").write_text(
        "operation,platform,kind,id\nA,Facebook,page,1\nA,,account,-5\nA,,page,9\n"
    )
    (tmp_path / "pages.csv").write_text("id\n1\n2\n3\n")
    (tmp_path / "operations.csv").write_text(
        "operation_id,rank,status\nOP-1,1,new\nOP-2,2,candidate\nOP-3,,gone\n"
    )
    (tmp_path / "members.csv").write_text(
        "operation_id,platform,kind,id\nOP-1,facebook,page,1\nOP-1,facebook,account,-5\nOP-2,facebook,page,2\n"
    )

    def run(*arguments: str) -> str:
        done = CliRunner().invoke(
            cli,
            ["-q", "evaluate", "--truth", str(tmp_path), *arguments],
            obj=Context(),
            catch_exceptions=False,
        )
        assert done.exit_code == 0
        return done.stdout

    rows = run("--results", str(tmp_path), "--format", "csv").splitlines()
    assert "A,f1,1.0,1.0,1.0" in rows
    assert any(row.startswith(",false_per_100000,0.0,0.0,1844") for row in rows), rows
    assert '"verdict": "false"' in run("--results", str(tmp_path), "--all", "--format", "json")
    assert '"absent": [\n    {\n      "operation": "A",\n      "assets": 1' in run(
        "--results", str(tmp_path), "--format", "json"
    )
    assert "OP-1" in run("--results", str(tmp_path))
