"""What every source says of one kind of node or tie, as one SQL query over the store.

Whatever the kind, a row has the columns of its key in the graph, its attributes, and

    __ord     its place: rows of newer sources, and later rows of a source, have larger ones
    __source  the source that says it; null for a row that is made of several sources' rows
    __new     whether it counts now
    __old     whether it counted when the graph was last written
    __due     whether its source is still to be written
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ingest.database import quoted
from ingest.derived import DESCRIBED, RUNNER
from ingest.store import Scope, Version
from ingest.tables import TABLES

#: Room for the rows of one source in the order of rows.
_ROWS: Final = 1 << 36


@dataclass(frozen=True)
class Rows:
    """The rows of one kind of node or tie.

    Attributes:
        sql: The query.
        key: Columns that tell nodes or ties apart.
        attributes: Columns that sources may disagree on.
        table: The table that declares them, if one does.
    """

    sql: str
    key: tuple[str, ...]
    attributes: tuple[str, ...]
    table: str = ""


@dataclass(frozen=True)
class _Tie:
    """How a table's rows become ties: SQL of both ends, the columns that go into them, and which rows."""

    table: str
    source: str
    target: str
    ends: frozenset[str]
    where: str = "true"


def _key(kind: str, column: str) -> str:
    return f"platform || ':' || {kind} || ':' || {column}"


_AD: Final = _key("'ad'", "id")
_FROM: Final = _key("source_kind", "source_id")
_TO: Final = _key("target_kind", "target_id")
_LINK: Final = frozenset({"platform", "source_kind", "source_id", "target_kind", "target_id", "type"})
#: Mail addresses and host names are the same in either case.
_VALUE: Final = "CASE WHEN kind IN ('email', 'domain', 'website_host') THEN lower(value) ELSE value END"
_IDENTIFIER: Final = f"kind || ':' || {_VALUE}"

_TIES: Final = {
    "ADMINISTERS": _Tie(
        "admins", _key("'account'", "account_id"), _key("asset_kind", "asset_id"),
        frozenset({"platform", "account_id", "asset_kind", "asset_id"}),
    ),
    "MEMBER_OF": _Tie(
        "members", _key("'account'", "account_id"), _key("'group'", "group_id"),
        frozenset({"platform", "account_id", "group_id"}),
    ),
    "LIKES": _Tie("links", _FROM, _TO, _LINK, "type = 'likes'"),
    "FOLLOWS": _Tie("links", _FROM, _TO, _LINK, "type = 'follows'"),
    # Friendship has no direction: one relationship, from the smaller key.
    "FRIEND": _Tie("links", f"least({_FROM}, {_TO})", f"greatest({_FROM}, {_TO})", _LINK, "type = 'friend'"),
    "USES": _Tie(
        "identifiers", _key("asset_kind", "asset_id"), _IDENTIFIER,
        frozenset({"platform", "asset_kind", "asset_id", "kind", "value"}),
    ),
}  # fmt: skip

_TABLES: Final = {kind.capitalize(): table for table, kind in DESCRIBED.items()}


@dataclass(frozen=True)
class _List:
    """How a table's rows become lists of a Page, in parallel. Lists hold no nulls."""

    keys: dict[str, str]
    values: dict[str, str]
    lists: dict[str, str]
    order: str


_LISTS: Final = {
    "page_admin_countries": _List(
        {"country": "country"}, {"count": "arg_max(count, __ord)"},
        {"admin_countries": "country", "admin_country_counts": "count"}, "count DESC, country",
    ),
    # An event without a name has an empty one.
    "page_history": _List(
        {"event": "event", "at": '"at"', "name": "coalesce(name, '')"}, {},
        {"history_events": "event", "history_at": '"at"', "history_names": "name"}, '"at", event, name',
    ),
}  # fmt: skip


def node_rows(scope: Scope, label: str) -> Rows | None:
    """Return what sources say of the nodes of a label; None if they say nothing."""
    if label in _TABLES:
        return _assets(scope, label)
    if label == "Ad":
        columns = _columns(scope, "ads", {"id"})
        sql = _said(scope, "ads", [f"{_AD} AS key", "id"], columns)
        return Rows(sql, ("key",), ("id", *columns), "ads") if sql else None
    if label == "Payer":
        return _payers(scope)
    if not (sql := _said(scope, "identifiers", [f"{_IDENTIFIER} AS key", "kind", f"{_VALUE} AS value"])):
        return None
    once = (
        "SELECT key, kind, value, 0 AS __ord, NULL::VARCHAR AS __source, bool_or(__new) AS __new,"  # noqa: S608
        f" bool_or(__old) AS __old, bool_or(__due) AS __due FROM ({sql}) GROUP BY key, kind, value"
    )
    return Rows(once, ("key",), ("kind", "value"))


def tie_rows(scope: Scope, type_: str) -> Rows | None:
    """Return what sources say of the ties of a type; None if they say nothing.

    An ad has one runner and one payer, whatever sources say, so the key of `RAN` and `PAID_FOR_BY` is the
    ad's, and the other end is an attribute, null where the source says that there is none.
    """
    if type_ == "RAN":
        sql = _said(scope, "ads", [f"{_AD} AS target", f"{_key(f'({RUNNER})', 'page_id')} AS source"])
        return Rows(sql, ("target",), ("source",)) if sql else None
    if type_ == "PAID_FOR_BY":
        sql = _said(scope, "payers", ["ad AS source", '"as"', "payer AS target"])
        return Rows(sql, ("source", "as"), ("target",)) if sql else None
    tie = _TIES[type_]
    columns = _columns(scope, tie.table, tie.ends)
    sql = _said(scope, tie.table, [f"{tie.source} AS source", f"{tie.target} AS target"], columns, tie.where)
    return Rows(sql, ("source", "target"), tuple(columns), tie.table) if sql else None


