"""Exporters: one module a format, each writing the same tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from analytics.exports.csv import export_csv
from analytics.exports.html import export_html
from analytics.exports.xlsx import export_xlsx
from analytics.results import Results
from cypher.errors import UsageError

#: The formats by name.
FORMATS: Final[dict[str, Callable[[Results, Path], list[Path]]]] = {
    "csv": export_csv,
    "xlsx": export_xlsx,
    "html": export_html,
}


def export(results: Results, fmt: str, out_dir: Path) -> list[Path]:
    """Write results in one format.

    Args:
        results: What to write.
        fmt: One of `FORMATS`.
        out_dir: Folder to write into; made if it is not there.

    Returns:
        The files written.

    Raises:
        UsageError: There is no such format.
        CibError: A file cannot be written.
    """
    if fmt not in FORMATS:
        raise UsageError(f"there is no export format {fmt!r}", f"Formats: {', '.join(FORMATS)}.")
    return FORMATS[fmt](results, out_dir)
