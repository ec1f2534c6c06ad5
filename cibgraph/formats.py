"""The formats that results are exported in, for settings and commands."""

from __future__ import annotations

from typing import Final, Literal, get_args

#: The formats of `analytics.exports.FORMATS`, which is not imported here, for it needs Polars.
ExportFormat = Literal[
    "csv", "xlsx", "html", "parquet", "brief", "stix", "misp", "meta", "gexf", "graphml", "followthemoney"
]

FORMATS: Final[tuple[str, ...]] = get_args(ExportFormat)
