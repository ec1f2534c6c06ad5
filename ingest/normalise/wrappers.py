"""Addresses that only lead to another: warnings on leaving a site, counters of clicks, caches of AMP."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qs

#: How many wrappers may be around an address.
DEPTH: Final = 10

#: What may be a wrapped address: cheap to look for in a whole column; `target` decides.
HINT: Final = (
    r"(?i)//lm?\.|facebook\.com/(?:l\.php|flx)|google\.[a-z.]+/(?:url|amp/)|//consent\.|out\.reddit\.com|/away"
    r"|t\.umblr\.com|youtube\.com/redirect|slack-redir|cdn\.ampproject|link\.zhihu|href\.li|gate\.sc|exit\.sc"
    r"|linkfilter|duckduckgo\.com/l/|safelinks|linkedin\.com/redir|medium\.com/r|sinaurl|disq\.us|getpocket"
    r"|/link/v2"
)

#: Host and path of a wrapper, and the parameters that may hold where it leads.
_WRAPPERS: Final = tuple(
    (re.compile(host), re.compile(path), names)
    for host, path, names in (
        (
            r"lm?\.(?:facebook|instagram|messenger)\.com|l\.threads\.(?:net|com)|l\.wl\.co",
            r"/(?:l\.php)?",
            ("u",),
        ),
        (r"(?:[a-z0-9-]+\.)?facebook\.com", r"/(?:l\.php|flx/warn/?)", ("u",)),
        (r"(?:www\.)?google\.[a-z.]{2,6}", r"/url", ("q", "url")),
        (r"consent\.(?:google|youtube)\.[a-z.]{2,6}", r"/.*", ("continue",)),
        (r"out\.reddit\.com", r"/.*", ("url",)),
        (r"(?:(?:www|m|away)\.)?vk\.(?:com|ru)", r"/away(?:\.php)?", ("to",)),
        (r"t\.umblr\.com", r"/redirect", ("z",)),
        (r"(?:(?:www|m)\.)?youtube\.com", r"/redirect", ("q",)),
        (r"slack-redir\.net", r"/link", ("url",)),
        (r"link\.zhihu\.com", r"/?", ("target",)),
        (r"gate\.sc|exit\.sc", r"/?", ("url",)),
        (r"steamcommunity\.com", r"/linkfilter/?", ("u", "url")),
        (r"duckduckgo\.com", r"/l/", ("uddg",)),
        (r"[a-z0-9]+\.safelinks\.protection\.outlook\.com", r"/.*", ("url",)),
        (r"(?:www\.)?linkedin\.com", r"/(?:redir/redirect|redirect)", ("url",)),
        (r"medium\.com", r"/r/?", ("url",)),
        (r"weibo\.cn", r"/sinaurl", ("u", "toasturl")),
        (r"disq\.us", r"/url", ("url",)),
        (r"(?:www\.)?getpocket\.com", r"/redirect", ("url",)),
        (r"(?:www\.)?tiktok\.com", r"/link/v2", ("target",)),
    )
)
_PARTS: Final = re.compile(
    r"(?i:https?:)?//(?:[^/?#@]*@)?([^/?#:]+)(?::\d*)?([^?#]*)(?:\?([^#]*))?", re.DOTALL
)
_AMP_CACHE: Final = re.compile(r"/[a-z]{1,3}/(s/)?([^/?#]+\.[^/?#]+.*)", re.DOTALL)
_AMP_VIEWER: Final = re.compile(r"/amp/(s/)?([^/?#]+\.[^/?#]+.*)", re.DOTALL)
_WEB: Final = re.compile(r"(?i)(?:https?:)?//[^/]")


def target(url: str) -> str | None:
    """Return the address that a wrapping one leads to; None if it is no wrapper, or does not say where."""
    parts = _PARTS.match(url)
    if parts is None:
        return None
    host, path, query = parts[1].lower(), parts[2] or "/", parts[3] or ""
    rest = path + (f"?{query}" if parts[3] is not None else "")
    if host.endswith(".cdn.ampproject.org") or host == "cdn.ampproject.org":
        cached = _AMP_CACHE.match(rest)
        return f"https://{cached[2]}" if cached else None
    if re.fullmatch(r"(?:www\.)?google\.[a-z.]{2,6}", host) and (shown := _AMP_VIEWER.match(rest)):
        return f"https://{shown[2]}"
    if host == "href.li" and _WEB.match(query):
        return query
    for hosts, paths, names in _WRAPPERS:
        if hosts.fullmatch(host) and paths.fullmatch(path):
            given = _parameters(query)
            return next((found for name in names if _WEB.match(found := given.get(name, ""))), None)
    return None


def _parameters(query: str) -> dict[str, str]:
    try:
        return {name: values[0] for name, values in parse_qs(query, errors="replace").items()}
    except ValueError:
        return {}
