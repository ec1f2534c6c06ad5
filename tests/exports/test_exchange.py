"""What peers read back from the exchange formats equals what was written."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from pathlib import Path

import networkx as nx
import polars as pl
import pytest
import stix2
from polars.testing import assert_frame_equal
from pymisp import MISPEvent

from analytics.columns import TABLES
from analytics.exports import FORMATS, disarm, export
from analytics.exports.options import Options
from analytics.exports.parts import key_of
from analytics.exports.redaction import redacted
from analytics.exports.stix import OPENCTI
from analytics.results import Results
from analytics.signals import SIGNALS
from cibgraph.formats import FORMATS as OFFERED
from cibgraph.formats import ExportFormat

from .made_graph import LONG_ID, NAMES

pytestmark = pytest.mark.server


def keys(results: Results, operation: str) -> list[str]:
    return results.members.filter(operation_id=operation).select(key_of("").alias("key"))["key"].to_list()


def test_settings_know_every_format() -> None:
    assert tuple(FORMATS) == ExportFormat.__args__  # type: ignore[attr-defined]
    assert tuple(FORMATS) == OFFERED


def test_every_signal_has_a_place_in_disarm() -> None:
    assert {signal.__name__ for signal in SIGNALS} | {"search"} == disarm.BY_SIGNAL.keys()
    told = {one for ids in (*disarm.BY_SIGNAL.values(), *disarm.BY_LAYER.values()) for one in ids}
    assert told <= disarm.NAMES.keys()


def test_every_format_is_the_same_every_time(results: Results, tmp_path: Path) -> None:
    for fmt in FORMATS:
        first, second = (export(results, fmt, tmp_path / turn) for turn in ("one", "two"))
        assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second], fmt


def test_parquet_reads_back(results: Results, tmp_path: Path) -> None:
    export(results, "parquet", tmp_path)
    for table in TABLES:
        assert_frame_equal(pl.read_parquet(tmp_path / f"{table}.parquet"), getattr(results, table))


def test_a_byte_order_mark_where_it_is_asked_for(results: Results, tmp_path: Path) -> None:
    paths = export(results, "csv", tmp_path, Options(bom=True))
    assert all(path.read_bytes().startswith(b"\xef\xbb\xbfoperation_id") for path in paths[:-1])


def test_stix_is_valid_and_complete(results: Results, tmp_path: Path) -> None:
    first, second = export(results, "stix", tmp_path, Options(tlp="green"))
    bundle = stix2.parse(first.read_text(encoding="utf-8"))
    of_type: dict[str, list[stix2.base._STIXBase]] = {}
    for one in bundle.objects:
        of_type.setdefault(one.type, []).append(one)
    assert "threat-actor" not in of_type
    assert [one.name for one in of_type["campaign"]] == ["OP-000001"]
    known = {one.id for one in bundle.objects}
    (report,) = of_type["report"]
    assert set(report.object_refs) == known - {report.id, stix2.TLP_GREEN.id, of_type["identity"][0].id}
    for link in of_type["relationship"]:
        assert {link.source_ref, link.target_ref} <= known
    members = results.members.filter(operation_id="OP-000001")
    assert sorted((one.account_type, one.user_id) for one in of_type["user-account"]) == sorted(
        members.filter(kind="account").select("platform", "id").rows()
    )
    assert LONG_ID in {one.user_id for one in of_type["user-account"]}
    assert len(of_type["channel"]) == members.filter(pl.col("kind") != "account").height
    assert all(one.extensions[OPENCTI].extension_type == "new-sdo" for one in of_type["channel"])
    assert {one.external_references[0].external_id for one in of_type["attack-pattern"]} >= {
        "T0128.002",
        "T0150.008",
        "T0018",
    }
    assert "21.37 bits" in of_type["note"][0].abstract
    assert "opinion" not in of_type
    (opinion,) = [
        one for one in stix2.parse(second.read_text(encoding="utf-8")).objects if one.type == "opinion"
    ]
    assert opinion.opinion == "strongly-agree"
    latest = results.decisions.filter(operation_id="OP-000002").row(-1, named=True)
    assert opinion.explanation == f"An analyst decided: confirmed. {latest['note']}"
    assert opinion.authors == [latest["by"]]


def test_misp_reads_back(results: Results, tmp_path: Path) -> None:
    first, _ = export(results, "misp", tmp_path, Options(tlp="red"))
    event = MISPEvent()
    event.load_file(first)
    assert {tag.name for tag in event.tags} >= {
        "tlp:red",
        'misp-galaxy:disarm-techniques="Bulk Created Asset"',
    }
    members = results.members.filter(operation_id="OP-000001")
    names = [one.name for one in event.objects]
    for template, kind, platform in (
        ("facebook-account", "account", "facebook"),
        ("facebook-page", "page", "facebook"),
        ("facebook-group", "group", "facebook"),
        ("instagram-account", "account", "instagram"),
        ("user-account", "account", "x"),
    ):
        assert names.count(template) == members.filter(kind=kind, platform=platform).height > 0
    ids = {str(a.value) for one in event.objects for a in one.attributes if a.object_relation.endswith("id")}
    assert ids == set(members["id"])
    assert not any(a.to_ids for one in event.objects for a in one.attributes)


def test_meta_has_its_columns_and_nothing_live(results: Results, tmp_path: Path) -> None:
    first, _ = export(results, "meta", tmp_path)
    with first.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["Tactic ", "Technique", "Procedure", "Indicator", "Notes"]
    told = {(row[2], row[3]) for row in rows}
    assert ("0.9.1 Acquiring Facebook assets", "12 Pages") in told
    assert ("0.9.2 Acquiring Instagram accounts", "7 accounts") in told
    assert any("USD 400-620" in indicator for _, indicator in told)
    assert "x[.]com" in first.read_text(encoding="utf-8") or "facebook[.]com/asset.51" in str(told)
    assert not re.search(r"https?://", first.read_text(encoding="utf-8"))


@pytest.mark.parametrize("fmt", ["graphml", "gexf"])
def test_networks_read_back(results: Results, tmp_path: Path, fmt: str) -> None:
    (path,) = export(results, fmt, tmp_path)
    read = nx.read_graphml(path, force_multigraph=True) if fmt == "graphml" else nx.read_gexf(path)
    assert set(read.nodes) == {*keys(results, "OP-000001"), *keys(results, "OP-000002")}
    assert read.number_of_edges() == results.edges.height
    wanted = results.edges.select(
        key_of("source_").alias("s"), key_of("target_").alias("t"), "layer", "weight", "q_value"
    )
    found = {
        (*sorted((s, t)), d["layer"], int(d["weight"]), d["q_value"]) for s, t, d in read.edges(data=True)
    }
    assert found == {(*sorted((s, t)), layer, weight, q) for s, t, layer, weight, q in wanted.rows()}
    if fmt == "gexf":
        assert 'mode="dynamic"' in path.read_text(encoding="utf-8")
        timed = results.edges.filter(pl.col("first_at").is_not_null()).height
        assert sum("start" in d for _, _, d in read.edges(data=True)) == timed


def test_followthemoney_fits_its_model(results: Results, tmp_path: Path) -> None:
    (path,) = export(results, "followthemoney", tmp_path)
    entities = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    of_schema = {
        name: [e for e in entities if e["schema"] == name]
        for name in ("UserAccount", "UnknownLink", "LegalEntity")
    }
    assert sum(map(len, of_schema.values())) == len(entities)
    assert len(of_schema["UserAccount"]) == results.members.height
    assert {"Peace Media"} <= {e["properties"]["name"][0] for e in of_schema["LegalEntity"]}
    ends = {e["properties"][end][0] for e in of_schema["UnknownLink"] for end in ("subject", "object")}
    assert ends <= {e["id"] for e in entities}
    model = pytest.importorskip("followthemoney", reason="followthemoney needs ICU to be installed").model
    for entity in entities:
        proxy = model.get_proxy(entity)
        for name, values in entity["properties"].items():
            assert proxy.get(name), (name, values)


def test_briefs_add_up_and_are_plain(results: Results, tmp_path: Path) -> None:
    first, second = (path.read_text(encoding="utf-8") for path in export(results, "brief", tmp_path))
    assert "TLP:AMBER · rank 1 · 21.37 bits" in first.replace("21.370", "21.37")
    bits = [float(found) for found in re.findall(r"^\| ([+-][\d.]+) \|", first, re.MULTILINE)]
    assert sum(bits) == pytest.approx(21.37)
    assert "<script" not in second
    assert "confirmed" in second


def test_what_is_redacted_names_nobody_and_still_joins(results: Results, tmp_path: Path) -> None:
    shared = redacted(results, b"k" * 32)
    for fmt in FORMATS:
        if fmt != "xlsx":
            export(shared, fmt, tmp_path)
    written = "".join(
        path.read_text(encoding="utf-8")
        for path in tmp_path.rglob("*.*")
        if path.suffix not in (".parquet", "")
    )
    # What was spread is no secret, and in the made graph it is as hostile as the names.
    private = {name for name in NAMES if name and len(name) > 5} - set(results.evidence["object"])
    private |= {LONG_ID, "Peace Media", "asset.13"}
    private |= {f'"{one}"' for one in results.members["id"].to_list()}
    assert not [one for one in private if one in written]
    members = set(shared.members.select(key_of("")).to_series())
    assert len(members) == results.members.height
    for end in ("source", "target"):
        assert set(shared.edges.select(key_of(f"{end}_")).to_series()) <= members
        assert set(shared.evidence[f"{end}_key"]) <= members
    assert set(shared.ads["page_id"]) <= set(shared.members["id"])
    assert_frame_equal(shared.edges.select("weight", "q_value"), results.edges.select("weight", "q_value"))
    assert_frame_equal(redacted(results, b"k" * 32).members, shared.members)
    assert not set(redacted(results, b"j" * 32).members["id"]) & set(shared.members["id"])
    assert replace(shared, quotes=results.quotes).quotes is results.quotes
