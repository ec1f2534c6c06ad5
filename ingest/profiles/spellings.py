"""How sources spell things: headers, separated thousands, cells made safe for spreadsheets, countries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

import polars as pl
from babel import Locale

from ingest.tables import TABLES

_THOUSANDS: Final = r"^\d{1,3}(?:[,\x{A0}\x{202F} ]\d{3})+(?:\.\d+)?$"
_SEPARATORS: Final = r"[,\x{A0}\x{202F} ]"
_FORMULA: Final = r'^="((?s:.*))"$'
_APOSTROPHE: Final = r"^'([=+@-](?s:.*)|\d[\d.,]*)$"
_OTHER_NAMES: Final = {
    "united states of america": "US", "usa": "US", "uk": "GB", "great britain": "GB", "turkey": "TR",
    "czech republic": "CZ", "macedonia": "MK", "burma": "MM", "myanmar": "MM", "ivory coast": "CI",
    "the netherlands": "NL", "the gambia": "GM", "the bahamas": "BS", "hong kong": "HK", "macau": "MO",
    "palestine": "PS", "russian federation": "RU", "viet nam": "VN", "korea": "KR",
    "bosnia and herzegovina": "BA",
    "trinidad and tobago": "TT", "antigua and barbuda": "AG", "saint lucia": "LC", "congo": "CG",
    "democratic republic of the congo": "CD", "republic of the congo": "CG", "swaziland": "SZ",
    "cape verde": "CV", "east timor": "TL", "brunei darussalam": "BN", "syrian arab republic": "SY",
}  # fmt: skip
#: ISO 3166 codes of countries by their English names in lower case.
COUNTRIES: Final = {
    name.lower(): code
    for code, name in Locale("en").territories.items()
    if len(code) == 2 and code.isalpha() and code not in ("EU", "EZ", "UN", "XA", "XB", "ZZ")
} | _OTHER_NAMES


def simple_name(name: str) -> str:
    """Return a header as it is compared: lower case, `_` between words, dots kept."""
    return re.sub(r"[^\w.]+", "_", name.strip().lower()).strip("_")


def simple_names(columns: Iterable[str]) -> dict[str, str]:
    """Return the simple name of each column; of equals the others keep theirs, or get a number."""
    taken = {"line"}
    names: dict[str, str] = {}
    for column in columns:
        wanted = simple_name(column)
        new = wanted if wanted and wanted not in taken else column
        number = 2
        while new in taken and column != "line":
            new, number = f"{column}_{number}", number + 1
        names[column] = new
        taken.add(new)
    return names


def first_of(batch: pl.DataFrame, *names: str) -> pl.Expr:
    """Return the first of these columns with a value, row by row; null where there is none."""
    found = [_given(pl.col(name)) for name in names if name in batch.columns]
    # A column of nulls, and not one null: what is made of it must have a value for each row too.
    return pl.coalesce(found) if found else pl.repeat(None, pl.len(), dtype=pl.String)


def _given(cell: pl.Expr) -> pl.Expr:
    return pl.when(cell.str.strip_chars() != "").then(cell.str.strip_chars())


def number(cell: pl.Expr) -> pl.Expr:
    """Return `1,234` and `1 234.5` without what separates thousands; anything else as it is."""
    return pl.when(cell.str.contains(_THOUSANDS)).then(cell.str.replace_all(_SEPARATORS, "")).otherwise(cell)


def unquoted(cell: pl.Expr) -> pl.Expr:
    """Return a cell without what keeps a spreadsheet from changing it: `="123"`, `'123`, `'=text`."""
    bare = cell.str.replace(_FORMULA, "$1").str.replace_all('""', '"', literal=True)
    bare = pl.when(cell.str.contains(_FORMULA)).then(bare).otherwise(cell)
    return bare.str.replace(_APOSTROPHE, "$1")


def country_code(cell: pl.Expr) -> pl.Expr:
    """Return the ISO 3166 code of a country given by its English name; anything else as it is."""
    name = cell.str.strip_chars().str.to_lowercase()
    code = name.replace_strict(COUNTRIES, default=None, return_dtype=pl.String)
    return pl.coalesce(code, cell)


def table_of(frame: pl.DataFrame, table: str, used: Iterable[str], **columns: pl.Expr) -> pl.DataFrame:
    """Return rows of a canonical table, with what else the source says.

    Args:
        frame: Text columns as in the source, and `line`.
        table: Name of the canonical table.
        used: Columns of the source that are in the canonical ones whole, and need not be kept beside them.
        columns: The canonical columns.

    Returns:
        The canonical columns, then all others under the name that validation would give them (numbered where
        it is taken), then `line`.
    """
    gone = {"line", *used}
    rest = [name for name in frame.columns if name not in gone]
    known = set(TABLES[table].names)
    taken = {*columns, "line"}
    others = []
    for name in rest:
        wanted = new = f"x_{name}" if name in known else name
        number = 2
        while new in taken:
            new, number = f"{wanted}_{number}", number + 1
        taken.add(new)
        others.append(pl.col(name).alias(new))
    return frame.select(*(value.alias(name) for name, value in columns.items()), *others, "line")


def last_of_each(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows that describe assets: the last one of each `platform` and `id`, none without an `id`."""
    named = rows.filter(pl.col("id").is_not_null())
    return named.unique(["platform", "id"], keep="last", maintain_order=True)


def named_pages(frame: pl.DataFrame) -> Mapping[str, pl.DataFrame]:
    """Return the Pages of Facebook that `page_id` and `page_name` name, as the last row does."""
    pages = frame.select(
        pl.lit("facebook").alias("platform"),
        first_of(frame, "page_id").alias("id"),
        first_of(frame, "page_name").alias("name"),
        "line",
    )
    return {"pages": pages.drop_nulls(["id", "name"]).unique("id", keep="last", maintain_order=True)}
