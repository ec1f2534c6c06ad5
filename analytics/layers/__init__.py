"""Layers: one kind of evidence of coordination each, yielding tested edges between assets.

`coordinate` and `co_actions` work on tables in memory and need no server.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analytics.layers.tables import co_actions, coordinate, estimate_window

__all__ = ["co_actions", "coordinate", "estimate_window"]


def __getattr__(name: str) -> Any:
    # Imported when used: commands that import a part of this package must not wait for all of it.
    if name in __all__:
        from analytics.layers import tables

        return getattr(tables, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
