"""The ads of the Internet Research Agency in another parse of the same PDFs: one file, everything as printed.

`PDT` and `PST` name their offset, so its times are not ambiguous; `1,000.00` and `1.000.00` are a thousand;
spend `None` and `0`, printed without a currency, is missing. Which Page ran an ad is told as in
[`ira_ads`](ira_ads.md). In a folder with both parses only `ira_ads` is loaded.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from ingest.profiles.base import Look, Profile
from ingest.profiles.ira_ads import COVERS, NOTHING, named_assets, shaped
from ingest.profiles.printed import json_list

_RELEASED = {
    "Ad ID": "id",
    "Ad Text": "text",
    "Ad Landing Page": "url",
    "Ad Impressions": "impressions",
    "Ad Clicks": "clicks",
    "Ad Spend": "spend",
    "Ad Creation Date": "created",
    "Ad End Date": "ended",
}
_TARGETING = (
    "Ad Targeting Location", "Excluded Connections", "Age", "Language", "Placements", "People Who Match",
    "Friends of Connections",
)  # fmt: skip


def recognise(look: Look) -> str | None:
    """Return `ads` for a file of the ads as released."""
    return "ads" if look.has(*_RELEASED) else None


def _map(batch: pl.DataFrame, _table: str, _sides: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    columns = [name for name in batch.columns if name != "line"]
    frame = batch.with_columns(pl.col(columns).str.strip_chars())
    frame = frame.with_columns(pl.when(~pl.col(columns).is_in(NOTHING)).then(pl.col(columns)))
    frame = frame.select(
        *(pl.col(name).alias(new) for name, new in _RELEASED.items()),
        *(name for name in _TARGETING if name in frame.columns),
        "line",
    )
    targeting = [
        pl.when(pl.col(name).is_not_null()).then(
            pl.concat_str(pl.lit(f"{name}: "), pl.col(name).str.replace_all(r"\s+", " "))
        )
        for name in _TARGETING
        if name in frame.columns
    ]
    spend = pl.col("spend")
    return shaped(
        frame.with_columns(
            # Free of charge is printed without a currency; no currency can be kept, so no amount either.
            pl.when(spend != "0")
            .then(spend.str.replace(r"\s*[A-Za-z]{3}$", "").pipe(_number))
            .alias("spend"),
            spend.str.extract(r"([A-Za-z]{3})$", 1).alias("currency"),
            _number(pl.col("impressions")),
            _number(pl.col("clicks")),
            _printed_time(pl.col("created")),
            _printed_time(pl.col("ended")),
            json_list(pl.concat_list(targeting).list.drop_nulls()).alias("targets"),
        )
    )


def _number(printed: pl.Expr) -> pl.Expr:
    """Return a number without separators of thousands, which scans show as dots too; anything else stays.

    A dot separates thousands only where cents follow: `1.000.00` is a thousand, `1.000` is left as it is.
    """
    plain = printed.str.contains(r"^\d{1,3}(?:,\d{3})*(?:\.\d+)?$|^\d{1,3}(?:[.,]\d{3})+\.\d{2}$")
    return pl.when(plain).then(printed.str.replace_all(r"[.,](\d{3})", "$1")).otherwise(printed)


def _printed_time(printed: pl.Expr) -> pl.Expr:
    """Return `06/15/15 07:22:00 AM PDT` as RFC 3339; what is not printed so stays, to be rejected.

    The zones name their offset, so no time is ambiguous.
    """
    offset = printed.str.extract(r"\s(P[DS]T)$", 1).replace_strict(
        {"PDT": "-07:00", "PST": "-08:00"}, default=None, return_dtype=pl.String
    )
    local = printed.str.replace(r"\s*P[DS]T$", "").str.to_datetime("%m/%d/%y %I:%M:%S %p", strict=False)
    return pl.coalesce(pl.concat_str(local.dt.strftime("%Y-%m-%dT%H:%M:%S"), offset), printed)


def _derive(batch: pl.DataFrame, _table: str) -> Mapping[str, pl.DataFrame]:
    return named_assets(
        batch.select(pl.col("Ad Landing Page").alias("url"), pl.col("Ad ID").alias("id"), "line")
    )


PROFILE = Profile(
    "ira_ads_as_released",
    "ads of the Internet Research Agency with dates, money and targeting as printed",
    recognise,
    _map,
    derive=_derive,
    covers=COVERS,
    spare_of="ira_ads",
)
