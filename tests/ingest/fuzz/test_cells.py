"""Every profile in every format, with cells that no source should have: no row is lost, no value altered."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cypher.errors import CibError
from ingest.profiles import PROFILES
from ingest.sources import find_sources
from ingest.tables import TABLES

from .checking import Outcome, load_all
from .hostile import WRITERS, cells

FIXTURES = Path(__file__).parents[1] / "profiles" / "fixtures"
#: Columns for which a source may have a list, which becomes one text.
LISTS = ("category",)
#: Types whose cells stay exactly as they are.
EXACT = ("id", "name", "text")

DEEP = settings.get_current_profile_name() == "deep"
#: Every example is a load of many rows; what fails is made small only where there is time.
few = settings(
    max_examples=400 if DEEP else 2,
    phases=tuple(Phase) if DEEP else (Phase.explicit, Phase.reuse, Phase.generate),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True)
class Made:
    """A made file of a profile, as rows."""

    stem: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    titled: bool


@cache
def made_files(name: str) -> list[Made]:
    files = []
    for source in find_sources([FIXTURES / name]).sources:
        frame = next(batch.frame for batch in source.open().batches if batch.frame.height)
        text = frame.drop("line").fill_null("")
        titled = PROFILES[name].header is None or source.titled
        stem = source.path.name.partition(".")[0].removesuffix("-001")
        files.append(Made(stem, tuple(text.columns), tuple(text.rows()), titled))
    return files


@pytest.mark.parametrize("name", PROFILES)
@few
@given(st.data())
def test_rows_of_any_cells_add_up_and_come_back_as_they_were(name: str, data: st.DataObject) -> None:
    made = data.draw(st.sampled_from(made_files(name)))
    ending = data.draw(st.sampled_from(sorted(WRITERS) if made.titled else [".csv", ".csv.gz"]))
    rows = [list(made.rows[0])]
    for _ in range(data.draw(st.integers(4, 20))):
        row = list(data.draw(st.sampled_from(made.rows)))
        for index in data.draw(st.sets(st.integers(0, len(row) - 1), max_size=8)):
            row[index] = data.draw(cells)
        rows.append(row)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"{made.stem}{ending}")
        path.write_bytes(WRITERS[ending](made.columns if made.titled else (), rows))
        outcome = load_all([path], None if made.titled else name)
    assert not isinstance(outcome, CibError), f"{outcome}"
    (one,) = outcome
    assert one.account.rows_in == len(rows)
    check_values(one, made, rows)


def check_values(outcome: Outcome, made: Made, rows: list[list[str]]) -> None:
    """Where a column is made of one source column as it is, nothing comes back that was not put in."""
    frame = pl.DataFrame(rows, dict.fromkeys(made.columns, pl.String), orient="row")
    for table, columns in outcome.source.profile.covers.items():
        types = {column.name: column.type for column in TABLES[table].columns}
        for column, source in columns.items():
            if (
                table not in outcome.tables
                or source not in made.columns
                or types[column] not in EXACT
                or column in LISTS
            ):
                continue
            cells_ = frame[source].str.strip_chars()
            # `="text"` is how CrowdTangle keeps Excel from reading a text as a formula.
            given_ = {*cells_, *cells_.str.extract(r'(?s)^="(.*)"$', 1).drop_nulls()}
            if column == "handle":
                given_ |= {cell.removeprefix("@") for cell in given_}
            got = set(outcome.tables[table][column].drop_nulls())
            assert got <= given_, f"{table}.{column} was altered: {got - given_}"
