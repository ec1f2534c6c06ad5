"""Co-actions: the kernel and `cib coordinate` against CNT, CooRTweet's measured time, and limits of scale.

CNT runs in the same run where it is installed: `CIB_PEER_PYTHON` names a Python that has the package
coordination-network-toolkit. CooRTweet needs R; its 12 s for `detect_groups` are those measured on two cores.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
import polars as pl
import psutil

from analytics.layers.actions import Rule, find_co_actions
from analytics.layers.log import open_database
from bench.rows import Row, within

ROOT: Final = Path(__file__).resolve().parents[1]
SHARES: Final = "coortweet/russian_coord_tweets.csv.gz"
#: Seconds of CooRTweet 2.1.3's `detect_groups` on those shares, two cores.
COORTWEET: Final = 12.0
_TURNS: Final = 5
_MIB: Final = 2**20
#: What a message of CNT is, in the order of its columns.
_CNT: Final = ("message_id", "user_id", "username", "repost_id", "reply_id", "message", "timestamp", "urls")
_RUN_CNT: Final = """
import contextlib, io, json, sqlite3, sys, time
from coordination_network_toolkit.preprocess import preprocess_csv_files
from coordination_network_toolkit.compute_networks import compute_co_retweet_parallel
if __name__ == "__main__":
    database, messages = sys.argv[1:]
    with contextlib.redirect_stdout(io.StringIO()):
        preprocess_csv_files(database, [messages])
        started = time.perf_counter()
        compute_co_retweet_parallel(database, 60, n_threads=2, min_edge_weight=1)
        seconds = time.perf_counter() - started
    found = sqlite3.connect(database).execute("SELECT user_1, user_2, weight FROM co_retweet_network")
    rows = found.fetchall()
    print(json.dumps({"seconds": seconds, "edges": rows}))
"""


def run() -> list[Row]:
    """Measure what the shares of CooRTweet take, where they are there, and made actions of any number."""
    shares = Path(os.environ.get("CIB_SHARED_DATA") or ROOT.parent / "shared" / "data") / SHARES
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="cib-bench-") as folder:
        if shares.exists():
            rows += _small(shares, Path(folder))
        else:
            print(f"coordinate: {shares} is not there (set CIB_SHARED_DATA)", file=sys.stderr)
        rows += _large(Path(folder), 10_000_000)
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
            seconds, cpu, edges = _kernel(database, Rule())
            kernels.append(seconds)
            used.append(cpu)
            processes.append(cib([str(shares), "--null", "none", "-o", str(folder / "edges.csv")])[0])
            if (cnt := run_cnt(frame, folder)) is not None:
                # What CNT answers: every pair, whatever the participation.
                seconds, _, found = _kernel(database, Rule(min_participation=1))
                assert found == len({frozenset(pair) for *pair, _ in cnt["edges"] if pair[0] != pair[1]})
                theirs.append(cnt["seconds"])
                ratios.append(cnt["seconds"] / seconds)
                (folder / "cnt.sqlite").unlink()
    assert edges == 3721
    kernel, process, cpu = (statistics.median(times) for times in (kernels, processes, used))
    rows = [
        Row("co-actions of 35,125 shares against CooRTweet", COORTWEET / kernel, "x", None,
            COORTWEET / kernel, 150,
            note=f"{1000 * kernel:.0f} ms to its {COORTWEET:.0f} s, measured elsewhere on two cores; "
            f"{1000 * cpu:.0f} ms of processor time"),
        within("the same, whole process of `cib coordinate`", 1000 * process, "ms", 800),
    ]  # fmt: skip
    if theirs:
        seconds, ratio = statistics.median(theirs), statistics.median(ratios)
        rows.append(
            Row("co-actions of 35,125 shares against CNT", ratio / seconds, "runs/s", 1 / seconds, ratio, 5,
                note=f"the same pairs; its compute with 2 processes {seconds:.2f} s")
        )  # fmt: skip
    return rows


def _kernel(database: duckdb.DuckDBPyConnection, rule: Rule) -> tuple[float, float, int]:
    """Return the seconds of the kernel on `main.log`, its seconds of processor time, and how many pairs."""
    started, spent = time.perf_counter(), time.process_time()
    database.execute("CREATE SCHEMA turn; USE turn; CREATE VIEW log AS FROM main.log")
    find_co_actions(database, rule)
    seconds, cpu = time.perf_counter() - started, time.process_time() - spent
    (pairs,) = database.execute("SELECT count(*) FROM pairs").fetchall()[0]
    database.execute("USE main; DROP SCHEMA turn CASCADE")
    return seconds, cpu, pairs


def run_cnt(shares: pl.DataFrame, folder: Path) -> dict[str, Any] | None:
    """Return CNT's seconds and co_retweet edges (user, user, weight) at 60 s; None where it is not installed.

    Args:
        shares: CooRTweet's four columns.
        folder: For its database.
    """
    python = os.environ.get("CIB_PEER_PYTHON")
    if not python:
        return None
    messages, script = folder / "messages.csv", folder / "run_cnt.py"
    named = shares.select(
        message_id="content_id", user_id="account_id", repost_id="object_id", timestamp="timestamp_share"
    ).with_columns(username=pl.lit(""), reply_id=pl.lit(""), message=pl.lit(""), urls=pl.lit(""))
    named.select(_CNT).write_csv(messages)
    script.write_text(_RUN_CNT, encoding="utf-8")
    done = subprocess.run(
        [python, str(script), str(folder / "cnt.sqlite"), str(messages)],
        capture_output=True,
        text=True,
        check=True,
    )
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _large(folder: Path, actions: int) -> list[Row]:
    file = folder / "actions-made.parquet"
    made_actions(actions).write_parquet(file)
    rows = pl.scan_parquet(file).select(pl.len()).collect().item()
    lines = []
    for name, null, limit in (("pairs", "none", 15.0), ("with expected, p and q", "poisson", 45.0)):
        seconds, memory, cpu = cib([str(file), "--null", null, "-o", str(folder / "edges.parquet")])
        note = f"Parquet to Parquet, start included; {cpu:.0f} s of processor time"
        lines += [
            within(f"{rows:,} actions, {name}", seconds, "s", limit, note),
            within(f"{rows:,} actions, {name}: memory", memory, "MiB", 4096),
        ]
    return lines


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
