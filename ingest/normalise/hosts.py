"""Hosts as they are compared: one name for a site's dresses, and the domain that somebody registered.

The suffix list is the one that tldextract brings along; nothing is fetched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import idna
import tldextract

_HOST: Final = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})+")
_ADDRESS: Final = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_PORT: Final = re.compile(r":(\d{1,5})$")

#: First labels below a registered domain that are the same site for another device.
_DRESSES: Final = re.compile(r"www\d?|m|mobile|mbasic|touch|amp")
_LOCALE: Final = re.compile(r"[a-z]{2}(?:-[a-z]{2})?|web|business|upload|l|lm")

#: Hosts (dresses gone) under another name.
_OTHER_NAMES: Final = {
    "twitter.com": "x.com", "fxtwitter.com": "x.com", "vxtwitter.com": "x.com", "fixupx.com": "x.com",
    "fb.com": "facebook.com", "instagr.am": "instagram.com", "youtube-nocookie.com": "youtube.com",
    "music.youtube.com": "youtube.com", "telegram.me": "t.me", "telegram.dog": "t.me",
    "vkontakte.ru": "vk.com",
    "old.reddit.com": "reddit.com", "new.reddit.com": "reddit.com", "np.reddit.com": "reddit.com",
    "threads.com": "threads.net",
}  # fmt: skip

#: Shorteners: their domain says nothing of where an address leads.
_SHORTENERS: Final = frozenset((
    "t.co", "bit.ly", "bitly.com", "j.mp", "goo.gl", "ow.ly", "tinyurl.com", "fb.me", "lnkd.in", "buff.ly",
    "dlvr.it", "ift.tt", "is.gd", "v.gd", "t.ly", "rb.gy", "cutt.ly", "trib.al", "shorturl.at", "amzn.to",
    "amzn.eu", "a.co", "tiny.cc", "rebrand.ly", "bl.ink", "soo.gd", "s.id", "clck.ru", "vk.cc", "u.to",
    "t.cn", "wp.me", "tmblr.co", "po.st", "sh.st", "adf.ly", "shorte.st", "hubs.ly", "hubs.li", "spr.ly",
    "fb.watch", "dld.bz", "qr.ae", "snip.ly", "short.gy",
))  # fmt: skip

#: Names of the sites that have rules of their own, by domain.
_SITES: Final = {
    "youtube.com": "youtube", "youtu.be": "youtube", "x.com": "x", "facebook.com": "facebook",
    "instagram.com": "instagram", "tiktok.com": "tiktok", "reddit.com": "reddit", "redd.it": "reddit",
    "spotify.com": "spotify", "t.me": "telegram", "vk.com": "vk", "linkedin.com": "linkedin",
    "medium.com": "medium", "substack.com": "substack", "t.co": "t.co",
}  # fmt: skip
_SITES_OF_MANY: Final = {"amazon": "amazon", "google": "google"}

_extract = tldextract.TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)
_extract_public = tldextract.TLDExtract(cache_dir=None, suffix_list_urls=())


@dataclass(frozen=True)
class Host:
    """A host.

    Attributes:
        name: As it is compared, with its port if it is an unusual one.
        domain: What somebody registered: public suffix and the label before it; an IP address itself. None
            for a shortener, since that says nothing of where an address leads.
        site: Name of a site that has rules of its own; None for others.
    """

    name: str
    domain: str | None
    site: str | None


@lru_cache(maxsize=1 << 16)
def host(authority: str) -> Host | None:
    """Return the host of an authority (`user@host:port`); None if it cannot be one of the web."""
    text = authority.rpartition("@")[2].lower()
    port = _PORT.search(text)
    if port:
        text = text[: port.start()]
    text = text.rstrip(".").removesuffix(":")
    name = text if text.isascii() else _ascii(text)
    if name is None or len(name) > 253 or not _HOST.fullmatch(name):
        return None
    number = int(port[1]) if port else 443
    if number > 65_535:
        return None
    shown = "" if number in (80, 443) else f":{number}"
    if name.rpartition(".")[2].isdigit():
        return Host(name + shown, name, None) if _is_address(name) else None
    plain = _undressed(name, _registered(name))
    plain = _OTHER_NAMES.get(plain, plain)
    domain = _registered(plain)
    site = _SITES.get(domain) or _SITES.get(plain)
    if site is None and (whose := _extract_public(plain)).domain in _SITES_OF_MANY:
        site = _SITES_OF_MANY[whose.domain]
    if site is None and plain.endswith(".substack.com"):
        site = "substack"
    return Host(plain + shown, None if domain in _SHORTENERS else domain, site)


def _is_address(name: str) -> bool:
    return bool(_ADDRESS.fullmatch(name)) and all(int(part) < 256 for part in name.split("."))


def _registered(name: str) -> str:
    """Return the public suffix and the label before it; where none is known, the last two labels."""
    told = _extract(name)
    if not told.suffix:
        return ".".join(name.split(".")[-2:])
    return f"{told.domain}.{told.suffix}" if told.domain else name


def _undressed(name: str, domain: str) -> str:
    labels = name.removesuffix(domain).rstrip(".").split(".") if name != domain else []
    while labels and _DRESSES.fullmatch(labels[0]):
        labels.pop(0)
    # de.m.wikipedia.org is de.wikipedia.org.
    labels = [label for label in labels if label != "m"]
    if domain == "facebook.com" and labels and _LOCALE.fullmatch(labels[0]):
        labels = []
    return ".".join([*labels, domain])


def _ascii(name: str) -> str | None:
    """Return an international name in its ASCII form, the same for every spelling of it."""
    try:
        return idna.encode(name, uts46=True).decode().lower()
    except (idna.IDNAError, UnicodeError):
        pass
    try:
        # Names that the rules of today refuse and that are registered all the same: emoji, underscores.
        labels = idna.uts46_remap(name, std3_rules=False).split(".")
        return ".".join(label if label.isascii() else _punycode(label) for label in labels).lower()
    except (idna.IDNAError, UnicodeError):
        return None


def _punycode(label: str) -> str:
    return "xn--" + label.encode("punycode").decode()
