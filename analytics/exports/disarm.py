"""Which techniques of the DISARM framework an operation shows, told by its signals, layers and assets.

DISARM (disarm.foundation, CC-BY-SA 4.0) names what influence operations do, as MITRE ATT&CK does for
intrusions. Ids and names are those of `VERSION`. A technique says how an operation works, never who runs it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

VERSION: Final = "1.6"

#: Names of the techniques that are told, by id.
NAMES: Final[dict[str, str]] = {
    "T0018": "Purchase Targeted Advertisements",
    "T0049.002": "Flood Existing Hashtag",
    "T0049.003": "Bots Amplify via Automated Forwarding and Reposting",
    "T0049.005": "Conduct Swarming",
    "T0084.001": "Use Copypasta",
    "T0098": "Establish Inauthentic News Sites",
    "T0115": "Post Content",
    "T0119.001": "Post across Groups",
    "T0119.002": "Post across Platform",
    "T0128.002": "Conceal Network Identity",
    "T0128.005": "Change Names of Information Assets",
    "T0130": "Conceal Infrastructure",
    "T0130.001": "Conceal Sponsorship",
    "T0130.005": "Obfuscate Payment",
    "T0143.002": "Fabricated Persona",
    "T0145.001": "Copy Account Imagery",
    "T0146": "Account Asset",
    "T0146.004": "Administrator Account Asset",
    "T0146.007": "Automated Account Asset",
    "T0150.002": "Dormant Asset",
    "T0150.004": "Repurposed Asset",
    "T0150.008": "Bulk Created Asset",
    "T0151.002": "Online Community Group",
    "T0151.003": "Online Community Page",
}

#: Techniques that a signal speaks for, where its bits are above 0. Signals that speak against, or only count,
#: have none; a test holds that every signal is here.
BY_SIGNAL: Final[dict[str, tuple[str, ...]]] = {
    "coordinated_activity": ("T0049.003",),
    "disclosed_payers": (),
    "few_ties_outside": ("T0143.002",),
    "foreign_hours": ("T0128.002",),
    "foreign_audience": ("T0128.002",),
    "foreign_language": ("T0128.002",),
    "loosely_held": (),
    "name_templates": ("T0150.008",),
    "reworded_texts": ("T0084.001",),
    "no_break": ("T0146.007",),
    "copied_ads": ("T0018", "T0084.001"),
    "copied_pictures": ("T0145.001",),
    "creation_burst": ("T0150.008",),
    "foreign_admins": ("T0128.002",),
    "foreign_currency": ("T0130.005",),
    "mostly_coordinated": ("T0049.003",),
    "open_ownership": (),
    "public_moments": (),
    "renamed_pages": ("T0128.005",),
    "search": (),
    "shared_access": ("T0146.004",),
    "shared_sites": ("T0130",),
    "sleepers": ("T0150.002",),
    "undeclared_control": ("T0128.002", "T0146.004"),
    "undisclosed_payers": ("T0130.001",),
    "work_shifts": ("T0143.002",),
}

#: Techniques that coordinated edges of a layer show.
BY_LAYER: Final[dict[str, tuple[str, ...]]] = {
    "co_fast_repost": ("T0049.003",),
    "co_hashtag": ("T0049.002",),
    "co_hashtag_sequence": ("T0049.002",),
    "co_hashtag_set": ("T0049.002",),
    "co_image": ("T0084.001",),
    "co_reaction": ("T0049.003",),
    "co_reply": ("T0049.005",),
    "co_repost": ("T0049.003",),
    "co_similar_text": ("T0084.001",),
    "co_text": ("T0084.001",),
    "created_together": ("T0150.008",),
    "shared_admin": ("T0146.004",),
    "shared_image": ("T0145.001",),
}


@dataclass(frozen=True)
class Technique:
    """A technique that an operation shows.

    Attributes:
        id: For example `T0150.008`.
        name: As in DISARM.
        reasons: What told it: names of signals and layers, or what the operation consists of; sorted.
    """

    id: str
    name: str
    reasons: tuple[str, ...]


def techniques(operation: Mapping[str, Any], signals: pl.DataFrame) -> list[Technique]:
    """Return the techniques of one operation, by id.

    Args:
        operation: Its row of the export table.
        signals: Its signals.
    """
    reasons: dict[str, set[str]] = {}

    def tell(ids: tuple[str, ...], reason: str) -> None:
        for one in ids:
            reasons.setdefault(one, set()).add(reason)

    for signal in signals.filter(pl.col("bits") > 0)["signal"].to_list():
        tell(BY_SIGNAL.get(signal, ()), signal)
    for layer in operation["layers"] or ():
        tell(BY_LAYER.get(layer, ()), layer)
    for column, one in (("pages", "T0151.003"), ("groups", "T0151.002"), ("ads", "T0018")):
        if operation[column]:
            tell((one,), column)
    return [Technique(one, NAMES[one], tuple(sorted(reasons[one]))) for one in sorted(reasons)]
