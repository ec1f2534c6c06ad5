"""The Ad Library Report: payers of Pages, without making up ads or adding money twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Canonical = Callable[..., dict[str, list[dict[str, Any]]]]


def test_rows_tie_pages_to_payers(canonical: Canonical) -> None:
    rows = canonical("ad_library_report", "FacebookAdLibraryReport_2019-05-01_US_lifelong.csv")
    named, without, other_spelling = rows["ads"]
    digest = named["id"].removeprefix("report/2300000000000017/")
    assert named == {
        "platform": "facebook",
        "id": f"report/2300000000000017/{digest}",
        "page_id": "2300000000000017",
        "payer": "Friends of the Mill",
        "disclaimer": "Friends of the Mill",
        "x_ads_in_library": "56",
        "x_amount_spent_lower": "1234",
        "x_amount_spent_upper": "1234",
        "x_amount_spent_currency": "USD",
        "x_page_name": "Harbour Daily",
        "x_disclaimer": "Friends of the Mill",
        "x_amount_spent_usd": "1,234",
        "line": 2,
    }
    assert len(digest) == 32
    assert without["id"] == "report/2300000000000017/none"
    assert not {"payer", "disclaimer"} & set(without)
    assert without["x_disclaimer"] == "These ads ran without a disclaimer"
    assert (without["x_amount_spent_lower"], without["x_amount_spent_upper"]) == ("0", "100")
    assert other_spelling["id"] == f"report/2300000000000018/{digest}"
    # A deleted Page has no name to give, and nothing is spent in a currency that Meta converted to.
    assert [(row["id"], row["name"]) for row in rows["pages"]] == [("2300000000000017", "Harbour Daily")]
    assert not any({"currency", "spend_lower", "spend_upper"} & set(row) for row in rows["ads"])
    assert [(row["line"], row["column"]) for row in rows["rejected"]] == [(5, "id")]


def test_the_header_of_today(canonical: Canonical) -> None:
    rows = canonical("ad_library_report", "FacebookAdLibraryReport_2024-05-01_DE_last_7_days_advertisers.csv")
    none, party = rows["ads"]
    assert (none["id"], none.get("payer")) == ("report/2300000000000017/none", None)
    assert (party["payer"], party["x_amount_spent_currency"]) == ("Müller, Partei", "EUR")
    assert {row["name"] for row in rows["pages"]} == {"Harbour Daily 🌊", "Müller, Partei"}
