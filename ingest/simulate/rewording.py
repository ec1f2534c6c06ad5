"""Texts reworded so that no two copies are equal: what those do who know that copies are looked for."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import polars as pl

from ingest.simulate.writing import OPENERS, SIGNS, TAILS, VERBS, WHEN, pick

#: Parts of a text that can be exchanged for another of their kind, and how often each is.
_PARTS: Final = (
    ("^(?:%s)", OPENERS, 0.35),
    ("(?:%s)", WHEN, 0.2),
    ("(?:%s)", VERBS, 0.1),
    ("(?:%s)$", TAILS, 0.35),
)
_SIGNED: Final = 0.4


def reworded(rng: np.random.Generator, text: pl.Series, task: pl.Series) -> pl.Series:
    """Return the texts with one part or a few exchanged, all different from each other within a task.

    Args:
        rng: What is exchanged comes from it.
        text: What each was told to say.
        task: Which task it belongs to.
    """
    said = _edit(rng, text)
    while True:
        rows = pl.DataFrame({"task": task, "said": said, "told": text})
        again = rows.select(
            ~pl.struct("task", "said").is_first_distinct() | (pl.col("said") == pl.col("told"))
        )
        where = again.to_series().arg_true()
        if not len(where):
            return said
        said = said.scatter(where, _edit(rng, said.gather(where)))


def _edit(rng: np.random.Generator, text: pl.Series) -> pl.Series:
    n = len(text)
    for pattern, words, share in _PARTS:
        found = pattern % "|".join(map(re.escape, words))
        other = pl.DataFrame({"text": text, "word": pick(rng, words, n)}).select(
            pl.col("text").str.replace(found, pl.col("word"))
        )
        text = other.to_series().zip_with(pl.Series(rng.random(n) < share), text)
    return (text + pick(rng, list(SIGNS), n)).zip_with(pl.Series(rng.random(n) < _SIGNED), text)
