"""CooRTweet beside us, where R has it: its `detect_groups`, and the whole process from a file to a file."""

from __future__ import annotations

import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

#: The file of its edges.
EDGES: Final = "coortweet-edges.csv"
_SCRIPT: Final = """
suppressPackageStartupMessages({library(data.table); library(CooRTweet)})
given <- commandArgs(TRUE)
text <- c("object_id", "account_id", "content_id")
shares <- fread(given[1], colClasses = list(character = text), encoding = "UTF-8")
window <- as.numeric(given[3])
least <- as.integer(given[4])
loops <- given[5] == "True"
started <- proc.time()
found <- detect_groups(shares, time_window = window, min_participation = least, remove_loops = !loops)
took <- proc.time() - started
pairs <- nrow(found)
graph <- generate_coordinated_network(found, edge_weight = as.numeric(given[6]))
fwrite(igraph::as_data_frame(graph), given[2])
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


def run_coortweet(
    shares: pl.DataFrame,
    folder: Path,
    *,
    window: int = 60,
    least: int = 2,
    loops: bool = False,
    edge_weight: float = 0.5,
) -> Detected | None:
    """Let CooRTweet find co-actions and their network; None where R or the package is missing.

    Args:
        shares: Its four columns.
        folder: For its input, and for its edges in `EDGES`.
        window: Its `time_window`.
        least: Its `min_participation`.
        loops: Whether loops are kept.
        edge_weight: Of `generate_coordinated_network`.
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
        [rscript, *map(str, (script, given, folder / EDGES, window, least, loops, edge_weight))],
        capture_output=True,
        text=True,
        check=True,
    )
    process = time.perf_counter() - started
    seconds, cpu, pairs = done.stdout.split()
    return Detected(float(seconds), float(cpu), process, int(pairs))
