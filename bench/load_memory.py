"""Peak memory of the Python side while it loads many posts."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

import polars as pl

from bench.commands import cib
from bench.rows import Row

POSTS = 500_000
ACCOUNTS = 20_000


def run() -> list[Row]:
    """Measure `cib load` of a made table of posts."""
    with tempfile.TemporaryDirectory(prefix="cib-bench-") as folder:
        workspace = Path(folder) / "work"
        workspace.mkdir()
        (workspace / "cib.toml").touch()
        table = workspace / "posts.csv"
        _posts().write_csv(table)
        size = table.stat().st_size / 2**20
        load = cib(workspace, "-w", str(workspace), "load", str(table))
    told = load.stages["load"]
    speed = told["rows_in"] / told["seconds"]
    note = f"a CSV of {size:.0f} MiB, {speed:,.0f} rows/s to graph and action log"
    return [Row(f"load of {POSTS:,} posts, memory of Python", load.peak, "MiB", note=note)]


def _posts() -> pl.DataFrame:
    """Return posts of which every fourth shares one of many links, with texts of some 120 characters."""
    number = pl.int_range(POSTS)
    start = pl.lit(dt.datetime(2018, 1, 1, tzinfo=dt.UTC))
    words = [
        pl.concat_str(pl.lit("word"), number * factor % 9973) for factor in (7, 31, 127, 911, 5077, 8191)
    ]
    return pl.select(
        id=10**15 + number,
        author_kind=pl.lit("account"),
        author_id=10**14 + number * 7919 % ACCOUNTS,
        created_at=(start + pl.duration(seconds=number * 61)).dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
        text=pl.concat_str(*words, *words, separator=" "),
        urls=pl.when(number % 4 == 0).then(
            pl.concat_str(pl.lit("https://example.org/story/"), number % 50_021, pl.lit("?utm_source=feed"))
        ),
        likes=number % 500,
    )
