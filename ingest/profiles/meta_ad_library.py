"""Ads as the Meta Ad Library API (`ads_archive`) answers: JSON pages, arrays of ads, or one ad a line.

Save each page of the answer as it comes (`{"data": [...], "paging": {...}}`), or the ads of all pages as
lines. Both the field names of today and those of 2018-2021 (`ad_creative_body`, `funding_entity`, ...) are
read, and tables made of them with dotted columns (`spend.lower_bound`). Ask for `id`, `page_id`,
`page_name`, `currency` and `bylines` among the fields: what is not asked for is not in the answer.

- **Tokens**: Meta puts the `access_token` of who asked into `ad_snapshot_url`. No token is kept, wherever
  it stands; a file that is passed on should have none either.
- **Ids**: without `id` it is the one in `ad_snapshot_url`, else `md5/...` of Page, times and text. An ad
  without `page_id` is kept, tied to nobody.
- **Money and impressions** are ranges; one without an upper bound stays open. A spend without a currency
  is kept as `x_spend_lower` and `x_spend_upper`.
- **Payer**: of `beneficiary_payers` the current entry, else the disclaimer (`bylines`, `funding_entity`).
- **Text**: the first of `ad_creative_bodies`; the others stay in `x_ad_creative_bodies`. A text of nothing
  but a placeholder (`{{product.name}}`) is none.
- **Landing page**: the API tells none, only the address that the ad shows (`ad_creative_link_captions`).
  That counts if it is a web site's own; `fb.me`, `wa.me` or an app store lead anywhere.
- **Countries** are those targeted by name and those with reach (`age_country_gender_reach_breakdown`);
  where neither is told, the regions of delivery that are named like a country and not like a region of
  another.
- **Targets** are what narrows an audience: places smaller than countries, places left out, an age other
  than 18-65+ and a gender.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from ingest.profiles.ad_lists import first_of_list, with_lists
from ingest.profiles.base import Look, Profile
from ingest.profiles.nested import flattened
from ingest.profiles.printed import digest
from ingest.profiles.spellings import first_of, named_pages, number, table_of
from ingest.tables import NO_PAGE
from ingest.tokens import without_token, without_token_values

_TELLING: Final = frozenset({
    "ad_creation_time", "ad_creative_bodies", "ad_creative_body", "ad_creative_link_captions",
    "ad_creative_link_caption", "ad_creative_link_descriptions", "ad_creative_link_description",
    "ad_creative_link_titles", "ad_creative_link_title", "ad_delivery_start_time", "ad_delivery_stop_time",
    "ad_snapshot_url",
})  # fmt: skip
_ROOTS: Final = ("spend", "impressions", "estimated_audience_size", "potential_reach")
_BOUNDS: Final = {
    f"{what}_{end}": (f"{what}.{end}_bound", f"{what}_{end}_bound", f"{what}_{end}")
    for what in ("spend", "impressions")
    for end in ("lower", "upper")
}
_USED: Final = (
    "id", "page_id", "currency", "ad_delivery_start_time", "ad_delivery_stop_time", "ad_creation_time",
    "ad_creative_body", "bylines", "funding_entity", "ad_snapshot_url",
    *(name for names in _BOUNDS.values() for name in names),
)  # fmt: skip
#: A text that is put in from a catalogue of products: not words of the advertiser.
_TEMPLATE: Final = r"^\s*(?:\{\{[^}]*\}\}\s*)+$"
_SNAPSHOT_ID: Final = r"[?&]id=(\d+)"
_SITE: Final = r"^(?:(?i:https?)://)?[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+(?::\d+)?(?:[/?#]\S*)?$"
#: Hosts under which anybody's pages, chats, apps or short links stand.
_SHARED_HOSTS: Final = (
    r"(?i)^(?:https?://)?(?:[\w-]+\.)*(?:facebook|fb|instagram|messenger|whatsapp|threads|youtube|linktr|bit)"
    r"\.(?:com|me|gg|net|be|ly|ee)(?:[:/?#]|$)|^(?:https?://)?(?:www\.)?(?:m\.me|wa\.me|t\.me|youtu\.be|apps\.apple\.com"
    r"|itunes\.apple\.com|play\.google\.com)(?:[:/?#]|$)"
)


def recognise(look: Look) -> str | None:
    """Return `ads` for ads with field names of the Ad Library API."""
    runner = {"page_id", "page_name", "ad_snapshot_url"} & set(look.columns)
    return "ads" if runner and len(_TELLING & set(look.columns)) > 1 else None


def _map(batch: pl.DataFrame, table: str, _sides: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    frame = flattened(_clean(batch), *_ROOTS)
    frame = with_lists(frame)
    frame = frame.with_columns(_id(frame).alias("\0id"))
    currency = first_of(frame, "currency")
    bounds = {name: number(first_of(frame, *names)) for name, names in _BOUNDS.items()}
    priced = {
        name: pl.when(currency.is_not_null()).then(value) if name.startswith("spend") else value
        for name, value in bounds.items()
    }
    bare = {
        f"x_{name}": pl.when(currency.is_null()).then(value)
        for name, value in bounds.items()
        if name.startswith("spend")
    }
    if frame.select(pl.any_horizontal(value.is_not_null().any() for value in bare.values())).item():
        priced |= bare
    byline = first_of_list(frame, "bylines", "funding_entity")
    body = first_of_list(frame, "ad_creative_bodies", "ad_creative_body")
    caption = first_of_list(frame, "ad_creative_link_captions", "ad_creative_link_caption")
    own_site = caption.str.contains(_SITE) & ~caption.str.contains(_SHARED_HOSTS)
    return table_of(
        frame,
        table,
        (*_USED, *(name for name in frame.columns if name.startswith("\0"))),
        platform=pl.lit("facebook"),
        id=pl.col("\0id"),
        page_id=pl.coalesce(first_of(frame, "page_id"), pl.lit(f"{NO_PAGE}ad/") + pl.col("\0id")),
        payer=pl.coalesce("\0payer", byline),
        beneficiary=pl.col("\0beneficiary"),
        currency=currency,
        **priced,
        started_at=first_of(frame, "ad_delivery_start_time"),
        stopped_at=first_of(frame, "ad_delivery_stop_time"),
        created_at=first_of(frame, "ad_creation_time"),
        text=pl.when(~body.str.contains(_TEMPLATE)).then(body),
        url=pl.when(own_site).then(caption),
        countries=pl.col("\0countries"),
        targets=pl.col("\0targets"),
        disclaimer=byline,
        x_ad_snapshot_url=without_token(first_of(frame, "ad_snapshot_url")),
    )


def _clean(batch: pl.DataFrame) -> pl.DataFrame:
    """Take the values of tokens out of every cell."""
    names = [name for name in batch.columns if name != "line"]
    return batch.with_columns(
        without_token_values(pl.col(name))
        for name in names
        if batch[name].str.contains("(?i)access_token").any()
    )


def _id(frame: pl.DataFrame) -> pl.Expr:
    """Return an id for each ad; null (a rejected row) where nothing tells it from others."""
    said = pl.coalesce(
        first_of(frame, "id", "ad_archive_id"),
        first_of(frame, "ad_snapshot_url").str.extract(_SNAPSHOT_ID, 1),
    )
    told = ("page_id", "page_name", "ad_creation_time", "ad_delivery_start_time", "ad_creative_bodies",
            "ad_creative_body", "ad_creative_link_titles", "ad_creative_link_title")  # fmt: skip
    whole = pl.concat_str([first_of(frame, name).fill_null("") for name in told], separator="\n")
    nothing = whole.str.strip_chars("\n") == ""
    texts = frame.with_columns(pl.when(said.is_null() & ~nothing).then(whole).alias("\0told"))["\0told"]
    return pl.coalesce(said, pl.lit("md5/") + pl.lit(digest(texts)))


def _derive(batch: pl.DataFrame, _table: str) -> Mapping[str, pl.DataFrame]:
    return named_pages(_clean(batch))


PROFILE = Profile(
    "meta_ad_library",
    "ads from the Meta Ad Library API (ads_archive), today's field names and the legacy ones",
    recognise,
    _map,
    derive=_derive,
    covers={
        "ads": {
            "platform": "facebook",
            "id": "id, else that in ad_snapshot_url, else a digest of Page, times and text",
            "page_id": "page_id, else unknown/ad/<id>",
            "payer": "beneficiary_payers.payer of the current entry, else bylines, else funding_entity",
            "beneficiary": "beneficiary_payers.beneficiary of the current entry",
            "currency": "currency",
            "spend_lower": "spend.lower_bound",
            "spend_upper": "spend.upper_bound",
            "impressions_lower": "impressions.lower_bound",
            "impressions_upper": "impressions.upper_bound",
            "started_at": "ad_delivery_start_time",
            "stopped_at": "ad_delivery_stop_time",
            "created_at": "ad_creation_time",
            "text": "the first of ad_creative_bodies, else ad_creative_body",
            "url": "the first of ad_creative_link_captions, where it is a web site's own address",
            "countries": "target_locations and age_country_gender_reach_breakdown, else delivery_by_region",
            "targets": "target_locations but countries, target_ages, target_gender, where they narrow",
            "disclaimer": "bylines, else funding_entity",
        },
        "pages": {"platform": "facebook", "id": "page_id", "name": "page_name"},
    },
)
