"""Which profiles a file comes closest to that none recognises, and what it lacks for them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ingest.profiles.base import Look, Profile
from ingest.tables import TABLES

#: How many profiles are named.
_MOST: Final = 3
#: A profile is close of which so many columns are there, and this share of those that are required.
_FEWEST: Final = 2
_LEAST_REQUIRED: Final = 0.5
#: What nearly all tables have says nothing of which one it is.
_COMMON: Final = frozenset({"id", "name"})


def closest(look: Look, profiles: Sequence[Profile]) -> list[str]:
    """Return a sentence on each profile whose columns a file has in part, the closest first."""
    told: list[tuple[float, int, str]] = []
    columns = {column.strip().lower() for column in look.columns}
    for order, profile in enumerate(profiles):
        best = max(
            (_fit(columns, profile, table) for table in profile.covers), default=None, key=lambda fit: fit[0]
        )
        if best is not None and best[0] > 0:
            told.append((-best[0], order, best[1]))
    return [sentence for _, _, sentence in sorted(told)[:_MOST]]


def _fit(columns: set[str], profile: Profile, table: str) -> tuple[float, str]:
    """Return how much of what a table is made of a file has, 0 if too little, and what is missing."""
    covered = profile.covers[table]
    sources = {name: text for name, text in covered.items() if _is_read(text)}
    found = {name for name, text in sources.items() if _mentions(text, columns)}
    required = [name for name in (TABLES[table].required if table in TABLES else ()) if name in sources]
    lacks = [name for name in required if name not in found]
    telling = any(_mentions(sources[name], columns - _COMMON) for name in found)
    enough = len(found) >= min(_FEWEST, len(sources))
    if not (telling and enough) or len(lacks) > (1 - _LEAST_REQUIRED) * len(required):
        return 0.0, ""
    named = "; ".join(
        sources[name] if sources[name] == name else f"{name} ({sources[name]})" for name in lacks
    )
    missing = f"lacks {named}" if lacks else "has the columns that are required, but not those that tell it"
    return len(found) / max(len(sources), 1), f"{profile.name} ({table}) {missing}"


def _is_read(text: str) -> bool:
    """Whether a column is made of something in the file, not of a word that the profile puts there itself."""
    return text not in ("account", "page", "group", "facebook", "instagram", "x", "youtube", "tiktok")


def _mentions(text: str, columns: set[str]) -> bool:
    low = text.lower()
    return any(
        column and column in low and re.search(rf"(?<![\w.]){re.escape(column)}(?![\w.])", low)
        for column in columns
    )
