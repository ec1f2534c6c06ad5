"""The coordination network toolkit (CNT) beside us, where installed: its compute, without its preprocessing.

`CIB_PEER_PYTHON` names a Python that has the package coordination-network-toolkit.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl
import psutil

#: What a message of CNT is, in the order of its columns.
_COLUMNS: Final = (
    "message_id", "user_id", "username", "repost_id", "reply_id", "message", "timestamp", "urls",
)  # fmt: skip
_DATABASE: Final = "cnt.sqlite"
_SCRIPT: Final = """
import contextlib, io, sys, time
from coordination_network_toolkit.preprocess import preprocess_csv_files
from coordination_network_toolkit.compute_networks import compute_co_retweet_parallel
if __name__ == "__main__":
    database, messages = sys.argv[1:]
    with contextlib.redirect_stdout(io.StringIO()):
        preprocess_csv_files(database, [messages])
        print("ready", file=sys.__stdout__, flush=True)
        started = time.perf_counter()
        compute_co_retweet_parallel(database, 60, n_threads=2, min_edge_weight=1)
        seconds = time.perf_counter() - started
    print(seconds)
"""


@dataclass(frozen=True)
class Computed:
    """What CNT's compute took.

    Attributes:
        seconds: By the clock; where it was stopped, until then.
        cpu: Of processor time, all its processes together, as last seen.
        pairs: Pairs of two users that it found; None where it was stopped.
    """

    seconds: float
    cpu: float
    pairs: int | None


def cnt_python() -> str | None:
    """Return the Python that has CNT; None where it is not installed."""
    return os.environ.get("CIB_PEER_PYTHON") or None


def run_cnt(shares: pl.DataFrame, folder: Path, limit: float = float("inf")) -> Computed | None:
    """Let CNT compute its co_retweet network at 60 s with 2 processes; None where it is not installed.

    Args:
        shares: CooRTweet's four columns.
        folder: For its database, which stays there unless it is stopped, and what SQLite sorts.
        limit: Seconds after which its compute is stopped, with all its processes.
    """
    python = cnt_python()
    if not python:
        return None
    messages, script, database = (folder / name for name in ("messages.csv", "run_cnt.py", _DATABASE))
    _remove(folder)
    named = shares.select(
        message_id="content_id", user_id="account_id", repost_id="object_id", timestamp="timestamp_share"
    ).with_columns(username=pl.lit(""), reply_id=pl.lit(""), message=pl.lit(""), urls=pl.lit(""))
    named.select(_COLUMNS).write_csv(messages)
    script.write_text(_SCRIPT, encoding="utf-8")
    process = psutil.Popen(
        [python, str(script), str(database), str(messages)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"SQLITE_TMPDIR": str(folder)},
        start_new_session=True,
    )
    computed = None
    try:
        computed = _watched(process, database, limit)
    finally:
        # Its workers outlive it where it is killed alone.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        if computed is None or computed.pairs is None:
            _remove(folder)
    return computed


def cnt_edges(folder: Path) -> list[tuple[str, str, int]]:
    """Return the edges (user, user, weight) of the last run that ended, each pair in both directions."""
    with closing(sqlite3.connect(folder / _DATABASE)) as found:
        return found.execute("SELECT user_1, user_2, weight FROM co_retweet_network").fetchall()


def _remove(folder: Path) -> None:
    for left in folder.glob(f"{_DATABASE}*"):
        left.unlink()


def _watched(process: psutil.Popen, database: Path, limit: float) -> Computed:
    if process.stdout.readline() != "ready\n":
        raise subprocess.CalledProcessError(process.wait(), process.args)
    started, before = time.perf_counter(), _cpu(process)
    cpu = 0.0
    while process.poll() is None and time.perf_counter() - started < limit:
        time.sleep(0.02)
        cpu = max(cpu, _cpu(process) - before)
    if process.poll() is None:
        return Computed(time.perf_counter() - started, cpu, None)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, process.args)
    with closing(sqlite3.connect(database)) as found:
        (pairs,) = found.execute("SELECT count(*) FROM co_retweet_network WHERE user_1 < user_2").fetchone()
    return Computed(float(process.stdout.read()), cpu, pairs)


def _cpu(process: psutil.Popen) -> float:
    """Return the seconds of processor time of a process and those that it started."""
    seconds = 0.0
    with suppress(psutil.Error):
        for one in [process, *process.children(recursive=True)]:
            with suppress(psutil.Error):
                times = one.cpu_times()
                seconds += times.user + times.system
    return seconds
