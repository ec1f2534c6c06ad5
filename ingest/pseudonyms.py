"""Identifiers and payers as keyed hashes, so that equal ones still join and nobody reads them.

A pseudonym is `hmac:` and the first 32 hex digits of HMAC-SHA-256 (RFC 2104) over what the value is (`email`,
`payer`, …) and the value in the form in which values count as equal. The key stays outside the graph. Who has
it can test guesses, who has not can neither read nor test. Besides identifiers and payers, properties
whose names say that they hold such (`x_sponsor_name`) are hashed. Names, texts and URLs are not touched.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from ingest.database import open_database

#: What is hashed by default: what names a person or leads to one.
DEFAULT: Final = ("email", "phone", "ip", "device", "payment", "payer")
#: Those that may be, besides: they are public, and analysts read them.
OPTIONAL: Final = ("domain", "website_host", "analytics_tag")
ALL: Final = (*DEFAULT, *OPTIONAL)

#: Columns that name who pays; the disclaimer repeats it.
_PAYERS: Final = ("payer", "beneficiary", "disclaimer")
#: What the names of further properties (`x_...`) say that they hold.
_NAMED: Final = {
    "payer": r"payer|sponsor|beneficiar|byline|disclaimer|funding|paid_?(?:for_)?by",
    "email": r"e_?mail",
    "phone": r"phone|whatsapp|telephone",
    "ip": r"(?:^x|_)ip(?:v[46])?(?:_|$)",
    "device": r"device_?id|imei|idfa|gaid",
    "payment": r"iban|credit_?card|card_?number",
}
#: Tables whose rejected values could be what is hashed, whichever column was at fault: all columns, or some.
_WITHHELD: Final[Mapping[str, tuple[str, ...] | None]] = {"identifiers": None, "ads": _PAYERS}
_BLOCK: Final = 64
_DONE: Final = r"^hmac:[0-9a-f]{32}$"
_HASH: Final = """
SELECT 'hmac:' || substr(sha256($outer || unhex(sha256($inner || encode(cell)))), 1, 32) AS pseudonym
FROM cells ORDER BY row
"""


@dataclass(frozen=True)
class Pseudonyms:
    """Which values are hashed, and the key.

    Attributes:
        kinds: Of `ALL`; none if nothing is.
        key: Empty if nothing is hashed.
    """

    kinds: frozenset[str] = frozenset()
    key: bytes = field(default=b"", repr=False)

    @property
    def mark(self) -> str:
        """What was hashed, and a digest by which two keys are told apart; empty if nothing was.

        The digest is an HMAC of a constant: it says nothing of the key.
        """
        if not self.kinds:
            return ""
        proof = hmac_sha256(self.key, pl.Series(["cibgraph: which key"]))[0]
        return f"{','.join(sorted(self.kinds))} {proof.removeprefix('hmac:')[:12]}"

    def apply(self, table: str, frame: pl.DataFrame) -> pl.DataFrame:
        """Return typed rows of a table with the values of these kinds hashed."""
        if not self.kinds or frame.is_empty():
            return frame
        if table == "identifiers":
            frame = self._identifiers(frame)
        return frame.with_columns(
            self._hashed(frame[column], kind) for column, kind in self._columns(table, frame.columns).items()
        )

    def withhold(self, table: str, rejects: pl.DataFrame) -> pl.DataFrame:
        """Return rejects without values that could be what is hashed; line, column and reason stay.

        The text of a broken row is withheld as a whole.
        """
        if not self.kinds or rejects.is_empty():
            return rejects
        hidden = pl.col("column").is_null()
        if table in _WITHHELD:
            columns = _WITHHELD[table]
            hidden = hidden | pl.col("column").is_in(columns) if columns else pl.lit(value=True)
        return rejects.with_columns(pl.when(~hidden).then("value").alias("value"))

    def _identifiers(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Hash the values of identifiers, each as what its row says it is."""
        kinds = [kind for kind in frame["kind"].unique().drop_nulls() if kind in self.kinds]
        if not kinds:
            return frame
        forms = frame.select(
            pl.coalesce(pl.when(pl.col("kind") == kind).then(_form(kind, pl.col("value"))) for kind in kinds)
        )
        return frame.with_columns(value=self._replaced(frame["value"], forms.to_series()))

    def _columns(self, table: str, columns: Sequence[str]) -> dict[str, str]:
        """Return what the columns of a table hold that is hashed whole, by column."""
        found = {name: "payer" for name in _PAYERS if table == "ads" and name in columns}
        for column in columns:
            kinds = [kind for kind, names in _NAMED.items() if re.search(names, column)]
            if kinds and column.startswith("x_"):
                found[column] = kinds[0]
        return {column: kind for column, kind in found.items() if kind in self.kinds}

    def _hashed(self, values: pl.Series, kind: str) -> pl.Series:
        """Return the pseudonyms of a column that holds one kind."""
        if kind == "payer":
            forms = {value: f"payer:{folded(value) or value}" for value in values.unique().drop_nulls()}
            form = values.replace_strict(forms, default=None, return_dtype=pl.String)
        else:
            form = values.to_frame("value").select(_form(kind, pl.col("value"))).to_series()
        return self._replaced(values, form)

    def _replaced(self, values: pl.Series, forms: pl.Series) -> pl.Series:
        """Return the hashes of the forms; values without a form, and pseudonyms, as they are."""
        done = values.str.contains(_DONE).fill_null(value=True)
        return hmac_sha256(self.key, forms.set(done, None)).fill_null(values).alias(values.name)


#: Nothing is hashed.
PLAIN: Final = Pseudonyms()


def hmac_sha256(key: bytes, cells: pl.Series) -> pl.Series:
    """Return the pseudonyms of texts, null for null: HMAC-SHA-256 by two hashes of DuckDB, column-wise."""
    whole = key if len(key) <= _BLOCK else hashlib.sha256(key).digest()
    padded = whole.ljust(_BLOCK, b"\0")
    inner, outer = (bytes(byte ^ pad for byte in padded) for pad in (0x36, 0x5C))
    with open_database() as database:
        database.register("cells", pl.DataFrame({"cell": cells}).with_row_index("row").to_arrow())
        found = database.sql(_HASH, params={"inner": inner, "outer": outer}).pl()
    pseudonyms: pl.Series = found["pseudonym"].cast(pl.String)
    return pseudonyms


def folded(name: str) -> str:
    """Return a name as names count as equal: whatever the case, width and spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _form(kind: str, value: pl.Expr) -> pl.Expr:
    """Return what is hashed of values of a kind: equal texts for values that count as equal."""
    plain = value.str.strip_chars().str.to_lowercase()
    if kind == "phone":
        # `+49 (30) 555-01`, `0049 30 55501` and `4930 55501` are one number.
        plain = plain.str.replace_all(r"\D", "").str.replace("^00", "")
    if kind == "payment":
        plain = plain.str.replace_all(r"[\s-]", "")
    if kind in ("domain", "website_host"):
        plain = plain.str.strip_chars_end(".")
    # What nothing is left of (a phone number without a digit) counts as it stands.
    return pl.lit(f"{kind}:") + pl.when(plain != "").then(plain).otherwise(value)
