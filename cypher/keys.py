"""Keys: how assets and posts are named in the graph, the action log and the exports alike."""

from __future__ import annotations

from typing import Final

#: What an asset can be. An Instagram account is an `account` on platform `instagram`.
KINDS: Final = ("account", "page", "group")

#: The node label of each kind.
LABELS: Final = {"account": "Account", "page": "Page", "group": "Group"}


def asset_key(platform: str, kind: str, asset_id: str) -> str:
    """Return the key `platform:kind:id`, e.g. `facebook:page:1234`."""
    return f"{platform}:{kind}:{asset_id}"


def split_key(key: str) -> tuple[str, str, str]:
    """Return platform, kind and id of an asset key; the id may itself contain colons.

    Raises:
        ValueError: The key has fewer than three parts.
    """
    platform, kind, asset_id = key.split(":", 2)
    return platform, kind, asset_id
