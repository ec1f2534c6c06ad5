"""How devices, addresses, phones and payments are written."""

from __future__ import annotations

from typing import Final

import polars as pl

from ingest.simulate.clock import Ints

_PATTERNS: Final = {
    "device": "dev-{:010x}",
    "email": "user{:d}@mail.example",
    "phone": "+9190{:010d}",
    "payment": "card-{:010x}",
    "domain": "site{:d}.example",
    "website_host": "host{:d}.example",
    "analytics_tag": "UA-{:d}-1",
}


def values(kind: str, numbers: Ints) -> pl.Series:
    """Return the value of each number as an identifier of this kind."""
    if kind == "ip":
        cells = [f"{n >> 24 & 127 | 64}.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}" for n in numbers.tolist()]
    else:
        pattern = _PATTERNS[kind]
        cells = [pattern.format(n) for n in numbers.tolist()]
    return pl.Series(cells, dtype=pl.String)
