"""The worked example of docs/mapping.md gives what the page says."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from ingest.mapping.schema import CellRule, Mapping

from .reading import take

PAGE = (Path(__file__).parents[3] / "docs" / "mapping.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    match = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert match
    return match[1]


def test_the_worked_example(tmp_path: Path) -> None:
    taken = take(tmp_path, block("yaml"), block("csv"))
    first, second = taken.rows["posts"]
    assert first | {"author_kind": "page", "author_id": "4711", "text": "Today!"} == first
    assert (first["platform"], first["id"], first["likes"], first["x_title"]) == (
        "facebook",
        "4711_17",
        1204,
        "Vote",
    )
    assert first["created_at"] == dt.datetime(2019, 4, 1, 12, tzinfo=dt.UTC)
    assert first["urls"] == ["https://a.example/1", "https://b.example"]
    assert (second["id"], second["created_at"].date(), second["x_date_only"]) == (
        "4711_18", dt.date(2019, 4, 1), "created_at",
    )  # fmt: skip
    assert "x_meta" not in first
    assert taken.rows["pages"] == [{"platform": "facebook", "id": "4711", "name": "City Voices"}]
    ((line, column, reason),) = taken.rejects
    assert (line, column) == (4, "created_at")
    assert "Europe/Berlin has this time twice" in reason


def test_the_page_names_every_entry() -> None:
    for entry in (*CellRule.model_fields, *Mapping.model_fields):
        assert re.search(rf"^\| [^|]*`{entry}`", PAGE, re.MULTILINE), (
            f"docs/mapping.md does not tell of {entry}"
        )
