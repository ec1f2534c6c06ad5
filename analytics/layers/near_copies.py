"""Pairs of texts that have most of their shingles in common: found by MinHash, verified by exact Jaccard.

MinHash signatures (Broder 1997) are made by rensa and cut into bands (Indyk and Motwani 1998); texts that
agree in a band are candidates. Work goes in blocks, and signatures lie in files.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
import rensa
from numpy.typing import NDArray

from analytics.layers.parities import Parities
from analytics.layers.shingles import Hashes, Places, mixed, shingled

#: Bands of a signature and values of each.
BANDS: Final = 48
ROWS: Final = 4
_VALUES: Final = BANDS * ROWS
#: Blocks that are worked on side by side.
THREADS: Final = min(4, os.cpu_count() or 1)
#: Texts that agree in a band are compared with so many of them only, the first, so that a thousand variants
#: of one text make no million pairs. Up to nine are all compared with one another.
LEADERS: Final = 8
#: Candidates whose signatures agree in less than this below the threshold are not looked at further: three
#: standard errors of the estimate.
_ERRORS: Final = 3.0
_SEED: Final = 2019
#: Characters and values of signatures, or shingles of pairs, that are worked on at once.
_BLOCK: Final = 2_000_000
#: Candidates whose signatures are compared at once, and how many may wait for it.
_PAIRS: Final = 20_000
_WAITING: Final = 8_000_000
#: Bits of a shingle's hash that are compared; the others number texts and pairs of a block.
_BITS: Final = np.uint64(40)
_HALF: Final = np.uint64(32)
_FACTORS: Final = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93], dtype=np.uint64
)


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
    similarity: NDArray[np.float64]
    candidates: int


def near_copies(forms: pl.Series, similarity: float, work: Path) -> NearCopies:
    """Return the pairs of texts with at least this Jaccard similarity, as far as they are found.

    Two texts of similarity s agree in a band with probability 1 - (1 - s^4)^48. What is returned is exact.

    Args:
        forms: Distinct texts in the form in which they are compared, without nulls.
        similarity: Above 0, at most 1.
        work: Folder for files that are not needed afterwards.
    """
    size = len(forms)
    likely = np.zeros(0, np.uint64)
    if size > 1:
        bands = np.memmap(work / "bands", np.uint64, "w+", shape=(BANDS, size))
        sketches = np.memmap(work / "sketches", np.uint8, "w+", shape=(size, _VALUES))
        parities = Parities.empty(size)

        def sign(block: slice) -> None:
            hashes, starts = shingled(forms[block])
            parities.fill(block, *_sets(hashes, starts))
            signatures = _signatures(hashes, starts)
            sketches[block] = signatures.astype(np.uint8)
            keys = np.zeros((len(signatures), BANDS), np.uint64)
            for row in range(ROWS):
                keys += signatures[:, row::ROWS] * _FACTORS[row]
            bands[:, block] = mixed(keys).T

        with ThreadPoolExecutor(THREADS) as threads:
            list(threads.map(sign, _blocks(forms.str.len_chars().to_numpy() + _VALUES)))
        likely = _likely(bands, sketches, parities, similarity)
    return _verified(forms, likely, similarity)


def _blocks(weights: Places) -> Iterator[slice]:
    """Yield slices that cover all, each of about `_BLOCK` in weight."""
    reached = np.cumsum(weights)
    total = int(reached[-1]) if reached.size else 0
    start = 0
    for end in np.searchsorted(reached, np.arange(_BLOCK, total + _BLOCK, _BLOCK)) + 1:
        end = min(end, reached.size)
        if end > start:
            yield slice(start, int(end))
            start = int(end)


def _signatures(hashes: Hashes, starts: Places) -> NDArray[np.uint32]:
    made = rensa.RMinHash.digest_matrix_from_flat_token_hashes(
        hashes, starts.astype(np.uint64), _VALUES, _SEED
    )
    return np.array(made.to_rows(), dtype=np.uint32)


def _likely(
    bands: NDArray[np.uint64], sketches: NDArray[np.uint8], parities: Parities, similarity: float
) -> Hashes:
    """Return the pairs of texts that agree in a band and largely agree elsewhere, in order, as numbers."""
    least = (similarity - _ERRORS * (similarity * (1 - similarity) / _VALUES) ** 0.5) * _VALUES
    rows = np.asarray(sketches)

    def agreeing(band: Hashes) -> Hashes:
        kept = [np.zeros(0, np.uint64)]
        for pairs in _together(band, parities, similarity):
            same = np.take(rows, _first(pairs), axis=0) == np.take(rows, _second(pairs), axis=0)
            kept.append(pairs[np.count_nonzero(same, axis=1) >= least])
        return _distinct(np.concatenate(kept))

    found = np.zeros(0, np.uint64)
    waiting = [found]
    with ThreadPoolExecutor(THREADS) as threads:
        # Similar texts agree in many bands: what several bands name is kept once.
        for pairs in threads.map(agreeing, bands):
            waiting.append(pairs)
            if sum(map(len, waiting)) > _WAITING:
                found, waiting = _distinct(np.concatenate([found, *waiting])), []
    return _distinct(np.concatenate([found, *waiting]))


def _together(band: Hashes, parities: Parities, similarity: float) -> Iterator[Hashes]:
    """Yield the pairs of texts that agree in a band and may be similar, each with one of the first."""
    size = band.size
    # A key and a place are sorted as one number, which takes a third of the time that sorting places takes.
    bits = np.uint64(max(size - 1, 1).bit_length())
    keyed = np.sort((band >> bits) << bits | np.arange(size, dtype=np.uint64))
    order = (keyed & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64)
    keys = keyed >> bits
    new = np.diff(keys, prepend=~keys[:1]) != 0
    begins = np.flatnonzero(new)
    begin = np.repeat(begins, np.diff(begins, append=size))
    place = np.arange(size) - begin
    # In the order of keys, so that those that are compared lie beside each other.
    near = parities.taken(order)
    for leader in range(LEADERS):
        behind = np.flatnonzero(place > leader)
        if not behind.size:
            return
        for start in range(0, behind.size, _PAIRS):
            second = behind[start : start + _PAIRS]
            first = begin[second] + leader
            may = near.may_be(first, second, similarity)
            first, second = order[first[may]], order[second[may]]
            yield first.astype(np.uint64) << _HALF | second.astype(np.uint64)


def _first(pairs: Hashes) -> Places:
    return (pairs >> _HALF).astype(np.int64)


def _second(pairs: Hashes) -> Places:
    return (pairs & np.uint64(2**32 - 1)).astype(np.int64)


def _verified(forms: pl.Series, pairs: Hashes, similarity: float) -> NearCopies:
    first, second = _first(pairs), _second(pairs)
    found = np.zeros(pairs.size)
    lengths = forms.str.len_chars().to_numpy().astype(np.int64)

    def verify(block: slice) -> None:
        texts, places = np.unique(np.concatenate([first[block], second[block]]), return_inverse=True)
        found[block] = _jaccard(*shingled(forms.gather(texts)), *np.split(places, 2))

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(verify, _blocks(lengths[first] + lengths[second])))
    kept = found >= similarity
    return NearCopies(first[kept], second[kept], found[kept], pairs.size)


def _jaccard(hashes: Hashes, starts: Places, a: Places, b: Places) -> NDArray[np.float64]:
    """Return the Jaccard similarity of the sets of hashes of each pair of texts."""
    sets, begins = _sets(hashes, starts)
    sizes = np.diff(begins)
    members = [_members(sets, begins, sizes, side) for side in (a, b)]
    both = np.sort(np.concatenate(members))
    twice = both[1:][both[1:] == both[:-1]] >> _BITS
    common = np.bincount(twice.astype(np.int64), minlength=a.size)
    return common / (sizes[a] + sizes[b] - common)


def _sets(hashes: Hashes, starts: Places) -> tuple[Hashes, Places]:
    """Return the different hashes of each text, marked with its place, in order, and where each begins."""
    texts = np.arange(len(starts) - 1)
    owners = np.repeat(texts, np.diff(starts)).astype(np.uint64)
    sets = _distinct(owners << _BITS | hashes >> np.uint64(64 - _BITS))
    return sets, np.searchsorted(sets >> _BITS, np.append(texts, texts.size).astype(np.uint64))


def _distinct(numbers: Hashes) -> Hashes:
    """Return the different numbers, in order.

    `np.unique` finds them in a hash table that numbers with a pattern fill badly: ten times slower here.
    """
    ordered = np.sort(numbers)
    new = np.ones(ordered.size, dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    return ordered[new]


def _members(sets: Hashes, begins: Places, sizes: Places, texts: Places) -> Hashes:
    """Return the hashes of each of some texts, marked with the place in which the text is named."""
    counts = sizes[texts]
    ends = np.cumsum(counts)
    which = np.repeat(np.arange(texts.size), counts)
    within = np.arange(ends[-1]) - (ends - counts)[which]
    low = sets[begins[texts][which] + within] & np.uint64(2 ** int(_BITS) - 1)
    marked: Hashes = which.astype(np.uint64) << _BITS | low
    return marked
