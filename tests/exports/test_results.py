# ruff: noqa: E501 - tables and sentences read better whole
from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from analytics.results import Results, read_results
from cypher.errors import CibError
from cypher.session import Graph

from .made_graph import LONG_ID, make

pytestmark = pytest.mark.server

#: Written out from FORMATS, so that a change of the declaration shows.
COLUMNS = {
    "operations": "operation_id, rank, score, status, decision, assets, pages, accounts, groups, instagram_accounts,"
    " followers_upper_bound, group_members_upper_bound, ads, ad_spend, first_ad, last_ad, first_seen, last_seen,"
    " countries, layers, why",
    "members": "operation_id, platform, kind, id, name, role, confidence, followers, created_at, url, why",
    "edges": "operation_id, source_platform, source_kind, source_id, target_platform, target_kind, target_id, layer,"
    " weight, expected, p_value, q_value, first_at, last_at",
    "evidence": "operation_id, layer, source_key, target_key, object_kind, object, source_at, target_at, source_ref,"
    " target_ref",
    "signals": "operation_id, signal, value, background, bits, why",
    "ads": "operation_id, platform, id, page_id, payer, beneficiary, currency, spend_lower, spend_upper,"
    " impressions_lower, impressions_upper, started_at, stopped_at, created_at, text, url, countries, targets,"
    " disclaimer",
    "run": "name, value",
}


def test_columns_are_those_of_the_contract(results: Results) -> None:
    assert {name: ", ".join(getattr(results, name).columns) for name in COLUMNS} == COLUMNS


def test_only_alerts_unless_asked(graph: Graph, results: Results, tmp_path: Path) -> None:
    assert results.operations["operation_id"].to_list() == ["OP-000001", "OP-000002"]
    everything = read_results(graph, tmp_path / "layers", include_candidates=True)
    assert everything.operations["status"].to_list() == ["new", "grown", "candidate"]
    assert everything.members.height == results.members.height + 4


def test_what_is_gone_stays_for_its_decision_and_says_so(
    graph: Graph, results: Results, tmp_path: Path
) -> None:
    graph.write("operations/delete_operations", run="RUN-2")
    found = read_results(graph, tmp_path / "layers", include_candidates=True).operations
    assert found.select("operation_id", "status", "decision").rows() == [("OP-000002", "gone", "confirmed")]


def test_latest_decision_or_empty(results: Results) -> None:
    assert results.operations["decision"].to_list() == ["", "confirmed"]


def test_edges_and_evidence_stay_inside_an_operation(results: Results) -> None:
    inside = {
        (operation, f"{platform}:{kind}:{asset}")
        for operation, platform, kind, asset in results.members.select(
            "operation_id", "platform", "kind", "id"
        ).rows()
    }
    for end in ("source", "target"):
        assert set(results.evidence.select("operation_id", f"{end}_key").rows()) <= inside
    assert "co_text" not in results.edges["layer"].to_list()
    assert results.evidence.height == results.edges.height > 100


def test_there_is_no_evidence_of_pairs_without_an_edge(
    graph: Graph, results: Results, tmp_path: Path
) -> None:
    """Detection leaves that of candidates, too, which became no operations and whose pairs are members."""
    path = tmp_path / "layers" / "evidence.parquet"
    kept = pl.read_parquet(path)
    kept.vstack(kept.with_columns(layer=pl.lit("co_reaction"))).write_parquet(path)
    assert_frame_equal(read_results(graph, tmp_path / "layers").evidence, results.evidence)


def test_ids_keep_their_digits_and_run_its_seed(results: Results) -> None:
    assert LONG_ID in results.members["id"].to_list()
    run = dict(results.run.rows())
    assert run["id"] == "RUN-1"
    assert run["settings.detect.seed"] == "7"


def test_reading_twice_gives_the_same(graph: Graph, results: Results, tmp_path: Path) -> None:
    again = read_results(graph, tmp_path / "layers")
    for field in fields(Results):
        one, two = getattr(results, field.name), getattr(again, field.name)
        if isinstance(one, pl.DataFrame):
            assert_frame_equal(one, two)
        else:
            assert one == two


def test_no_operations_is_no_error(graph: Graph, tmp_path: Path) -> None:
    found = read_results(graph, tmp_path)
    assert all(getattr(found, name).is_empty() for name in COLUMNS)
    assert found.operations.schema["ad_spend"] == pl.List(pl.String)


def test_missing_or_broken_evidence_is_said(graph: Graph, tmp_path: Path) -> None:
    make(graph, tmp_path)
    (tmp_path / "evidence.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(CibError, match="cannot be read"):
        read_results(graph, tmp_path)
    with pytest.raises(CibError, match="is missing"):
        read_results(graph, tmp_path / "elsewhere")
