"""Reads what an evaluation compares: planted operations, look-alikes, and what was exported."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from analytics.columns import schema
from analytics.evaluation.figures import LOOKALIKES
from analytics.results import DETAILS
from cypher.errors import CibError, UsageError
from cypher.session import Graph

#: How tables may be written, the first found wins.
_SUFFIXES: Final = (".csv", ".parquet", ".ndjson")
_KEY: Final = pl.concat_str("platform", "kind", "id", separator=":")
_ASSET_TABLES: Final = {"accounts": "account", "pages": "page", "groups": "group"}
#: What keeps a spreadsheet from taking a cell for a formula.
_GUARD: Final = r"^'([=+\-@\t\r])"


def read_truth(path: Path) -> pl.DataFrame:
    """Return planted operations, `operation`, `asset`, of a file or of the table `truth` in a folder.

    Raises:
        UsageError: It is not there, or lacks a column.
    """
    return _of_assets(_find(path, "truth"), ("operation",))


def read_lookalikes(path: Path) -> pl.DataFrame:
    """Return innocent groups, `group`, `kind_of_group`, `asset`, of a file or of `lookalikes` in a folder.

    Raises:
        UsageError: It is not there, or lacks a column.
    """
    return _of_assets(_find(path, "lookalikes"), tuple(LOOKALIKES)[:-1])


def read_assets(folder: Path) -> pl.DataFrame | None:
    """Return `asset`, `kind` of the assets in the tables of a folder; None without tables."""
    found = [
        table.with_columns(kind=pl.lit(kind), **_platform(table)).select("kind", asset=_KEY)
        for name, kind in _ASSET_TABLES.items()
        if (path := _beside(folder, name)) is not None and "id" in (table := _read(path)).columns
    ]
    return pl.concat(found).unique() if found else None


def not_in_tables(truth: pl.DataFrame, assets: pl.DataFrame, members: pl.DataFrame) -> pl.Series:
    """Return the planted assets that tables of their kind do not hold, and no exported operation either."""
    kind = pl.col("asset").str.split(":").list.get(1, null_on_oob=True)
    return (
        truth.filter(kind.is_in(assets["kind"].unique().implode()))
        .join(assets, on="asset", how="anti")
        .join(members, on="asset", how="anti")["asset"]
        .unique()
    )


def not_in_graph(graph: Graph, truth: pl.DataFrame) -> pl.Series:
    """Return the planted assets that the graph does not hold."""
    keys = truth["asset"].unique()
    held = graph.read_frame("operations/held_assets", pl.Schema({"asset": pl.String()}), keys=keys.to_list())
    return keys.filter(~keys.is_in(held["asset"].implode()))


def read_exported(folder: Path, *, everything: bool = False) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return `members` (`operation_id`, `asset`) and `ranks` (`operation_id`, `rank`) of exported tables.

    Args:
        folder: Holds `operations` and `members` as `cib export --format csv` writes them, or as Parquet.
        everything: Also candidates below the alert threshold.

    Raises:
        UsageError: A table is not there, or lacks a column.
    """
    path = _find(folder, "operations")
    operations = _needing(_read(path), path, ("operation_id", "rank", "status"))
    if not everything:
        operations = operations.filter(~pl.col("status").fill_null("").is_in(("candidate", "gone")))
    ranks = operations.select("operation_id", rank=pl.col("rank").cast(pl.Int64, strict=False)).filter(
        pl.col("rank").is_not_null()
    )
    members = _of_assets(_find(folder, "members"), ("operation_id",))
    return members.join(ranks, on="operation_id", how="semi"), ranks


def read_ranked(graph: Graph, *, everything: bool = False) -> tuple[pl.DataFrame, pl.DataFrame, int]:
    """Return `members` and `ranks` as `read_exported` does, from the graph, and how many assets that has.

    Raises:
        UsageError: The graph holds no asset.
    """
    assets = int(graph.read("operations/count_assets")[0]["assets"])
    if not assets:
        raise UsageError(
            "the graph holds no asset, so there is nothing to evaluate", "Run: cib load, cib run"
        )
    found = graph.read_frame(
        "operations/read_operations",
        schema("operations") | DETAILS | {"summary": pl.String()},
        include_candidates=everything,
    ).filter(pl.col("status") != "gone")
    members = graph.read_frame(
        "operations/read_members",
        schema("members") | {"key": pl.String()},
        operations=found["operation_id"].to_list(),
    )
    return members.select("operation_id", asset="key"), found.select("operation_id", "rank"), assets


def _find(path: Path, name: str) -> Path:
    found = _beside(path, name) if path.is_dir() else path if path.is_file() else None
    if found is None:
        what = f"{path} has no {name}.csv" if path.is_dir() else f"{path} is not there"
        raise UsageError(what, f"Name a file, or a folder that holds {name}.csv.")
    return found


def _beside(folder: Path, name: str) -> Path | None:
    return next((path for end in _SUFFIXES if (path := folder / f"{name}{end}").is_file()), None)


def _of_assets(path: Path, columns: tuple[str, ...]) -> pl.DataFrame:
    frame = _needing(_read(path), path, (*columns, "kind", "id"))
    frame = frame.with_columns(**_platform(frame)).with_columns(pl.col("id").str.replace(_GUARD, "$1"))
    return frame.select(*columns, asset=_KEY).filter(pl.col("asset").is_not_null()).unique()


def _platform(frame: pl.DataFrame) -> dict[str, pl.Expr]:
    """Return the platform as keys have it; Facebook where none is told."""
    told = pl.col("platform") if "platform" in frame.columns else pl.lit(None, pl.String)
    return {"platform": told.str.strip_chars().str.to_lowercase().fill_null("facebook")}


def _needing(frame: pl.DataFrame, path: Path, columns: tuple[str, ...]) -> pl.DataFrame:
    if missing := [name for name in columns if name not in frame.columns]:
        raise UsageError(
            f"{path} has no column {', '.join(missing)}", f"It needs the columns {', '.join(columns)}."
        )
    return frame


def _read(path: Path) -> pl.DataFrame:
    """Return a table, every column as text."""
    try:
        if path.suffix == ".parquet":
            frame = pl.read_parquet(path)
        elif path.suffix == ".ndjson":
            frame = pl.read_ndjson(path, infer_schema_length=None)
        else:
            frame = pl.read_csv(path, infer_schema=False)
        nested = [name for name, dtype in frame.schema.items() if dtype.is_nested()]
        return frame.drop(nested).cast(pl.String)
    except pl.exceptions.NoDataError:
        return pl.DataFrame()
    except (pl.exceptions.PolarsError, OSError, UnicodeDecodeError) as error:
        raise CibError(
            f"{path} cannot be read: {str(error).splitlines()[0]}",
            "It must be a CSV, Parquet or NDJSON table.",
        ) from error
