"""Whatever stands in cells and headers, every profile maps every row to text, and nothing breaks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.profiles import PROFILES
from ingest.reading import open_table
from ingest.sources import Source, find_sources
from ingest.tables import TABLES
from ingest.validation import validate

FIXTURES = Path(__file__).parent / "fixtures"
SOURCES = [
    source
    for name in PROFILES
    if (FIXTURES / name).exists()
    for source in find_sources([FIXTURES / name]).sources
]
#: What may stand in a header besides, and must not be taken for what a profile itself makes.
NAMES = st.sampled_from(
    [*sorted({name for table in TABLES.values() for name in table.names}),
     "row", "kind", "data", "data.id", "count",
     "x_id", "x_url", "x_platform", "x_text", "x_line", "__platform", "x_number", "x_date_only", " "]
)  # fmt: skip
HOSTILE = [
    "[", "[]", "[a, b", '["a", 1', "{", '{"id":{"id":1}}', '{"data":[]}', "[[],[]]", "[null]", "null", "-1",
    "1e309", "0000-00-00", "99999999999999999999", "RT @x: ", "http://[", "\x1f", "\0", "|", ",", '"', "'",
    "9/9/9999 99:99", "urn:li:activity:9223372036854775807", "=1+1", "\ufeff",
    "Thu Jan 01 00:00:00 +0000 1970",
]  # fmt: skip
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
CELLS = st.one_of(st.none(), TEXTS, st.sampled_from(HOSTILE))


def first_batch(source: Source) -> pl.DataFrame:
    return next(batch.frame for batch in open_table(source.path).batches if batch.frame.height)


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_every_row_is_mapped(data: st.DataObject) -> None:
    source = data.draw(st.sampled_from(SOURCES))
    frame = first_batch(source)
    columns = [name for name in frame.columns if name != "line"]
    for _ in range(data.draw(st.integers(1, 4))):
        column = data.draw(st.sampled_from(columns))
        cell = data.draw(CELLS)
        row = data.draw(st.integers(0, frame.height - 1))
        changed: list[Any] = frame[column].to_list()
        changed[row] = cell
        frame = frame.with_columns(pl.Series(column, changed, pl.String))
    for name in data.draw(st.lists(NAMES, unique=True, max_size=4)):
        if name not in frame.columns:
            frame = frame.with_columns(pl.lit(data.draw(CELLS), pl.String).alias(name))
    check(source, frame)


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("ira_ads_as_released", ["url", "text", "spend"]),
        ("crowdtangle_facebook", ["type", "row"]),
        ("ad_library_report", ["disclaimer", "x_text"]),
        ("mcl_instagram_posts", ["row"]),
        ("youtube_data_tools", ["platform", "x_platform", "x_platform_2"]),
        ("coortweet", ["id", "x_id", "urls"]),
    ],
)
def test_columns_that_bear_the_names_of_ours_are_kept_apart(name: str, columns: list[str]) -> None:
    source = next(source for source in SOURCES if source.profile.name == name)
    frame = first_batch(source)
    check(source, frame.with_columns(pl.lit("hostile").alias(column) for column in columns))


def check(source: Source, frame: pl.DataFrame) -> None:
    sides = {
        side.name: pl.concat(batch.frame for batch in open_table(path).batches)
        for side, path in source.sides.items()
    }
    mapped = source.profile.map(frame, source.table, sides)
    assert mapped["line"].to_list() == frame["line"].to_list()
    checked = validate(mapped, TABLES[source.table])
    assert checked.frame.height + checked.rejects.height == frame.height
    whole = frame.join(checked.frame.select("line"), on="line", how="semi", maintain_order="left")
    for table, rows in source.profile.derive(whole, source.table).items():
        validate(rows, TABLES[table])
