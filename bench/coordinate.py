"""Co-actions: the kernel and `cib coordinate` against CNT, CooRTweet's measured time, and limits of scale.

CNT runs in the same run where it is installed (`bench/cnt.py`). What counts of it is its compute, its tables
filled, and of ours the kernel, from a table of actions to a table of pairs. So does CooRTweet where R has it
(`bench/coortweet.py`); elsewhere its `detect_groups` counts with the 12 s that were measured on two cores.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import duckdb
import numpy as np
import polars as pl
import psutil

from analytics.layers.actions import Rule, find_co_actions
from analytics.layers.log import open_database, quoted
from analytics.layers.tables import HOT_BUDGET
from bench.cnt import cnt_python, run_cnt
from bench.coortweet import run_coortweet
from bench.rows import Row, within

ROOT: Final = Path(__file__).resolve().parents[1]
SHARES: Final = "coortweet/russian_coord_tweets.csv.gz"
#: Seconds of CooRTweet 2.1.3's `detect_groups` on those shares, two cores.
COORTWEET: Final = 12.0
_TURNS: Final = 5
_MIB: Final = 2**20
#: CNT is stopped after so many times what our whole process took on as many actions.
_PATIENCE: Final = 20


class Kernel(NamedTuple):
    """What the kernel took and found."""

    seconds: float
    cpu: float
    pairs: int
    hot: list[str]


def run() -> list[Row]:
    """Measure what the shares of CooRTweet take, where they are there, and made actions of any number."""
    shares = Path(os.environ.get("CIB_SHARED_DATA") or ROOT.parent / "shared" / "data") / SHARES
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="cib-bench-") as folder:
        if shares.exists():
            rows += _small(shares, Path(folder))
        else:
            print(f"coordinate: {shares} is not there (set CIB_SHARED_DATA)", file=sys.stderr)
        for actions, limits in ((1_000_000, None), (10_000_000, (15.0, 45.0))):
            rows += _large(Path(folder), actions, limits)
    return rows


def _small(shares: Path, folder: Path) -> list[Row]:
    frame = pl.read_csv(shares, infer_schema=False)
    with open_database() as database:
        database.register("shares", frame)
        database.execute(
            "CREATE TABLE log AS SELECT object_id AS object, account_id AS actor, content_id AS post,"
            ' timestamp_share::BIGINT * 1000000 AS "at" FROM shares'
        )
        kernels, used, processes, theirs, ratios = [], [], [], [], []
        for _ in range(_TURNS):
            ours = _kernel(database, Rule())
            kernels.append(ours.seconds)
            used.append(ours.cpu)
            processes.append(cib([str(shares), "--null", "none", "-o", str(folder / "edges.csv")])[0])
            if (cnt := run_cnt(frame, folder)) is not None:
                # What CNT answers: every pair, whatever the participation.
                whole = _kernel(database, Rule(min_participation=1))
                assert whole.pairs == cnt.pairs
                theirs.append(cnt.seconds)
                ratios.append(cnt.seconds / whole.seconds)
    assert ours.pairs == 3721
    kernel, process, cpu = (statistics.median(times) for times in (kernels, processes, used))
    r = run_coortweet(frame, folder)
    assert r is None or r.pairs == 3791
    peer = r.seconds if r else COORTWEET
    where = f"in this run, by processor time {r.cpu / cpu:.0f} times" if r else "measured elsewhere"
    whole_peer = r.process if r else COORTWEET
    measured = "its whole process" if r else "its `detect_groups` alone, measured elsewhere"
    rows = [
        Row("co-actions of 35,125 shares against CooRTweet", peer / kernel, "x", None, peer / kernel, 150,
            note=f"{1000 * kernel:.0f} ms, {1000 * cpu:.0f} ms of processor time, to its {peer:.1f} s,"
            f" {where}"),
        within("the same, whole process of `cib coordinate`", 1000 * process, "ms", 800),
        Row("the same, whole process against CooRTweet", whole_peer / process, "x", None,
            whole_peer / process, 15, note=f"{measured}: {whole_peer:.1f} s"),
    ]  # fmt: skip
    if theirs:
        seconds, ratio = statistics.median(theirs), statistics.median(ratios)
        rows.append(
            Row("co-actions of 35,125 shares against CNT", ratio / seconds, "runs/s", 1 / seconds, ratio, 5,
                note=f"the same pairs; its compute with 2 processes {seconds:.2f} s")
        )  # fmt: skip
    return rows


def _kernel(database: duckdb.DuckDBPyConnection, rule: Rule) -> Kernel:
    """Time the kernel on `main.log`."""
    started, spent = time.perf_counter(), time.process_time()
    database.execute("CREATE SCHEMA turn; USE turn; CREATE VIEW log AS FROM main.log")
    find_co_actions(database, rule)
    seconds, cpu = time.perf_counter() - started, time.process_time() - spent
    (pairs,) = database.execute("SELECT count(*) FROM pairs").fetchall()[0]
    hot = database.execute("SELECT name FROM hot JOIN names ON names.rowid = object").fetchall()
    database.execute("USE main; DROP SCHEMA turn CASCADE")
    return Kernel(seconds, cpu, pairs, [name for (name,) in hot])


def _large(folder: Path, actions: int, limits: tuple[float, float] | None) -> list[Row]:
    """Measure made actions: against limits of the whole process, where there are any, and against CNT."""
    file = folder / "actions-made.parquet"
    made_actions(actions).write_parquet(file)
    rows = pl.scan_parquet(file).select(pl.len()).collect().item()
    lines = []
    asked = [("pairs", "none", limits[0]), ("with expected, p and q", "poisson", limits[1])] if limits else []
    for name, null, limit in asked:
        seconds, memory, cpu = cib([str(file), "--null", null, "-o", str(folder / "edges.parquet")])
        note = f"Parquet to Parquet, start included; {cpu:.0f} s of processor time"
        lines += [
            within(f"{rows:,} actions, {name}", seconds, "s", limit, note),
            within(f"{rows:,} actions, {name}: memory", memory, "MiB", 4096),
        ]
    return lines + (_against_cnt(folder, file, rows) if cnt_python() else [])


def _against_cnt(folder: Path, file: Path, rows: int) -> list[Row]:
    """Compare with CNT on the actions that make pairs here: it has no rule for hot objects."""
    edges = folder / "edges.parquet"
    process, _, process_cpu = cib([str(file), "--null", "none", "--min-participation", "1", "-o", str(edges)])
    with open_database() as database:
        database.execute(
            'CREATE TABLE log AS SELECT object, actor, epoch_us("at") AS "at", post'
            f" FROM read_parquet({quoted(str(file))})"
        )
        ours = _kernel(database, Rule(min_participation=1, hot_budget=HOT_BUDGET))
    # In the order of its users, and its messages numbered so: its database is filled and read the faster.
    taken = pl.scan_parquet(file).filter(~pl.col("object").is_in(ours.hot)).sort("actor").with_row_index("n")
    shares = taken.select(
        object_id="object",
        account_id="actor",
        content_id=(pl.col("n").cast(pl.Int64) + 10**9).cast(pl.String),
        timestamp_share=pl.col("at").dt.epoch("s"),
    ).collect()
    cnt = run_cnt(shares, folder, _PATIENCE * process)
    assert cnt is not None
    assert cnt.pairs in (None, ours.pairs)
    least = "at least " if cnt.pairs is None else ""
    took = f"stopped after {cnt.seconds:.0f} s" if least else f"{cnt.seconds:.1f} s"
    ratio = cnt.seconds / ours.seconds
    return [
        Row(f"{rows:,} actions against CNT", rows / ours.seconds, "actions/s", rows / cnt.seconds, ratio, 5,
            note=f"{least}the kernel's {ours.seconds:.1f} s to its compute with 2 processes, {took};"
            f" {least}{cnt.cpu / ours.cpu:.1f} by processor time; our whole process {process:.1f} s,"
            f" {least}{cnt.seconds / process:.1f}, by processor time {cnt.cpu / process_cpu:.1f};"
            f" {ours.pairs:,} pairs, without {len(ours.hot)} hot objects in both")
    ]  # fmt: skip


def cib(arguments: Sequence[str]) -> tuple[float, float, float]:
    """Run `cib coordinate`; return its seconds, most resident MiB, and seconds of processor time."""
    started = time.perf_counter()
    process = psutil.Popen([sys.executable, "-m", "cibgraph", "-q", "coordinate", *arguments])
    peak, cpu = 0, 0.0
    while process.poll() is None:
        try:
            with process.oneshot():
                peak = max(peak, process.memory_info().rss)
                times = process.cpu_times()
                cpu = float(times.user + times.system)
        except psutil.Error:
            break
        time.sleep(0.02)
    if process.wait():
        sys.exit(f"cib coordinate {' '.join(arguments)} failed")
    return time.perf_counter() - started, peak / _MIB, cpu


def made_actions(actions: int, seed: int = 7) -> pl.DataFrame:
    """Return about so many actions with heavy-tailed actors and objects over 90 days, in no order.

    One object is acted on by 200,000 assets of ten million actions, five by 50,000; the others fall off as a
    power law. Each object draws its actions within hours to days after its start.

    Args:
        actions: How many, at least 1,000.
        seed: The same seed gives the same rows.
    """
    return pl.concat(made_parts(actions, actions, seed))


def made_parts(actions: int, rows: int, seed: int = 7) -> Iterator[pl.DataFrame]:
    """Yield what `made_actions` returns in frames of so many rows: text takes far more than numbers."""
    draw = np.random.default_rng(seed)
    scale = actions / 10_000_000
    viral = np.array([200_000] + [50_000] * 5) * scale
    weights = 1 / np.arange(1, int(2_000_000 * scale) + 1) ** 0.85
    tail = draw.multinomial(actions - int(viral.sum()), weights / weights.sum())
    sizes = np.concatenate([viral.astype(np.int64), np.minimum(tail, int(20_000 * scale) + 5)])
    objects = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    assets = int(1_000_000 * scale)
    share = np.cumsum(1 / np.arange(1, assets + 1) ** 0.7)
    actors = np.searchsorted(share / share[-1], draw.random(len(objects))).astype(np.int32)
    actors[: sizes[0]] = draw.permutation(assets)[: sizes[0]]
    start = draw.uniform(0, 90 * 86_400, len(sizes))
    delay = draw.lognormal(np.log(6 * 3600), 1.5, len(objects))
    posts = draw.permutation(len(objects)).astype(np.int32)
    for first in range(0, len(objects), rows):
        part = slice(first, first + rows)
        at = 1_600_000_000 + (start[objects[part]] + delay[part]).astype(np.int64)
        yield pl.DataFrame({"object": objects[part], "actor": actors[part], "at": at}).select(
            kind=pl.lit("url"),
            object=pl.format("https://example.org/{}/story", "object"),
            actor=pl.format("facebook:page:{}", pl.col("actor").cast(pl.Int64) + 10**9),
            at=pl.from_epoch("at").dt.cast_time_unit("us").dt.replace_time_zone("UTC"),
            post=pl.format("facebook:post:{}", pl.Series(posts[part].astype(np.int64) + 10**12)),
        )
