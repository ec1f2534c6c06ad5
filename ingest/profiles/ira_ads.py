"""The ads of the Internet Research Agency, as the US House Intelligence Committee released them in 2018.

A parse of the released PDFs: `ads`, with the look-up tables `targets` and `ad_targets` in the same folder.
Spend and impressions are exact, so both ends of their ranges are equal; clicks are kept as `x_clicks`. The
targeting terms that the look-up tables give an ad become its `targets`; their rows are accounted for apart.

No file says which Page ran an ad, so the landing address does: the number at its end, else the handle in
lower case; an Instagram handle is an account of platform `instagram`. An ad that leads to an event, an
outside web site or nowhere names nobody: its `page_id` is `unknown/event/<number>`, `unknown/site/<host>` or
`unknown/ad/<id>`, so that no ad is lost, and none is tied to a wrong Page or counted with an operation. The
addresses were read from scans, and misread letters in handles are left as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl
from babel import Locale

from ingest.profiles.base import Look, Profile, Side
from ingest.profiles.printed import json_list
from ingest.tables import LIMITS, NO_PAGE

_ADS = ("id", "clicks", "impressions", "text", "url", "spend_amount", "spend_currency", "created", "ended")
#: What the released ads print where there is nothing.
NOTHING: Final = ("N/A", "None", "")
COVERS: Final = {
    "ads": {
        "platform": "instagram where the landing address is there, else facebook",
        "id": "id of the ad",
        "page_id": "the Page or Instagram account that the landing address speaks for, else unknown/...",
        "currency": "currency of the spend",
        "spend_lower": "spend, which is exact",
        "spend_upper": "spend, which is exact",
        "impressions_lower": "impressions, which are exact",
        "impressions_upper": "impressions, which are exact",
        "started_at": "date of creation",
        "stopped_at": "date of end",
        "created_at": "date of creation",
        "text": "text of the ad",
        "url": "landing page",
        "targets": "targeting terms",
        "countries": "countries that the targeting names",
    },
    "pages": {
        "platform": "facebook",
        "id": "number or handle in the landing address",
        "name": "handle in the landing address",
    },
    "accounts": {
        "platform": "instagram",
        "id": "handle in the landing address, in lower case",
        "name": "handle in the landing address",
    },
}
#: Countries by their English names; `georgia` in these files is a state of the USA.
_TERRITORIES = {
    name.lower(): code
    for code, name in Locale("en").territories.items()
    if len(code) == 2 and code.isalpha() and code != "GE"
}


def recognise(look: Look) -> str | None:
    """Return `ads` for the file of ads; its look-up tables are sides."""
    return "ads" if look.has(*_ADS) else None


def _map(batch: pl.DataFrame, _table: str, sides: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    frame = batch.with_columns(
        pl.col("spend_amount").alias("spend"), pl.col("spend_currency").alias("currency")
    )
    if "targets" in sides and "ad_targets" in sides:
        terms = sides["targets"]
        places = pl.Series([_countries(name) for name in terms["name"]], dtype=pl.List(pl.String))
        named = (
            sides["ad_targets"]
            .join(
                terms.with_columns(countries=places),
                left_on="target_id",
                right_on="id",
                how="inner",
                maintain_order="left",
            )
            .group_by("ad_id", maintain_order=True)
            .agg(
                pl.col("name").unique(maintain_order=True),
                pl.col("countries").explode().drop_nulls().unique().sort(),
            )
            .select(
                pl.col("ad_id").alias("id"),
                json_list(pl.col("name")).alias("targets"),
                json_list(pl.col("countries")).alias("countries"),
            )
        )
        frame = frame.join(named, on="id", how="left", maintain_order="left")
    else:
        frame = frame.with_columns(pl.lit(None, pl.String).alias("targets"))
    return shaped(frame)


def _countries(term: str) -> list[str]:
    """Return the ISO 3166 codes that a targeting term places its audience in; none for other terms.

    Terms read `location:United States`, `location:Germany, France` or `location:united_states:Virginia`, the
    last also with the state of an earlier line before the country.
    """
    kind, _, rest = term.partition(":")
    if not kind.startswith("location"):
        return []
    names = rest.partition(":")[0].replace("_", " ").lower().split(",")
    return [code for name in names if (code := _TERRITORIES.get(name.strip()))]


def shaped(frame: pl.DataFrame) -> pl.DataFrame:
    """Return ads of either parse in canonical columns; numbers and times must be clean."""
    platform, page, name = runner(pl.col("url"), pl.col("id"))
    known = "countries" in frame.columns
    countries = pl.col("countries") if known else pl.lit(None, pl.String).alias("countries")
    return frame.select(
        platform.alias("platform"),
        "id",
        page.alias("page_id"),
        "currency",
        pl.col("spend").alias("spend_lower"),
        pl.col("spend").alias("spend_upper"),
        pl.col("impressions").alias("impressions_lower"),
        pl.col("impressions").alias("impressions_upper"),
        pl.col("created").alias("started_at"),
        pl.col("ended").alias("stopped_at"),
        pl.col("created").alias("created_at"),
        "text",
        "url",
        "targets",
        countries,
        pl.col("clicks").alias("x_clicks"),
        name.alias("x_page_name"),
        "line",
    )


def runner(url: pl.Expr, ad_id: pl.Expr) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Return platform, id and name of the Page or Instagram account that an ad's landing address speaks for.

    It is named by the number at the end of its address where there is one, else by its handle in lower case.
    An event, an outside web site and no address at all name nobody: what is known (`event/<number>`,
    `site/<host>`, `ad/<id of the ad>`) follows the mark of ads that no Page is known to have run.
    """
    address = url.str.strip_chars().str.replace(r"^(?i:https?)://(?:(?i:www|m|web)\.)?", "")
    host = address.str.extract(r"^([^/?#]+)", 1).str.to_lowercase()
    # Read by machine from scans: `c` may have become `o`, `n` `h`.
    facebook = host.str.contains(r"^fa[co]ebook\.[co]om$")
    instagram = host.str.contains(r"^i[nh]stagram\.[co]om$")
    path = address.str.extract(r"^[^/?#]+/([^?#]*)", 1).str.strip_chars("/ ")
    event = path.str.extract(r"^(?i:eve[nh]ts)/(\d+)", 1)
    segment = path.str.replace(r"^(?i:pages)/", "").str.extract(r"^([^/]+)", 1)
    number = pl.coalesce(
        path.str.extract(r"^(?i:pages)/[^/]+/(\d{6,})", 1), segment.str.extract(r"(?:^|[-—])(\d{9,})\D*$", 1)
    )
    own = ("login", "iogin", "commerce", "events", "evehts")
    handle = segment.str.to_lowercase()
    handle = pl.when(~handle.is_in(own)).then(handle)
    on_facebook = (
        pl.when(event.is_not_null())
        .then(pl.lit(f"{NO_PAGE}event/") + event)
        .otherwise(pl.coalesce(number, handle))
    )
    is_site = ~(facebook | instagram) & host.str.contains(r"\.")
    page = pl.coalesce(
        pl.when(facebook).then(on_facebook),
        pl.when(instagram).then(handle),
        pl.when(is_site).then(pl.lit(f"{NO_PAGE}site/") + host),
        pl.lit(f"{NO_PAGE}ad/") + ad_id,
    )
    named = pl.when(((facebook & event.is_null()) | instagram) & handle.is_not_null()).then(
        segment.str.replace(r"[-—]\d{9,}\D*$", "")
        .str.replace_all("-", " ", literal=True)
        .str.head(LIMITS["name"])
    )
    platform = (
        pl.when(instagram & handle.is_not_null()).then(pl.lit("instagram")).otherwise(pl.lit("facebook"))
    )
    return platform, page, named


def named_assets(batch: pl.DataFrame) -> Mapping[str, pl.DataFrame]:
    """Return the Pages, and the accounts of Instagram, that landing addresses (`url`) name."""
    address = pl.when(~pl.col("url").is_in(NOTHING)).then(pl.col("url"))
    platform, page, name = runner(address, pl.col("id"))
    named = batch.select(platform.alias("platform"), page.alias("id"), name.alias("name"), "line").filter(
        pl.col("name").is_not_null()
    )
    on_instagram = pl.col("platform") == "instagram"
    return {"accounts": named.filter(on_instagram), "pages": named.filter(~on_instagram)}


def _derive(batch: pl.DataFrame, _table: str) -> Mapping[str, pl.DataFrame]:
    return named_assets(batch)


PROFILE = Profile(
    "ira_ads",
    "Facebook and Instagram ads of the Internet Research Agency, as released by the US House in 2018",
    recognise,
    _map,
    derive=_derive,
    covers=COVERS,
    sides=(
        Side("targets", ("id", "name", "category", "prefix"), ("id",)),
        Side("ad_targets", ("target_id", "ad_id"), ("target_id", "ad_id")),
    ),
)
