"""Meta's indicator files: what an operation did, by the phases of the Online Operations Kill Chain.

The columns are those of the CSV files that Meta publishes with its threat reports, the space after `Tactic`
included. The phases are those of Nimmo and Hutchins 2023, *Phase-based Tactical Analysis of Online
Operations*. Indicators are defanged. Identifiers of persons (devices, phones, addresses) are never written.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

from analytics.exports.csv import defused
from analytics.exports.options import Options
from analytics.exports.parts import Part, parts
from analytics.exports.wording import defang
from analytics.files import written
from analytics.results import Results
from analytics.summary import spend_ranges

COLUMNS: Final = ("Tactic ", "Technique", "Procedure", "Indicator", "Notes")
_Row = tuple[str, str, str, str, str]

_ASSETS: Final = ("0. Acquiring assets", "0.9 Acquiring social media accounts")
_PLATFORMS: Final = {
    "facebook": "0.9.1 Acquiring Facebook assets",
    "instagram": "0.9.2 Acquiring Instagram accounts",
    "threads": "0.9.3 Acquiring Threads accounts",
    "x": "0.9.4 Acquiring X / Twitter accounts",
    "youtube": "0.9.5 Acquiring YouTube channels",
    "tiktok": "0.9.6 Acquiring TikTok accounts",
    "telegram": "0.9.7 Acquiring Telegram channels",
}
_OTHER_PLATFORM: Final = "0.9.12 Acquiring other social media assets"
_DOMAINS: Final = (
    "0. Acquiring assets",
    "0.6 Acquiring domains",
    "0.6.2 Acquiring domains to support influence operations",
)
_ADS: Final = ("7. Targeted engagement", "7.1 Running ads", "7.1.1 Advertising to promote content")
_OUTSIDE: Final = ("7. Targeted engagement", "7.2 Engaging with users outside the operation")

#: The procedure that a signal speaks for, where its bits are above 0; its sentence is the indicator.
BY_SIGNAL: Final[dict[str, tuple[str, str, str]]] = {
    "copied_pictures": (
        "1. Disguising assets",
        "1.1 Adopting visual disguise",
        "1.1.1 Copying profile pictures",
    ),
    "renamed_pages": (*_ASSETS, "0.9.9 Acquiring and repurposing accounts"),
    "shared_access": (
        "3. Coordinating and planning",
        "3.3 Centralizing infrastructure",
        "3.3.2 Centralizing operations in physical location",
    ),
    "foreign_admins": (
        "5. Evading detection",
        "5.3 Obfuscating geographical location",
        "5.3.1 Conducting activity via target areas",
    ),
    "coordinated_activity": (
        "6. Indiscriminate engagement",
        "6.2 Amplifying with likely fake accounts on social media",
        "6.2.1 Amplifying with likely fake accounts on Facebook",
    ),
}


def export_meta(results: Results, out_dir: Path, options: Options) -> list[Path]:
    """Write `meta/<operation>.csv`, one file an operation, and return the paths.

    Raises:
        CibError: The folder cannot be written.
    """
    paths = []
    for part in parts(results):
        path = out_dir / "meta" / f"{part.file_stem}.csv"
        frame = pl.DataFrame(list(_rows(part)), schema=list(COLUMNS), orient="row").cast(pl.String)
        with written(path) as partial:
            frame.select(defused(pl.col(name).replace("", None)).alias(name) for name in COLUMNS).write_csv(
                partial, line_terminator="\r\n", include_bom=options.bom
            )
        paths.append(path)
    return paths


def _rows(part: Part) -> Iterator[_Row]:
    yield from _domains(part)
    yield from _accounts(part)
    found = []
    for signal, bits, why in part.signals.select("signal", "bits", "why").iter_rows():
        if bits > 0 and signal in BY_SIGNAL:
            found.append((*BY_SIGNAL[signal], defang(why or ""), signal.replace("_", " ")))
    yield from sorted(found)
    yield from _engagement(part)


def _domains(part: Part) -> Iterator[_Row]:
    """Yield the domains that the members' evidence shares; the most widely shared first."""
    shared = (
        part.evidence.filter(pl.col("object_kind").is_in(["domain", "website_host"]))
        .group_by("object")
        .agg(pairs=pl.len())
        .sort("pairs", "object", descending=[True, False])
    )
    for domain, pairs in shared.iter_rows():
        yield (*_DOMAINS, defang(domain), f"shared by {pairs:,} pairs of members")


def _accounts(part: Part) -> Iterator[_Row]:
    """Yield how many assets there are on Facebook and Instagram, as Meta does, and addresses elsewhere."""
    notice = defang(part.details["notice"] or "")
    counted = part.members.group_by("platform", "kind").len().sort("platform", "kind")
    for platform, kind, number in counted.iter_rows():
        noun = {"page": "Page", "group": "Group"}.get(kind, "account")
        procedure = _PLATFORMS.get(platform, _OTHER_PLATFORM)
        yield (*_ASSETS, procedure, f"{number} {noun}{'' if number == 1 else 's'}", notice)
    elsewhere = part.members.filter(~pl.col("platform").is_in(["facebook", "instagram"])).sort("key")
    for platform, url, key in elsewhere.select("platform", "url", "key").iter_rows():
        yield (*_ASSETS, _PLATFORMS.get(platform, _OTHER_PLATFORM), defang(url or key), "")


def _engagement(part: Part) -> Iterator[_Row]:
    if part.operation["ads"]:
        spend = spend_ranges(part.operation["ad_spend"]) or "spend not known"
        yield (*_ADS, f"{part.operation['ads']:,} ads: {spend}", "")
    for column, procedure, told in (
        (
            "page_followers",
            "7.2.2 Acquiring Page followers",
            "Up to {:,} accounts followed one or more of these Pages.",
        ),
        (
            "group_members",
            "7.2.3 Acquiring Group members",
            "Up to {:,} accounts joined at least one of these Groups.",
        ),
        (
            "instagram_followers",
            "7.2.4 Acquiring Instagram followers",
            "Up to {:,} accounts followed one or more of these Instagram accounts.",
        ),
    ):
        if (people := part.details[column]) is not None:
            yield (*_OUTSIDE, procedure, told.format(people), "a sum: who follows several counts again")
