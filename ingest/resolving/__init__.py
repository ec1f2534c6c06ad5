"""Sources into one graph: nodes and ties as all sources of the store together say them.

Both ways of writing the graph, over Bolt and by bulk import, take what is written from here, so that both
give the same. Whatever the size, memory holds some batches: DuckDB unites and sorts rows out of core, and
what rows of several sources say of one thing is decided batch by batch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import polars as pl

from ingest import normalise
from ingest.database import open_database
from ingest.resolving.merging import changed, differing, merge
from ingest.resolving.rows import Rows, affected, asset_keys, node_rows, tie_rows
from ingest.store import Scope, Version

#: Labels of nodes, in the order in which they are written.
LABELS: Final = ("Account", "Page", "Group", "Ad", "Payer", "Identifier")
#: Labels of the nodes that are tied to the sources that tell of them.
TOLD: Final = ("Account", "Page", "Group", "Ad")
#: Types of ties.
TYPES: Final = ("ADMINISTERS", "MEMBER_OF", "LIKES", "FOLLOWS", "FRIEND", "USES", "RAN", "PAID_FOR_BY")

#: Rows held in memory at once: several transactions' worth.
BATCH: Final = 50_000


@dataclass(frozen=True)
class Nodes:
    """A batch of nodes. All batches of a label have the same columns; a null is no property.

    Attributes:
        alone: By source, `key` and properties of nodes that the graph has never had, of which one source
        tells. merged: `key` and properties of the others.
        said: By source, of the merged nodes that it tells of: `key`, and what it says otherwise; null where
            it agrees or says nothing.
        last: The key of the last node.
    """

    alone: dict[str, pl.DataFrame]
    merged: pl.DataFrame
    said: dict[str, pl.DataFrame]
    last: tuple[str, ...]

    @property
    def rows(self) -> int:
        """Nodes in the batch."""
        return self.merged.height + sum(frame.height for frame in self.alone.values())


@dataclass(frozen=True)
class Ties:
    """A batch of ties: `source` and `target` (keys of nodes), and properties.

    Attributes:
        alone: By source, ties that the graph has never had, of which one source tells.
        merged: The others, with `sources`, the ids of those who tell of them.
        gone: Ties that no source tells of any more.
        last: The key of the last tie.
    """

    alone: dict[str, pl.DataFrame]
    merged: pl.DataFrame
    gone: pl.DataFrame
    last: tuple[str, ...]

    @property
    def rows(self) -> int:
        """Ties in the batch."""
        return self.merged.height + sum(frame.height for frame in self.alone.values())


def nodes(scope: Scope, label: str, work: Path, after: tuple[str, ...] = ()) -> Iterator[Nodes]:
    """Yield the nodes of a label that are to be written, sorted by key.

    Args:
        scope: The versions that make the graph.
        label: One of `LABELS`.
        work: Folder for what does not fit in memory.
        after: Key of the last node that is written already.
    """
    rows = node_rows(scope, label)
    if rows is None:
        return
    finish = _finish_ads if label == "Ad" else _as_it_is
    for frame in _groups(affected(scope, rows), rows.key, work, after):
        parts = _Parts.of(frame, rows, exact=scope.exact)
        said = parts.said.partition_by("__source", as_dict=True, include_key=False)
        yield Nodes(
            {source: finish(frame) for source, frame in parts.alone.items()},
            finish(parts.merged.drop("sources")),
            {str(source): frame for (source,), frame in said.items() if source is not None},
            _key_of(frame, rows.key),
        )


def ties(scope: Scope, type_: str, work: Path, after: tuple[str, ...] = ()) -> Iterator[Ties]:
    """Yield the ties of a type that are to be written, sorted by key; not those that are gone altogether.

    Args:
        scope: The versions that make the graph.
        type_: One of `TYPES`.
        work: Folder for what does not fit in memory.
        after: Key of the last tie that is written already.
    """
    rows = tie_rows(scope, type_)
    if rows is None:
        return
    shape = _one_of_many if type_ in ("RAN", "PAID_FOR_BY") else _as_said
    for frame in _groups(affected(scope, rows), rows.key, work, after):
        yield shape(frame, rows, exact=scope.exact)


def gone(scope: Scope, type_: str, work: Path) -> Iterator[pl.DataFrame]:
    """Yield `source` and `target` of the ties that a former version told of and no source does any more."""
    rows = tie_rows(scope, type_) if scope.former and type_ not in ("RAN", "PAID_FOR_BY") else None
    if rows is not None:
        said = affected(scope, rows)
        yield from _frames(
            f"SELECT source, target FROM ({said}) GROUP BY ALL HAVING NOT bool_or(__new) ORDER BY ALL", work  # noqa: S608
        )  # fmt: skip


def forgotten(scope: Scope, version: Version, label: str, work: Path) -> Iterator[pl.DataFrame]:
    """Yield the `key` of the nodes of which a former version told, and its source tells no more."""
    was = asset_keys(version, label)
    if not was:
        return
    now = [asset_keys(newest, label) for newest in scope.current if newest.source == version.source]
    still = f"EXCEPT ({now[0]})" if now and now[0] else ""
    yield from _frames(f"SELECT key FROM (SELECT DISTINCT key FROM ({was}) {still}) ORDER BY key", work)  # noqa: S608


@dataclass(frozen=True)
class _Parts:
    """A batch of whole groups, decided."""

    alone: dict[str, pl.DataFrame]
    merged: pl.DataFrame
    said: pl.DataFrame = field(default_factory=pl.DataFrame)

    @classmethod
    def of(cls, frame: pl.DataFrame, rows: Rows, *, exact: bool, compare: bool = True) -> _Parts:
        """Decide what is to be written.

        Args:
            frame: Rows of whole groups, sorted.
            rows: What they are.
            exact: Leave out what was the same before.
            compare: Find what each source says otherwise.
        """
        key, names = list(rows.key), [*rows.key, *rows.attributes]
        one = _lone(frame, key) & frame["__new"] & ~frame["__old"] & frame["__source"].is_not_null()
        single, rest = frame.filter(one), frame.filter(~one)
        single = single.select(*names, "__source")
        new = rest.filter("__new")
        merged = merge(new, key, rows.attributes, rows.table)
        said = _said(new, merged, rows) if compare else pl.DataFrame()
        told = rest.filter("__old")
        fresh = merged.join(told, on=key, how="anti", maintain_order="left").filter(
            pl.col("sources").list.len() == 1
        )
        if fresh.height:
            more = fresh.with_columns(__source=pl.col("sources").list.first()).select(single.columns)
            single = pl.concat([single, more]).sort(key)
            merged = merged.join(fresh, on=key, how="anti", maintain_order="left")
            said = said.join(fresh, on=key, how="anti", maintain_order="left") if compare else said
        if exact and told.height:
            before = merge(told, key, rows.attributes, rows.table)
            if compare:
                said = changed(said, _said(told, before, rows), [*key, "__source"])
            merged = changed(merged, before, key)
        alone = single.partition_by("__source", as_dict=True, include_key=False, maintain_order=True)
        return cls({str(source): part for (source,), part in alone.items()}, merged, said)


def _said(frame: pl.DataFrame, merged: pl.DataFrame, rows: Rows) -> pl.DataFrame:
    said = differing(frame, merged, rows.key, rows.attributes).filter(pl.col("__source").is_not_null())
    return said.unique([*rows.key, "__source"], keep="last", maintain_order=True)


def _as_said(frame: pl.DataFrame, rows: Rows, *, exact: bool) -> Ties:
    parts = _Parts.of(frame, rows, exact=exact, compare=False)
    none = pl.DataFrame(schema=dict.fromkeys(("source", "target"), pl.String()))
    return Ties(parts.alone, parts.merged, none, _key_of(frame, rows.key))


def _one_of_many(frame: pl.DataFrame, rows: Rows, *, exact: bool) -> Ties:
    """Return the ties of ads: one each, that which the newest source says, from those who say the same."""
    key, (other,) = list(rows.key), rows.attributes
    names = ["source", "target", *(name for name in key if name not in ("source", "target"))]
    told = frame.filter("__old")
    parts = []
    for mark in ("__new", "__old"):
        marked = frame.filter(mark)
        decided = marked.group_by(key, maintain_order=True).agg(pl.col(other).last().alias("decided"))
        agreed = marked.join(decided, on=key, maintain_order="left").filter(
            pl.col(other) == pl.col("decided")
        )
        parts.append(
            agreed.group_by(names, maintain_order=True).agg(sources=pl.col("__source").unique().sort())
        )
    now, before = parts
    gone = (
        frame.select(names).drop_nulls().unique(maintain_order=True)
        .join(told, on=key, how="semi", maintain_order="left")
        .join(now, on=names, how="anti", maintain_order="left")
    )  # fmt: skip
    fresh = now.join(told, on=key, how="anti", maintain_order="left").filter(
        pl.col("sources").list.len() == 1
    )
    merged = now.join(fresh, on=names, how="anti", maintain_order="left")
    if exact:
        merged = changed(merged, before, names)
    fresh = fresh.with_columns(pl.col("sources").list.first())
    alone = fresh.partition_by("sources", as_dict=True, include_key=False, maintain_order=True)
    return Ties({str(source): part for (source,), part in alone.items()}, merged, gone, _key_of(frame, key))


def _as_it_is(frame: pl.DataFrame) -> pl.DataFrame:
    return frame


def _finish_ads(frame: pl.DataFrame) -> pl.DataFrame:
    """Add what detection compares: texts, landing pages and audiences as they count as the same."""
    if "text" in frame.columns:
        frame = frame.with_columns(text_fingerprint=normalise.text(pl.col("text")))
    if "url" in frame.columns:
        frame = frame.with_columns(landing_url=normalise.urls(frame["url"]))
    if "targets" in frame.columns:
        frame = frame.with_columns(audience=normalise.audience(frame["targets"]))
    return frame


def _lone(frame: pl.DataFrame, key: Sequence[str]) -> pl.Series:
    """Return which rows are alone in their group."""
    first = pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift()) for name in key)
    flags = frame.select(first.alias("first")).to_series()
    return flags & flags.shift(-1, fill_value=True)


def _key_of(frame: pl.DataFrame, key: Sequence[str]) -> tuple[str, ...]:
    return tuple(frame.select(key).row(-1))


def _groups(sql: str, key: Sequence[str], work: Path, after: tuple[str, ...]) -> Iterator[pl.DataFrame]:
    """Yield rows sorted by key and age, in batches in which every group is whole."""
    keys = ", ".join(f'"{name}"' for name in key)
    where = ""
    if after:
        values = ", ".join("'" + value.replace("'", "''") + "'" for value in after)
        where = f" WHERE ({keys}) > ({values})"
    held: pl.DataFrame | None = None
    for frame in _frames(f"SELECT * EXCLUDE (__due) FROM ({sql}){where} ORDER BY {keys}, __ord", work):  # noqa: S608
        if held is None:
            held = frame
            continue
        # The last group may go on in the next frame.
        last = zip(key, held.select(key).row(-1), strict=True)
        begun = held.filter(pl.all_horizontal(pl.col(name) == value for name, value in last))
        if begun.height < held.height:
            yield held.head(held.height - begun.height)
        held = pl.concat([begun, frame])
    if held is not None:
        yield held


def _frames(sql: str, work: Path) -> Iterator[pl.DataFrame]:
    with open_database(work / "spill") as database:
        for batch in database.sql(sql).to_arrow_reader(BATCH):
            frame = pl.from_arrow(batch)
            assert isinstance(frame, pl.DataFrame)
            yield from frame.iter_slices(BATCH)
