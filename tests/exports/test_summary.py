# ruff: noqa: E501 - tables and sentences read better whole
from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from analytics.summary import short_reasons, takedown_summary

ISPR: dict[str, Any] = {
    "pages": 24,
    "accounts": 57,
    "groups": 7,
    "instagram_accounts": 15,
    "platform_accounts": {"facebook": 57, "instagram": 15},
    "page_followers": 2_800_000,
    "group_members": 4700,
    "instagram_followers": 1050,
    "ads": 38,
    "ad_spend": ["USD 400-620", "PKR 51000-80000"],
    "first_ad": dt.datetime(2015, 5, 3, tzinfo=dt.UTC),
    "last_ad": dt.datetime(2018, 12, 30, tzinfo=dt.UTC),
}


def test_the_words_of_a_takedown_report() -> None:
    assert takedown_summary(ISPR) == (
        "24 Pages, 57 Facebook accounts, 7 Groups and 15 Instagram accounts. Followers: up to 2.8 million accounts"
        " followed one or more of these Pages, up to 4,700 accounts joined at least one of these Groups, and up to"
        " 1,050 accounts followed one or more of these Instagram accounts (sums: who follows several is counted more"
        " than once). Advertising: USD 400-620; PKR 51,000-80,000 for 38 ads, paid for in USD and PKR; first ad May"
        " 2015, last ad December 2018."
    )


def test_one_of_each_is_singular_and_exact() -> None:
    one = ISPR | {
        "pages": 1,
        "accounts": 1,
        "groups": 1,
        "instagram_accounts": 1,
        "ads": 1,
        "page_followers": 1,
    }
    text = takedown_summary(one | {"platform_accounts": {"x": 1}, "ad_spend": ["INR 5-5"]})
    assert text.startswith(
        "1 Page, 1 X account, 1 Group and 1 Instagram account. Followers: 1 account followed this Page,"
    )
    assert "up to" not in text
    assert "INR 5 for 1 ad, paid for in INR" in text


def test_what_is_not_known_is_said_and_never_zero() -> None:
    bare = takedown_summary({"pages": 3, "accounts": 0, "ads": None})
    assert bare == "3 Pages. Followers: not known. Advertising: not known."
    partly = takedown_summary(ISPR | {"group_members": None, "ad_spend": [], "last_ad": None})
    assert "; not known for the Groups." in partly
    assert "Advertising: spend not known for 38 ads; first ad May 2015, last ad not known." in partly
    assert takedown_summary({"accounts": 4, "ads": 0}) == "4 accounts. Advertising: no ads on record."


@pytest.mark.parametrize(
    ("people", "words"),
    [
        (999, "up to 999"),
        (64_321, "up to about 64,300"),
        (2_834_567, "up to about 2.83 million"),
        (0, "up to 0"),
    ],
)
def test_numbers_of_people(people: int, words: str) -> None:
    assert f"Followers: {words} accounts followed" in takedown_summary({"pages": 2, "page_followers": people})


def test_short_reasons_name_the_rarest_of_the_strongest() -> None:
    signals = pl.DataFrame(
        [
            ("OP-1", "shared_access", 0.8, 0.1, 6.0),
            ("OP-1", "creation_burst", 0.054, 0.0003, 6.0),
            ("OP-1", "renamed_pages", 0.3, 0.1, 2.0),
            ("OP-1", "search", 94.0, None, -6.55),
            ("OP-2", "copied_ads", 0.0, 0.1, 0.0),
            ("OP-3", "renamed_pages", 1.0, 0.1, 1.5),
        ],
        schema=["operation_id", "signal", "value", "background", "bits"],
        orient="row",
    )
    assert short_reasons(signals) == {
        "OP-1": "creation burst 5.4%, shared access 80%, 1 more",
        "OP-3": "renamed pages 100%",
    }
