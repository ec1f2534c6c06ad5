"""CooRTweet beside us, where R has it: its `detect_groups`, and the whole process from a file to a file."""

from __future__ import annotations

import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

_SCRIPT: Final = """
suppressPackageStartupMessages({library(data.table); library(CooRTweet)})
files <- commandArgs(TRUE)
shares <- fread(files[1])
started <- proc.time()
found <- detect_groups(shares, time_window = 60, min_participation = 2)
took <- proc.time() - started
pairs <- nrow(found)
graph <- generate_coordinated_network(found, edge_weight = 0.5)
fwrite(igraph::as_data_frame(graph), files[2])
cat(took[["elapsed"]], took[["user.self"]] + took[["sys.self"]], pairs)
"""


@dataclass(frozen=True)
class Detected:
    """What CooRTweet took.

    Attributes:
        seconds: Of `detect_groups`, by the clock.
        cpu: Of `detect_groups`, of processor time.
        process: Of the whole process: R's start, shares from CSV, groups, network, edges to CSV.
        pairs: Pairs of shares that it found.
    """

    seconds: float
    cpu: float
    process: float
    pairs: int


def run_coortweet(shares: pl.DataFrame, folder: Path) -> Detected | None:
    """Let CooRTweet find co-actions at 60 s, participation 2; None where R or the package is missing.

    Args:
        shares: Its four columns.
        folder: For its input and its edges.
    """
    rscript = shutil.which("Rscript")
    library = "quit(status = !requireNamespace('CooRTweet', quietly = TRUE))"
    if not rscript or subprocess.run([rscript, "-e", library], check=False, capture_output=True).returncode:
        return None
    script, given = folder / "run_coortweet.R", folder / "shares.csv"
    script.write_text(_SCRIPT, encoding="utf-8")
    shares.write_csv(given)
    started = time.perf_counter()
    done = subprocess.run(
        [rscript, str(script), str(given), str(folder / "coortweet-edges.csv")],
        capture_output=True,
        text=True,
        check=True,
    )
    process = time.perf_counter() - started
    seconds, cpu, pairs = done.stdout.split()
    return Detected(float(seconds), float(cpu), process, int(pairs))