def asset_keys(version: Version, label: str) -> str:
    """Return SQL for the keys of the assets, or ads, that one version of a source tells of; "" if of none."""
    if label == "Ad":
        tables = [("ads", f"{_AD} AS key", "true")]
    else:
        kind = label.lower()
        tables = [(_TABLES[label], _named(kind), "true"), ("mentions", "key", f"kind = '{kind}'")]
    parts = [
        f"SELECT {key} FROM read_parquet({quoted(version.file(table))}) WHERE {where}"  # noqa: S608
        for table, key, where in tables
        if table in version.rows
    ]
    return " UNION ALL ".join(parts)


def affected(scope: Scope, rows: Rows) -> str:
    """Return the query of the rows to write from: all rows of every key that a source due tells of."""
    if {version.source for version in scope.current} <= scope.due_sources:
        return f"SELECT * FROM ({rows.sql})"  # noqa: S608
    keys = ", ".join(f'"{column}"' for column in rows.key)
    due = f"SELECT DISTINCT {keys} FROM ({rows.sql}) WHERE __due"  # noqa: S608
    return f"SELECT * FROM ({rows.sql}) SEMI JOIN ({due}) USING ({keys})"  # noqa: S608


def _assets(scope: Scope, label: str) -> Rows | None:
    kind, table = label.lower(), _TABLES[label]
    columns = _columns(scope, table, {"platform", "id"})
    named = [_named(kind), "platform", f"'{kind}' AS kind", "id"]
    parts = [
        _said(scope, table, named, columns),
        _said(scope, "mentions", ["key", "platform", "kind", "id"], where=f"kind = '{kind}'"),
    ]
    attributes = ["platform", "kind", "id", *columns]
    if label == "Page":
        for name, made in _LISTS.items():
            if lists := _lists(scope, name, made):
                parts.append(lists)
                attributes += made.lists
    sql = " UNION ALL BY NAME ".join(filter(None, parts))
    return Rows(sql, ("key",), tuple(attributes), table) if sql else None


def _lists(scope: Scope, table: str, made: _List) -> str:
    """Return rows of lists, one for what counts now and one for what counted before."""
    said = _said(scope, table, [_named("page", "page_id"), *_quote([*made.keys, *made.values])])
    if not said:
        return ""
    made_of = {**made.keys, **made.values}
    columns = ", ".join(f'{expression} AS "{name}"' for name, expression in made_of.items())
    grouped = ", ".join(["key", *made.keys.values()])
    lists = ", ".join(f"list({what} ORDER BY {made.order}) AS {name}" for name, what in made.lists.items())
    parts = [
        f"SELECT key, {lists}, -1 AS __ord, NULL::VARCHAR AS __source, {new} AS __new, NOT {new} AS __old,"  # noqa: S608
        f" false AS __due FROM (SELECT key, {columns} FROM ({said}) WHERE {mark} GROUP BY {grouped})"
        " GROUP BY key"
        for mark, new in (("__new", "true"), ("__old", "false"))
    ]
    return f"SELECT * FROM ({' UNION ALL '.join(parts)})"  # noqa: S608


def _payers(scope: Scope) -> Rows | None:
    """Return the names of payers, from the rows that decide who paid."""
    if not (said := _said(scope, "payers", ["payer AS key", "name", "ad", '"as"'])):
        return None
    # A name counts where it pays: of an ad that several sources tell of, one row decides.
    decide = " UNION ALL ".join(
        f"SELECT key, name, __ord, NULL::VARCHAR AS __source, {new} AS __new, NOT {new} AS __old,"  # noqa: S608
        " touched AS __due"
        f' FROM (SELECT *, bool_or(__due) OVER (PARTITION BY ad, "as") AS touched FROM ({said}))'
        f' WHERE {mark} QUALIFY row_number() OVER (PARTITION BY ad, "as" ORDER BY __ord DESC) = 1'
        for mark, new in (("__new", "true"), ("__old", "false"))
    )
    return Rows(decide, ("key",), ("name",))


def _said(
    scope: Scope, table: str, named: Sequence[str], columns: Iterable[str] = (), where: str = "true"
) -> str:
    """Return a table's rows of all sources, marked; "" if no source has the table."""
    due = scope.due_sources
    versions = [(version, True, version.source not in due) for version in scope.current]
    versions += [(version, False, True) for version in scope.former]
    return " UNION ALL BY NAME ".join(
        f"SELECT {', '.join([*named, *_quote(_present(version, table, columns))])},"  # noqa: S608
        f" {version.sequence * _ROWS} + file_row_number AS __ord, '{version.source}' AS __source,"
        f" {new} AS __new, {old} AS __old, {version.source in due} AS __due"
        f" FROM read_parquet({quoted(version.file(table))}, file_row_number = true) WHERE {where}"
        for version, new, old in versions
        if table in version.rows
    )


def _named(kind: str, column: str = "id") -> str:
    """Return SQL of the key of an asset of one kind."""
    return _key(f"'{kind}'", column) + " AS key"


def _columns(scope: Scope, table: str, left_out: Collection[str]) -> list[str]:
    """Return the columns in which any source has a value, declared ones first, each where it is declared."""
    used = {name for version in (*scope.current, *scope.former) for name in version.columns.get(table, ())}
    declared = [name for name in TABLES[table].names if name in used]
    return [name for name in (*declared, *sorted(used - set(declared))) if name not in left_out]


def _present(version: Version, table: str, columns: Iterable[str]) -> list[str]:
    return [name for name in columns if name in version.columns[table]]


def _quote(names: Iterable[str]) -> list[str]:
    return ['"' + name.replace('"', '""') + '"' for name in names]
