"""Page Transparency: when a Page was made, renamed and merged, and in which countries its administrators are.

Facebook shows this in the section "Page transparency" of a Page. Tools that save what the section loads
give JSON with `pages_transparency_info` (`history_items`, `admin_locations`), one Page an object, an
answer or a line; it is read as it is, inside `data` and `page` too. The flattened variant is read as well:
dotted columns, one row an event of the history or a country.

- **Events**: `CREATION` is `created`, `NAME_CHANGE` is `renamed`, a merge is `merged`, each with its
  `target_name`. An event of another type is rejected, so that it is seen. `event_time` is in epoch seconds
  or milliseconds.
- **Countries** become codes where Facebook writes English names.
- Administrators whose country Facebook does not tell are counted in `x_admins_unknown` and
  `x_admins_opted_out`, and make no row of `page_admin_countries`.
- In the flattened variant the rows of a Page are merged into one; the report counts them as merged.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from ingest.profiles.base import Look, Profile
from ingest.profiles.nested import flattened, holds, items
from ingest.profiles.spellings import country_code, first_of, number, table_of

_INFO: Final = "pages_transparency_info"
_OUTER: Final = ("data", "data.page", "page")
_INNER: Final = (
    _INFO, "admin_locations", "confirmed_page_owner", "about", "history_items", "admin_country_counts",
    "admin_country_counts.country", "country",
)  # fmt: skip
#: What stands around the facts, and goes from their names.
_AROUND: Final = ("data.page.", "page.", f"{_INFO}.", "admin_locations.")
_EVENTS: Final = {
    **dict.fromkeys(("creation", "page_creation", "created", "page_created"), "created"),
    **dict.fromkeys(("name_change", "page_name_change", "rename", "renamed", "page_rename"), "renamed"),
    **dict.fromkeys(("merge", "page_merge", "merged", "page_merged", "merged_page"), "merged"),
}
_ITEM: Final = {
    "item_type": ("history_items.item_type", "item_type"),
    "event_time": ("history_items.event_time", "event_time"),
    "target_name": ("history_items.target_name", "target_name"),
}
_COUNTRY: Final = {
    "country": ("admin_country_counts.country.iso_name", "admin_country_counts.country", "country.iso_name",
                "iso_name", "country"),
    "count": ("admin_country_counts.count", "count"),
}  # fmt: skip
_ID: Final = ("id", "page_id")
# Events and countries are rows of their own: of a Page with several only the last would be kept here.
_USED: Final = (
    "id", "page_id", "name", "page_name", "num_unknown", "num_opt_out", "confirmed_page_owner.name", "about",
    "about.text", *(name for names in (_ITEM | _COUNTRY).values() for name in names),
)  # fmt: skip


def recognise(look: Look) -> str | None:
    """Return `pages` for what Page Transparency says, nested or flattened."""
    names = {_inner_name(name) for name in look.columns}
    if not names & {*_ID, "page", "data"}:
        return None
    told = {"history_items", "admin_country_counts", "history_items.item_type", "admin_country_counts.count"}
    outer = [name for name in ("data", "page") if name in look.rows.columns]
    if names & {_INFO, *told} or any(holds(look.rows[name], _INFO) for name in outer):
        return "pages"
    return "pages" if names >= {"item_type", "event_time"} else None


def _inner_name(name: str) -> str:
    for around in _AROUND:
        name = name.removeprefix(around)
    return name


def _facts(batch: pl.DataFrame) -> pl.DataFrame:
    """Return a batch whose columns are named after the facts alone, whatever stood around them."""
    frame = flattened(batch, *_OUTER)
    for root in (None, *_INNER):
        frame = flattened(frame, root) if root else frame
        plain: dict[str, str] = {}
        for name in frame.columns:
            new = _inner_name(name)
            plain[name] = name if new in frame.columns or new in plain.values() else new
        frame = frame.rename(plain)
    return frame


def _events(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the events of the history: `page_id`, `event`, `at`, `name`, `line`."""
    listed = flattened(items(frame, "history_items"), "item").join(
        frame.select("line", first_of(frame, *_ID).alias("page_id")),
        on="line",
        how="left",
        maintain_order="left",
    )
    parts = [_event(listed, {name: (f"item.{name}",) for name in _ITEM}), _event(frame, _ITEM)]
    return pl.concat(part.filter(pl.col("event").is_not_null()) for part in parts)


