"""Files taken in by a mapping."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from cypher.progress import silent
from ingest.intake import take_in
from ingest.mapping import read_mapping
from ingest.rejects import RejectFile
from ingest.sources import find_sources


@dataclass
class Taken:
    """Rows by table, without what is missing, and line, column and reason of rejected ones."""

    rows: dict[str, list[dict[str, Any]]]
    rejects: list[tuple[int, str, str]]


def take(folder: Path, mapping: str, data: str, name: str = "export.csv") -> Taken:
    """Take in one file by one mapping."""
    (folder / "map.yaml").write_text(mapping, encoding="utf-8")
    (folder / name).write_text(data, encoding="utf-8")
    return take_file(folder, folder / "map.yaml", folder / name)


def take_file(folder: Path, mapping: Path, file: Path) -> Taken:
    work = folder / "work"
    (source,) = find_sources([file], read_mapping(mapping)).sources
    work.mkdir()
    with RejectFile(folder / "rejected") as rejected:
        intake = take_in(source, work, rejected, silent)
    for table in intake.tables:
        assert table.rows_in == table.loaded + table.merged + table.rejected
    rows = {
        table: [
            {name: value for name, value in row.items() if value is not None}
            for row in pl.read_parquet(staged.path).iter_rows(named=True)
        ]
        for table, staged in intake.staged.items()
    }
    lines = (folder / "rejected").read_text(encoding="utf-8").splitlines() if rejected.count else []
    read = [json.loads(line) for line in lines]
    return Taken(rows, [(one["line"], one["column"], one["reason"]) for one in read])
