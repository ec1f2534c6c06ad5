"""What must hold whatever a file holds."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from cypher.errors import CibError
from cypher.progress import silent
from ingest.actionlog import write_log
from ingest.intake import take_in
from ingest.profiles import Profile
from ingest.rejects import RejectFile
from ingest.report import TableReport
from ingest.sources import Source, find_sources


@dataclass
class Outcome:
    """What became of a source: its tables, its rejects, and the account of its own rows."""

    source: Source
    tables: dict[str, pl.DataFrame]
    rejects: list[dict[str, object]]
    account: TableReport


def load_all(paths: Sequence[Path], profile: Profile | str | None = None) -> list[Outcome] | CibError:
    """Take in what the paths name, as a load does before it writes to the graph, and check the accounts.

    Returns:
        What became of each source; or the error that a person is told instead. Nothing else may be raised.
    """
    try:
        found = find_sources(paths, profile)
        return [_load(source) for source in found.sources]
    except CibError as error:
        if not error.hint:
            raise AssertionError(f"no way to mend it is told: {error.message}") from error
        return error


def _load(source: Source) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder, "work")
        work.mkdir()
        with RejectFile(Path(folder, "rejects")) as rejected:
            intake = take_in(source, work, rejected, silent)
        lines = rejected.path.read_text(encoding="utf-8").split("\n")[:-1] if rejected.count else []
        rejects = [json.loads(line) for line in lines]
        tables = {name: pl.read_parquet(staged.path) for name, staged in intake.staged.items()}
        for table in intake.tables:
            assert table.rows_in == table.loaded + table.merged + table.rejected
            told = [row for row in rejects if row["table"] == table.table]
            assert len(told) == sum(t.rejected for t in intake.tables if t.table == table.table)
            if table.loaded and table.table in tables:
                assert tables[table.table].height == table.loaded
        assert all(row["reason"] and isinstance(row["line"], int) for row in rejects)
        reading = source.open()
        assert intake.tables[0].rows_in == sum(batch.rows for batch in reading.batches)
        posts, reactions = (
            intake.staged[name].path if name in intake.staged else None for name in ("posts", "reactions")
        )
        write_log(Path(folder), source.id, posts=posts, reactions=reactions, work=work, progress=silent)
        return Outcome(source, tables, rejects, intake.tables[0])
