"""URLs as they are compared: whole columns at once, and what is unusual, once each, by `repair`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from ingest.normalise import sites, tracking
from ingest.normalise.folding import where
from ingest.normalise.hosts import Host, host
from ingest.normalise.repair import BARE, repaired
from ingest.normalise.wrappers import HINT

_IN_TEXT: Final = r"(?i)https?://[^\s<>\"'\])}|]+"
#: Punctuation behind an address in a text that is not part of it.
_AFTER: Final = ".,;:!?…*_~"

#: Escapes of what must be escaped, in upper case: of no letter, digit, `-`, `.`, `_` or `~`.
_ESCAPE: Final = "%(?:[018-9A-F][0-9A-F]|2[0-9A-CF]|3[A-F]|40|5[B-E]|60|7[B-DF])"
_BARE: Final = "A-Za-z0-9" + "".join(f"\\{character}" for character in BARE)
#: An address written as `repair` would write it, but for the case of its host.
_REGULAR: Final = (
    r"^https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
    rf"(?:/(?:[{_BARE}]|{_ESCAPE})*(?:\?(?:[{_BARE}?]|{_ESCAPE})*)?)?$"
)
_TRACKING: Final = tracking.pattern(tracking.EVERYWHERE)
_ON_SITE: Final = {site: tracking.pattern(names) for site, names in tracking.ON_SITE.items()}

_HOSTS: Final = pl.Schema(
    {"authority": pl.String(), "host": pl.String(), "domain": pl.String(), "site": pl.String()}
)


def urls(column: pl.Series) -> pl.Series:
    """Return URLs as they are compared, in ASCII; null where there is no address of the web."""
    return web(column)["url"].alias(column.name)


def web(column: pl.Series) -> pl.DataFrame:
    """Return URLs as they are compared (`url`), and the domain that somebody registered (`domain`).

    Both are null where there is no address of the web; the domain is, too, of a shortener.
    """
    plain = _regular(column)
    cut = plain.str.strip_prefix("https://").str.strip_prefix("http://").str.splitn("/", 2).struct
    rest, fragment = _without_fragment(cut.field("field_1"))
    parts = rest.str.splitn("?", 2).struct
    frame = pl.DataFrame(
        {
            "authority": cut.field("field_0"),
            "path": parts.field("field_0"),
            "query": parts.field("field_1"),
            "fragment": fragment,
        }
    )
    told = frame.join(_hosts(frame["authority"]), on="authority", how="left", maintain_order="left")
    told = told.with_columns(
        pl.col("path").str.strip_chars_end("/"), query=_query(told["query"], told["site"])
    ).with_columns(
        place=pl.when(pl.col("path") != "").then(pl.lit("/") + pl.col("path")).otherwise(pl.lit(""))
        + pl.when(pl.col("query") != "").then(pl.lit("?") + pl.col("query")).otherwise(pl.lit(""))
    )
    told = _by_site(told)
    return told.select(
        url=pl.concat_str(pl.lit("https://"), "host", "place", pl.col("fragment").fill_null("")),
        domain="domain",
    )


def urls_in(text: pl.Expr) -> pl.Expr:
    """Return the list of addresses in a text, without the punctuation that follows them."""
    return text.str.extract_all(_IN_TEXT).list.eval(pl.element().str.strip_chars_end(_AFTER))


def _regular(column: pl.Series) -> pl.Series:
    """Return URLs of which the unusual ones are repaired."""
    told = pl.DataFrame({"url": column}).select(
        ~pl.col("url").str.contains(_REGULAR)
        | pl.col("url").str.contains("/.", literal=True)
        | pl.col("url").str.contains(HINT)
    )
    return where(column, told.to_series(), _repaired)


def _repaired(column: pl.Series) -> pl.Series:
    distinct = column.unique()
    known = pl.DataFrame(
        {"raw": distinct, "url": pl.Series([repaired(url) for url in distinct], dtype=pl.String)}
    )
    return pl.DataFrame({"raw": column}).join(known, on="raw", how="left", maintain_order="left")["url"]


def _without_fragment(rest: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Split off the fragments that are part of an address, with their `#`."""
    if not rest.str.contains("#", literal=True).any():
        return rest, pl.Series([None], dtype=pl.String).new_from_index(0, len(rest))
    parts = rest.str.splitn("#", 2).struct
    return parts.field("field_0"), "#" + parts.field("field_1")


def _hosts(authorities: pl.Series) -> pl.DataFrame:
    """Return what is to know of each host, a row each."""
    return pl.DataFrame(list(_known(authorities.unique().drop_nulls())), schema=_HOSTS, orient="row")


def _known(authorities: pl.Series) -> Iterator[tuple[str, str, str | None, str | None]]:
    for authority in authorities:
        found: Host | None = host(authority)
        if found is not None:
            yield authority, found.name, found.domain, found.site


def _query(queries: pl.Series, sites_told: pl.Series) -> pl.Series:
    """Return queries without parameters that only track, the others in order; empty for none."""
    asked = (queries != "").fill_null(value=False)
    kept = where(queries, asked, lambda some: _parameters(some, sites_told.filter(asked)))
    return kept.fill_null("")


def _parameters(queries: pl.Series, sites_told: pl.Series) -> pl.Series:
    # With an `&` of its own on both sides each parameter can be cut out without touching the next.
    kept = ("&" + queries.str.replace_all("&", "&&", literal=True) + "&").str.replace_all(_TRACKING, "")
    for site, pattern in _ON_SITE.items():
        kept = _replaced(kept, sites_told == site, pattern, "")
    kept = kept.str.strip_chars("&")
    return where(kept, kept.str.contains("&", literal=True), _sorted)


def _sorted(queries: pl.Series) -> pl.Series:
    return queries.str.replace_all("&+", "&").str.split("&").list.sort().list.join("&")


def _replaced(column: pl.Series, here: pl.Series, pattern: str, new: str) -> pl.Series:
    return where(column, here, lambda some: some.str.replace_all(pattern, new))


def _by_site(told: pl.DataFrame) -> pl.DataFrame:
    """Give objects of sites with several addresses for one the same address."""
    present = set(told["site"].unique().drop_nulls())
    place, name, domain = told["place"], told["host"], told["domain"]
    for short, (whole, pattern, new) in sites.SHORT.items():
        here = (name == short).fill_null(value=False) & place.str.contains(pattern)
        place = _replaced(place, here, pattern, new)
        name, domain = (_replaced(column, here, "^.*$", whole) for column in (name, domain))
    for site in sorted(present & set(sites.RULES)):
        place = _ruled(place, told["site"] == site, site)
    return told.with_columns(place.alias("place"), name.alias("host"), domain.alias("domain"))


def _ruled(places: pl.Series, here: pl.Series, site: str) -> pl.Series:
    return where(places, here, lambda some: _by_rules(some, site))


def _by_rules(places: pl.Series, site: str) -> pl.Series:
    place = pl.col("place")
    changed = [
        pl.when(place.str.contains(pattern)).then(place.str.replace(pattern, new))
        for pattern, new in sites.RULES[site]
    ]
    return pl.DataFrame({"place": places}).select(pl.coalesce(*changed, place)).to_series()
