"""What tests of source profiles share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from cypher.progress import silent
from ingest.intake import Intake, take_in
from ingest.reading import open_table
from ingest.rejects import RejectFile
from ingest.sources import find_sources
from ingest.tables import TABLES
from ingest.validation import Validated, validate

FIXTURES = Path(__file__).parent / "fixtures"

Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture
def canonical() -> Callable[..., Rows]:
    """Canonical rows by table of one fixture file or folder, without what is empty, as staged before merging.

    Called with the profile's name and files (all of its fixtures if none is named); `rejected` holds the
    reasons.
    """

    def read(name: str, *files: str) -> Rows:
        found = find_sources([FIXTURES / name / file for file in files] or [FIXTURES / name])
        rows: Rows = {"rejected": []}

        def keep(table: str, checked: Validated) -> Validated:
            filled = [{k: v for k, v in row.items() if v is not None} for row in checked.frame.to_dicts()]
            rows.setdefault(table, []).extend(filled)
            rows["rejected"] += checked.rejects.to_dicts()
            return checked

        for source in found.sources:
            assert source.profile.name == name
            sides = {
                side.name: pl.concat(batch.frame for batch in open_table(path).batches)
                for side, path in source.sides.items()
            }
            for batch in open_table(source.path).batches:
                mapped = source.profile.map(batch.frame, source.table, sides)
                valid = keep(source.table, validate(mapped, TABLES[source.table])).frame
                whole = batch.frame.join(valid, on="line", how="semi", maintain_order="left")
                for table, derived in source.profile.derive(whole, source.table).items():
                    keep(table, validate(derived, TABLES[table]))
        return rows

    return read


@pytest.fixture
def taken_in(tmp_path: Path) -> Callable[[Sequence[Path]], list[Intake]]:
    """Files taken in as a load would, each source with its account of rows."""

    def read(paths: Sequence[Path]) -> list[Intake]:
        intakes = []
        for number, source in enumerate(find_sources(paths).sources):
            work = tmp_path / str(number)
            work.mkdir()
            with RejectFile(tmp_path / f"{number}.ndjson") as rejected:
                intakes.append(take_in(source, work, rejected, silent))
        return intakes

    return read
