"""Answers of the Ad Library API: ranges, payers, countries, ids, and never a token."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ingest.intake import Intake
from ingest.profiles.meta_ad_library import PROFILE

FIXTURES = Path(__file__).parent / "fixtures" / "meta_ad_library"
SHARED = Path(os.environ.get("CIB_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))
Canonical = Callable[..., dict[str, list[dict[str, Any]]]]
TakenIn = Callable[[Sequence[Path]], list[Intake]]


def told(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if not name.startswith("x_")}


def test_an_ad_of_today(canonical: Canonical) -> None:
    first, second = canonical("meta_ad_library", "answer-1.json")["ads"]
    assert told(first) == {
        "platform": "facebook",
        "id": "3100000000000001",
        "page_id": "2300000000000017",
        "payer": "Zahler 2 Ltd",
        "beneficiary": "Neu GmbH",
        "currency": "EUR",
        "spend_lower": 400.0,
        "spend_upper": 499.0,
        "impressions_lower": 1_000_000,
        "started_at": datetime(2024, 5, 2, tzinfo=UTC),
        "stopped_at": datetime(2024, 5, 9, tzinfo=UTC),
        "created_at": datetime(2024, 5, 2, tzinfo=UTC),
        "text": "Der Hafen | schließt. Jetzt handeln!",
        "url": "harbour-daily.example",
        "countries": ["DE", "PL"],
        "targets": ["age: 25-54", "gender: Women", "in: Berlin, Germany", "in: Europe", "not in: Austria"],
        "disclaimer": "Harbour e.V.",
        "line": 1,
    }
    assert first["x_date_only"] == "started_at|stopped_at|created_at"
    assert first["x_estimated_audience_size_lower_bound"] == "100001"
    assert first["x_eu_total_reach"] == "982"
    assert first["x_ad_snapshot_url"] == "https://www.facebook.com/ads/archive/render_ad/?id=3100000000000001"
    # A placeholder is no text, fb.me no landing page, an audience of everybody none, and no payer is none.
    assert told(second) == {
        "platform": "facebook",
        "id": "3100000000000002",
        "page_id": "2300000000000017",
        "impressions_lower": 0,
        "impressions_upper": 999,
        "started_at": datetime(2024, 5, 3, 8, tzinfo=UTC),
        "countries": ["MD"],
        "line": 2,
    }
    assert (second["x_spend_lower"], second["x_spend_upper"]) == ("0", "99")


def test_ads_with_the_names_of_before(canonical: Canonical) -> None:
    rows = canonical("meta_ad_library", "legacy.ndjson")
    first, nameless = rows["ads"]
    assert told(first) == {
        "platform": "facebook",
        "id": "3100000000000003",
        "page_id": "2300000000000018",
        "payer": "Friends of the Mill",
        "currency": "USD",
        "spend_lower": 100.0,
        "spend_upper": 199.0,
        "impressions_lower": 1000,
        "impressions_upper": 1999,
        "started_at": datetime(2019, 12, 3, 22, 3, 18, tzinfo=UTC),
        "created_at": datetime(2019, 12, 3, 22, 3, 18, tzinfo=UTC),
        "text": "The mill must stay. https://mill.example/a",
        "url": "https://mill.example/a",
        "disclaimer": "Friends of the Mill",
        "line": 1,
    }
    assert nameless["id"].startswith("md5/")
    assert nameless["page_id"] == f"unknown/ad/{nameless['id']}"
    assert (nameless["spend_lower"], nameless.get("spend_upper")) == (1_000_000.0, None)
    assert rows["pages"] == [
        {"platform": "facebook", "id": "2300000000000018", "name": "Old Mill", "line": 1}
    ]


def test_a_table_with_dotted_columns(canonical: Canonical) -> None:
    (ad,) = canonical("meta_ad_library", "flat.csv")["ads"]
    assert (ad["spend_lower"], ad["spend_upper"], ad["impressions_upper"]) == (1000.0, 1499.0, 14999)
    assert ad["text"] == "One text, not a list"


def test_no_token_is_kept(taken_in: TakenIn, tmp_path: Path) -> None:
    broken = tmp_path / "broken.ndjson"
    lines = (FIXTURES / "legacy.ndjson").read_text(encoding="utf-8").splitlines()
    broken.write_text(f"{lines[0]}\n{lines[0][:-1]},nothing}}\n{lines[1]}\n", encoding="utf-8")
    assert "SECRET" in lines[0]
    intakes = taken_in([FIXTURES, broken])
    assert sum(report.rejected for intake in intakes for report in intake.tables) == 2
    assert intakes
    for intake in intakes:
        for staged in intake.staged.values():
            assert "SECRET" not in pl.read_parquet(staged.path).write_json()
    rejects = [path.read_text(encoding="utf-8") for path in tmp_path.glob("*.ndjson") if path != broken]
    assert any("access_token" in text for text in rejects)
    assert not any("SECRET" in text for text in rejects)


def test_ids_made_of_what_an_ad_says_are_the_same_every_time() -> None:
    ad = {"page_id": "1", "page_name": "A", "ad_delivery_start_time": "2020-01-01", "ad_creative_body": "x"}
    frame = pl.DataFrame([{**ad, "line": 1}, {**ad, "line": 2}, {**ad, "ad_creative_body": "y", "line": 3}])
    one, two, three = PROFILE.map(frame, "ads", {})["id"].to_list()
    assert one == two != three
    assert PROFILE.map(frame.head(1), "ads", {})["id"].to_list() == [one]


@pytest.mark.skipif(not SHARED.exists(), reason="the shared data are not beside the checkout")
def test_a_real_answer_of_2019(taken_in: TakenIn) -> None:
    (intake,) = taken_in([SHARED / "ad_library" / "radlibrary_example_response.json"])
    assert [(report.table, report.loaded) for report in intake.tables] == [("ads", 1), ("pages", 1)]
    (ad,) = pl.read_parquet(intake.staged["ads"].path).to_dicts()
    assert (ad["id"], ad["page_id"], ad["payer"]) == ("2487345651520779", "393656900730519", "Rishi Kumar")
    assert (ad["spend_lower"], ad["spend_upper"], ad["currency"]) == (0.0, 99.0, "USD")
    assert ad["url"] is None
