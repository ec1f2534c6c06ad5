"""Traces: fronts that have one telling identifier in common, and otherwise nothing to do with each other.

An edge takes two shared things, since one is no surprise, and a community takes an edge. So fronts that share
an analytics tag and nothing else, or whose administrators all have one telephone, are in no community, and
nobody sees them. They become candidates of their own: not because they are coordinated, which nobody knows,
but because somebody reads all their figures, pays for them or hosts them, and none of them says so. A web
studio's clients look the same; what else the members show has to tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from analytics.attachment import components, is_weak, linked
from analytics.communities import Communities
from analytics.hands import MOST_FRONTS
from analytics.layers.edges import EVIDENCE_SCHEMA
from analytics.layers.kinds import KINDS
from analytics.population import ADMINS
from analytics.run_together import run_together
from analytics.settings import DetectSettings
from cypher.session import Graph

#: The scale by which `communities.parquet` tells them from what Leiden found.
TRACE: Final = 0.0
#: Kinds that may be in one hand. An address of the network is not: hundreds of strangers share a carrier's.
TELLING: Final = tuple(kind for kind in KINDS if kind != "ip")
#: Most holders of a thing of the least weight: anybody can rent a host with more.
MOST_CUSTOMERS: Final = 20
#: Fewest hands in which the fronts are, as far as their administrators tell: up to three are a household or
#: partners in a business.
LEAST_HANDS: Final = 4
#: Of the fronts' number the hands must be at least this share: who runs most of them runs them openly.
APART: Final = 0.5
#: Of all who hold the thing at least this share must be fronts, or run some: in an office with one telephone
#: a few people have Pages.
FRONTED: Final = 0.5
#: Things of which each reaches this share of what the other does are one trace; a group of fronts of which
#: this share lies within one community is no new one; an administrator of whose fronts this share is among
#: them is the fronts' own.
MOSTLY: Final = 0.5

_USES: Final = pl.Schema(
    {
        "asset": pl.String(),
        "kind": pl.String(),
        "identifier": pl.String(),
        "object_kind": pl.String(),
        "object": pl.String(),
    }
)
_OPEN: Final = pl.Schema({"asset": pl.String()})


@dataclass(frozen=True)
class Traces:
    """Candidates that share a trace.

    Attributes:
        members: `asset`, `community`, `scale`: numbered after all communities; an asset may be in several.
        evidence: The things in common, as `EVIDENCE_SCHEMA` has them: the first holder with each other.
    """

    members: pl.DataFrame
    evidence: pl.DataFrame


def find_traces(graph: Graph, settings: DetectSettings, found: Communities, first: int) -> Traces:
    """Read who uses and who runs what and return the candidates that no community shows.

    Args:
        graph: The loaded graph.
        settings: Uses `max_tie_degree`.
        found: The communities.
        first: The number of the first candidate.
    """
    uses = graph.read_frame(
        "layers/traces",
        _USES,
        kinds=list(TELLING),
        least=LEAST_HANDS,
        max_degree=settings.max_tie_degree,
    )
    admins = graph.read_frame("operations/admins", ADMINS)
    open_fronts = graph.read_frame("layers/open_fronts", _OPEN)
    return traces(uses, admins, open_fronts, found, settings.max_tie_degree, first)


def traces(
    uses: pl.DataFrame,
    admins: pl.DataFrame,
    open_fronts: pl.DataFrame,
    found: Communities,
    most: int,
    first: int,
) -> Traces:
    """Return the candidates.

    Args:
        uses: `asset`, `kind` (of the asset), `identifier`, `object_kind`, `object`.
        admins: `account`, `asset`.
        open_fronts: `asset`: Pages and Groups that say who they belong to, and so conceal nothing.
        found: The communities.
        most: Accounts that run more fronts do not make a trace by that.
        first: The number of the first candidate.
    """
    communities = found.members
    slight = pl.col("object_kind").is_in([kind for kind, what in KINDS.items() if what.weight == 1])
    uses = uses.filter(~slight | (pl.len().over("identifier") <= MOST_CUSTOMERS))
    runs = admins.filter(pl.len().over("account") <= MOST_FRONTS)
    reached = _reached(uses, runs, open_fronts)
    reached = reached.join(_in_several_hands(reached, runs), on="identifier", how="semi")
    in_turns = run_together(runs, open_fronts, found.whole, most)
    reached = pl.concat([reached, in_turns])
    reached = reached.join(_one_trace(reached), on="identifier")
    reached = reached.join(_seen(reached, communities), on="trace", how="anti")
    fronts = reached.select("trace", asset="front").unique()
    members = pl.concat([fronts, _operators(fronts, runs, found.links)])
    front = pl.col("asset").min().over("trace")
    numbered = members.with_columns(
        # Two traces may begin with the same front.
        community=pl.struct(front, "trace").rank("dense").cast(pl.Int64) + (first - 1)
    )
    return Traces(
        numbered.select("asset", "community", scale=pl.lit(TRACE)).sort("community", "asset"),
        _evidence(uses, runs.join(in_turns, left_on="asset", right_on="front"), reached, members),
    )


def traced(candidates: pl.DataFrame) -> pl.Series:
    """Return the numbers of those candidates (`community`, `scale`) that only a trace shows."""
    return candidates.filter(pl.col("scale") == TRACE)["community"].unique().sort()


def _reached(uses: pl.DataFrame, runs: pl.DataFrame, open_fronts: pl.DataFrame) -> pl.DataFrame:
    """Return `identifier`, `front`: that hold it or are run by who does, and name no owner."""
    by_itself = pl.col("kind") != "account"
    through = pl.concat(
        [
            uses.filter(by_itself).select("identifier", "asset", front="asset"),
            uses.filter(~by_itself)
            .join(runs.select(asset="account", front="asset"), on="asset")
            .select("identifier", "asset", "front"),
        ]
    )
    holders = uses.group_by("identifier").agg(holders=pl.len())
    enough = (
        through.group_by("identifier")
        .agg(fronted=pl.col("asset").n_unique())
        .join(holders, on="identifier")
        .filter(pl.col("fronted") >= FRONTED * pl.col("holders"))
    )
    return (
        through.join(enough, on="identifier", how="semi")
        .join(open_fronts, left_on="front", right_on="asset", how="anti")
        .select("identifier", "front")
        .unique()
        .sort("identifier", "front")
    )


def _in_several_hands(reached: pl.DataFrame, runs: pl.DataFrame) -> pl.DataFrame:
    """Return the `identifier` of things whose fronts nobody is known to run together."""
    placed = reached.with_row_index("place")
    run = placed.join(runs, left_on="front", right_on="asset")
    together = run.with_columns(first=pl.col("place").min().over("identifier", "account"))
    hand = components(placed["place"], together["place"], together["first"])
    return (
        placed.with_columns(hand=hand)
        .group_by("identifier")
        .agg(fronts=pl.len(), hands=pl.col("hand").n_unique())
        .filter((pl.col("hands") >= LEAST_HANDS) & (pl.col("hands") >= APART * pl.col("fronts")))
        .select("identifier")
    )


def _one_trace(reached: pl.DataFrame) -> pl.DataFrame:
    """Return `identifier`, `trace`: things that mostly reach the same fronts are one trace."""
    size = reached.group_by("identifier").agg(size=pl.len())
    sized = reached.join(size, on="identifier")
    same = (
        sized.join(sized, on="front", suffix="_b")
        .filter(pl.col("identifier") < pl.col("identifier_b"))
        .group_by("identifier", "identifier_b")
        .agg(common=pl.len(), larger=pl.max_horizontal("size", "size_b").first())
        .filter(pl.col("common") >= MOSTLY * pl.col("larger"))
    )
    things = size["identifier"].sort()
    part = components(things, same["identifier"], same["identifier_b"])
    return pl.DataFrame({"identifier": things, "trace": part})


def _seen(reached: pl.DataFrame, communities: pl.DataFrame) -> pl.DataFrame:
    """Return the `trace` of groups that mostly lie within one community."""
    fronts = reached.select("trace", "front").unique().with_columns(size=pl.len().over("trace"))
    return (
        fronts.join(communities.select("community", front="asset"), on="front")
        .group_by("trace", "community")
        .agg(inside=pl.len(), size=pl.col("size").first())
        .filter(pl.col("inside") >= MOSTLY * pl.col("size"))
        .select("trace")
        .unique()
    )


def _operators(fronts: pl.DataFrame, runs: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Return `trace`, `asset` of administrators who run little else and are not held more elsewhere."""
    own = (
        runs.with_columns(all=pl.len().over("account"))
        .join(fronts, on="asset")
        .group_by("trace", "account")
        .agg(own=pl.len(), all=pl.col("all").first())
        .filter(pl.col("own") >= MOSTLY * pl.col("all"))
        .select("trace", asset="account")
    )
    held = linked(fronts.rename({"trace": "community"}), links).filter(~is_weak())
    return own.join(held.select("asset", trace="community"), on=["trace", "asset"], how="semi")


