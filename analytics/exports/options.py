"""What a person may choose about exports, whatever the format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

#: Traffic Light Protocol 2.0 (FIRST): who may be given what is exported.
Tlp: TypeAlias = Literal["clear", "green", "amber", "red"]

#: How links are shown.
Links: TypeAlias = Literal["defanged", "plain"]


@dataclass(frozen=True)
class Options:
    """How to write.

    Attributes:
        tlp: Marks bundles and events that are made for sharing.
        links: Whether the workbook shows links `defanged`, so that none is opened by accident, or `plain`.
        bom: Begin CSV files with a byte-order mark, without which Excel takes UTF-8 for a local encoding.
    """

    tlp: Tlp = "amber"
    bom: bool = False
    links: Links = "defanged"
