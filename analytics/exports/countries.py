"""Where an operation says that it is, where its administrators are, and where its ads went."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import polars as pl
from babel import Locale

#: Countries shown, those with most members first.
COUNTRIES_SHOWN: Final = 12
WHAT: Final = ("members", "administrators", "ads")


def countries(found: pl.DataFrame) -> tuple[list[dict[str, Any]], int]:
    """Return the first rows, and how many countries there are.

    A row is `country`, `name`, and each of `WHAT` with its share of the largest (`members_share`, …).

    Args:
        found: Of one operation `country`, `what`, `number`.
    """
    table = found.group_by("country").agg(
        pl.col("number").filter(pl.col("what") == what).sum().alias(what) for what in WHAT
    )
    shown = table.sort(*WHAT, "country", descending=[True, True, True, False]).head(COUNTRIES_SHOWN)
    most = {what: int(table[what].max() or 0) or 1 for what in WHAT}  # type: ignore[arg-type]
    rows = [
        row | {"name": _named(row["country"])} | {f"{what}_share": row[what] / most[what] for what in WHAT}
        for row in shown.iter_rows(named=True)
    ]
    return rows, table.height


@cache
def _territories() -> dict[str, str]:
    return dict(Locale("en").territories)


def _named(code: str) -> str:
    return _territories().get(code.upper(), "")
