"""The Parquet set: every table with its types, for programs."""

from __future__ import annotations

from pathlib import Path

from analytics.columns import TABLES
from analytics.exports.options import Options
from analytics.files import write_parquet
from analytics.results import Results


def export_parquet(results: Results, out_dir: Path, options: Options) -> list[Path]:
    """Write `operations.parquet`, `members.parquet`, ... into a folder and return their paths.

    Times are UTC in microseconds, lists are lists, what is missing is null.

    Raises:
        CibError: The folder cannot be written.
    """
    paths = []
    for table in TABLES:
        path = out_dir / f"{table}.parquet"
        write_parquet(getattr(results, table), path)
        paths.append(path)
    return paths
