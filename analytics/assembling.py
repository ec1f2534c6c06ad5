"""Assembling: of candidates that overlap the best are chosen, and suspected pieces become wholes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from analytics.choosing import choose
from analytics.joining import join_pieces
from analytics.looks import Looks
from analytics.patience import inside
from analytics.scoring import borne_out, measure_signals, score
from analytics.traces import traced
from analytics.venues import own_venues
from cypher.progress import Progress, silent, step


@dataclass(frozen=True)
class Assembled:
    """What candidates come to.

    Attributes:
        members: `asset`, `community`: all members.
        patient: Which of the communities the patient look brought.
        suspected: The assets under suspicion.
        edges: Coordinated edges; of the patient look those within what it brought.
        links: What was projected, with those to venues that only suspects visit.
    """

    members: pl.DataFrame
    patient: pl.Series
    suspected: pl.Series
    edges: pl.DataFrame
    links: pl.DataFrame


def assemble(
    looks: Looks, layers_dir: Path, suspicion: float, actions_dir: Path, progress: Progress = silent
) -> Assembled:
    """Choose among candidates that overlap, join the pieces that score `suspicion` or more.

    The first look takes all other assets for the background; the second leaves out what the first suspects,
    since many operations in the same data would otherwise be each other's excuse.

    Args:
        looks: The candidates, and everything known.
        layers_dir: Where detection left its links.
        suspicion: Bits.
        actions_dir: The action log.
        progress: Told about each step.
    """
    candidates = looks.candidates
    by_trace = traced(candidates)
    suspects = pl.Series([], dtype=pl.Int64)
    for look in ("first", "second"):
        suspected = candidates.filter(pl.col("community").is_in(suspects.implode()))["asset"].unique()
        with step(progress, f"Ranking: {look} look at candidates"):
            case, *late = looks.of_candidates(suspected)
            measured = measure_signals(case, looks.looked_at, *late)
            scored = score(measured)
        suspects = scored.filter(pl.col("score") >= suspicion)["community"]
    progress("Ranking: pieces joined", 0, 1)
    # What the patient look shows and nobody suspects must not change what the usual one does.
    worth = candidates.filter(~pl.col("patient") | pl.col("community").is_in(suspects.implode()))
    chosen = choose(worth, scored.join(borne_out(measured), on="community", how="left"), suspicion)
    suspected = chosen.filter(pl.col("community").is_in(suspects.implode()))["asset"]
    patient = chosen.filter(pl.col("community").is_in(looks.communities.implode()))
    links = pl.concat(
        [
            _with_patient(
                pl.read_parquet(layers_dir / "links.parquet"),
                pl.read_parquet(layers_dir / "patient_links.parquet"),
                patient,
            ),
            own_venues(actions_dir, suspected, looks.population.assets["asset"]),
        ]
    )
    # A trace that nobody suspects is no piece of anything, and must not change what is.
    quiet = pl.col("community").is_in(by_trace.implode()) & ~pl.col("community").is_in(suspects.implode())
    members = join_pieces(chosen.filter(~quiet), links, suspects)
    rest = chosen.filter(quiet).join(members, on="asset", how="anti")
    members = pl.concat([members, rest]).sort("community", "asset")
    wholes = members.join(patient, on="asset", how="semi")["community"].unique().sort()
    edges = pl.concat(
        [
            looks.edges.filter(~pl.col("patient")),
            inside(
                looks.edges.filter("patient"), members.filter(pl.col("community").is_in(wholes.implode()))
            ),
        ]
    )
    progress("Ranking: pieces joined", 1, 1)
    return Assembled(
        members,
        wholes,
        members.filter(pl.col("community").is_in(suspects.implode()))["asset"],
        edges,
        links,
    )


def measure(looks: Looks, assembled: Assembled) -> pl.DataFrame:
    """Return the signals of what was assembled, as `measure_signals` does, but not whom each speaks of."""
    case, *late = looks.of_wholes(assembled.members, assembled.patient, assembled.suspected)
    return measure_signals(case, looks.looked_at, *late).drop("by")


def _with_patient(links: pl.DataFrame, further: pl.DataFrame, patient: pl.DataFrame) -> pl.DataFrame:
    """Return the links, those of coordination within what the patient look brought as this look has them."""
    own = inside(further, patient)
    same = ["source", "target", "type"]
    return pl.concat([links.join(own, on=same, how="anti", maintain_order="left"), own]).sort(same)
