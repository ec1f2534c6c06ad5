from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.tables import TABLES
from ingest.validation import Validated, validate


def check(table: str, *rows: dict[str, str | None]) -> Validated:
    names = list(dict.fromkeys(name for row in rows for name in row))
    frame = pl.DataFrame(
        {name: pl.Series([row.get(name) for row in rows], dtype=pl.String) for name in names}
    ).with_columns(pl.int_range(2, len(rows) + 2).alias("line"))
    return validate(frame, TABLES[table])


def one(table: str, **row: str | None) -> dict[str, object]:
    """Return the single row, which must be valid."""
    done = check(table, row)
    assert done.rejects.to_dicts() == []
    return done.frame.row(0, named=True)


def why_not(table: str, **row: str | None) -> tuple[str, str | None, str]:
    done = check(table, row)
    assert done.frame.is_empty()
    reject = done.rejects.row(0, named=True)
    return reject["column"], reject["value"], reject["reason"]


printable = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=30)


@given(text=printable.filter(lambda text: text.strip() == text and not text[0].isdigit()))
@settings(deadline=None)
def test_ids_come_back_as_they_went_in(text: str) -> None:
    assert one("accounts", id=text)["id"] == text


@given(number=st.integers(0, 10**30), zeros=st.integers(0, 5))
@settings(deadline=None)
def test_ids_of_digits_keep_every_digit(number: int, zeros: int) -> None:
    text = "0" * zeros + str(number)
    assert one("accounts", id=text)["id"] == text


@pytest.mark.parametrize("damaged", ["1.23457E+15", "9,00E+15", "1234.0"])
def test_ids_that_a_spreadsheet_cut_are_rejected(damaged: str) -> None:
    assert why_not("accounts", id=damaged)[:2] == ("id", damaged)


zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)))


@given(at=st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2099, 1, 1), timezones=zones))
@settings(deadline=None)
def test_times_with_any_offset_come_back_in_utc(at: dt.datetime) -> None:
    assert one("accounts", id="1", created_at=at.isoformat())["created_at"] == at


@given(micro=st.integers(100_000_000 * 10**6, 4_102_444_799 * 10**6))
@settings(deadline=None)
def test_epoch_seconds_come_back_to_the_microsecond(micro: int) -> None:
    text = f"{micro // 10**6}.{micro % 10**6:06}"
    moment = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=micro)
    assert one("accounts", id="1", created_at=text)["created_at"] == moment


@pytest.mark.parametrize(
    "text",
    [
        "2019-04-01T12:00:00Z",
        "2019-04-01 12:00",
        "2019-04-01t12:00:00z",
        "1554120000",
        "2019-04-01 12:00 UTC",
    ],
)
def test_ways_to_write_one_moment(text: str) -> None:
    row = one("accounts", id="1", created_at=text)
    assert row["created_at"] == dt.datetime(2019, 4, 1, 12, tzinfo=dt.UTC)
    assert "x_date_only" not in row


def test_a_date_without_a_time_stays_a_date() -> None:
    row = one("accounts", id="1", created_at="2019-04-01", removed_at="2019-04-02T00:00:00Z")
    assert row["created_at"] == dt.datetime(2019, 4, 1, tzinfo=dt.UTC)
    assert row["x_date_only"] == "created_at"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("0000-00-00", "no such date"),
        ("2019-02-30", "no such date"),
        ("2019-04-01T25:00:00Z", "no such date"),
        ("1554120000000", "milliseconds"),
        ("20190401", "not a plausible epoch"),
        ("2019-04-01 12:00:00 EST", "local time zone"),
        ("yesterday", "not a time"),
        ("1e309", "not a time"),
    ],
)
def test_bad_times_say_why(text: str, says: str) -> None:
    column, value, reason = why_not("accounts", id="1", created_at=text)
    assert (column, value) == ("created_at", text)
    assert says in reason


@pytest.mark.parametrize("text", ["1e309", "NaN", "-1", "1.5", "1,000", "inf", "9" * 30])
def test_bad_counts_are_rejected(text: str) -> None:
    assert why_not("accounts", id="1", followers=text)[:2] == ("followers", text)


@pytest.mark.parametrize("text", ["1e309", "NaN", "-1", "$5", "inf"])
def test_bad_amounts_are_rejected(text: str) -> None:
    assert why_not("ads", id="1", page_id="2", currency="USD", spend_lower=text)[:2] == ("spend_lower", text)


def test_missing_is_null_never_zero() -> None:
    row = one("accounts", id="1", followers="", name="  ", verified=None)
    assert (row["followers"], row["name"], row["verified"]) == (None, None, None)


def test_defaults_and_words() -> None:
    row = one("accounts", id="1", country="pk", verified="Yes", followers="7.0")
    assert (row["platform"], row["country"], row["verified"], row["followers"]) == ("facebook", "PK", True, 7)
    assert one("accounts", id="1", platform=" Instagram ")["platform"] == "instagram"
    assert why_not("accounts", id="1", platform="a b:c")[0] == "platform"
    assert why_not("admins", account_id="1", asset_kind="user", asset_id="2")[0] == "asset_kind"
    assert why_not("admins", account_id="1", asset_kind="page", asset_id="")[2] == "is required but empty"


def test_money_is_a_range_with_a_currency() -> None:
    row = one("ads", id="1", page_id="2", currency="usd", spend_lower="100", spend_upper="499.5")
    assert (row["currency"], row["spend_lower"], row["spend_upper"]) == ("USD", 100.0, 499.5)
    assert (
        "greater" in why_not("ads", id="1", page_id="2", currency="USD", spend_lower="5", spend_upper="4")[2]
    )
    assert "currency" in why_not("ads", id="1", page_id="2", spend_lower="5")[2]
    assert (
        why_not("ads", id="1", page_id="2", impressions_lower="5", impressions_upper="4")[0]
        == "impressions_lower"
    )


def test_lists_in_both_forms() -> None:
    row = one(
        "ads", id="1", page_id="2", countries="pk| in ||US", targets='["a|b", 9007199254740993, null, ""]'
    )
    assert row["countries"] == ["PK", "IN", "US"]
    assert row["targets"] == ["a|b", "9007199254740993"]
    assert one("ads", id="1", page_id="2", targets="[]")["targets"] is None
    assert why_not("ads", id="1", page_id="2", targets='["a"')[:2] == ("targets", '["a"')


def test_unknown_columns_are_kept() -> None:
    assert one("accounts", **{"id": "1", "Odd Col": "z"})["x_odd_col"] == "z"


def test_unknown_columns_that_would_share_a_name_are_numbered() -> None:
    row = one("accounts", **{"id": "1", "Odd": "a", "x_odd": "b", "date_only": "c"})
    assert (row["x_odd"], row["x_odd_2"], row["x_date_only_2"]) == ("a", "b", "c")


def test_of_several_faults_the_first_is_told_and_rows_add_up() -> None:
    done = check(
        "accounts",
        {"id": None, "followers": "x"},
        {"id": "2", "followers": "3"},
        {"id": "3", "followers": "x"},
    )
    assert done.rejects.select("line", "column", "value").rows() == [(2, "id", None), (4, "followers", "x")]
    assert done.frame["id"].to_list() == ["2"]