def _evidence(
    uses: pl.DataFrame, runs: pl.DataFrame, reached: pl.DataFrame, members: pl.DataFrame
) -> pl.DataFrame:
    """Return what the members of each trace hold in common: the first holder with each other one.

    Args:
        uses: `asset`, `identifier`, `object_kind`, `object`.
        runs: `account`, `asset`, `identifier`: who runs the fronts of groups that are run together.
        reached: `identifier`, `front`, `trace`.
        members: `asset`, `trace`.
    """
    traces_of = reached.select("identifier", "trace").unique()
    held = uses.join(traces_of, on="identifier").select(
        "trace", "asset", "object_kind", "object", layer=pl.lit("shared_identifier")
    )
    run = (
        runs.join(traces_of, on="identifier")
        .join(members.select("trace", account="asset"), on=["trace", "account"])
        .select("trace", "asset", object_kind=pl.lit("admin"), object="account", layer=pl.lit("shared_admin"))
    )
    holders = (
        pl.concat([held, run])
        .join(members, on=["trace", "asset"], how="semi")
        .with_columns(source=pl.col("asset").min().over("trace", "object_kind", "object"))
        .filter(pl.col("asset") != pl.col("source"))
    )
    unknown = [name for name in EVIDENCE_SCHEMA if name not in {*holders.columns, "target"}]
    return (
        holders.rename({"asset": "target"})
        .with_columns(pl.lit(None).alias(name) for name in unknown)
        .select(list(EVIDENCE_SCHEMA))
        .cast(EVIDENCE_SCHEMA)
        .sort("source", "target", "object_kind", "object")
    )
