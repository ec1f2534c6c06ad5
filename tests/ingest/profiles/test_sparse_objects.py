"""Objects of JSON leave out what they do not have, and a whole block of them may leave out any column."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from cypher.errors import UsageError
from cypher.progress import silent
from ingest.intake import take_in
from ingest.profiles import PROFILES
from ingest.reading import streams
from ingest.rejects import RejectFile
from ingest.sources import find_sources, look_at

FIXTURES = Path(__file__).parent / "fixtures"
LATER = 2_000


@pytest.mark.parametrize("name", PROFILES)
def test_a_block_without_any_of_the_columns_is_taken_in(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "BLOCK", 1 << 14)
    taken = 0
    for fixture in sorted(path for path in (FIXTURES / name).rglob("*") if path.is_file()):
        rows = look_at(fixture).rows
        lines = [json.dumps({k: v for k, v in row.items() if v is not None}) for row in rows.to_dicts()]
        folder = tmp_path / f"{taken}"
        folder.mkdir(exist_ok=True)
        file = folder / f"{fixture.name.split('.')[0]}.ndjson"
        file.write_text("\n".join([*lines, *['{"nothing that is known": "1"}'] * LATER]), encoding="utf-8")
        try:
            (source,) = find_sources([file]).sources
        except UsageError:
            # What completes another file is no source alone, and some sources are never JSON.
            continue
        with RejectFile(folder / "rejects.ndjson") as rejected:
            report = take_in(source, folder, rejected, silent).tables[0]
        assert report.rows_in == len(lines) + LATER == report.loaded + report.merged + report.rejected
        assert report.rejected >= LATER
        reasons = pl.read_ndjson(folder / "rejects.ndjson", infer_schema_length=None)["reason"]
        assert not reasons.is_null().any()
        taken += 1
    assert taken, f"no fixture of {name} could be read as objects"
