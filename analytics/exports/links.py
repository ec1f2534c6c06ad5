"""Links in tables: where evidence is to be read, and how links are made harmless, whole columns at a time."""

from __future__ import annotations

from typing import Final

import polars as pl

from analytics.exports.wording import defang

#: Kinds of objects that are a link or the host of one.
LINKED: Final = ("url", "domain", "website_host")
#: Where a platform shows a post or an ad by its id.
_PLACES: Final = {
    "facebook:post:": "https://www.facebook.com/",
    "facebook:ad:": "https://www.facebook.com/ads/library/?id=",
    "instagram:ad:": "https://www.facebook.com/ads/library/?id=",
    "x:post:": "https://x.com/i/web/status/",
    "youtube:post:": "https://www.youtube.com/watch?v=",
}
_LABEL: Final = r"\w+(?:-+\w+)*"
_HOST: Final = rf"{_LABEL}(?:\.{_LABEL})+"
#: A link or a host name with nothing odd in it.
_PLAIN: Final = (
    rf"(?i)^(?:(?:[a-z][a-z0-9+-]*:)?//{_HOST}(?::\d+)?(?:[/?#][^\s<>\"']*)?|(?:{_LABEL}\.)+[a-z]{{2,}})$"
)
_SCHEME: Final = r"(?i)^(?:[a-z][a-z0-9+-]*:)?//"


def link_of(ref: pl.Expr) -> pl.Expr:
    """Return where a post or an ad is to be read: its address, else by its id; null: neither."""
    made = pl.lit(None, pl.String)
    for prefix, place in _PLACES.items():
        made = (
            pl.when(ref.str.starts_with(prefix))
            .then(pl.lit(place) + ref.str.strip_prefix(prefix))
            .otherwise(made)
        )
    return pl.when(ref.str.contains(r"(?i)^https?://")).then(ref).otherwise(made)


def defanged_links(links: pl.Series) -> pl.Series:
    """Return a column of links or host names made harmless: `hxxps://example[.]com/path`.

    Equals `wording.defang` of each; only what is no plain link is read one by one.
    """
    name = links.name
    frame = pl.DataFrame({"link": links})
    link = pl.col("link")
    rest = link.str.replace(_SCHEME, "")
    host = rest.str.extract(r"^([^/?#]*)", 1)
    safe = pl.concat_str(
        link.str.extract(f"({_SCHEME})", 1).fill_null(""),
        host.str.replace_all(".", "[.]", literal=True),
        rest.str.strip_prefix(host),
    ).str.replace_all(r"(?i)\b(h)tt(ps?):", "${1}xx${2}:")
    odd = frame.filter(~link.str.contains(_PLAIN)).to_series().unique().to_list()
    told = frame.select(pl.when(link.str.contains(_PLAIN)).then(safe).otherwise(link)).to_series().alias(name)
    return told.replace(odd, [defang(one) for one in odd]) if odd else told


def defanged_texts(texts: pl.Series) -> pl.Series:
    """Return a column of texts in which links are made harmless; each distinct text is read once."""
    # Without a dot between letters there is no link: most texts are never looked at.
    some = texts.filter(texts.str.contains(r"\w\.\w|//")).unique().to_list()
    return texts.replace(some, [defang(text) for text in some]) if some else texts
