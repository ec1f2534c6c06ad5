"""Languages foreign to the declared country, and audiences foreign to those who run a Page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from analytics.acting import LANGUAGES, read_languages
from analytics.signals.foreign_audience import foreign_audience
from analytics.signals.foreign_language import at_home, foreign_language
from tests.analytics.made_case import ACCOUNTS, PAGES, case, only


def measured(language: str, country: str | None, posts: int = 30, others: str = "de") -> pl.DataFrame:
    inside: dict[str, dict[str, Any]] = {key: {"country": country} for key in ACCOUNTS}
    made = case(inside, outside={"country": "DE"})
    rows = [(key, language, posts) for key in ACCOUNTS] + [(key, "xx", 500) for key in ACCOUNTS]
    rows += [(f"oa{i}", others, 40) for i in range(200)]
    languages = pl.DataFrame(rows, schema=LANGUAGES, orient="row")
    return foreign_language(replace(made, population=replace(made.population, languages=languages)))


@pytest.mark.parametrize(
    ("language", "country", "value"),
    [
        ("ru", "US", 1.0),
        ("hi", "DE", 1.0),
        ("de-at", "DE", 0.0),
        ("en", "DE", 0.0),
        ("es", "US", 0.0),
        ("in", "ID", 0.0),
        ("zh-cn", "CN", 0.0),
        ("pa", "PK", 0.0),
    ],
)
def test_a_language_that_is_foreign_there(language: str, country: str, value: float) -> None:
    row = only(measured(language, country))
    assert (row["known"], row["value"]) == (6, value)
    assert (row["bits"] > 3) == (value == 1.0)


def test_what_others_of_the_country_use_is_at_home() -> None:
    assert only(measured("th", "DE"))["value"] == 1.0
    assert only(measured("th", "DE", others="th"))["value"] == 0.0


def test_few_posts_no_country_and_no_known_code_tell_nothing() -> None:
    assert measured("ru", "US", posts=19).is_empty()
    assert measured("ru", None).is_empty()
    assert measured("und", "US").is_empty()
    assert measured("ru", "ZZ").is_empty()
    assert at_home("CH") >= {"de", "fr", "it", "en"}


def test_languages_are_counted_by_post(tmp_path: Path) -> None:
    posts = {"post": ["1", "1", "2", "3"], "actor": ["a"] * 4, "language": ["EN", "en", "", None]}
    pl.DataFrame(posts).write_parquet(tmp_path / "posts-SRC-1.parquet")
    assert read_languages(tmp_path).rows() == [("a", "en", 1)]


@pytest.mark.parametrize(
    ("home", "aimed", "declared", "value"),
    [("PK", ["IN"], None, 1.0), ("IN", ["IN", "US"], None, 0.0), ("PK", ["IN"], "IN", None)],
)
def test_ads_where_none_of_the_administrators_is(
    home: str, aimed: list[str], declared: str | None, value: float | None
) -> None:
    inside: dict[str, dict[str, Any]] = {key: {"country": declared} for key in PAGES}
    ads = [{"asset": page, "countries": aimed} for page in PAGES] + [{"asset": PAGES[0], "countries": []}]
    run = [("a0", page) for page in PAGES]
    found = foreign_audience(case({**inside, "a0": {"country": home}}, admins=run, ads=ads))
    assert (only(found)["value"] if found.height else None) == value
    # Nobody knows who runs them.
    assert foreign_audience(case(inside, ads=ads)).is_empty()
    shown = {
        key: {**facts, "admin_countries": [home], "admin_country_counts": [2]}
        for key, facts in inside.items()
    }
    found = foreign_audience(case(shown, ads=ads))
    assert (only(found)["value"] if found.height else None) == value
