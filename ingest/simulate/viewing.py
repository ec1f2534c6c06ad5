"""How much of a made world its reader gets to see: an outsider's view, missing cells, wrong labels.

The world itself does not depend on it: the same seed seen otherwise is the same world.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from cypher.errors import UsageError
from ingest.tables import TABLES, TRUTH

Tables = dict[str, pl.DataFrame]

#: What only a platform knows.
_INSIDE: Final = ("admins", "members", "links")
#: Identifiers that anybody can read off a web site.
_PUBLIC: Final = ("domain", "website_host", "analytics_tag")
#: What Facebook does not show of a person to strangers.
_PRIVATE: Final = ("created_at", "language", "followers")
#: Columns that say nothing without each other and so are missing together.
_TOGETHER: Final = (
    ("surface_kind", "surface_id"),
    ("spend_lower", "spend_upper", "currency"),
    ("impressions_lower", "impressions_upper"),
    ("payer", "disclaimer"),
)
#: Where accounts act in public: table, and its columns of kind and id (no kind: accounts only).
_DOERS: Final = (("posts", "author_kind", "author_id"), ("reactions", None, "account_id"))
_ASSETS: Final = {"accounts": "account", "pages": "page", "groups": "group"}


@dataclass(frozen=True)
class View:
    """What the reader sees.

    Attributes:
        outsider: Only what the public and its libraries of ads and Pages show.
        missing: Share of the optional cells that are missing, on top of the world's own gaps.
        label_noise: Share of the planted assets that `truth` leaves out, and puts as many ordinary ones for.
    """

    outsider: bool = False
    missing: float = 0.0
    label_noise: float = 0.0

    def __post_init__(self) -> None:
        if not (0 <= self.missing < 1 and 0 <= self.label_noise < 1):
            raise UsageError(
                "A share of missing cells or wrong labels is at least 0 and less than 1", "For example: 0.1"
            )


#: Everything that the platform has on record.
INSIDER: Final = View()


def look(tables: Tables, view: View, seed: int) -> Tables:
    """Return the tables as the view shows them."""
    rng = np.random.default_rng([seed, 1])
    if view.outsider:
        tables = _from_outside(tables)
    if view.missing:
        tables = {name: _with_gaps(name, frame, view.missing, rng) for name, frame in tables.items()}
    if view.label_noise and TRUTH.name in tables:
        tables |= {TRUTH.name: _mislabel(tables, view.label_noise, rng)}
    return tables


def _from_outside(tables: Mapping[str, pl.DataFrame]) -> Tables:
    seen = {name: frame for name, frame in tables.items() if name not in _INSIDE}
    if "identifiers" in seen:
        seen["identifiers"] = seen["identifiers"].filter(pl.col("kind").is_in(_PUBLIC))
    if "accounts" in seen:
        mine = pl.col("platform") == "facebook"
        seen["accounts"] = seen["accounts"].with_columns(
            pl.when(~mine).then(pl.col(column)).alias(column) for column in _PRIVATE
        )
    if "posts" in seen and "groups" in seen:
        closed = seen["groups"].filter(pl.col("privacy") != "public")["id"]
        hidden = pl.col("surface_id").is_in(closed.implode()).fill_null(value=False)
        seen["posts"] = seen["posts"].filter(~hidden)
    if "accounts" in seen:
        seen["accounts"] = _who_shows(seen)
    return {name: frame for name, frame in seen.items() if frame.height}


def _who_shows(seen: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the accounts that do anything in public: nobody collects who only administers, or only reads."""
    key = ["platform", "id"]
    shown = [
        frame.filter(pl.col(kind) == "account" if kind else pl.lit(value=True)).select("platform", id=name)
        for table, kind, name in _DOERS
        if (frame := seen.get(table)) is not None
    ]
    if not shown:
        return seen["accounts"].clear()
    return seen["accounts"].join(pl.concat(shown).unique(), on=key, how="semi", maintain_order="left")


def _with_gaps(name: str, frame: pl.DataFrame, share: float, rng: np.random.Generator) -> pl.DataFrame:
    """Return the table with a share of its optional cells missing, whatever they tell."""
    if name not in TABLES:
        return frame
    table = TABLES[name]
    fixed = {column.name for column in table.columns if column.required} | {"platform", *table.key}
    sets = [set(columns) for columns in _TOGETHER]
    gaps: dict[str, Any] = {}
    for column in table.names:
        if column in fixed or column in gaps:
            continue
        together = next((columns for columns in sets if column in columns), {column})
        gone = pl.Series(rng.random(frame.height) < share)
        gaps |= {c: pl.when(~pl.lit(gone)).then(pl.col(c)).alias(c) for c in table.names if c in together}
    return frame.with_columns(gaps.values())


def _mislabel(tables: Mapping[str, pl.DataFrame], share: float, rng: np.random.Generator) -> pl.DataFrame:
    """Return `truth` with a share of its assets replaced by ordinary ones of the same platform and kind."""
    truth = tables[TRUTH.name]
    wrong = rng.random(truth.height) < share
    key = ["platform", "kind", "id"]
    everybody = pl.concat(
        tables[name].select("platform", pl.lit(kind).alias("kind"), "id")
        for name, kind in _ASSETS.items()
        if name in tables
    )
    innocent = everybody.join(truth, on=key, how="anti").sort(key)
    innocent = innocent.select(pl.all().gather(rng.permutation(innocent.height)))
    nth = pl.int_range(pl.len()).over("platform", "kind").alias("nth")
    replaced = truth.filter(pl.Series(wrong)).with_columns(nth)
    others = replaced.drop("id").join(innocent.with_columns(nth), on=["platform", "kind", "nth"])
    return pl.concat([truth.filter(pl.Series(~wrong)), others.select(truth.columns)]).sort("operation", *key)
