"""Pairs of texts that have much in common: candidates compared by exact Jaccard."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.layers.candidates import THREADS, WAITING, Likeness, blocks, candidates, ends, pairs_of
from analytics.layers.hash_sets import HashSets
from analytics.layers.shingles import Hashes, Places
from cypher.progress import Progress, silent

Shares: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class NearCopies:
    """Pairs of similar texts.

    Attributes:
        a: Places of the one text of each pair, less than `b`; the pairs are in order.
        b: Places of the other.
        similarity: Of each pair.
        candidates: Pairs that were compared exactly.
    """

    a: Places
    b: Places
    similarity: Shares
    candidates: int


def near_copies(
    forms: Iterable[pl.Series], size: int, likeness: Likeness, work: Path, progress: Progress = silent
) -> NearCopies:
    """Return the pairs of similar texts, as far as they are found; what is returned is exact.

    Args:
        forms: Distinct texts in the form in which they are compared, without nulls, in parts of any size:
            they are gone through once, and need not all be in memory.
        size: How many texts there are in all parts.
        likeness: What similar texts are.
        work: Folder for files that are not needed afterwards.
        progress: Told about texts that were signed, bands that were looked through and pairs compared.
    """
    sets = HashSets(size, work / "sets")
    pairs = candidates(forms, sets, likeness, work, progress) if size > 1 else np.zeros(0, np.uint64)
    return _verified(sets, pairs, likeness, progress)


def together(one: NearCopies, other: NearCopies) -> NearCopies:
    """Return the pairs of both, one that is in both with the greater similarity."""
    few, many = sorted((one, other), key=lambda found: found.a.size)
    # Both are in order, so the few are put in among the many: to sort all anew takes three times as long.
    known, new = (pairs_of(found.a, found.b) for found in (many, few))
    place = np.searchsorted(known, new)
    there = known.take(place, mode="clip") == new
    similarity = many.similarity.copy()
    similarity[place[there]] = np.maximum(similarity[place[there]], few.similarity[there])
    at = place[~there]
    a, b = ends(np.insert(known, at, new[~there]))
    similarity = np.insert(similarity, at, few.similarity[~there])
    return NearCopies(a, b, similarity, one.candidates + other.candidates)


def _verified(sets: HashSets, pairs: Hashes, likeness: Likeness, progress: Progress) -> NearCopies:
    first, second, found = [], [], []
    with ThreadPoolExecutor(THREADS) as threads:
        # Of a million assets' texts there are a hundred million candidates: taken apart all at once, with
        # what that takes, they would need more memory than all else.
        for start in range(0, max(1, pairs.size), WAITING):
            one, other = ends(pairs[start : start + WAITING])
            shares = np.zeros(one.size)

            def verify(
                block: slice, one: Places = one, other: Places = other, shares: Shares = shares
            ) -> None:
                shares[block] = sets.jaccard(one[block], other[block])

            list(threads.map(verify, blocks(sets.sizes[one] + sets.sizes[other])))
            # Of a and b members with similarity s, (a + b) s / (1 + s) are in common.
            common = (sets.sizes[one] + sets.sizes[other]) * shares / (1 + shares)
            kept = (shares >= likeness.similarity) & (common >= likeness.least - 0.5)
            first.append(one[kept])
            second.append(other[kept])
            found.append(shares[kept])
            done = min(start + WAITING, pairs.size)
            progress(f"Similar texts by {likeness.by}: pairs compared", done, pairs.size)
    return NearCopies(_joined(first), _joined(second), _joined(found), pairs.size)


def _joined(parts: list[NDArray[Any]]) -> NDArray[Any]:
    """Return the parts as one array, and give them up."""
    whole = np.concatenate(parts)
    parts.clear()
    return whole
