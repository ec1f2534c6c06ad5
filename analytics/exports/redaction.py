"""Redaction: results that can be shared, in which no person is named and everything still joins.

Ids, identifiers and post references become keyed hashes (HMAC-SHA-256, cut to 80 bits): whoever has the key,
and nobody else, can tell whether an id they know is the one behind a hash; the same id has the same hash in
every table, every export and every workspace with that key. Names, texts and addresses of profiles go. What
is not personal stays: times, counts, money, layers, scores, domains and links that were spread.
"""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import re
from typing import Final

import polars as pl

from analytics.results import QUOTES, Results

#: Kinds of objects that stay as they are: what was spread, not who spread it.
_PUBLIC: Final = ("url", "domain", "hashtag", "hashtag_set", "hashtag_sequence", "website_host")
#: Settings that tell of the machine, not of the operations.
_PRIVATE_RUN: Final = r"(?i)path|^inputs|uri|user"
#: Parts of a sentence that quote somebody; our own sentences put what they quote in quotation marks.
_QUOTED: Final = re.compile(r"“[^”]*”|\"[^\"]*\"")


def redacted(results: Results, key: bytes) -> Results:
    """Return the results as they can be shared.

    Args:
        results: What to redact.
        key: Of the hashes; the workspace's key of pseudonyms.
    """
    hashed = _Hashes(key)
    members = results.members.with_columns(
        id=hashed("id"), name=pl.lit(None, pl.String), url=pl.lit(None, pl.String), why=_without_quotes("why")
    )
    evidence = results.evidence.with_columns(
        hashed.key_of("source_key"),
        hashed.key_of("target_key"),
        pl.when(pl.col("object_kind").is_in(_PUBLIC))
        .then("object")
        .otherwise(hashed("object"))
        .alias("object"),
        hashed("source_ref"),
        hashed("target_ref"),
    )
    ads = results.ads.with_columns(
        *(hashed(name) for name in ("id", "page_id", "payer", "beneficiary", "disclaimer")),
        text=pl.lit(None, pl.String),
    )
    return dataclasses.replace(
        results,
        moves=results.moves.with_columns(id=hashed("id"), name=pl.lit(None, pl.String)),
        operations=results.operations.with_columns(why=_without_quotes("why")),
        members=members,
        edges=results.edges.with_columns(hashed("source_id"), hashed("target_id")),
        evidence=evidence,
        signals=results.signals.with_columns(why=_without_quotes("why")),
        ads=ads,
        run=results.run.filter(~pl.col("name").str.contains(_PRIVATE_RUN)),
        quotes=pl.DataFrame(schema=QUOTES),
        details=results.details.with_columns(notice=_without_quotes("notice")),
        decisions=results.decisions.with_columns(by=pl.lit(None, pl.String), note=pl.lit(None, pl.String)),
        rejected=(),
        redacted=True,
    )


class _Hashes:
    """Keyed hashes of the texts of a column; each distinct text is hashed once."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def __call__(self, column: str) -> pl.Expr:
        return self._mapped(pl.col(column)).alias(column)

    def key_of(self, column: str) -> pl.Expr:
        """Hash the id in a key `platform:kind:id`."""
        pieces = pl.col(column).str.splitn(":", 3)
        platform, kind, one = (pieces.struct.field(f"field_{place}") for place in range(3))
        return pl.concat_str(platform, kind, self._mapped(one), separator=":").alias(column)

    def _mapped(self, texts: pl.Expr) -> pl.Expr:
        return texts.map_batches(self._hash_column, return_dtype=pl.String)

    def _hash_column(self, texts: pl.Series) -> pl.Series:
        distinct = texts.drop_nulls().unique()
        hashes = [self._hash(text) for text in distinct.to_list()]
        return texts.replace_strict(distinct, pl.Series(hashes, dtype=pl.String), return_dtype=pl.String)

    def _hash(self, text: str) -> str:
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()[:20]


def _without_quotes(column: str) -> pl.Expr:
    """Blank what a sentence quotes."""
    return pl.col(column).str.replace_all(_QUOTED.pattern, "[redacted]").alias(column)
