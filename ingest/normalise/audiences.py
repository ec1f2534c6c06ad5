"""Whom an ad was aimed at, as one value."""

from __future__ import annotations

from typing import Final

import polars as pl

from ingest.normalise.digests import digest

#: An audience of fewer terms (a country, an age) is anybody's.
MIN_TERMS: Final = 4


def audience(targets: pl.Series) -> pl.Series:
    """Return a digest of each list of targeting terms, whatever their order.

    Null for fewer than `MIN_TERMS` terms.
    """
    terms = targets.list.unique().list.sort()
    joined = terms.list.join("\n").set(terms.list.len().fill_null(0) < MIN_TERMS, None)
    digests = {spec: digest(spec) for spec in joined.unique().drop_nulls()}
    return joined.replace_strict(digests, default=None, return_dtype=pl.String)
