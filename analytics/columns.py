"""The export tables: their columns in order and what each holds, declared once for every format."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

import polars as pl

TIME: Final = pl.Datetime("us", "UTC")


class Kind(Enum):
    """What a column holds, which decides its type and how every format writes it."""

    ID = "id"
    """An id or key from outside: text, never a number."""
    TEXT = "text"
    """Free text from outside."""
    SENTENCE = "sentence"
    """An explanation made here, which may quote text from outside."""
    TERM = "term"
    """A word of this tool's or a source's vocabulary."""
    LIST = "list"
    """Several texts."""
    COUNT = "count"
    NUMBER = "number"
    BITS = "bits"
    SHARE = "share"
    """A number from 0 to 1."""
    PROBABILITY = "probability"
    MONEY = "money"
    """An amount in the currency that the row names."""
    TIME = "time"


#: The Polars type of each kind.
DTYPES: Final[dict[Kind, pl.DataType]] = {
    Kind.ID: pl.String(),
    Kind.TEXT: pl.String(),
    Kind.SENTENCE: pl.String(),
    Kind.TERM: pl.String(),
    Kind.LIST: pl.List(pl.String()),
    Kind.COUNT: pl.Int64(),
    Kind.NUMBER: pl.Float64(),
    Kind.BITS: pl.Float64(),
    Kind.SHARE: pl.Float64(),
    Kind.PROBABILITY: pl.Float64(),
    Kind.MONEY: pl.Float64(),
    Kind.TIME: TIME,
}


@dataclass(frozen=True)
class Column:
    """One column of an export table.

    Attributes:
        name: As in every format.
        kind: What it holds.
        note: Unit and meaning, where the name does not say it.
    """

    name: str
    kind: Kind
    note: str = ""


def _columns(text: str) -> tuple[Column, ...]:
    """Parse lines of `name kind note…`."""
    parts = (line.split(maxsplit=2) for line in text.strip().splitlines())
    return tuple(Column(name, Kind(kind), *note) for name, kind, *note in parts)


#: The export tables in their order, each with its columns in theirs.
TABLES: Final[dict[str, tuple[Column, ...]]] = {
    "operations": _columns("""
        operation_id id Stable from run to run.
        rank count 1 is the strongest.
        score bits Bits of evidence: the sum of the bits on the Signals of this operation.
        status term new, grown, shrunk, merged, split, unchanged; candidate: no alert; gone: has a decision.
        decision term Latest verdict of an analyst: confirmed, dismissed, watch. Empty: none yet.
        assets count Pages + accounts + groups + Instagram accounts.
        pages count
        accounts count Accounts of every platform but Instagram.
        groups count
        instagram_accounts count
        followers_upper_bound count A sum, accounts too: who follows several counts again. Empty: not known.
        group_members_upper_bound count A sum: who is in several Groups counts again. Empty: not known.
        ads count Ads on record.
        ad_spend list Lower-upper bound for each currency, never converted.
        first_ad time UTC.
        last_ad time UTC.
        first_seen time UTC. First activity on record.
        last_seen time UTC. Last activity on record.
        countries list
        layers list The kinds of evidence of coordination found.
        why sentence The strongest reasons in words.
    """),
    "members": _columns("""
        operation_id id
        platform term
        kind term account, page or group.
        id id Text, so that no digit is lost.
        name text As found; chosen by whoever runs the asset.
        role term What it does in the operation.
        confidence share From 0 to 1.
        followers count Empty: not known.
        created_at time UTC. Empty: not known.
        url text As found. Do not open it on an ordinary machine.
        why sentence
    """),
    "edges": _columns("""
        operation_id id
        source_platform term
        source_kind term
        source_id id
        target_platform term
        target_kind term
        target_id id
        layer term The kind of evidence.
        weight count Co-actions, or shared ties.
        expected number What chance alone would give these two.
        p_value probability
        q_value probability After Benjamini-Hochberg over all pairs that could have been tested.
        first_at time UTC. Empty for layers without times.
        last_at time UTC. Empty for layers without times.
    """),
    "evidence": _columns("""
        operation_id id
        layer term
        source_key id platform:kind:id
        target_key id platform:kind:id
        object_kind term
        object text What the two share or acted on.
        source_at time UTC. When the first of the two acted.
        target_at time UTC. When the second of the two acted.
        source_ref id The post, ad or tie by which the first did.
        target_ref id The post, ad or tie by which the second did.
    """),
    "signals": _columns("""
        operation_id id
        signal term
        value number What was measured in the operation. Empty: not known.
        background number The same among all other assets of the data.
        bits bits Evidence for (above 0) or against (below 0); their sum is the score.
        why sentence
    """),
    "ads": _columns("""
        operation_id id
        platform term
        id id
        page_id id
        payer text As disclosed.
        beneficiary text As disclosed.
        currency term
        spend_lower money In the row's currency.
        spend_upper money In the row's currency.
        impressions_lower count
        impressions_upper count
        started_at time UTC.
        stopped_at time UTC.
        created_at time UTC.
        text text
        url text As found. Do not open it on an ordinary machine.
        countries list
        targets list
        disclaimer text
    """),
    "changes": _columns("""
        operation_id id
        status term Since the run before: new, merged, split, grown, shrunk, gone, unchanged.
        was list Other operations that its members were in; of one that is gone, are in.
        rank count Empty: gone.
        rank_before count Empty: it was not there.
        score bits
        score_before bits
        assets count
        assets_before count
        joined count Members that it did not have.
        left count Members that it has no more.
        why sentence
    """),
    "moves": _columns("""
        operation_id id One that is there before and after.
        change term joined or left.
        platform term
        kind term
        id id
        name text As found; chosen by whoever runs the asset.
        role term What it does in the operation, or did.
        other list The operations that it was in before, or is in now.
    """),
    "run": _columns("""
        name term
        value text
    """),
}


def schema(table: str) -> dict[str, pl.DataType]:
    """Return name and type of each column of an export table, in order."""
    return {column.name: DTYPES[column.kind] for column in TABLES[table]}
