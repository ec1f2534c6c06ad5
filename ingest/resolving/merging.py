"""Of several rows that speak of one thing, one: of each attribute the newest value that there is.

Everything here is done on columns. Rows come in groups, one a key, the newest last. To find the newest value
of a column in each group, the places of its values are carried forward, and read at the end of each group.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import polars as pl

from ingest.tables import TABLES
from ingest.validation import DATE_ONLY

#: Columns that say one thing together, by table: they come from one row, that of the newest amount.
_TOGETHER: Final = {"ads": (("spend_lower", "spend_upper"), "currency")}


def merge(rows: pl.DataFrame, key: Sequence[str], attributes: Sequence[str], table: str = "") -> pl.DataFrame:
    """Return one row for each key: key, attributes, and `sources`, the sorted ids of those who say it.

    A missing cell says nothing. Both ends of a range of money and its currency come from one row; so do those
    of another range if its ends, taken apart, would cross.

    Args:
        rows: Rows in order of key and age, with `__source`.
        key: Columns that tell groups apart.
        attributes: Columns to decide on.
        table: The table that declares them.
    """
    rows = rows.with_columns(group=group_numbers(rows, key)).with_row_index("row")
    places = _Places(rows)
    chosen = {name: places.newest([name]) for name in attributes}
    for low, high in TABLES[table].ranges if table else ():
        if low not in chosen or high not in chosen:
            continue
        together = places.newest([low, high])
        if (low, high) == _TOGETHER.get(table, ("",))[0]:
            wrong = together.is_not_null()
            if (currency := _TOGETHER[table][1]) in chosen:
                chosen[currency] = together.zip_with(wrong, chosen[currency])
        else:
            wrong = (_at(rows[low], chosen[low]) > _at(rows[high], chosen[high])).fill_null(value=False)
        chosen |= {name: together.zip_with(wrong, chosen[name]) for name in (low, high)}
    columns = [_at(rows[name], place) for name, place in chosen.items() if name != DATE_ONLY]
    if DATE_ONLY in chosen:
        columns.append(_date_only(rows, chosen))
    sources = rows.group_by("group", maintain_order=True).agg(
        sources=pl.col("__source").drop_nulls().unique().sort()
    )
    return pl.DataFrame([*(_at(rows[name], places.starts) for name in key), *columns, sources["sources"]])


def differing(
    rows: pl.DataFrame, merged: pl.DataFrame, key: Sequence[str], attributes: Iterable[str]
) -> pl.DataFrame:
    """Return for each row what it says otherwise than the merged one: key, `__source`, attributes.

    An attribute is null where the row agrees, or says nothing.

    Args:
        rows: As for `merge`.
        merged: What `merge` made of them.
        key: Columns that tell groups apart.
        attributes: Columns to compare.
    """
    group = group_numbers(rows, key)
    columns = {}
    for name in attributes:
        other = rows[name].is_not_null() & rows[name].ne_missing(merged[name].gather(group))
        columns[name] = pl.select(pl.when(other).then(rows[name])).to_series().alias(name)
    return rows.select(*key, "__source").with_columns(**columns)


def changed(now: pl.DataFrame, before: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """Return the rows of `now` that `before`, which has the same columns, has not, or has otherwise."""
    names = [name for name in now.columns if name not in key]
    there = before.with_columns(there=pl.lit(value=True))
    both = now.join(there, on=list(key), how="left", suffix=" before", maintain_order="left")
    other = [pl.col(name).ne_missing(pl.col(f"{name} before")) for name in names]
    return both.filter(pl.any_horizontal(pl.col("there").is_null(), *other)).select(now.columns)


def group_numbers(rows: pl.DataFrame, key: Sequence[str]) -> pl.Series:
    """Return the number of each row's group, from 0, of rows sorted by key."""
    first = pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift()) for name in key)
    return rows.select((first.cum_sum() - 1).alias("group")).to_series()


class _Places:
    """Where in some rows what each group says is found."""

    def __init__(self, rows: pl.DataFrame) -> None:
        self._rows = rows
        last = rows["group"] != rows["group"].shift(-1, fill_value=rows.height)
        self._ends = last.arg_true()
        self.starts = rows["row"].gather(self._ends.shift(1, fill_value=0))
        self.starts = (self._ends.cast(pl.Int64).shift(1, fill_value=-1) + 1).cast(pl.UInt32)

    def newest(self, names: Sequence[str]) -> pl.Series:
        """Return for each group the place of the newest row with a value in any of the columns, or null."""
        says = pl.any_horizontal(pl.col(name).is_not_null() for name in names)
        place = self._rows.select(pl.when(says).then("row").forward_fill()).to_series().gather(self._ends)
        return place.set(place < self.starts, None)


def _at(column: pl.Series, places: pl.Series) -> pl.Series:
    return column.gather(places)


def _date_only(rows: pl.DataFrame, chosen: dict[str, pl.Series]) -> pl.Series:
    """Return which of the chosen times are dates: what the row says that the time is from."""
    marks = rows[DATE_ONLY].str.split("|")
    parts = []
    for name, places in chosen.items():
        if rows[name].dtype.is_temporal():
            marked = _at(marks, places).list.contains(name)
            parts.append(pl.select(pl.when(marked).then(pl.lit(name))).to_series())
    frame = pl.DataFrame([part.alias(str(number)) for number, part in enumerate(parts)])
    names = frame.select(pl.concat_str(pl.all(), separator="|", ignore_nulls=True)).to_series()
    return names.set(names == "", None).alias(DATE_ONLY)
