"""What a person may choose about exports, whatever the format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

#: Traffic Light Protocol 2.0 (FIRST): who may be given what is exported.
Tlp: TypeAlias = Literal["clear", "green", "amber", "red"]


@dataclass(frozen=True)
class Options:
    """How to write.

    Attributes:
        tlp: Marks bundles and events that are made for sharing.
        bom: Begin CSV files with a byte-order mark, without which Excel takes UTF-8 for a local encoding.
    """

    tlp: Tlp = "amber"
    bom: bool = False