def _event(frame: pl.DataFrame, names: Mapping[str, tuple[str, ...]]) -> pl.DataFrame:
    kind = first_of(frame, *names["item_type"]).str.to_lowercase()
    seconds = first_of(frame, *names["event_time"]).str.replace(r"^(\d{10})(\d{3})$", "$1.$2")
    page = pl.col("page_id") if "page_id" in frame.columns else first_of(frame, *_ID)
    return frame.select(
        pl.lit("facebook").alias("platform"),
        page.alias("page_id"),
        kind.replace(_EVENTS).alias("event"),
        seconds.alias("at"),
        first_of(frame, *names["target_name"]).alias("name"),
        "line",
    )


def _map(batch: pl.DataFrame, table: str, _sides: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    frame = _facts(batch)
    page = first_of(frame, *_ID)
    made = (
        _events(frame)
        .filter(pl.col("event") == "created")
        .group_by("page_id", maintain_order=True)
        .agg(pl.col("at").first().alias("\0made"))
    )
    frame = frame.with_columns(page.alias("\0page")).join(
        made, left_on="\0page", right_on="page_id", how="left", maintain_order="left"
    )
    verified = first_of(frame, "verification_status").str.to_lowercase()
    return table_of(
        frame,
        table,
        (*_USED, "\0page", "\0made"),
        platform=pl.lit("facebook"),
        id=page,
        name=first_of(frame, "name", "page_name"),
        created_at=pl.col("\0made"),
        verified=pl.when(verified.is_not_null()).then(
            pl.when(verified.str.starts_with("not")).then(pl.lit("false")).otherwise(pl.lit("true"))
        ),
        about=first_of(frame, "about.text", "about"),
        confirmed_owner=first_of(frame, "confirmed_page_owner.name"),
        x_admins_unknown=_of_page(frame, "num_unknown"),
        x_admins_opted_out=_of_page(frame, "num_opt_out"),
    )


def _of_page(frame: pl.DataFrame, name: str) -> pl.Expr:
    """Return what any row of a Page says, since the last one stands for all in the flattened variant."""
    return first_of(frame, name).drop_nulls().last().over("\0page")


def _derive(batch: pl.DataFrame, _table: str) -> Mapping[str, pl.DataFrame]:
    frame = _facts(batch)
    listed = flattened(items(frame, "admin_country_counts"), "item", "item.country").join(
        frame.select("line", first_of(frame, *_ID).alias("page_id")),
        on="line",
        how="left",
        maintain_order="left",
    )
    in_list = {
        "country": ("item.country.iso_name", "item.country", "item.iso_name"),
        "count": ("item.count",),
    }
    countries = pl.concat([_country(listed, in_list), _country(frame, _COUNTRY)])
    return {"page_history": _events(frame), "page_admin_countries": countries}


def _country(frame: pl.DataFrame, names: Mapping[str, tuple[str, ...]]) -> pl.DataFrame:
    page = pl.col("page_id") if "page_id" in frame.columns else first_of(frame, *_ID)
    count = number(first_of(frame, *names["count"]))
    return frame.select(
        pl.lit("facebook").alias("platform"),
        page.alias("page_id"),
        country_code(first_of(frame, *names["country"])).alias("country"),
        count.alias("count"),
        "line",
    ).filter(pl.col("count").is_not_null())


PROFILE = Profile(
    "page_transparency",
    "Page Transparency: history of Pages and countries of their administrators",
    recognise,
    _map,
    derive=_derive,
    covers={
        "pages": {
            "platform": "facebook",
            "id": "id or page_id, of the Page",
            "name": "name or page_name",
            "created_at": "event_time of the CREATION",
            "verified": "verification_status",
            "about": "about",
            "confirmed_owner": "confirmed_page_owner.name",
        },
        "page_history": {
            "platform": "facebook",
            "page_id": "id or page_id, of the Page",
            "event": "history_items.item_type",
            "at": "history_items.event_time",
            "name": "history_items.target_name",
        },
        "page_admin_countries": {
            "platform": "facebook",
            "page_id": "id or page_id, of the Page",
            "country": "admin_country_counts.country.iso_name",
            "count": "admin_country_counts.count",
        },
    },
)
