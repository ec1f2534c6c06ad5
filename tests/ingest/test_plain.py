"""The short way of validation and the rules give the same, whatever the cells."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from ingest import validation
from ingest.plain import plain_columns
from ingest.tables import TABLES

#: What a cell of any column may look like, near what is plain and far from it.
CELLS = st.one_of(
    st.none(),
    st.sampled_from([
        "", " ", "facebook", "Facebook", "x", "account", "page", "Page", "group", "post", "1", "0", "-0",
        "+5", "-5", "007", "12.0", "1e5", "1.2E+15", "9" * 18, "9" * 19, "100000000000001_25", "12 ", " 12",
        "\u00a0a", "a\u2003", "a\u3000", "\u3000", "a\u0085", "é", "ш", "\uff12", "2019-04-01T12:00:00Z",
        "1554120000", "2019-04-31T12:00:00Z", "2019-04-01", "2019-04-01T23:59:60Z", "2019-04-01T24:00:00Z",
        "1554120000000", "0000-00-00T00:00:00Z", "+019-04-01T12:00:00Z", "2019-04-01T12:00:00+02:00",
        "2019-04-01t12:00:00z", "EST", "like", "Like", "true", "a|b", "a | b", "|", "a||b", '["a", "b"]',
        "[broken", "a\x00b", "x" * 513, "y" * 1001, "USD", "usd", "1.50", "DE", "de",
        "https://example.org/a?b=c#d", "\ufeffa", "a\u200b", "_1e5", "-1", "id.5e3", "5e", "e5", "@a",
        "x.com/a", "\t", "a\n",
    ]),
    st.text(max_size=6),
    st.integers(-10, 10**20).map(str),
    st.datetimes().map(lambda at: at.isoformat() + "Z"),
)  # fmt: skip


@st.composite
def batches(draw: st.DrawFn) -> tuple[str, pl.DataFrame]:
    table = draw(st.sampled_from(["posts", "reactions", "ads", "accounts", "identifiers", "admins"]))
    names = draw(st.lists(st.sampled_from([*TABLES[table].names, "more"]), min_size=1, unique=True))
    rows = draw(st.integers(0, 4))
    # Columns of one value let a batch be plain in some columns and not in others.
    cells = {name: draw(st.lists(CELLS, min_size=rows, max_size=rows)) for name in names}
    frame = pl.DataFrame({name: pl.Series(cells[name], dtype=pl.String) for name in names})
    return table, frame.with_columns(line=pl.int_range(frame.height, dtype=pl.Int64) + 2)


@given(batches())
@settings(deadline=None, max_examples=120)
def test_the_short_way_gives_what_the_rules_give(made: tuple[str, pl.DataFrame]) -> None:
    table, frame = made
    short = validation.validate(frame, TABLES[table])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(validation, "plain_columns", lambda *_: {})
        patch.setattr(validation, "trimmed", lambda _: pl.lit(value=False))
        ruled = validation.validate(frame, TABLES[table])
    assert_frame_equal(short.frame, ruled.frame)
    assert_frame_equal(short.rejects, ruled.rejects)


def test_ordinary_cells_are_plain() -> None:
    frame = pl.DataFrame({
        "platform": ["facebook", None], "id": ["1234567890123_45", "abc"], "author_kind": ["page", "account"],
        "author_id": ["100", "-9"], "created_at": ["2019-04-01T12:00:00Z", "2019-04-01T12:00:01Z"],
        "text": ["Grüße aus Köln", None], "urls": ["https://a.org|https://b.org", None], "likes": ["7", None],
    })  # fmt: skip
    plain = plain_columns(frame, TABLES["posts"].columns)
    assert set(frame.columns) <= set(plain)
