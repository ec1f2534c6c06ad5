"""How reports write values for people."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

from analytics.summary import percent

_SCHEME = re.compile(r"\b(h)tt(ps?):", re.IGNORECASE)
_HOST_DOT = re.compile(r"(?<=\w)\.(?=\w)")
#: A link (scheme, host, rest) or a bare host name.
_LINK = re.compile(r"(?i)((?:[a-z][a-z0-9+-]*:)?//)([^/?#\s]*)(\S*)|\b(?:[\w-]+\.)+[a-z]{2,}\b")

#: Control characters, which HTML does not allow in text.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

NOT_KNOWN = "not known"


def defang(text: str) -> str:
    """Return text with its links made harmless: `hxxps://example[.]com/path`."""
    return _SCHEME.sub(r"\1xx\2:", _LINK.sub(_without_dots, text))


def _without_dots(found: re.Match[str]) -> str:
    scheme, host, rest = found.groups(default="")
    return f"{scheme}{_HOST_DOT.sub('[.]', host or found[0])}{rest}" if host or not scheme else found[0]


def number(value: float | None, digits: int = 2) -> str:
    """Return a number with grouped digits, at most `digits` decimals; missing is `not known`."""
    if value is None:
        return NOT_KNOWN
    if isinstance(value, int) or float(value).is_integer():
        return f"{int(value):,}"
    if 0 < abs(value) < 0.001:
        return f"{value:.1e}"
    return f"{value:,.{max(digits, 3) if abs(value) < 0.1 else digits}f}"


def share(value: float | None) -> str:
    """Return a share from 0 to 1 in percent, with two digits where it is small; other numbers as they are."""
    return percent(value) or number(value)


def signed(value: Decimal) -> str:
    """Return a number with its sign."""
    return f"{value:+}"


def big(value: float | None) -> str:
    """Return a large number to three digits, e.g. `2.82 M`; missing is `not known`."""
    if value is None:
        return NOT_KNOWN
    for size, unit in ((1e9, " bn"), (1e6, " M"), (1e3, " k")):
        if abs(value) >= 10 * size or (size > 1e3 and abs(value) >= size):
            return f"{float(f'{value:.3g}') / size:g}{unit}"
    return f"{value:,.0f}"


def span(value: dt.timedelta | None) -> str:
    """Return how long something took, in its two largest units, e.g. `17 min 45 s`."""
    if value is None:
        return ""
    seconds = round(value.total_seconds())
    parts = [
        (seconds // 86_400, "d"),
        (seconds // 3600 % 24, "h"),
        (seconds // 60 % 60, "min"),
        (seconds % 60, "s"),
    ]
    first = next((place for place, (amount, _) in enumerate(parts) if amount), len(parts) - 1)
    return " ".join(f"{amount} {unit}" for amount, unit in parts[first : first + 2] if amount or first == 3)


def counted(pair: tuple[int | None, str]) -> str:
    """Return `24 Pages` from a number and a noun; nothing where there is none."""
    count, noun = pair
    return f"{count:,} {noun}{'' if count == 1 or noun.startswith('on ') else 's'}" if count else ""


def day(value: dt.date | None) -> str:
    """Return a date as `1 April 2019`; missing is `not known`."""
    return f"{value.day} {value:%B} {value.year}" if value else NOT_KNOWN


def moment(value: dt.datetime | None) -> str:
    """Return a time to the second, UTC."""
    return f"{value:%Y-%m-%d %H:%M:%S}" if value else ""


def shorten(text: str | None, characters: int = 240) -> str:
    """Return text cut at a length with a mark that says so, control characters as U+FFFD."""
    text = _CONTROL.sub("\ufffd", text or "")
    return text if len(text) <= characters else f"{text[:characters]}… [{len(text):,} characters]"


def words(term: Any) -> str:
    """Return a term of the vocabulary with spaces for underscores."""
    return str(term or "").replace("_", " ")
