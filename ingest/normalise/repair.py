"""Single URLs that are written in an unusual way, rewritten in the usual one that columns are compared in.

This is the exact and slow side: it sees only those that `ingest.normalise.urls` does not find regular.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from ingest.normalise.hosts import host
from ingest.normalise.wrappers import DEPTH, target

#: What is removed wherever it stands, as browsers do with the first three.
_NOISE: Final = re.compile(r"[\t\r\n\x00-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_WEB: Final = re.compile(r"(?i)https?:/{0,}")
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?!\d)")
_PARTS: Final = re.compile(r"([^/?#\\]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL)
_ESCAPE: Final = re.compile(r"%([0-9A-Fa-f]{2})")
_LOOSE_PERCENT: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_UNRESERVED: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
#: Besides letters and digits, characters that stand for themselves in a path and a query.
BARE: Final = "-._~!$&'()*+,;=:@/"


def repaired(url: str) -> str | None:
    """Return a URL as `https://host/path?query#fragment` in ASCII; None if it is no address of the web.

    Wrappers are gone, the host is as `ingest.normalise.hosts` gives it, escapes are upper case and only where
    they must be, dot segments are resolved. A fragment is kept only if it is a route (`#!…`, `#/…`).
    """
    for _ in range(DEPTH):
        bare = _without_scheme(url)
        if bare is None:
            return None
        # The first finds what is wrapped as it was written, the second what only shows in order.
        regular = _regular(bare)
        behind = target(f"https://{bare}") or (target(regular) if regular else None)
        if behind is None:
            return regular
        url = behind
    return regular


def _regular(bare: str) -> str | None:
    """Return a URL, given what follows its `https://`, in the usual way."""
    parts = _PARTS.match(bare)
    if parts is None:
        return None
    found = host(parts[1])
    if found is None:
        return None
    path = _without_dots(_escaped(parts[2].replace("\\", "/")))
    query = _escaped(parts[3] or "", "?")
    fragment = parts[4] or ""
    kept = "#" + _escaped(fragment, "?") if fragment.startswith(("!", "/")) and len(fragment) > 1 else ""
    if (query or kept) and not path:
        path = "/"
    return f"https://{found.name}{path}{'?' if query else ''}{query}{kept}"


def _without_scheme(url: str) -> str | None:
    """Return what follows `https://`; None if the scheme is another one."""
    url = _NOISE.sub("", url).strip()
    web = _WEB.match(url)
    if web:
        return url[web.end() :]
    return None if _SCHEME.match(url) else url.removeprefix("//")


def _escaped(text: str, also: str = "") -> str:
    """Return a part of a URL with all escaped that must be, and nothing else."""
    text = _LOOSE_PERCENT.sub("%25", text)
    text = _ESCAPE.sub(_escape, text)
    return quote(text, safe=BARE + also + "%", errors="replace")


def _escape(found: re.Match[str]) -> str:
    character = chr(int(found[1], 16))
    return character if character in _UNRESERVED else found[0].upper()


def _without_dots(path: str) -> str:
    """Resolve `.` and `..` as RFC 3986, 5.2.4."""
    if "/." not in path:
        return path
    kept: list[str] = []
    for segment in path.split("/")[1:]:
        if segment == "..":
            if kept:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    return "/" + "/".join(kept)
