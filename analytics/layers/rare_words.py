"""Texts as sets of their words, a rare word as several members and one that all use as none.

What is left of a text after a quarter of its words was replaced, here and there, are words: hardly a run of
letters stays whole. But any two texts on a subject have words in common. So a word counts by its rarity among
the texts themselves (Spärck Jones 1972), and texts made of the same few phrases have no rare ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.layers.hash_sets import distinct
from analytics.layers.shingles import MAX_FORM, Hashes, Places, mixed

#: Nats of a word's rarity, ln(texts / (texts with it + 1)), that make one member; of the last one three
#: quarters do. So a word in more than a tenth of the texts is none.
_NATS: Final = 3.0
_LAST: Final = 0.25
#: Bits of a word's hash by which its rarity is kept.
_BITS: Final = 22
_SPACE: Final = 32
#: Texts of a sample that are worked on at once.
_AT_ONCE: Final = 10_000
#: Odd numbers without a pattern: one for each place of a word, and one for the members of a word.
_PLACES: Final = np.random.default_rng(2019).integers(0, 2**64, MAX_FORM, dtype=np.uint64) | np.uint64(1)
_MEMBER: Final = np.uint64(0x165667B19E3779F9)


@dataclass(frozen=True)
class RareWords:
    """How many members a word makes.

    Attributes:
        members: By the upper bits of a word's hash; of two words that share them, the more common one counts.
        least: Texts with fewer members have no similar ones.
    """

    members: NDArray[np.int8]
    least: int

    @classmethod
    def among(cls, forms: pl.Series, least: int) -> Self:
        """Return what words count for among these texts, a sample of all.

        Args:
            forms: Texts, their words parted by one space each.
            least: Members that two texts have to have in common.
        """
        texts = np.zeros(2**_BITS, np.int64)
        for start in range(0, len(forms), _AT_ONCE):
            words, owners = _words(forms[start : start + _AT_ONCE])
            # Each word once a text.
            pairs = distinct(owners.astype(np.uint64) << np.uint64(_BITS) | words >> np.uint64(64 - _BITS))
            np.add.at(texts, (pairs & np.uint64(2**_BITS - 1)).astype(np.int64), 1)
        rarity = np.log(max(len(forms), 1) / (np.arange(len(forms) + 1) + 1))
        return cls(np.maximum(np.floor(rarity / _NATS + _LAST), 0).astype(np.int8)[texts], least)

    def sets(self, forms: pl.Series) -> tuple[Hashes, Places]:
        """Return the members of some texts, with repetitions, and where those of each begin.

        A text with too few has one of its own instead: no set is empty.
        """
        words, owners = _words(forms)
        counts = self.members[(words >> np.uint64(64 - _BITS)).astype(np.int64)].astype(np.int64)
        sums = np.bincount(owners, counts, minlength=len(forms)).astype(np.int64)
        light = sums < self.least
        firsts = np.flatnonzero(np.diff(owners, prepend=-1))
        # The one member that a light text has, at its first word, is made of all of them.
        whole = np.add.reduceat(words, firsts)
        counts[light[owners]] = 0
        counts[firsts[light]] = 1
        words[firsts[light]] = whole[light]
        sums[light] = 1
        number = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        hashes = np.repeat(words, counts) + number.astype(np.uint64) * _MEMBER
        return mixed(hashes), np.concatenate([[0], np.cumsum(sums)])


def _words(forms: pl.Series) -> tuple[Hashes, Places]:
    """Return the hash of each word of the texts, none of them empty, and the place of its text."""
    letters = np.frombuffer(" ".join(forms.to_list()).encode("utf-32-le"), dtype=np.uint32)
    begins = np.concatenate([[0], np.flatnonzero(letters == _SPACE) + 1])
    lengths = np.diff(begins, append=letters.size + 1)
    place = np.arange(letters.size) - np.repeat(begins, lengths)[: letters.size]
    # A space ends every word but the last: taken off, all end alike.
    hashes = (letters - np.uint32(_SPACE)) * _PLACES[place]
    owners = np.repeat(np.arange(len(forms)), forms.str.count_matches(" ", literal=True).to_numpy() + 1)
    return mixed(np.add.reduceat(hashes, begins)), owners
