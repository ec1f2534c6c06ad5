"""What counts as the same object: URLs, texts and hashtags in the form in which they are compared.

The rules are written down for users in docs/loading.md.
"""

from __future__ import annotations

import hashlib
from typing import Final
from urllib.parse import parse_qs, urlsplit

import polars as pl

#: A text shorter than this after normalisation says nothing of coordination and gives no action (characters).
MIN_TEXT: Final = 20
#: An audience of fewer terms (a country, an age) is anybody's.
MIN_TERMS: Final = 4
#: What is longer is compared by a digest (characters): the graph's indexes hold some 8,000 bytes.
MAX_OBJECT: Final = 2_000
#: Of what is longer, what stays readable before the digest (characters).
SHOWN: Final = 200

_PARTS: Final = r"^(?:(?i:https?)://)?(?:[^/?#@]*@)?([^/?#]+)([^?#]*)(?:\?([^#]*))?"
_SCHEME: Final = r"^[A-Za-z][A-Za-z0-9+.-]*:"
_WEB: Final = r"^(?i:https?)://"
_HOST: Final = r"^[\p{L}\p{N}_-]+(\.[\p{L}\p{N}_-]+)+(:\d{1,5})?$"
_VARIANTS: Final = r"^(?:(?:www\d?|m|mobile|mbasic|touch|web|amp)\.)+([^.]+\..+)$"
_TRACKING: Final = (
    r"^(?:utm_[^=]*|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|igsh|mibextid"
    r"|mc_cid|mc_eid|_ga|_gl|__tn__|__xts__[^=]*|__cft__[^=]*|ref_src|ref_url|fb_ref|fb_source"
    r"|wt_mc|cmpid)(?:=|$)"
)
_REDIRECT: Final = r"^(?i:https?://)?(?i:l|lm)\.(?i:facebook|instagram)\.(?i:com)/(?i:l\.php)?/?\?(?:.*&)?u="
_IN_TEXT: Final = r"(?i)https?://[^\s<>\"'\])}|]+"
_HASHTAG_IN_TEXT: Final = r"[#\x{FF03}][\p{L}\p{N}_]*[\p{L}_][\p{L}\p{N}_]*"
_TAIL: Final = r"(?:\s*(?:https?://\S+|@[\w.]+))+\s*$"


def urls(urls: pl.Series) -> pl.Series:
    """Return URLs as they are compared; null where there is no address of the web.

    Scheme (http and https are one), host case, default ports, `www.`, `m.` and the like, tracking parameters,
    the order of parameters, the fragment and a trailing slash do not count; links through l.facebook.com
    are unwrapped.
    """
    distinct = urls.unique().drop_nulls()
    frame = pl.DataFrame({"raw": distinct, "url": _unwrapped(distinct)})
    groups = pl.col("url").str.strip_chars().str.extract_groups(_PARTS).struct
    host = (
        groups.field("1").str.to_lowercase().str.strip_chars_end(".").str.replace(r":(?:80|443)$", "")
        .str.replace(_VARIANTS, "$1")
    )  # fmt: skip
    path = groups.field("2").str.strip_chars_end("/")
    kept = pl.element().filter((pl.element() != "") & ~pl.element().str.contains(_TRACKING)).sort()
    query = groups.field("3").fill_null("").str.split("&").list.eval(kept).list.join("&")
    usable = host.str.contains(_HOST) & (
        pl.col("url").str.contains(_WEB) | ~pl.col("url").str.contains(_SCHEME)
    )
    normal = pl.concat_str(
        pl.lit("https://"), host, path, pl.when(query != "").then(pl.lit("?") + query).otherwise(pl.lit(""))
    )
    known = frame.select("raw", pl.when(usable).then(normal).alias("normal"))
    return pl.DataFrame({"raw": urls}).join(known, on="raw", how="left", maintain_order="left")["normal"]


def _unwrapped(urls: pl.Series) -> pl.Series:
    """Return the addresses behind Facebook's redirects; only those go through Python."""
    wrapped = urls.str.contains(_REDIRECT)
    if not wrapped.any():
        return urls
    behind = [_target(url) if is_wrapped else url for url, is_wrapped in zip(urls, wrapped, strict=True)]
    return pl.Series(urls.name, behind, pl.String)


def _target(url: str) -> str:
    try:
        return parse_qs(urlsplit(url).query).get("u", [url])[0]
    except ValueError:
        return url


def text(column: pl.Expr) -> pl.Expr:
    """Return texts as they are compared; null where fewer than `MIN_TEXT` characters are left.

    NFKC, lower case, white space collapsed, without URLs and mentions at the end.
    """
    plain = (
        column.str.normalize("NFKC").str.to_lowercase().str.replace_all("ß", "ss", literal=True)
        .str.replace(_TAIL, "").str.replace_all(r"\s+", " ").str.strip_chars()
    )  # fmt: skip
    return pl.when(plain.str.len_chars() >= MIN_TEXT).then(plain)


def hashtag(column: pl.Expr) -> pl.Expr:
    """Return hashtags as they are compared: NFKC, lower case, without `#`; null if nothing is left."""
    plain = column.str.normalize("NFKC").str.to_lowercase().str.strip_chars().str.strip_chars_start("#")
    return pl.when(plain != "").then(plain)


def audience(targets: pl.Series) -> pl.Series:
    """Return a digest of each list of targeting terms, whatever their order.

    Null for fewer than `MIN_TERMS` terms.
    """
    terms = targets.list.unique().list.sort()
    joined = terms.list.join("\n").set(terms.list.len().fill_null(0) < MIN_TERMS, None)
    digests = {spec: _digest(spec) for spec in joined.unique().drop_nulls()}
    return joined.replace_strict(digests, default=None, return_dtype=pl.String)


def shortened(text: str) -> str:
    """Return a text that an index can hold: start and digest of one of more than `MAX_OBJECT` characters.

    The action log does the same in SQL. A normalised URL has no `#` of its own, so none is taken for another.
    """
    return text if len(text) <= MAX_OBJECT else f"{text[:SHOWN]}#md5-{_digest(text)}"


def _digest(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def urls_in(text: pl.Expr) -> pl.Expr:
    """Return the list of addresses in a text, without the punctuation that follows them."""
    return text.str.extract_all(_IN_TEXT).list.eval(pl.element().str.strip_chars_end(".,;:!?…*_~"))


def hashtags_in(text: pl.Expr) -> pl.Expr:
    """Return the list of hashtags in a text, with `#`; a number alone is none."""
    return text.str.extract_all(_HASHTAG_IN_TEXT)
