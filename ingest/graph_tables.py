"""How each staged table becomes rows of the load queries: keys, properties, the assets that a row names."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl

from cypher.keys import LABELS
from ingest import normalise
from ingest.tables import NO_PAGE

#: Relationship type of each type of link.
LINK_TYPES: Final = {"likes": "LIKES", "follows": "FOLLOWS", "friend": "FRIEND"}


@dataclass(frozen=True)
class Write:
    """One query of the library to run on rows, with its other parameters."""

    query: str
    rows: pl.DataFrame
    parameters: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """How one table is written.

    Attributes:
        select: SQL over the view `staged`; sorts by key.
        writes: What to run for a batch, in order.
        ends: Assets that a row names besides its own: the kind (null: none), and the column of the id.
    """

    select: str
    writes: Callable[[pl.DataFrame], Iterator[Write]]
    ends: tuple[tuple[pl.Expr, str], ...] = ()


def payer_key(name: str) -> str:
    """Return the key of a payer: spellings that differ in case, width or spaces are one payer."""
    return "payer:" + normalise.shortened(" ".join(unicodedata.normalize("NFKC", name).casefold().split()))


def named_assets(frame: pl.DataFrame, ends: tuple[tuple[pl.Expr, str], ...]) -> pl.DataFrame:
    """Return key, platform, kind, id and label of every asset that the rows name, once."""
    return (
        pl.concat(
            frame.select(key=_key(kind, column), platform="platform", kind=kind, id=column)
            for kind, column in ends
        )
        .drop_nulls("key")
        .unique("key", maintain_order=True)
        .with_columns(label=_LABEL)
    )


_LABEL: Final = pl.col("kind").replace_strict(LABELS)


#: The kind of asset that runs an ad: an account on Instagram, which has no Pages; null where nobody is named.
_RUNNER: Final = (
    pl.when(pl.col("page_id").str.starts_with(NO_PAGE))
    .then(None)
    .when(pl.col("platform") == "instagram")
    .then(pl.lit("account"))
    .otherwise(pl.lit("page"))
)


def _key(kind: pl.Expr, column: str) -> pl.Expr:
    return pl.concat_str("platform", kind, column, separator=":")


def _described(kind: str) -> Plan:
    """Return how a table is written whose rows describe assets of one kind."""

    def writes(frame: pl.DataFrame) -> Iterator[Write]:
        rows = frame.with_columns(key=_key(pl.lit(kind), "id"), kind=pl.lit(kind))
        yield Write(f"load/{kind}s", rows)

    return Plan("FROM staged ORDER BY platform, id", writes)


def _tie(frame: pl.DataFrame, source: pl.Expr, target: pl.Expr, columns: set[str]) -> pl.DataFrame:
    """Return rows of a relationship: both keys, and as `properties` what is not in `columns`."""
    properties = [name for name in frame.columns if name not in columns]
    extra = [pl.struct(properties).alias("properties")] if properties else []
    return frame.select(source.alias("source"), target.alias("target"), *extra)


def _admins(frame: pl.DataFrame) -> Iterator[Write]:
    ends = {"platform", "account_id", "asset_kind", "asset_id"}
    account, asset = _key(pl.lit("account"), "account_id"), _key(pl.col("asset_kind"), "asset_id")
    yield Write("load/admins", _tie(frame, account, asset, ends))


def _members(frame: pl.DataFrame) -> Iterator[Write]:
    account, group = _key(pl.lit("account"), "account_id"), _key(pl.lit("group"), "group_id")
    yield Write("load/members", _tie(frame, account, group, {"platform", "account_id", "group_id"}))


def _links(frame: pl.DataFrame) -> Iterator[Write]:
    ends = {"platform", "source_kind", "source_id", "target_kind", "target_id", "type"}
    first, second = _key(pl.col("source_kind"), "source_id"), _key(pl.col("target_kind"), "target_id")
    for kind, label in LINK_TYPES.items():
        of_kind = frame.filter(pl.col("type") == kind)
        # Friendship has no direction: one relationship, from the smaller key.
        swap = (first > second) & pl.lit(kind == "friend")
        rows = _tie(
            of_kind,
            pl.when(swap).then(second).otherwise(first),
            pl.when(swap).then(first).otherwise(second),
            ends,
        )
        yield Write("load/links", rows, {"type": label})


def _identifiers(frame: pl.DataFrame) -> Iterator[Write]:
    asset = _key(pl.col("asset_kind"), "asset_id")
    # Mail addresses and host names are the same in either case.
    caseless = pl.col("kind").is_in(["email", "domain", "website_host"])
    value = pl.when(caseless).then(pl.col("value").str.to_lowercase()).otherwise("value")
    frame = frame.with_columns(value=value)
    key = pl.concat_str("kind", "value", separator=":")
    ties = _tie(frame, asset, key, {"platform", "asset_kind", "asset_id", "kind", "value"})
    yield Write("load/identifiers", ties.with_columns(frame["kind"], frame["value"]))


def _page_lists(query: str) -> Callable[[pl.DataFrame], Iterator[Write]]:
    def writes(frame: pl.DataFrame) -> Iterator[Write]:
        key = _key(pl.lit("page"), "page_id").alias("key")
        yield Write(query, frame.select(key, pl.exclude("platform", "page_id")))

    return writes


def _ads(frame: pl.DataFrame) -> Iterator[Write]:
    # What detection compares: texts, landing pages and audiences in the form in which they count as the same.
    if "text" in frame.columns:
        frame = frame.with_columns(text_fingerprint=normalise.text(pl.col("text")))
    if "url" in frame.columns:
        frame = frame.with_columns(landing_url=normalise.urls(frame["url"]))
    if "targets" in frame.columns:
        frame = frame.with_columns(audience=normalise.audience(frame["targets"]))
    key = _key(pl.lit("ad"), "id").alias("key")
    runner = _key(_RUNNER, "page_id").alias("runner")
    rows = frame.select(runner, pl.struct(key, pl.all()).alias("properties"))
    yield Write("load/ads", rows)
    for column in ("payer", "beneficiary"):
        if column in frame.columns:
            names = {name: payer_key(name) for name in frame[column].unique().drop_nulls()}
            payer = pl.col(column).replace_strict(names, return_dtype=pl.String, default=None)
            rows = frame.select(key.alias("ad"), payer.alias("payer"), name=column)
            yield Write("load/payers", rows.with_columns(pl.lit(column).alias("as")))


def _assets(frame: pl.DataFrame) -> Iterator[Write]:
    parts = pl.col("key").str.splitn(":", 3)
    platform, kind, asset_id = (parts.struct.field(f"field_{i}") for i in range(3))
    rows = frame.select("key", platform=platform, kind=kind, id=asset_id)
    yield Write("load/assets", rows.with_columns(label=_LABEL))


_ACCOUNT: Final = pl.lit("account")
_PAGE: Final = (pl.lit("page"), "page_id")
_ASSET: Final = (pl.col("asset_kind"), "asset_id")

#: The plan of every table that the graph holds.
PLANS: Final = {
    "accounts": _described("account"),
    "pages": _described("page"),
    "groups": _described("group"),
    "admins": Plan(
        "FROM staged ORDER BY platform, account_id, asset_kind, asset_id",
        _admins,
        ((_ACCOUNT, "account_id"), _ASSET),
    ),
    "members": Plan(
        "FROM staged ORDER BY platform, account_id, group_id",
        _members,
        ((_ACCOUNT, "account_id"), (pl.lit("group"), "group_id")),
    ),
    "links": Plan(
        "FROM staged ORDER BY platform, source_kind, source_id, target_kind, target_id",
        _links,
        ((pl.col("source_kind"), "source_id"), (pl.col("target_kind"), "target_id")),
    ),
    "identifiers": Plan(
        "FROM staged ORDER BY platform, asset_kind, asset_id, kind, value", _identifiers, (_ASSET,)
    ),
    "page_admin_countries": Plan(
        "SELECT platform, page_id, list(country ORDER BY count DESC, country) AS countries,"
        " list(count ORDER BY count DESC, country) AS counts FROM staged GROUP BY ALL ORDER BY ALL",
        _page_lists("load/page_admin_countries"),
        (_PAGE,),
    ),
    "page_history": Plan(
        # A list in the graph holds no nulls: an event without a name has an empty one.
        'SELECT platform, page_id, list(event ORDER BY "at", event) AS events,'
        ' list("at" ORDER BY "at", event) AS times,'
        """ list(coalesce(name, '') ORDER BY "at", event) AS names"""
        " FROM staged GROUP BY ALL ORDER BY platform, page_id",
        _page_lists("load/page_history"),
        (_PAGE,),
    ),
    "ads": Plan("FROM staged ORDER BY platform, id", _ads, ((_RUNNER, "page_id"),)),
    "assets": Plan("FROM staged ORDER BY key", _assets),
}
