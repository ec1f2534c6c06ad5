"""Looks: candidates of those who act in step, and of those who act hours apart, each among its own kind.

What is in step with others is rare in a community of friends and the rule in one that slow edges made. So the
candidates of the patient look (`analytics.patience`) are measured with its edges and windows against each
other, and those of the other look as if there were no such edges.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from analytics.coacting import MICROSECONDS, public_assets, read_shared, windows_of
from analytics.population import Population, read_population
from analytics.signals.case import Case
from analytics.traces import traced
from cypher.session import Graph

_MEMBERS = ["asset", "community"]


@dataclass(frozen=True)
class Looks:
    """What ranking starts from.

    Attributes:
        population: Everything known.
        candidates: `asset`, `community`, `scale`, `patient` of both looks.
        edges: Coordinated edges, `patient` those of the patient look.
        shared: What candidates' members do to the same objects, with the windows of the usual look.
        patient_shared: The same with those of the patient look.
    """

    population: Population
    candidates: pl.DataFrame
    edges: pl.DataFrame
    shared: pl.DataFrame
    patient_shared: pl.DataFrame

    @property
    def looked_at(self) -> int:
        """Communities that were looked at."""
        return self.candidates["community"].n_unique()

    @property
    def communities(self) -> pl.Series:
        """The numbers of the patient look's candidates."""
        return self.candidates.filter("patient")["community"].unique().sort()

    def of_candidates(self, suspected: pl.Series) -> list[Case]:
        """Return the cases of all candidates: of the usual look, and of the patient one if it has any.

        Args:
            suspected: Assets that no background is made of.
        """
        return self._cases(self.candidates, self.communities, suspected)

    def of_wholes(self, members: pl.DataFrame, patient: pl.Series, suspected: pl.Series) -> list[Case]:
        """Return the cases of what candidates came to.

        Few candidates of the patient look are chosen, and all must be compared with what is usual for it: the
        others are there with numbers below zero.

        Args:
            members: `asset`, `community`.
            patient: Which of the communities are the patient look's.
            suspected: Assets that no background is made of.
        """
        usual, *late = self._cases(members, patient, suspected)
        peers = self.candidates.filter("patient").select("asset", community=-1 - pl.col("community"))
        return [usual, *(replace(case, members=pl.concat([case.members, peers])) for case in late)]

    def _cases(self, members: pl.DataFrame, patient: pl.Series, suspected: pl.Series) -> list[Case]:
        by_trace = traced(self.candidates)
        late = pl.col("community").is_in(patient.implode())
        usual = Case(
            self.population,
            members.filter(~late).select(_MEMBERS),
            self.edges.filter(~pl.col("patient")),
            suspected,
            by_trace,
            self.shared,
        )
        if patient.is_empty():
            return [usual]
        theirs = members.filter(late).select(_MEMBERS)
        slow = Case(self.population, theirs, self.edges, suspected, shared=self.patient_shared, patient=True)
        return [usual, slow]


def read_looks(graph: Graph, actions_dir: Path, layers_dir: Path) -> Looks:
    """Read what detection found and all that is known of it.

    Args:
        graph: The graph.
        actions_dir: The action log.
        layers_dir: Where detection left its communities and edges.
    """
    candidates = pl.read_parquet(layers_dir / "communities.parquet")
    edges = pl.read_parquet(layers_dir / "edges.parquet")
    population = read_population(graph, actions_dir, candidates["asset"])
    windows, wider = windows_of(layers_dir), windows_of(layers_dir, patient=True)
    shared = read_shared(actions_dir, candidates["asset"], wider, public_assets(population.assets))
    usual = shared.filter(pl.col("kind").is_in(list(windows)))
    usual = usual.with_columns(
        window=pl.col("kind").replace_strict(windows, return_dtype=pl.Int64) * MICROSECONDS
    )
    return Looks(population, candidates, edges, usual, shared)
