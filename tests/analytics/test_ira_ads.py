"""A real operator's ads: the Pages come out as operations, and money adds up to the file."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from analytics.detection import detect
from analytics.ranking import rank
from analytics.settings import DetectSettings, RankSettings
from cypher.session import Graph
from ingest.loader import Places, load


def test_operations_of_the_operator(graph: Graph, shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "ira_ads"
    actions, layers = tmp_path / "actions", tmp_path / "layers"
    places = Places(tmp_path / "sources", actions, tmp_path / "rejected")
    report = load([folder], graph=graph, places=places, run="RUN-1")
    assert report.rows_in == report.loaded + report.merged + report.rejected
    detect(graph, actions_dir=actions, layers_dir=layers, settings=DetectSettings(), run="RUN-1")
    ranked = rank(graph, actions_dir=actions, layers_dir=layers, settings=RankSettings(), run="RUN-1")

    # At least one set of Pages reaches an analyst by copied ads and roubles alone, without any admin known.
    assert ranked.alerts.height >= 1
    raw = pl.read_csv(folder / "ads.csv.gz", infer_schema=False).with_columns(
        pl.col("spend_amount").cast(pl.Float64)
    )
    for operation in ranked.operations.iter_rows(named=True):
        query = "MATCH (:Operation {id: $id})<-[:PART_OF]-(:Asset)-[:RAN]->(ad:Ad) RETURN DISTINCT ad.id"
        ids = [row[0] for row in graph.driver.execute_query(query, id=operation["operation_id"]).records]
        assert operation["ads"] == len(ids) > 0
        of_file = raw.filter(pl.col("id").is_in(ids) & pl.col("spend_amount").is_not_null())
        sums = dict(of_file.group_by("spend_currency").agg(pl.col("spend_amount").sum()).iter_rows())
        shown = {spend.split()[0]: spend.split()[1] for spend in operation["ad_spend"]}
        assert shown.keys() == sums.keys()
        for currency, amounts in shown.items():
            lower, upper = (float(amount) for amount in amounts.split("-"))
            assert lower == upper
            assert abs(lower - sums[currency]) < 0.01
