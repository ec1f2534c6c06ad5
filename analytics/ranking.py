"""Ranking: communities become operations, profiled, scored, ranked, with an identity that lasts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from analytics.assembling import assemble, measure
from analytics.attachment import attachment
from analytics.decisions.deciding import Settled, settle
from analytics.history.identity import identify
from analytics.history.rankings import Ranking
from analytics.looks import read_looks
from analytics.memory import EARLIER, Memory, earlier_members
from analytics.profiles import profile, roles
from analytics.record import write_evidence, write_operations, write_patient_edges
from analytics.scoring import score
from analytics.settings import RankSettings
from cypher.errors import UsageError
from cypher.progress import Progress, silent, step
from cypher.session import Graph


@dataclass(frozen=True)
class RankReport:
    """What a ranking found.

    Attributes:
        looked_at: Communities scored.
        operations: `operation_id`, `rank`, `score`, `status`, `candidate`, `assets`, ... in order of rank.
        settled: Which dismissed operations are quiet, and which speak again.
    """

    looked_at: int
    operations: pl.DataFrame
    settled: Settled

    @property
    def alerts(self) -> pl.DataFrame:
        """The operations that reach the alert threshold and are not quiet."""
        return self.operations.filter(~pl.col("candidate"))


def rank(
    graph: Graph,
    *,
    actions_dir: Path,
    layers_dir: Path,
    settings: RankSettings,
    run: str,
    progress: Progress = silent,
) -> RankReport:
    """Profile, score and rank the last detection's communities; write them to the graph as operations.

    Args:
        graph: The graph with this detection's edges.
        actions_dir: The action log.
        layers_dir: Where detection left its communities, edges and evidence.
        settings: How.
        run: The run's id, stamped on all that is written.
        progress: Told about each step.

    Raises:
        UsageError: No detection has come to its end yet, or an earlier version's.
    """
    if not (layers_dir / "communities.parquet").is_file():
        raise UsageError(
            "there is nothing to rank: no detection has come to its end in this workspace", "Run: cib detect"
        )
    if "patient" not in pl.read_parquet_schema(layers_dir / "communities.parquet"):
        raise UsageError("the last detection was made by an earlier version of cib", "Run: cib detect")
    with step(progress, "Ranking: all that is known is read"):
        looks = read_looks(graph, actions_dir, layers_dir)
    assembled = assemble(looks, layers_dir, settings.suspicion, actions_dir, progress)
    population, members, edges = looks.population, assembled.members, assembled.edges
    with step(progress, "Ranking: signals of what was joined"):
        measured = measure(looks, assembled)
    scored = score(measured)
    with step(progress, "Ranking: roles, and what was there before"):
        with_roles = roles(population, attachment(members, assembled.links), edges)
        memory = Memory.beside(layers_dir)
        earlier = earlier_members(graph.read_frame("operations/members", EARLIER), memory)
        named = identify(with_roles, earlier)
    operations = (
        profile(population, members, edges)
        .join(scored, on="community")
        .join(named, on="community")
        .sort(["score", "assets", "operation"], descending=[True, True, False])
        .with_columns(candidate=pl.col("score") < settings.alert_threshold)
        .with_row_index("rank", offset=1)
        .with_columns(pl.col("rank").cast(pl.Int64), run=pl.lit(run))
    )
    ids = named.select("community", "operation")
    with_roles = with_roles.join(ids, on="community")
    with step(progress, "Ranking: operations to the graph"):
        write_operations(graph, operations, with_roles, measured.join(ids, on="community"), run)
        write_patient_edges(graph, edges.filter("patient"), run)
        settled = settle(graph, memory)
    with step(progress, "Ranking: evidence to the graph"):
        alerts = operations.filter(~pl.col("candidate"))
        write_evidence(graph, layers_dir, alerts, with_roles, edges, settings.evidence_posts)
    ranked = (
        operations.with_columns(candidate=pl.col("candidate") | pl.col("operation").is_in(settled.quiet))
        .sort(["candidate", "rank"])
        .with_columns(rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))
    )
    named_members = with_roles.join(population.assets.select("asset", "name"), on="asset", how="left")
    memory.rankings.keep(
        Ranking(
            run, ranked.with_columns(alert=~pl.col("candidate")), named_members.sort("operation", "asset")
        )
    )
    return RankReport(
        looks.looked_at, ranked.rename({"operation": "operation_id"}).drop("community"), settled
    )
