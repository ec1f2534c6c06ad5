"""What the lists in an ad of the Ad Library API say: who paid, and whom it was to reach."""

from __future__ import annotations

from typing import Final

import polars as pl

from ingest.lists import parse_lists
from ingest.profiles.nested import flattened, items
from ingest.profiles.printed import json_list
from ingest.profiles.spellings import COUNTRIES, country_code, first_of

#: Names of countries that are also names of regions: of the US, and of Belgium.
_REGIONS_TOO: Final = ("georgia", "luxembourg")
_ANY_AGE: Final = ("18-65+", "18-65", "13-65+", "13-65")


def first_of_list(frame: pl.DataFrame, many: str, one: str) -> pl.Expr:
    """Return the first value of a column of lists, else that of the column of single values."""
    first = pl.lit(None, pl.String)
    if many in frame.columns:
        is_list = frame[many].str.strip_chars_start().str.starts_with("[").fill_null(value=False)
        # Texts hold `|` of their own, so that only JSON arrays are lists here.
        values, _ = parse_lists(frame[many].str.strip_chars_start().set(~is_list, None))
        first = pl.coalesce(pl.lit(values).list.first(), pl.when(pl.lit(~is_list)).then(pl.col(many)))
    return pl.coalesce(first, first_of(frame, one))


def with_lists(frame: pl.DataFrame) -> pl.DataFrame:
    """Return ads with payer, beneficiary, countries and targets, under names that no header has."""
    payers = _objects(frame, "beneficiary_payers", "payer", "beneficiary", "current")
    paid = (
        payers.sort(pl.col("current") == "true", descending=True, nulls_last=True, maintain_order=True)
        .group_by("line", maintain_order=True)
        .agg(pl.col("payer").drop_nulls().first(), pl.col("beneficiary").drop_nulls().first())
    )
    places = _objects(frame, "target_locations", "name", "type", "excluded").with_columns(
        pl.col("excluded").str.to_lowercase().eq("true").fill_null(value=False),
        pl.col("type").str.to_lowercase().is_in(["country", "countries"]).fill_null(value=False),
    )
    wanted = places.filter(pl.col("type") & ~pl.col("excluded"))
    reached = _objects(frame, "age_country_gender_reach_breakdown", "country")
    told = pl.concat(
        [
            wanted.select("line", country_code(pl.col("name")).alias("code")),
            reached.rename({"country": "code"}),
        ]
    )
    named = pl.col("region").str.to_lowercase()
    delivered = pl.concat(
        _objects(frame, column, "region") for column in ("delivery_by_region", "region_distribution")
    ).filter(named.is_in(list(COUNTRIES)) & ~named.is_in(_REGIONS_TOO))
    rest = delivered.join(told, on="line", how="anti").select(
        "line", country_code(pl.col("region")).alias("code")
    )
    narrow = places.filter(~pl.col("type") | pl.col("excluded")).select(
        "line",
        term=pl.when("excluded").then(pl.lit("not in: ")).otherwise(pl.lit("in: ")) + pl.col("name"),
    )
    terms = pl.concat([narrow, _people(frame)])
    return (
        frame.join(_renamed(paid, "payer", "beneficiary"), on="line", how="left", maintain_order="left")
        .join(
            _listed(pl.concat([told, rest]), "code", "countries"),
            on="line",
            how="left",
            maintain_order="left",
        )
        .join(_listed(terms, "term", "targets"), on="line", how="left", maintain_order="left")
    )


def _objects(frame: pl.DataFrame, column: str, *names: str) -> pl.DataFrame:
    """Return one row an object in the lists of a column: `line` and these of its fields."""
    found = flattened(items(frame, column), "item")
    return found.select("line", *(first_of(found, f"item.{name}").alias(name) for name in names))


def _people(frame: pl.DataFrame) -> pl.DataFrame:
    """Return one row for an age and one for a gender that narrow an audience: `line` and `term`."""
    ages, _ = parse_lists(frame.with_columns(first_of(frame, "target_ages").alias("\0ages"))["\0ages"])
    gender = first_of(frame, "target_gender")
    both = frame.select(
        "line",
        age=pl.lit(ages).list.join("-"),
        gender=pl.when(gender.str.to_lowercase() != "all").then(gender),
    )
    return pl.concat(
        [
            both.filter(~pl.col("age").is_in(_ANY_AGE)).select("line", term="age: " + pl.col("age")),
            both.filter(pl.col("gender").is_not_null()).select("line", term="gender: " + pl.col("gender")),
        ]
    )


def _listed(rows: pl.DataFrame, column: str, name: str) -> pl.DataFrame:
    values = rows.drop_nulls(column).group_by("line").agg(pl.col(column).unique().sort().alias("values"))
    return values.select("line", json_list(pl.col("values")).alias(f"\0{name}"))


def _renamed(rows: pl.DataFrame, *names: str) -> pl.DataFrame:
    return rows.rename({name: f"\0{name}" for name in names})
