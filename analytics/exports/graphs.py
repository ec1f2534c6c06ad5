"""GraphML and GEXF: the network of all exported operations, for Gephi and other network tools.

Nodes are members, edges are coordinated pairs, one for each layer. In GEXF edges have the time from their
first to their last co-action, in milliseconds since 1970, which is how Gephi keeps times.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import networkx as nx
import polars as pl

from analytics.exports.options import Options
from analytics.exports.parts import key_of
from analytics.files import written
from analytics.results import Results

#: Characters that XML forbids.
_FORBIDDEN: Final = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{FFFE}\x{FFFF}]"
_NODE: Final = (
    "operation_id",
    "platform",
    "kind",
    "name",
    "role",
    "confidence",
    "followers",
    "url",
    "decision",
)
_EDGE: Final = ("operation_id", "layer", "weight", "expected", "p_value", "q_value")


def export_graphml(results: Results, out_dir: Path, options: Options) -> list[Path]:
    """Write `network.graphml` and return its path; times are RFC 3339 in UTC.

    Raises:
        CibError: The folder cannot be written.
    """
    times = [
        pl.col(name).dt.to_string("%Y-%m-%dT%H:%M:%S%.fZ").alias(name) for name in ("first_at", "last_at")
    ]
    return _write(results, times, nx.write_graphml_xml, out_dir / "network.graphml")


def export_gexf(results: Results, out_dir: Path, options: Options) -> list[Path]:
    """Write `network.gexf`, with time, and return its path.

    Raises:
        CibError: The folder cannot be written.
    """
    times = [
        pl.col("first_at").dt.timestamp("ms").cast(pl.Float64).alias("start"),
        pl.col("last_at").dt.timestamp("ms").cast(pl.Float64).alias("end"),
    ]
    return _write(results, times, nx.write_gexf, out_dir / "network.gexf", mode="dynamic")


def _write(
    results: Results, times: list[pl.Expr], write: Callable[[Any, Path], None], path: Path, **graph: str
) -> list[Path]:
    network = nx.MultiGraph(**graph)
    decided = results.operations.select("operation_id", decision=pl.col("decision").replace("", None))
    members = results.members.join(decided, on="operation_id", how="left", maintain_order="left")
    for row in _nodes(members).iter_rows(named=True):
        network.add_node(row.pop("key"), label=row["name"], **_known(row))
    edges = results.edges.select(
        key_of("source_").alias("source"), key_of("target_").alias("target"), *_EDGE, *times
    )
    for row in edges.iter_rows(named=True):
        network.add_edge(row.pop("source"), row.pop("target"), **_known(row))
    with written(path) as partial:
        write(network, partial)
    return [path]


def _nodes(members: pl.DataFrame) -> pl.DataFrame:
    """Return one row a member; of an asset in several operations, the first row and all operations."""
    return (
        members.with_columns(key=key_of(""), name=pl.coalesce("name", "id"))
        .with_columns(operation_id=pl.col("operation_id").str.join("|").over("key"))
        .unique("key", keep="first", maintain_order=True)
        .select("key", pl.col(*_NODE))
        .with_columns(pl.col(pl.String).str.replace_all(_FORBIDDEN, "\ufffd"))
    )


def _known(row: dict[str, Any]) -> dict[str, Any]:
    """Return what is known: neither format has a missing value."""
    return {name: value for name, value in row.items() if value is not None}
