"""Pairs of texts that may have much in common: candidates, by MinHash, for exact comparison.

Signatures (Broder 1997) are cut into bands (Indyk and Motwani 1998); texts that agree in a band are
candidates. Work goes in blocks, and signatures lie in files.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.layers.hash_sets import HashSets, distinct
from analytics.layers.minhash import signatures
from analytics.layers.parities import Parities
from analytics.layers.shingles import Hashes, Places, mixed
from cypher.progress import Progress

#: Blocks that are worked on side by side.
THREADS: Final = min(4, os.cpu_count() or 1)
#: Texts that agree in a band are compared with so many of them only, the first, so that a thousand variants
#: of one text make no million pairs. Up to nine are all compared with one another.
LEADERS: Final = 8
#: Candidates that are held at once beside those that are kept.
WAITING: Final = 8_000_000
#: Candidates whose signatures agree in less than this below the threshold are not looked at further: four
#: standard errors of the estimate.
_ERRORS: Final = 4.0
#: Characters and values of signatures, or shingles of pairs, that are worked on at once.
_BLOCK: Final = 2_000_000
#: Candidates whose signatures are compared at once.
_PAIRS: Final = 20_000
_HALF: Final = np.uint64(32)
#: An odd number without a pattern: a sketch's eight bits depend on all of a value's.
_MIX: Final = np.uint32(0x9E3779B1)
_FACTORS: Final = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93], dtype=np.uint64
)


@dataclass(frozen=True)
class Likeness:
    """When two texts are similar, and how such pairs are looked for.

    Two texts of similarity s agree in a band with probability 1 - (1 - s^rows)^bands.

    Attributes:
        by: What texts are compared by, for who waits.
        members: Returns what texts consist of, as hashes of 64 bits with repetitions, at least one each, and
            where those of each text begin, with their number at the end.
        similarity: Least Jaccard similarity; above 0, at most 1.
        least: Fewest members in common.
        bands: Of a signature.
        rows: Values of each.
    """

    by: str
    members: Callable[[pl.Series], tuple[Hashes, Places]]
    similarity: float
    least: int = 1
    bands: int = 48
    rows: int = 4

    @property
    def values(self) -> int:
        """Values of a signature."""
        return self.bands * self.rows


def candidates(
    forms: Iterable[pl.Series], sets: HashSets, likeness: Likeness, work: Path, progress: Progress
) -> Hashes:
    """Fill the sets with the members of the forms; return the pairs that may be similar, in order.

    A pair is one number, whose halves `ends` returns.

    Args:
        forms: Distinct texts in the form in which they are compared, in parts of any size.
        sets: Empty, as large as there are texts.
        likeness: What similar texts are.
        work: Folder for files that are not needed afterwards.
        progress: Told about texts that were signed and bands that were looked through.
    """
    size = len(sets.sizes)
    parities = _signed(forms, sets, likeness, work, progress)
    sketches = np.memmap(work / "sketches", np.uint8, "r", shape=(size, likeness.values))
    return _likely(work / "bands", sketches, parities, likeness, progress)


def ends(pairs: Hashes) -> tuple[Places, Places]:
    """Return the places of the texts of each pair."""
    return (pairs >> _HALF).astype(np.int64), (pairs & np.uint64(2**32 - 1)).astype(np.int64)


def pairs_of(first: Places, second: Places) -> Hashes:
    """Return each pair of places as one number, whose halves `ends` returns."""
    return first.astype(np.uint64) << _HALF | second.astype(np.uint64)


def blocks(weights: Places) -> Iterator[slice]:
    """Yield slices that cover all, each of about two million in weight."""
    reached = np.cumsum(weights)
    total = int(reached[-1]) if reached.size else 0
    start = 0
    for end in np.searchsorted(reached, np.arange(_BLOCK, total + _BLOCK, _BLOCK)) + 1:
        end = min(end, reached.size)
        if end > start:
            yield slice(start, int(end))
            start = int(end)


def _signed(
    forms: Iterable[pl.Series], sets: HashSets, likeness: Likeness, work: Path, progress: Progress
) -> Parities:
    """Fill the sets; write the files `bands` and `sketches`, a row a band and a row a text."""
    size = len(sets.sizes)
    bands = np.memmap(work / "bands", np.uint64, "w+", shape=(likeness.bands, size))
    sketches = np.memmap(work / "sketches", np.uint8, "w+", shape=(size, likeness.values))
    parities = Parities.empty(sets.sizes)

    def sign(block: slice, part: pl.Series) -> None:
        hashes, starts = likeness.members(part)
        parities.fill(block, sets.fill(block, hashes, starts))
        values = signatures(hashes, starts, likeness.values)
        sketches[block] = ((values * _MIX) >> np.uint32(24)).astype(np.uint8).T
        keys = np.zeros((likeness.bands, len(starts) - 1), np.uint64)
        for row in range(likeness.rows):
            keys += values[row :: likeness.rows] * _FACTORS[row]
        bands[:, block] = mixed(keys)

    done = 0
    with ThreadPoolExecutor(THREADS) as threads:
        for part in forms:
            slices = list(blocks(part.str.len_chars().to_numpy() + likeness.values))
            placed = [slice(done + block.start, done + block.stop) for block in slices]
            list(threads.map(sign, placed, [part[block] for block in slices]))
            done += len(part)
            progress(f"Similar texts by {likeness.by}: signed", done, size)
    # From here on bands are read one by one, and not mapped: what is mapped counts as memory.
    return parities


def _likely(
    bands: Path, sketches: NDArray[np.uint8], parities: Parities, likeness: Likeness, progress: Progress
) -> Hashes:
    """Return the pairs of texts that agree in a band and largely agree elsewhere, in order, as numbers."""
    similarity, values = likeness.similarity, likeness.values
    least = (similarity - _ERRORS * (similarity * (1 - similarity) / values) ** 0.5) * values
    rows = np.asarray(sketches)
    size = len(rows)

    def agreeing(place: int) -> Hashes:
        kept = [np.zeros(0, np.uint64)]
        band = np.fromfile(bands, np.uint64, size, offset=place * size * 8)
        for pairs in _together(band, parities, likeness):
            first, second = ends(pairs)
            same = np.take(rows, first, axis=0) == np.take(rows, second, axis=0)
            kept.append(pairs[np.count_nonzero(same, axis=1) >= least])
        return np.concatenate(kept)

    waiting = [np.zeros(0, np.uint64)]
    with ThreadPoolExecutor(THREADS) as threads:
        # Similar texts agree in many bands: what several bands name is kept once.
        for done, pairs in enumerate(threads.map(agreeing, range(likeness.bands)), 1):
            waiting.append(pairs)
            progress(f"Similar texts by {likeness.by}: looked for in bands", done, likeness.bands)
            # Half as many as there are already: so all are put in order a few times, not in every band.
            if sum(map(len, waiting[1:])) > max(WAITING, len(waiting[0]) // 2):
                waiting = [distinct(np.concatenate(waiting))]
    return distinct(np.concatenate(waiting))


def _together(band: Hashes, parities: Parities, likeness: Likeness) -> Iterator[Hashes]:
    """Yield the pairs of texts that agree in a band and may be similar, each with one of the first."""
    size = band.size
    # A key and a place are sorted as one number, which takes a third of the time that sorting places takes.
    bits = np.uint64(max(size - 1, 1).bit_length())
    keyed = (band >> bits) << bits
    keyed |= np.arange(size, dtype=np.uint64)
    keyed.sort()
    begins = np.flatnonzero(np.diff(keyed >> bits, prepend=~(keyed[:1] >> bits)))
    sizes = np.diff(begins, append=size)
    several = sizes > 1
    begins, sizes = begins[several], sizes[several]
    places = (np.uint64(1) << bits) - np.uint64(1)
    for groups in blocks(sizes):
        begin = np.repeat(np.cumsum(sizes[groups]) - sizes[groups], sizes[groups])
        place = np.arange(begin.size) - begin
        order = (keyed[np.repeat(begins[groups], sizes[groups]) + place] & places).astype(np.int64)
        # In the order of keys, so that those that are compared lie beside each other.
        near = parities.taken(order)
        for leader in range(LEADERS):
            behind = np.flatnonzero(place > leader)
            if not behind.size:
                break
            for start in range(0, behind.size, _PAIRS):
                second = behind[start : start + _PAIRS]
                first = begin[second] + leader
                may = near.may_be(first, second, likeness.similarity, likeness.least)
                first, second = order[first[may]], order[second[may]]
                yield pairs_of(first, second)
