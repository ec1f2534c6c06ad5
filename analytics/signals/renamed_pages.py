"""Pages that changed their name."""

from __future__ import annotations

import polars as pl

from analytics.signals.case import Case
from analytics.signals.trait import Trait, measure

TRAIT = Trait(
    name="renamed_pages",
    sentence="{k} of {n} Pages with a known history ({share}) were renamed or merged;"
    " elsewhere {background} were",
)


def renamed_pages(case: Case) -> pl.DataFrame:
    """Measure it; returns columns `MEASURED`."""
    pages = case.of_kind("page").filter(pl.col("history_events").is_not_null())
    values = pages.select(
        "asset",
        has=pl.col("history_events").list.contains("renamed")
        | pl.col("history_events").list.contains("merged"),
    )
    return measure(TRAIT, values, case)
