"""The world under construction: its assets, the numbers that name things, and how rows are written down."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from ingest.simulate.clock import Ints
from ingest.simulate.dataset import Dataset
from ingest.simulate.identifier_values import values
from ingest.simulate.numbering import Numbering
from ingest.simulate.writing import TAG_WORDS, Press, blank, pick

Names = npt.NDArray[np.object_]
Strings = npt.NDArray[np.str_]
Mask = npt.NDArray[np.bool_]

#: Id ranges as (lowest, size).
_RANGES: Final = {
    "account": (1_000_000_000_000_00, 9_000_000_000_000_00),
    "page": (20_000_000_000_000, 1_900_000_000_000_000),
    "group": (1_100_000_000_000_000, 1_700_000_000_000_000),
    "instagram": (17_841_400_000_000_000, 80_000_000_000),
    "post": (1_000_000_000_000_000_0, 8_000_000_000_000_000_0),
    "ad": (23_840_000_000_000_000, 9_000_000_000_000),
    "thing": (1, 4_000_000_007),
    "x": (700_000_000_000_000_000, 290_000_000_000_000_000),
}


@dataclass
class Assets:
    """Assets of one kind, as columns of equal length; arrays may be changed until they are written down."""

    platform: str
    kind: str
    ids: Ints
    names: Names
    countries: Strings
    created: Ints
    followers: Ints
    topics: Ints
    verified: Mask
    owners: Names = field(default_factory=lambda: np.empty(0, dtype=object))
    pictures: pl.Series = field(default_factory=lambda: pl.Series(dtype=pl.String))

    def __len__(self) -> int:
        return len(self.ids)


class World:
    """What every part of the generator shares.

    Args:
        seed: All that is random comes from it.
        articles: How many articles ordinary people can link to.
        activity: How much everybody does, of what is usual.
    """

    def __init__(self, seed: int, articles: int, activity: float = 1.0) -> None:
        self.activity = activity
        self.rng = np.random.default_rng(seed)
        self.data = Dataset()
        self.press = Press.make(self.rng, articles)
        self._numbers = {name: Numbering(self.rng, *bounds) for name, bounds in _RANGES.items()}
        #: Default avatars and stock pictures: everybody's.
        self.stock = self.numbers("thing", 12)
        self._published: list[tuple[Ints, Ints, Ints]] = []

    def numbers(self, kind: str, n: int) -> Ints:
        """Return n new ids of a kind (`thing` for identifiers and pictures); none is given twice."""
        return self._numbers[kind].draw(n)

    def site(self) -> str:
        """Return the host of a new web site."""
        return str(values("domain", self.numbers("thing", 1))[0])

    def tags(self, n: int) -> pl.Series:
        """Return n hashtags that nobody has used yet."""
        number = pl.Series(self.numbers("thing", n) % 100_000).cast(pl.String)
        return pick(self.rng, TAG_WORDS, n) + pick(self.rng, TAG_WORDS, n) + number

    def video(self) -> str:
        """Return the address of a new film."""
        return f"https://video.example/v/{int(self.numbers('thing', 1)[0])}"

    def administer(self, admins: Ints, kind: str, assets: Ints, created: Ints, *, known: float = 0.9) -> None:
        """Record who administers what; a share of it is unknown.

        Args:
            admins: Account ids, one a pair.
            kind: `page` or `group`.
            assets: Asset ids, one a pair.
            created: When the account and the asset both existed, one a pair.
            known: Share of pairs on record.
        """
        keep = self.rng.random(len(admins)) < known
        roles = np.array(["admin", "editor", "moderator"], dtype=object)
        role = roles[self.rng.choice(3, len(admins), p=[0.7, 0.2, 0.1])]
        since = blank(pl.Series(created), self.rng.random(len(admins)) < 0.2)
        self.data.add(
            "admins",
            {
                "account_id": admins[keep],
                "asset_kind": kind,
                "asset_id": assets[keep],
                "role": role[keep],
                "since": since.filter(pl.Series(keep)),
            },
        )

    def identify(
        self,
        kind: str,
        asset_kind: str,
        ids: Ints,
        numbers: Ints,
        share: float,
        *,
        platform: str = "facebook",
    ) -> None:
        """Record an identifier for a share of the assets; the same number gives the same value."""
        keep = self.rng.random(len(ids)) < share
        self.data.add(
            "identifiers",
            {
                "asset_kind": asset_kind,
                "asset_id": ids[keep],
                "kind": kind,
                "value": values(kind, numbers[keep]),
            },
            platform=platform,
        )

    def post(
        self,
        kind: str,
        authors: Ints,
        at: Ints,
        text: pl.Series,
        *,
        platform: str = "facebook",
        surface_kind: str | None = None,
        **columns: Any,
    ) -> Ints:
        """Write posts down and return their ids.

        Args:
            kind: `account` or `page`.
            authors: Asset ids, one a post.
            at: When.
            text: What they say.
            platform: Where.
            surface_kind: Of `surface_id`, if given.
            columns: Further columns of the table `posts`.
        """
        n = len(authors)
        ids = self.numbers("post", n)
        rng = self.rng
        scale = 2.5 if kind == "page" else 1.2
        counts = {
            name: np.floor(rng.lognormal(scale - less, 1.4, n)).astype(np.int64)
            for name, less in (("likes", 0.0), ("comments", 1.0), ("shares", 1.5))
        }
        # Who looks in from outside does not see every counter.
        unseen = rng.random(n) < 0.1
        self.data.add(
            "posts",
            {
                "id": ids,
                "author_kind": kind,
                "author_id": authors,
                "created_at": at,
                "text": text,
                "surface_kind": surface_kind,
                **columns,
                **{name: blank(pl.Series(c), unseen) for name, c in counts.items()},
            },
            platform=platform,
        )
        if kind == "page":
            self._published.append((authors, ids, at))
        return ids

    def published(self) -> tuple[Ints, Ints, Ints]:
        """Return the posts of all Pages: Page ids, post ids and times, ordered by Page."""
        pages, posts, at = (np.concatenate(parts) for parts in zip(*self._published, strict=True))
        order = np.lexsort((at, pages))
        return pages[order], posts[order], at[order]

    def name_truth(self, operation: str, assets: Assets) -> None:
        """Record that assets belong to a planted operation."""
        self.data.add(
            "truth", {"operation": operation, "kind": assets.kind, "id": assets.ids}, platform=assets.platform
        )

    def name_lookalike(self, group: str, kind_of_group: str, kind: str, ids: Ints) -> None:
        """Record that assets belong to an innocent group that looks coordinated."""
        self.data.add("lookalikes", {"group": group, "kind_of_group": kind_of_group, "kind": kind, "id": ids})
