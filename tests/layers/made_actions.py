"""Makes action logs for tests, in the shape that docs/architecture.md gives."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

EPOCH = datetime(2019, 4, 1, tzinfo=UTC)
Action = tuple[str, str, int, str]


def write_log(folder: Path, actions: pl.DataFrame, source: str = "SRC-000000000001") -> Path:
    """Write columns kind, object, actor, at (seconds), post as the action log of one source."""
    folder.mkdir(parents=True, exist_ok=True)
    actions.select(
        "kind",
        "object",
        "actor",
        at=pl.from_epoch(pl.col("at") * 1_000_000, "us").dt.replace_time_zone("UTC"),
        post="post",
    ).sort("kind", "object", "at").write_parquet(folder / f"actions-{source}.parquet")
    return folder


def log_of(folder: Path, actions: Iterable[Action], kind: str = "url") -> Path:
    """Write (object, actor, at in seconds, post) rows."""
    rows = list(actions)
    frame = pl.DataFrame(
        rows,
        schema={"object": pl.String, "actor": pl.String, "at": pl.Int64, "post": pl.String},
        orient="row",
    )
    return write_log(folder, frame.with_columns(kind=pl.lit(kind)))


def shared_data(name: str) -> Path:
    """Return a file of the shared data, or skip the test where it is absent."""
    root = Path(os.environ.get("CIB_SHARED_DATA") or Path(__file__).parents[3] / "shared" / "data")
    if not (root / name).exists():
        pytest.skip(f"needs {name} of the shared data (set CIB_SHARED_DATA)")
    return root / name


def coortweet_log(folder: Path) -> Path:
    """Write russian_coord_tweets as an action log of reposts."""
    tweets = pl.read_csv(shared_data("coortweet/russian_coord_tweets.csv.gz"))
    return write_log(
        folder,
        tweets.select(
            kind=pl.lit("repost"),
            object="object_id",
            actor="account_id",
            at="timestamp_share",
            post="content_id",
        ),
    )
