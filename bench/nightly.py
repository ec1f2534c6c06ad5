"""A nightly batch: processor time of a detection that takes layers over, against one that computes all."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import polars as pl

from analytics.layers.incremental import LayerCache
from analytics.settings import DetectSettings
from bench.coordinate import made_actions
from bench.rows import Row, within

#: The default layers, and the kind of action that each looks at.
LAYERS: Final = {"co_url": "url", "co_text": "text", "co_hashtag": "hashtag", "co_repost": "repost"}
#: Actions of each kind before the batch, and the part of them that a batch adds.
_ACTIONS: Final = 750_000
_BATCH: Final = 0.01


def run() -> list[Row]:
    """Measure batches of 1% that touch none, one and all of four layers."""
    lines = []
    for touched in (0, 1, 4):
        with tempfile.TemporaryDirectory(prefix="cib-bench-") as folder:
            full, incremental = _night(Path(folder), list(LAYERS.values())[:touched])
        lines.append(
            within(
                f"temporal layers, a batch of 1% in {touched} of 4 layers",
                1000 * incremental,
                "ms",
                1000 * full,
                "processor time against a full run of the same log",
            )
        )
    return lines


def _night(folder: Path, kinds: Sequence[str]) -> tuple[float, float]:
    """Return the seconds of processor time of a full detection and of one after a batch of these kinds."""
    log = folder / "log"
    log.mkdir()
    made = pl.concat(
        made_actions(_ACTIONS, seed).with_columns(kind=pl.lit(kind))
        for seed, kind in enumerate(LAYERS.values())
    ).sort("kind", "object", "at")
    late = made["at"].quantile(1 - _BATCH)
    new = (pl.col("at") > late) & pl.col("kind").is_in(kinds)
    made.filter(~new).write_parquet(log / "actions-SRC-000000000001.parquet")
    _detect(log, folder / "kept")
    made.filter(new).write_parquet(log / "actions-SRC-000000000002.parquet")
    incremental = _detect(log, folder / "kept")
    return _detect(log, folder / "fresh"), incremental


def _detect(log: Path, kept: Path) -> float:
    started = time.process_time()
    cache, settings = LayerCache(kept, log), DetectSettings.model_validate({})
    for layer in LAYERS:
        cache.find(layer, settings)
    return time.process_time() - started
