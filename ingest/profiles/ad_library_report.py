"""The Ad Library Report: what each Page spent in a country, by the disclaimer of its ads.

Download it as CSV from the page "Ad Library Report"; of the files in the archive this reads the one of
advertisers (`..._advertisers.csv`). It is the quickest way to see which Pages name the same payer.

- **It tells of no single ad.** A row becomes one entry of `ads`, `report/<Page>/<digest of the
  disclaimer>`, which ties the Page to its payer, and so lets detection find Pages with one payer. It has
  no text, times or impressions.
- **Numbers of ads**: such an entry counts as one ad of its Page, however many it stands for. Their number
  is kept as `x_ads_in_library`. For true counts load the ads themselves, and remove the report.
- **Money**: the report converts what was spent to the currency in its header, and covers the same ads as
  other reports and the Ad Library API do. So the amount is never added to spend: it is kept as
  `x_amount_spent_lower`, `x_amount_spent_upper` (both the same, but `≤100` is 0 to 100) and
  `x_amount_spent_currency`, and `currency` stays empty.
- **Payer** is the disclaimer. `These ads ran without a disclaimer` is no payer's name.
- Of reports of several days or countries the one loaded last counts, for a Page and disclaimer.
- A deleted Page has an empty name in the report, and keeps what other sources call it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

import polars as pl

from ingest.profiles.base import Look, Profile
from ingest.profiles.printed import digest
from ingest.profiles.spellings import first_of, named_pages, number, simple_name, simple_names, table_of

_AMOUNT: Final = re.compile(r"^amount_spent_([a-z]{3})$")
_NO_DISCLAIMER: Final = r"(?i)^\s*these ads ran without a disclaimer\.?\s*$"
_AT_MOST: Final = r"^\s*(?:≤|<=|<)\s*"


def recognise(look: Look) -> str | None:
    """Return `ads` for a report by Page and disclaimer."""
    names = [simple_name(name) for name in look.columns]
    whole = {"page_id", "page_name", "disclaimer", "number_of_ads_in_library"} <= set(names)
    return "ads" if whole and _amount(names) else None


def _amount(names: Iterable[str]) -> tuple[str, str] | None:
    """Return the column of the amount and its currency."""
    found = (_AMOUNT.match(name) for name in names)
    return next(((match[0], match[1].upper()) for match in found if match), None)


def _map(batch: pl.DataFrame, table: str, _sides: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    frame = batch.rename(simple_names(batch.columns))
    page, said = first_of(frame, "page_id"), first_of(frame, "disclaimer")
    payer = pl.when(~said.str.contains(_NO_DISCLAIMER)).then(said)
    # As payers are compared: spellings that differ in case, width or spaces are one.
    plain = payer.str.normalize("NFKC").str.to_lowercase().str.replace_all(r"\s+", " ")
    frame = frame.with_columns(plain.alias("\0payer"))
    frame = frame.with_columns(digest(frame["\0payer"]).fill_null("none").alias("\0payer"))
    column, currency = _amount(frame.columns) or ("", "")
    amount = first_of(frame, column)
    spent = number(amount.str.replace(_AT_MOST, ""))
    return table_of(
        frame,
        table,
        ("page_id", "number_of_ads_in_library", "\0payer"),
        platform=pl.lit("facebook"),
        id=pl.concat_str(pl.lit("report/"), page, pl.lit("/"), pl.col("\0payer")),
        page_id=page,
        payer=payer,
        disclaimer=payer,
        x_ads_in_library=number(first_of(frame, "number_of_ads_in_library")),
        x_amount_spent_lower=pl.when(amount.str.contains(_AT_MOST)).then(pl.lit("0")).otherwise(spent),
        x_amount_spent_upper=spent,
        x_amount_spent_currency=pl.when(amount.is_not_null()).then(pl.lit(currency)),
    )


def _derive(batch: pl.DataFrame, _table: str) -> Mapping[str, pl.DataFrame]:
    return named_pages(batch.rename(simple_names(batch.columns)))


PROFILE = Profile(
    "ad_library_report",
    "the Ad Library Report: spend and number of ads by Page and disclaimer",
    recognise,
    _map,
    derive=_derive,
    covers={
        "ads": {
            "platform": "facebook",
            "id": "report/<Page ID>/<digest of the Disclaimer>",
            "page_id": "Page ID",
            "payer": "Disclaimer",
            "disclaimer": "Disclaimer",
        },
        "pages": {"platform": "facebook", "id": "Page ID", "name": "Page Name"},
    },
)
