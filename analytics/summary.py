"""The takedown summary: an operation in the words of Meta's takedown reports.

Follower figures are sums over assets, an upper bound, since who follows two of them counts twice; they
are said as such. What is not known is said to be not known. Money stays in its currency.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl

_PLATFORMS: Final = {
    "facebook": "Facebook",
    "instagram": "Instagram",
    "linkedin": "LinkedIn",
    "telegram": "Telegram",
    "threads": "Threads",
    "tiktok": "TikTok",
    "vk": "VK",
    "whatsapp": "WhatsApp",
    "x": "X",
    "youtube": "YouTube",
}
_SPEND: Final = re.compile(r"(?P<currency>\S+) (?P<lower>\d+(?:\.\d+)?)-(?P<upper>\d+(?:\.\d+)?)")


def takedown_summary(operation: Mapping[str, Any]) -> str:
    """Return the takedown summary of an operation.

    Args:
        operation: Its properties: `pages`, `accounts`, `groups`, `instagram_accounts`; `page_followers`,
            `group_members` and `instagram_followers` (sums, None: not known); `ads`, `ad_spend` (list of
            `CUR lower-upper`), `first_ad`, `last_ad`. `platform_accounts` (number of accounts by platform)
            lets accounts be named by their platform; without it those outside Instagram are just accounts.
    """
    return " ".join([_assets(operation), _followers(operation), _advertising(operation)]).replace("  ", " ")


def spend_ranges(ad_spend: Sequence[str] | None) -> str:
    """Return spend by currency with grouped digits, e.g. `USD 400-620; PKR 51,000-80,000`."""
    return "; ".join(_spend(entry) for entry in ad_spend or ())


def short_reasons(signals: pl.DataFrame, most: int = 2) -> dict[str, str]:
    """Return the strongest signals of each operation, e.g. `creation burst 23%, foreign admins 47%, 7 more`.

    Args:
        signals: The export table; of equally strong signals the rarest elsewhere comes first.
        most: Signals named.
    """
    speaking = (
        signals.filter(pl.col("bits") > 0)
        .with_columns(lift=pl.col("value") / pl.col("background"))
        .sort(
            "operation_id", "bits", "lift", "signal", descending=[False, True, True, False], nulls_last=True
        )
    )
    reasons: dict[str, list[str]] = {}
    for operation, signal, value in speaking.select("operation_id", "signal", "value").iter_rows():
        reasons.setdefault(operation, []).append(f"{signal.replace('_', ' ')} {percent(value)}".strip())
    return {
        operation: ", ".join([*named[:most], *([f"{len(named) - most} more"] if len(named) > most else [])])
        for operation, named in reasons.items()
    }


def percent(share: float | None) -> str:
    """Return a share from 0 to 1 in percent, with two digits where it is small; nothing for other numbers."""
    if share is None or not 0 <= share <= 1:
        return ""
    return f"{100 * share:.0f}%" if share >= 0.0995 or share == 0 else f"{100 * share:.2g}%"


def platform_name(platform: str) -> str:
    """Return a platform's name as people write it; an unknown slug stays as it is."""
    return _PLATFORMS.get(platform, platform)


def joined(parts: Sequence[str], *, comma: bool = False) -> str:
    """Return parts joined with `and`; `comma` also sets one before it, as between long clauses."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])}{',' if comma and len(parts) > 2 else ''} and {parts[-1]}"


def _assets(operation: Mapping[str, Any]) -> str:
    platforms = dict(operation.get("platform_accounts") or {})
    instagram = _number(operation, "instagram_accounts") or platforms.pop("instagram", 0)
    platforms.pop("instagram", None)
    others = sorted(platforms.items(), key=lambda item: (item[0] != "facebook", -item[1], item[0]))
    counts = [(_number(operation, "pages"), "Page")]
    if others:
        counts += [(number, f"{platform_name(platform)} account") for platform, number in others]
    else:
        counts.append((_number(operation, "accounts"), "account"))
    counts += [(_number(operation, "groups"), "Group"), (instagram, "Instagram account")]
    parts = [_plural(number, noun) for number, noun in counts if number]
    return joined(parts) + "." if parts else "Members: not known."


def _followers(operation: Mapping[str, Any]) -> str:
    clauses, unknown, several = [], [], False
    for counted, sums, one, many, noun in (
        ("pages", "page_followers", "followed this Page", "followed one or more of these Pages", "Page"),
        ("groups", "group_members", "joined this Group", "joined at least one of these Groups", "Group"),
        (
            "instagram_accounts",
            "instagram_followers",
            "followed this Instagram account",
            "followed one or more of these Instagram accounts",
            "Instagram account",
        ),
    ):
        assets, people = _number(operation, counted), operation.get(sums)
        if not assets:
            continue
        if people is None:
            unknown.append(f"the {noun if assets == 1 else noun + 's'}")
            continue
        several |= assets > 1
        clauses.append(f"{_about(int(people), bound=assets > 1)} {one if assets == 1 else many}")
    if not clauses and not unknown:
        return ""
    if not clauses:
        return "Followers: not known."
    text = f"Followers: {joined(clauses, comma=True)}"
    if several:
        text += " (sums: who follows several is counted more than once)"
    return text + (f"; not known for {joined(unknown)}." if unknown else ".")


def _advertising(operation: Mapping[str, Any]) -> str:
    ads, spend = operation.get("ads"), list(operation.get("ad_spend") or ())
    if ads is None and not spend:
        return "Advertising: not known."
    if ads == 0 and not spend:
        return "Advertising: no ads on record."
    text = f"Advertising: {spend_ranges(spend) or 'spend not known'}"
    if ads:
        text += f" for {_plural(int(ads), 'ad')}"
    if spend:
        text += f", paid for in {joined([entry.split(' ', 1)[0] for entry in spend])}"
    first, last = _month(operation.get("first_ad")), _month(operation.get("last_ad"))
    if first and first == last:
        return f"{text}; all in {first}."
    return f"{text}; first ad {first or 'not known'}, last ad {last or 'not known'}."


def _number(operation: Mapping[str, Any], name: str) -> int:
    return int(operation.get(name) or 0)


def _plural(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _about(people: int, *, bound: bool) -> str:
    """Return a number of accounts to three digits: `about` if that rounds it, `up to` if it is a bound."""
    digits = 3 - len(str(abs(people)))
    rounded = round(people, digits) if digits < 0 else people
    number = (
        f"{rounded / 1e6:,.2f}".rstrip("0").rstrip(".") + " million" if rounded >= 1e6 else f"{rounded:,}"
    )
    words = ["up to"] * bound + ["about"] * (rounded != people) + [number]
    return f"{' '.join(words)} {'account' if people == 1 else 'accounts'}"


def _spend(entry: str) -> str:
    found = _SPEND.fullmatch(entry)
    if not found:
        return entry
    lower, upper = _amount(found["lower"]), _amount(found["upper"])
    return f"{found['currency']} {lower if lower == upper else f'{lower}-{upper}'}"


def _amount(text: str) -> str:
    value = float(text)
    return f"{value:,.0f}" if math.isclose(value, round(value), abs_tol=0.005) else f"{value:,.2f}"


def _month(value: Any) -> str:
    return f"{value:%B} {value.year}" if isinstance(value, dt.date) else ""
