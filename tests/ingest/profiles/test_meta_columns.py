"""Batches of JSON name only the columns that their objects have: any may be missing from a later one."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from ingest.profiles import PROFILES
from ingest.reading import open_table
from ingest.sources import find_sources
from ingest.tables import TABLES
from ingest.validation import validate

FIXTURES = Path(__file__).parent / "fixtures"
OF_META = [
    name for name in PROFILES if name.startswith(("ad_library", "crowdtangle", "mcl", "meta", "page_tr"))
]


@pytest.mark.parametrize("name", OF_META)
def test_any_column_may_be_missing(name: str) -> None:
    profile = PROFILES[name]
    for source in find_sources([FIXTURES / name]).sources:
        for batch in open_table(source.path).batches:
            columns = [column for column in batch.frame.columns if column != "line"]
            for missing in (columns[::2], columns[1::2]):
                rows = batch.frame.drop(missing)
                mapped = profile.map(rows, source.table, {})
                assert mapped["line"].to_list() == rows["line"].to_list()
                checked = validate(mapped, TABLES[source.table])
                assert checked.frame.height + checked.rejects.height == rows.height
                for table, derived in profile.derive(rows, source.table).items():
                    kinds = {kind for column, kind in derived.schema.items() if column != "line"}
                    assert kinds <= {pl.String()}
                    validate(derived, TABLES[table])


def test_headers_that_differ_only_in_case_are_kept_apart() -> None:
    frame = pl.DataFrame(
        {"Page Name": ["A"], "page_name": ["B"], "URL": ["https://www.facebook.com/1/posts/2"],
         "Post Created": ["2020-01-01 00:00:00 EST"], "Likes": ["1"], "likes": ["2"], "line": [2]}
    )  # fmt: skip
    (row,) = PROFILES["crowdtangle_facebook"].map(frame, "posts", {}).to_dicts()
    assert row["id"] == "1_2"
    assert {"1", "2", "A", "B"} <= set(row.values())
