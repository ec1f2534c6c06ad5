"""What each kind of shared thing says: its weight, who can hold it, and for how long it stays one holder's.

A shared thing counts

    units = UNIT * weight(kind) * ln(2 + C) / ln(d + C)

rounded to a whole number, d the assets that hold it: FRAUDAR's weight of a column (Hooi et al. 2016, section
4, with its C of 5), as a share of that of a thing that two assets hold.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import polars as pl

#: Units of a thing of weight 1 that two assets hold; whole numbers make an exact test possible.
UNIT: Final = 4
#: FRAUDAR's constant in 1 / log(d + C).
_C: Final = 5


@dataclass(frozen=True)
class Kind:
    """A kind of shared thing.

    Attributes:
        weight: How much one such thing says beside the weakest; judged, not fitted.
        family: Things of one family have the same sort of holders, and are exchangeable under the null.
        gap: Days between one holder's last and another's first use after which they share nothing; None:
            however long.
        why: The reason.
    """

    weight: int
    family: str
    gap: int | None
    why: str


#: Kinds of identifiers. All other kinds (administrators, payers, creatives) weigh 1.
KINDS: Final[dict[str, Kind]] = {
    "device": Kind(4, "access", 365, "in one hand at a time, now and then sold on"),
    "payment": Kind(4, "access", None, "one owner, who is held to account for it"),
    "phone": Kind(3, "access", 90, "personal; numbers come back to others after some months"),
    "email": Kind(3, "access", None, "personal or an office's, and never handed on"),
    "ip": Kind(1, "access", 30, "a household's, an office's or a carrier's; leased anew within weeks"),
    "analytics_tag": Kind(3, "web", None, "its owner reads the figures of every site that bears it"),
    "domain": Kind(2, "web", None, "one registrant, but anybody's Page may name it"),
    "website_host": Kind(1, "web", None, "a host has many customers"),
}
_OTHER: Final = Kind(1, "all", None, "one kind to a layer, or kinds that say as much")
#: The most units of any thing.
MOST_UNITS: Final = UNIT * max(kind.weight for kind in KINDS.values())


def family() -> pl.Expr:
    """Return the family of `object_kind`."""
    return pl.col("object_kind").replace_strict(
        {name: kind.family for name, kind in KINDS.items()}, default=_OTHER.family, return_dtype=pl.String
    )


def units() -> pl.Expr:
    """Return the units, 1 to `MOST_UNITS`, of a thing of `object_kind` that `degree` assets hold."""
    weight = pl.col("object_kind").replace_strict(
        {name: kind.weight for name, kind in KINDS.items()}, default=_OTHER.weight, return_dtype=pl.Int64
    )
    popular = math.log(2 + _C) / (pl.col("degree") + _C).log()
    return (UNIT * weight * popular).round().cast(pl.Int64).clip(1, MOST_UNITS)


def at_one_time() -> pl.Expr:
    """Say whether both held the thing at one time, or within the kind's gap; true where a time is unknown."""
    gap = pl.col("object_kind").replace_strict(
        {name: kind.gap for name, kind in KINDS.items() if kind.gap is not None},
        default=None,
        return_dtype=pl.Int64,
    )
    begin = pl.when(pl.col("source_first") > pl.col("target_first")).then("source_first")
    end = pl.when(pl.col("source_last") < pl.col("target_last")).then("source_last")
    known = pl.all_horizontal(
        pl.col("source_first", "source_last", "target_first", "target_last").is_not_null()
    )
    apart = begin.otherwise("target_first") - end.otherwise("target_last")
    return ~known | gap.is_null() | (apart <= pl.duration(days=gap))
