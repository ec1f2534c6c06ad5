"""From a CSV of posts to the action log, against DuckDB's own copy of that file to Parquet; and the memory.

Each way runs in a process of its own, so that its peak of memory is its own:
`python -m bench.action_log WAY CSV FOLDER`.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from bench.made_posts import write_posts
from bench.rows import Row, within
from ingest.actionlog import write_log
from ingest.intake import take_in
from ingest.rejects import RejectFile
from ingest.sources import find_sources

ROWS = 2_000_000
TURNS = 3
GOAL = 0.5
#: MiB of Python, at ten million rows and beyond.
MEMORY = 1500.0


def run(rows: int = ROWS) -> list[Row]:
    """Measure both ways in turns, and the memory of ours at a quarter, at half and at all of the rows."""
    with tempfile.TemporaryDirectory(prefix="cib-bench-") as folder:
        work = Path(folder)
        table = work / "posts.csv"
        smaller = []
        for part in (4, 2):
            write_posts(table, rows // part)
            smaller.append(_measured("log", table, work)["peak"])
        write_posts(table, rows)
        size = table.stat().st_size / 2**20
        found: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
        for turn in range(TURNS):
            for way in sorted(WAYS, reverse=bool(turn % 2)):
                found[way].append(_measured(way, table, work))
    speeds = {way: [rows / told["seconds"] for told in found[way]] for way in WAYS}
    cpu = {way: statistics.median(told["cpu"] for told in found[way]) for way in WAYS}
    ratio = statistics.median(a / b for a, b in zip(speeds["log"], speeds["copy"], strict=True))
    peak = max(told["peak"] for told in found["log"])
    held = ", ".join(
        f"{peak:.0f} MiB at {rows // part:,}" for part, peak in zip((4, 2), smaller, strict=True)
    )
    return [
        Row(
            f"action log of {rows:,} posts",
            statistics.median(speeds["log"]),
            "rows/s",
            statistics.median(speeds["copy"]),
            ratio,
            GOAL,
            note=f"a CSV of {size:,.0f} MiB; by processor time {cpu['copy'] / cpu['log']:.2f}",
        ),
        within(f"action log of {rows:,} posts, memory of Python", peak, "MiB", MEMORY, held),
    ]


def _measured(way: str, table: Path, work: Path) -> dict[str, float]:
    """Return seconds, processor seconds and most memory (MiB) of one way, the start of Python aside."""
    with tempfile.TemporaryDirectory(dir=work) as out:
        done = subprocess.run(
            [sys.executable, "-m", "bench.action_log", way, str(table), out],
            check=True, stdout=subprocess.PIPE, cwd=Path(__file__).resolve().parents[1],
        )  # fmt: skip
    told: dict[str, float] = json.loads(done.stdout)
    return told


def _log(table: Path, out: Path) -> None:
    source = find_sources([table]).sources[0]
    work = out / "work"
    work.mkdir()
    with RejectFile(out / "rejected.ndjson") as rejected:
        intake = take_in(source, work, rejected, lambda *_: None)
    write_log(out / "log", source.id, posts=intake.staged["posts"].path, reactions=None, work=work)


def _copy(table: Path, out: Path) -> None:
    with duckdb.connect() as database:
        database.execute("SET enable_progress_bar = false")
        database.execute(f"COPY (FROM read_csv('{table}')) TO '{out / 'copy.parquet'}' (FORMAT parquet)")


WAYS: dict[str, Callable[[Path, Path], None]] = {"log": _log, "copy": _copy}


def main() -> None:
    """Run one way and print what it took as JSON."""
    way, table, out = sys.argv[1:]
    started, spent = time.perf_counter(), time.process_time()
    WAYS[way](Path(table), Path(out))
    told = {
        "seconds": time.perf_counter() - started,
        "cpu": time.process_time() - spent,
        # Linux counts KiB, macOS bytes.
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        / (2**20 if sys.platform == "darwin" else 2**10),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
