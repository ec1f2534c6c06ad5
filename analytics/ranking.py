"""Ranking: communities become operations, profiled, scored, ranked, with an identity that lasts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from analytics.attachment import attachment
from analytics.choosing import choose
from analytics.coacting import windows_of
from analytics.decisions.deciding import Settled, settle
from analytics.history.identity import identify
from analytics.history.rankings import Ranking
from analytics.joining import join_pieces
from analytics.memory import EARLIER, Memory, earlier_members
from analytics.population import Population, read_population
from analytics.profiles import profile, roles
from analytics.record import write_evidence, write_operations
from analytics.scoring import measure_signals, score
from analytics.settings import RankSettings
from analytics.signals.case import Case
from analytics.traces import traced
from analytics.venues import own_venues
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
    pieces = pl.read_parquet(layers_dir / "communities.parquet")
    if "scale" not in pieces.columns:
        raise UsageError("the last detection was made by an earlier version of cib", "Run: cib detect")
    edges = pl.read_parquet(layers_dir / "edges.parquet")
    links = pl.read_parquet(layers_dir / "links.parquet")
    with step(progress, "Ranking: all that is known is read"):
        population = read_population(graph, actions_dir, pieces["asset"], windows_of(layers_dir))
    members, suspected, links = assemble(
        population, pieces, edges, links, settings.suspicion, actions_dir, progress
    )
    looked_at = pieces["community"].n_unique()
    with step(progress, "Ranking: signals of what was joined"):
        measured = measure_signals(Case(population, members, edges, suspected, traced(pieces)), looked_at)
    scored = score(measured)
    with step(progress, "Ranking: roles, and what was there before"):
        with_roles = roles(population, attachment(members, links), edges)
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
        settled = settle(graph, memory)
    with step(progress, "Ranking: evidence to the graph"):
        write_evidence(
            graph, layers_dir, operations.filter(~pl.col("candidate")), with_roles, settings.evidence_posts
        )
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
    return RankReport(looked_at, ranked.rename({"operation": "operation_id"}).drop("community"), settled)


def assemble(
    population: Population,
    candidates: pl.DataFrame,
    edges: pl.DataFrame,
    links: pl.DataFrame,
    suspicion: float,
    actions_dir: Path,
    progress: Progress = silent,
) -> tuple[pl.DataFrame, pl.Series, pl.DataFrame]:
    """Choose among candidates that overlap, join the pieces that score `suspicion` or more.

    The first look takes all other assets for the background; the second leaves out what the first suspects,
    since many operations in the same data would otherwise be each other's excuse.

    Args:
        population: Everything known.
        candidates: `asset`, `community`, `scale`.
        edges: Coordinated edges.
        links: What was projected.
        suspicion: Bits.
        actions_dir: The action log.
        progress: Told about each step.

    Returns:
        All members; the assets under suspicion; and the links, with those to venues that only they visit.
    """
    looked_at = candidates["community"].n_unique()
    by_trace = traced(candidates)
    suspects = pl.Series([], dtype=pl.Int64)
    for look in ("first", "second"):
        suspected = candidates.filter(pl.col("community").is_in(suspects.implode()))["asset"].unique()
        case = Case(population, candidates.select("asset", "community"), edges, suspected, by_trace)
        with step(progress, f"Ranking: {look} look at candidates"):
            scored = score(measure_signals(case, looked_at))
        suspects = scored.filter(pl.col("score") >= suspicion)["community"]
    progress("Ranking: pieces joined", 0, 1)
    chosen = choose(candidates, scored)
    suspected = chosen.filter(pl.col("community").is_in(suspects.implode()))["asset"]
    venues = own_venues(actions_dir, suspected, population.assets["asset"])
    links = pl.concat([links, venues])
    # A trace that nobody suspects is no piece of anything, and must not change what is.
    quiet = pl.col("community").is_in(by_trace.implode()) & ~pl.col("community").is_in(suspects.implode())
    members = join_pieces(chosen.filter(~quiet), links, suspects)
    rest = chosen.filter(quiet).join(members, on="asset", how="anti")
    members = pl.concat([members, rest]).sort("community", "asset")
    progress("Ranking: pieces joined", 1, 1)
    return members, members.filter(pl.col("community").is_in(suspects.implode()))["asset"], links
