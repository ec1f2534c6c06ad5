"""Page Transparency: history, countries of administrators, and what is not told, nested and flattened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ingest.intake import Intake

FIXTURES = Path(__file__).parent / "fixtures" / "page_transparency"
Canonical = Callable[..., dict[str, list[dict[str, Any]]]]
TakenIn = Callable[[Sequence[Path]], list[Intake]]


def test_an_answer_as_it_was_saved(canonical: Canonical) -> None:
    rows = canonical("page_transparency", "answer.json")
    (page,) = rows["pages"]
    assert {name: page[name] for name in ("id", "name", "about", "confirmed_owner", "verified")} == {
        "id": "2300000000000017",
        "name": "Harbour Daily",
        "about": "News, fast",
        "confirmed_owner": "Harbour e.V.",
        "verified": False,
    }
    assert page["created_at"] == datetime(2017, 5, 2, 9, tzinfo=UTC)
    assert (page["x_admins_unknown"], page["x_admins_opted_out"]) == ("3", "1")
    assert [(row["event"], row["at"], row["name"]) for row in rows["page_history"]] == [
        ("renamed", datetime(2019, 1, 1, tzinfo=UTC), "Harbour Daily"),
        ("created", datetime(2017, 5, 2, 9, tzinfo=UTC), "Котики 🐈"),
        ("merged", datetime(2019, 5, 1, 0, 0, 0, 123_000, tzinfo=UTC), "Old Harbour"),
    ]
    assert {row["page_id"] for row in rows["page_history"]} == {"2300000000000017"}
    assert [(row["country"], row["count"]) for row in rows["page_admin_countries"]] == [("MD", 11), ("RO", 2)]
    assert [row["value"] for row in rows["rejected"]] == ["something_new"]


def test_the_flattened_variant_says_the_same(canonical: Canonical) -> None:
    rows = canonical("page_transparency", "flat.csv")
    assert {
        (row["id"], row["name"], row["created_at"], row["x_admins_unknown"]) for row in rows["pages"]
    } == {("2300000000000019", "Second Daily", datetime(2017, 5, 2, 9, 1, 40, tzinfo=UTC), "2")}
    assert [(row["event"], row.get("name")) for row in rows["page_history"]] == [
        ("created", None),
        ("renamed", "Second Daily"),
    ]
    assert [(row["country"], row["count"]) for row in rows["page_admin_countries"]] == [
        ("MD", 1100),
        ("GE", 1),
    ]


def test_every_row_is_accounted_for(taken_in: TakenIn) -> None:
    accounts = [
        [
            (report.table, report.rows_in, report.loaded, report.merged, report.rejected)
            for report in intake.tables
        ]
        for intake in taken_in([FIXTURES])
    ]
    assert accounts == [
        [
            ("pages", 1, 1, 0, 0),
            ("page_history", 4, 3, 0, 1),
            ("page_admin_countries", 2, 2, 0, 0),
        ],
        [
            ("pages", 4, 1, 3, 0),
            ("page_history", 2, 2, 0, 0),
            ("page_admin_countries", 2, 2, 0, 0),
        ],
        [("pages", 2, 2, 0, 0), ("page_history", 1, 1, 0, 0), ("page_admin_countries", 0, 0, 0, 0)],
    ]
