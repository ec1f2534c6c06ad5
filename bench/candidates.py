"""Candidates of made datasets: what each signal says of them, and which planted operation they are."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from analytics.assembling import assemble, measure
from analytics.corrections import APART
from analytics.evaluation.answers import read_truth
from analytics.looks import read_looks
from analytics.scoring import SEARCH, score
from analytics.settings import DetectSettings
from analytics.weights import SUSPICION, WEIGHTS
from bench.searching import detected, tables_of
from cypher.session import Graph

#: One row a candidate and line of its sum, without the rules for kinds but what they say of other
#: members, all of which `score` has; `operation` is null
#: where nobody planted it, `of` is how many operations the dataset has.
LINES: Final = pl.Schema(
    {
        "dataset": pl.String(),
        "of": pl.Int64(),
        "community": pl.Int64(),
        "operation": pl.String(),
        "score": pl.Float64(),
        "name": pl.String(),
        "bits": pl.Float64(),
    }
)


def measured(graph: Graph, name: str, data: Path, work: Path) -> pl.DataFrame:
    """Detect and assemble as `cib run` does; return every candidate's lines, in `LINES`.

    A candidate is planted where most of its members belong to one planted operation. Of several such pieces
    of an operation the one that fits it best (F1 of members) stands for it, and the others, which are neither
    hit nor false, are left out.
    """
    actions_dir, layers_dir = detected(graph, tables_of(data), work, DetectSettings.model_validate({}))
    looks = read_looks(graph, actions_dir, layers_dir)
    assembled = assemble(looks, layers_dir, SUSPICION, actions_dir)
    lines = measure(looks, assembled)
    truth = pl.DataFrame(schema={"operation": pl.String, "asset": pl.String})
    if any(data.glob("truth.*")):
        truth = read_truth(data)
    return (
        lines.filter(pl.col("name").is_in([*WEIGHTS, SEARCH]) | pl.col("name").str.starts_with(APART + "_"))
        .join(score(lines).select("community", "score"), on="community")
        .join(_planted(assembled.members, truth), on="community", how="left")
        .filter(pl.col("stands").fill_null(value=True))
        .with_columns(dataset=pl.lit(name), of=pl.lit(truth["operation"].n_unique()))
        .select(list(LINES))
        .cast(LINES)
    )


def _planted(members: pl.DataFrame, truth: pl.DataFrame) -> pl.DataFrame:
    """Return `community`, `operation`, `stands` of the candidates that mostly are one planted operation."""
    sizes = members.group_by("community").agg(size=pl.len())
    planted = truth.group_by("operation").agg(whole=pl.len())
    shared = (
        members.select("community", "asset")
        .join(truth, on="asset")
        .group_by("community", "operation")
        .agg(shared=pl.len())
        .join(sizes, on="community")
        .join(planted, on="operation")
        .filter(pl.col("shared") * 2 > pl.col("size"))
        .with_columns(f1=2 * pl.col("shared") / (pl.col("size") + pl.col("whole")))
        .sort(["operation", "f1", "community"], descending=[False, True, False])
    )
    return shared.select("community", "operation", stands=pl.int_range(pl.len()).over("operation") == 0)
