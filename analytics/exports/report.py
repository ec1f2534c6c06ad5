"""What the HTML report shows of each operation, taken from the tables."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import polars as pl

from analytics.exports.countries import countries
from analytics.exports.networks import Network, network
from analytics.exports.sums import Sum, sum_of
from analytics.exports.timelines import Timeline, timeline
from analytics.results import Results
from analytics.summary import short_reasons

MEMBERS_SHOWN: Final = 200
EVIDENCE_SHOWN: Final = 24
MOVES_SHOWN: Final = 40
CHANGES_SHOWN: Final = 60
#: Tables of which a card shows its operation's rows.
_PARTS: Final = (
    "members",
    "edges",
    "evidence",
    "signals",
    "ads",
    "countries",
    "decisions",
    "changes",
    "moves",
)


@dataclass(frozen=True)
class Card:
    """One operation as the report shows it."""

    operation: dict[str, Any]
    details: dict[str, Any]
    sum: Sum
    members: list[dict[str, Any]]
    members_total: int
    kinds: list[dict[str, Any]]
    layers: list[dict[str, Any]]
    evidence: list[dict[str, Any]]
    evidence_total: int
    ads: list[dict[str, Any]]
    network: Network
    timeline: Timeline | None
    countries: list[dict[str, Any]]
    countries_total: int
    missing: list[str]
    decisions: list[dict[str, Any]]
    change: dict[str, Any] | None
    moves: list[dict[str, Any]]
    moves_total: int


@dataclass(frozen=True)
class Entry:
    """One operation in the list of all."""

    operation: dict[str, Any]
    total: Decimal
    reasons: str


def index(results: Results) -> list[Entry]:
    """Return the list of all operations, in order of rank."""
    signals = results.signals.partition_by("operation_id", as_dict=True)
    reasons = short_reasons(results.signals)
    return [
        Entry(
            row,
            sum_of(signals.get((row["operation_id"],), results.signals.clear()), row["score"]).total,
            reasons.get(row["operation_id"], ""),
        )
        for row in results.operations.iter_rows(named=True)
    ]


def changes(results: Results) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """Return what became of operations since the run before, the first rows, and how many of each status."""
    counts = results.changes.group_by("status", maintain_order=True).len().rows()
    told = results.changes.filter(pl.col("status") != "unchanged")
    return told.head(CHANGES_SHOWN).to_dicts(), dict(counts)


def cards(results: Results, most: int) -> list[Card]:
    """Return a card for each of the first operations, at most so many, in order of rank."""
    parts = {table: getattr(results, table).partition_by("operation_id", as_dict=True) for table in _PARTS}
    details = {row["operation_id"]: row for row in results.details.iter_rows(named=True)}

    def part(table: str, operation_id: str) -> pl.DataFrame:
        whole: pl.DataFrame = getattr(results, table)
        found: pl.DataFrame | None = parts[table].get((operation_id,))
        return whole.clear() if found is None else found

    return [
        _card(
            row,
            details[row["operation_id"]],
            *(part(table, row["operation_id"]) for table in _PARTS),
            quotes=results.quotes,
        )
        for row in results.operations.head(most).iter_rows(named=True)
    ]


def _card(
    operation: dict[str, Any],
    details: dict[str, Any],
    members: pl.DataFrame,
    edges: pl.DataFrame,
    evidence: pl.DataFrame,
    signals: pl.DataFrame,
    ads: pl.DataFrame,
    places: pl.DataFrame,
    decisions: pl.DataFrame,
    changes: pl.DataFrame,
    moves: pl.DataFrame,
    *,
    quotes: pl.DataFrame,
) -> Card:
    layers = _layers(edges, evidence)
    told, told_total = countries(places)
    shown = members.sort("confidence", "kind", "id", descending=[True, True, False], nulls_last=True)
    return Card(
        operation=operation,
        details=details,
        sum=sum_of(signals, operation["score"]),
        members=shown.head(MEMBERS_SHOWN).to_dicts(),
        members_total=members.height,
        kinds=_kinds(members),
        layers=layers,
        evidence=_samples(evidence, members, quotes),
        evidence_total=evidence.height,
        ads=_ads(ads),
        network=network(members, edges, evidence, [layer["layer"] for layer in layers]),
        timeline=timeline(members, edges, evidence, ads, [layer["layer"] for layer in layers]),
        countries=told,
        countries_total=told_total,
        missing=_missing(details, members, ads),
        decisions=decisions.reverse().to_dicts(),
        change=next(changes.iter_rows(named=True), None),
        moves=moves.head(MOVES_SHOWN).to_dicts(),
        moves_total=moves.height,
    )


def _kinds(members: pl.DataFrame) -> list[dict[str, Any]]:
    return (
        members.group_by("platform", "kind", "role")
        .agg(members=pl.len(), known=pl.col("followers").count(), followers=pl.col("followers").sum())
        .sort("members", "platform", "kind", "role", descending=[True, False, False, False])
        .to_dicts()
    )


def _layers(edges: pl.DataFrame, evidence: pl.DataFrame) -> list[dict[str, Any]]:
    return (
        edges.group_by("layer")
        .agg(
            edges=pl.len(),
            weight=pl.col("weight").sum(),
            expected=pl.col("expected").sum(),
            q_value=pl.col("q_value").max(),
            first_at=pl.col("first_at").min(),
            last_at=pl.col("last_at").max(),
        )
        .join(evidence.group_by("layer").agg(evidence=pl.len()), on="layer", how="left")
        .sort("edges", "layer", descending=[True, False])
        .to_dicts()
    )


def _samples(evidence: pl.DataFrame, members: pl.DataFrame, quotes: pl.DataFrame) -> list[dict[str, Any]]:
    """Return samples spread over the layers and, within each, over objects, with names and words."""
    named = members.select(key=pl.concat_str("platform", "kind", "id", separator=":"), name="name")
    samples = (
        evidence.with_row_index("at")
        .with_columns(again=pl.col("at").rank("ordinal").over("layer", "object"))
        .sort("again", "at")
        .with_columns(turn=pl.int_range(pl.len()).over("layer"))
        .sort("turn", "layer", "at")
        .head(EVIDENCE_SHOWN)
        .sort("layer", "object", "at")
        .join(quotes, on="object", how="left", maintain_order="left")
        .with_columns(apart=(pl.col("source_at") - pl.col("target_at")).abs())
    )
    for side in ("source", "target"):
        names = named.rename({"key": f"{side}_key", "name": f"{side}_name"})
        samples = samples.join(names, on=f"{side}_key", how="left", maintain_order="left")
    return samples.to_dicts()


def _ads(ads: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the ads by currency: currencies are never added up."""
    began = pl.coalesce("started_at", "created_at")
    bounds = ("spend_lower", "spend_upper", "impressions_lower", "impressions_upper")
    return (
        ads.group_by("currency")
        .agg(
            pl.len().alias("ads"),
            *(pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(name) for name in bounds),
            priced=pl.col("spend_lower").count(),
            open_ended=(pl.col("spend_lower").is_not_null() & pl.col("spend_upper").is_null()).sum(),
            first=began.min(),
            last=began.max(),
            payers=pl.col("payer").drop_nulls().unique().sort(),
        )
        .sort("ads", "currency", descending=[True, False], nulls_last=True)
        .to_dicts()
    )


def _missing(details: dict[str, Any], members: pl.DataFrame, ads: pl.DataFrame) -> list[str]:
    """Say what is not known of the members, so that no data never looks like clean."""
    notes = []
    counted = members.filter(pl.col("kind") != "group")
    for column, frame, text in (
        ("followers", counted, "Number of followers"),
        ("created_at", members, "Date of creation"),
        ("name", members, "Name"),
    ):
        absent = frame[column].null_count()
        if absent:
            end = (
                "; sums of followers leave them out"
                if column == "followers" and absent < frame.height
                else ""
            )
            notes.append(f"{text} not known for {absent:,} of {frame.height:,} members{end}.")
    if details["group_members"] is None and (members["kind"] == "group").any():
        notes.append("Number of members of the Groups not known.")
    if ads.height == 0:
        notes.append("No ads on record for the Pages of this operation.")
    elif unpriced := ads["spend_lower"].null_count():
        notes.append(f"Spend not known for {unpriced:,} of {ads.height:,} ads.")
    return notes
