"""How the graph names what the tables call kinds."""

from __future__ import annotations

from typing import Final

#: The node label of each kind of asset. An Instagram account is an `account` on platform `instagram`.
LABELS: Final = {"account": "Account", "page": "Page", "group": "Group"}
