"""Exporters: one module a format, each writing the same tables."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Final, TypeAlias

from analytics.exports.options import Options
from analytics.results import Results
from cypher.errors import UsageError

_Exporter: TypeAlias = Callable[[Results, Path, Options], list[Path]]

#: The formats, each with the module that writes it by its function `export_<format>`, imported when it is
#: asked for: some of their libraries take long to import.
FORMATS: Final[dict[str, str]] = {
    "csv": "csv",
    "xlsx": "xlsx",
    "html": "html",
    "parquet": "parquet",
    "brief": "brief",
    "stix": "stix",
    "misp": "misp",
    "meta": "meta",
    "gexf": "graphs",
    "graphml": "graphs",
    "followthemoney": "followthemoney",
}


def export(results: Results, fmt: str, out_dir: Path, options: Options = Options()) -> list[Path]:  # noqa: B008
    """Write results in one format.

    Args:
        results: What to write.
        fmt: One of `FORMATS`.
        out_dir: Folder to write into; made if it is not there.
        options: How.

    Returns:
        The files written.

    Raises:
        UsageError: There is no such format, or it needs a package that is not installed.
        CibError: A file cannot be written.
    """
    if fmt not in FORMATS:
        raise UsageError(f"there is no export format {fmt!r}", f"Formats: {', '.join(FORMATS)}.")
    module = import_module(f"analytics.exports.{FORMATS[fmt]}")
    exporter: _Exporter = getattr(module, f"export_{fmt}")
    return exporter(results, out_dir, options)
