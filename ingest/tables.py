"""The canonical tables, declared once: what they hold, what is required, and what makes a row unique.

Validation, staging, the graph writer and the generator of datasets all read these declarations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

#: How a cell is understood. `word` is an open lower-case vocabulary, `choice` a closed one.
Type = Literal["id", "key", "name", "handle", "platform", "text", "word", "choice", "country", "time",
               "count", "amount", "currency", "flag", "list", "countries"]  # fmt: skip

UTC_TIME: Final = pl.Datetime("us", "UTC")

#: The most characters of a cell of each type; other texts are as long as a cell may be. The graph finds these
#: by an index, and Neo4j refuses a whole transaction for one value of more than some 8,000 bytes.
LIMITS: Final[dict[str, int]] = {"id": 512, "key": 512, "word": 512, "name": 1_000, "handle": 1_000}

#: A `page_id` that begins so names no Page: the source does not say who ran the ad.
NO_PAGE: Final = "unknown/"

#: The staged type of each; everything that is not here is a String.
DTYPES: Final[dict[str, pl.DataType]] = {
    "time": UTC_TIME,
    "count": pl.Int64(),
    "amount": pl.Float64(),
    "flag": pl.Boolean(),
    "list": pl.List(pl.String),
    "countries": pl.List(pl.String),
}


@dataclass(frozen=True)
class Column:
    """One column of a canonical table.

    Attributes:
        name: As in the files.
        type: How a cell is understood.
        required: A row without it is rejected.
        choices: The closed vocabulary of a `choice`.
    """

    name: str
    type: Type = "text"
    required: bool = False
    choices: tuple[str, ...] = ()

    @property
    def dtype(self) -> pl.DataType:
        """The type of the staged column."""
        return DTYPES.get(self.type, pl.String())


@dataclass(frozen=True)
class Table:
    """One canonical table.

    Attributes:
        name: As in the files' names.
        columns: In the order of the format's description.
        key: Columns that tell rows apart: of two rows with the same key the last one counts.
        ranges: Pairs of columns of which the first must not exceed the second.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    ranges: tuple[tuple[str, str], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        """The names of the columns without which a row is rejected."""
        return tuple(column.name for column in self.columns if column.required)


_PLATFORM: Final = Column("platform", "platform")
_ASSETS: Final = ("account", "page", "group")


def _id(name: str, *, required: bool = True) -> Column:
    return Column(name, "id", required)


def _kind(name: str, choices: tuple[str, ...], *, required: bool = True) -> Column:
    return Column(name, "choice", required, choices)


def _of(type_: Type, *names: str) -> tuple[Column, ...]:
    return tuple(Column(name, type_) for name in names)


def _table(
    name: str, *columns: Column, key: tuple[str, ...], ranges: tuple[tuple[str, str], ...] = ()
) -> Table:
    return Table(name, (_PLATFORM, *columns), ("platform", *key), ranges)


_DECLARED: Final = (
    _table(
        "accounts",
        _id("id"),
        Column("name", "name"),
        Column("handle", "handle"),
        Column("created_at", "time"),
        Column("country", "country"),
        Column("language"),
        Column("followers", "count"),
        Column("verified", "flag"),
        *_of("text", "profile_image_hash", "bio", "url"),
        Column("removed_at", "time"),
        key=("id",),
    ),
    _table(
        "pages",
        _id("id"),
        Column("name", "name"),
        Column("handle", "handle"),
        Column("category"),
        Column("created_at", "time"),
        Column("country", "country"),
        Column("followers", "count"),
        Column("verified", "flag"),
        *_of("text", "confirmed_owner", "about", "url", "profile_image_hash"),
        Column("removed_at", "time"),
        key=("id",),
    ),
    _table(
        "groups",
        _id("id"),
        Column("name", "name"),
        Column("created_at", "time"),
        Column("privacy"),
        Column("members", "count"),
        Column("url"),
        Column("removed_at", "time"),
        key=("id",),
    ),
    _table(
        "ads",
        _id("id"),
        _id("page_id"),
        *_of("name", "payer", "beneficiary"),
        Column("currency", "currency"),
        *_of("amount", "spend_lower", "spend_upper"),
        *_of("count", "impressions_lower", "impressions_upper"),
        *_of("time", "started_at", "stopped_at", "created_at"),
        *_of("text", "text", "url"),
        Column("countries", "countries"),
        Column("targets", "list"),
        Column("disclaimer"),
        key=("id",),
        ranges=(("spend_lower", "spend_upper"), ("impressions_lower", "impressions_upper")),
    ),
    _table(
        "admins",
        _id("account_id"),
        _kind("asset_kind", ("page", "group")),
        _id("asset_id"),
        Column("role"),
        *_of("time", "since", "until"),
        key=("account_id", "asset_kind", "asset_id"),
        ranges=(("since", "until"),),
    ),
    _table(
        "page_admin_countries",
        _id("page_id"),
        Column("country", "country", required=True),
        Column("count", "count", required=True),
        key=("page_id", "country"),
    ),
    _table(
        "page_history",
        _id("page_id"),
        _kind("event", ("created", "renamed", "merged")),
        Column("at", "time", required=True),
        Column("name", "name"),
        key=("page_id", "event", "at", "name"),
    ),
    _table(
        "identifiers",
        _kind("asset_kind", _ASSETS),
        _id("asset_id"),
        _kind(
            "kind",
            ("ip", "device", "email", "phone", "payment", "domain", "website_host", "analytics_tag"),
        ),
        Column("value", "key", required=True),
        *_of("time", "first_seen", "last_seen"),
        key=("asset_kind", "asset_id", "kind", "value"),
        ranges=(("first_seen", "last_seen"),),
    ),
    _table(
        "members", _id("account_id"), _id("group_id"), Column("since", "time"), key=("account_id", "group_id")
    ),
    _table(
        "links",
        _kind("source_kind", _ASSETS),
        _id("source_id"),
        _kind("target_kind", _ASSETS),
        _id("target_id"),
        _kind("type", ("likes", "follows", "friend")),
        Column("at", "time"),
        key=("source_kind", "source_id", "target_kind", "target_id", "type"),
    ),
    _table(
        "posts",
        _id("id"),
        _kind("author_kind", _ASSETS),
        _id("author_id"),
        _kind("surface_kind", _ASSETS, required=False),
        _id("surface_id", required=False),
        Column("created_at", "time", required=True),
        Column("text"),
        *_of("list", "urls", "hashtags", "image_hashes"),
        _id("repost_of", required=False),
        _id("reply_to", required=False),
        *_of("count", "likes", "comments", "shares", "views"),
        *_of("text", "language", "url"),
        key=("id",),
    ),
    _table(
        "reactions",
        _id("account_id"),
        _kind("target_kind", ("post", "page")),
        _id("target_id"),
        Column("type", "word", required=True),
        Column("at", "time", required=True),
        key=("account_id", "target_kind", "target_id", "type", "at"),
    ),
)

#: Every table that is loaded, assets before what ties them together.
TABLES: Final[dict[str, Table]] = {table.name: table for table in _DECLARED}

#: The answers of a made dataset: never read by the loader.
TRUTH: Final = Table(
    "truth",
    (Column("operation", "text", required=True), Column("platform", "platform", required=True),
     _kind("kind", _ASSETS), _id("id")),
    ("platform", "kind", "id"),
)  # fmt: skip

#: Innocent groups of a made dataset that look coordinated: never read by the loader either.
LOOKALIKES: Final = Table(
    "lookalikes",
    (Column("group", required=True), Column("kind_of_group", required=True),
     Column("platform", "platform", required=True), Column("kind", "word", required=True),
     Column("id", "id", required=True)),
    ("group", "platform", "kind", "id"),
)  # fmt: skip

#: Tables for evaluation only, by name.
ANSWERS: Final = {table.name: table for table in (TRUTH, LOOKALIKES)}
