"""What the formats of the Meta Content Library have in common: ids of its own, owners, counts."""

from __future__ import annotations

from typing import Final

import polars as pl

from ingest.lists import parse_lists
from ingest.normalise import urls_in
from ingest.profiles.base import Look
from ingest.profiles.nested import flattened, holds
from ingest.profiles.printed import json_list, printed_list
from ingest.profiles.spellings import first_of, number

#: Stands before ids, which are the library's own and name nothing on the platform.
MARK: Final = "mcl/"

_ROOTS: Final = ("post_owner", "surface", "statistics", "link_attachment")
#: A notebook writes a column of ids with gaps as numbers; up to 15 digits are whole in such a number.
_WHOLE: Final = r"^(\d{1,15})\.0$"
#: As validation sees ids that were cut; with a mark before it such an id would pass.
_CUT: Final = r"^\d+(?:[.,]\d+)?[eE]\+?\d+$|^\d+\.0+$"
_KINDS: Final = {"page": "page", "group": "group", "event": "event"}
#: Types of owners on Instagram; those of Facebook are page, profile, group and event.
_INSTAGRAM_TYPES: Final = "(?i)creator|business|personal"
#: What only posts of Facebook have.
_FACEBOOK_ONLY: Final = ("surface", "shared_post_id", "love_count", "share_count", "haha_count")


def spread(batch: pl.DataFrame) -> pl.DataFrame:
    """Return posts with dotted columns, whether they came nested or not."""
    return flattened(batch, *_ROOTS)


def platform_of_posts(look: Look) -> str | None:
    """Return the platform of posts of the library; None for other files."""
    names = set(look.columns)
    roots = {name.partition(".")[0] for name in names}
    if "post_owner" not in roots or "id" not in names or not {"creation_time", "statistics"} & roots:
        return None
    for column in ("post_owner.type", "post_owner"):
        if column in look.rows.columns:
            types = look.rows[column]
            if column == "post_owner":
                types = types.str.extract(r'"type"\s*:\s*"([^"]*)"', 1)
            said = types.drop_nulls()
            if len(said):
                on_instagram = said.str.contains(_INSTAGRAM_TYPES).sum() * 2 > len(said)
                return "instagram" if on_instagram else "facebook"
    stats = look.rows["statistics"] if "statistics" in look.rows.columns else None
    facebook = roots & set(_FACEBOOK_ONLY) or any(
        f"statistics.{name}" in names or (stats is not None and holds(stats, name)) for name in _FACEBOOK_ONLY
    )
    return "facebook" if facebook else "instagram"


def own_id(cell: pl.Expr) -> pl.Expr:
    """Return an id of the library under its mark; one that was cut stays as it is, to be rejected."""
    whole = cell.str.replace(_WHOLE, "$1")
    return pl.when(whole.str.contains(_CUT)).then(whole).otherwise(pl.concat_str(pl.lit(MARK), whole))


def kind(type_: pl.Expr) -> pl.Expr:
    """Return the kind of an owner or a surface by its type: what is neither Page nor Group is an account."""
    named = type_.str.to_lowercase()
    return named.replace_strict(_KINDS, default="account", return_dtype=pl.String)


def addresses(frame: pl.DataFrame) -> pl.Expr:
    """Return the addresses that posts share as JSON arrays: of the attached link, and in the text.

    A link to the owner's own photo or video is none.
    """
    link = first_of(frame, "link_attachment.link")
    at = link.str.extract(r"(?i)^https?://[^/]*(?:facebook|instagram)\.com/([^/?#]+)", 1).str.to_lowercase()
    own = (at == first_of(frame, "post_owner.username").str.to_lowercase()).fill_null(value=False)
    attached = pl.concat_list(pl.when(~own).then(link)).list.drop_nulls()
    in_text = urls_in(first_of(frame, "text")).fill_null([])
    return json_list(pl.concat_list(attached, in_text).list.unique(maintain_order=True))


def statistic(frame: pl.DataFrame, *names: str) -> pl.Expr:
    """Return a count of the statistics; what is missing is missing, and not 0."""
    return number(first_of(frame, *(f"statistics.{name}" for name in names)))


def hashtags(frame: pl.DataFrame) -> pl.Expr:
    """Return the hashtags of posts as JSON arrays."""
    return printed_list(first_of(frame, "hashtags"))


def verified(frame: pl.DataFrame) -> pl.Expr:
    """Return whether an asset is verified: `verification_status` is a word, `is_verified` a flag."""
    status = first_of(frame, "verification_status").str.to_lowercase()
    word = pl.when(status.str.starts_with("not")).then(pl.lit("false")).otherwise(pl.lit("true"))
    return pl.coalesce(pl.when(status.is_not_null()).then(word), first_of(frame, "is_verified"))


def joined(frame: pl.DataFrame, column: str) -> pl.Expr:
    """Return the values of a list, one after the other."""
    cells = frame.with_columns(printed_list(first_of(frame, column)).alias("\0list"))["\0list"]
    return pl.lit(parse_lists(cells)[0]).list.join(", ")


def assets(frame: pl.DataFrame, platform: str, *roles: str) -> pl.DataFrame:
    """Return the assets that posts name in some roles, once: `kind`, and what is known of each."""
    named = [
        frame.select(
            kind(first_of(frame, f"{role}.type")).alias("kind"),
            pl.lit(platform).alias("platform"),
            own_id(first_of(frame, f"{role}.id")).alias("id"),
            first_of(frame, f"{role}.name").alias("name"),
            first_of(frame, f"{role}.username").alias("handle"),
            "line",
        ).drop_nulls(["id", "name"])
        for role in roles
    ]
    return pl.concat(named).unique(["kind", "id"], keep="last", maintain_order=True)


def describes(look: Look, *names: str, without: tuple[str, ...] = ()) -> bool:
    """Return whether a file describes producers of the library, with these columns and without others."""
    known = look.has("id", "name", *names) and not set(without) & set(look.columns)
    return known and bool({"creation_date", "creation_time", "mcl_url"} & set(look.columns))


def described(frame: pl.DataFrame, platform: str, **columns: pl.Expr) -> dict[str, pl.Expr]:
    """Return the canonical columns that every kind of producer has, and further ones."""
    return {
        "platform": pl.lit(platform),
        "id": own_id(first_of(frame, "id")),
        "name": first_of(frame, "name"),
        **columns,
        "created_at": first_of(frame, "creation_date", "creation_time"),
        "url": first_of(frame, "mcl_url"),
    }


#: The columns that `described` uses whole.
DESCRIBED: Final = ("id", "name", "creation_date", "creation_time", "mcl_url")
#: What it is made of, for people.
DESCRIBED_COVERS: Final = {
    "id": "mcl/ and id",
    "name": "name",
    "created_at": "creation_date",
    "url": "mcl_url",
}
