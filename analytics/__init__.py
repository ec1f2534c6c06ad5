"""Layers to communities to operations to ranking to exports, and to notebooks.

In a notebook, `import analytics` gives what the last run of a workspace found: `operations()`,
`members("OP-…")`, `edges()`, `signals()`, `evidence()`, `ads()`, `countries()` as pandas frames,
`plot_score`, `plot_timeline`, `plot_network`, `takedown` and `gds`; `use("folder")` says which workspace.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from analytics.investigation import Investigation
    from analytics.layers.tables import co_actions, coordinate, estimate_window
    from analytics.notebooks import use

#: Names that are imported when they are used: commands that import a part of this package must not wait for
#: all of it.
_FROM: Final = {
    "co_actions": "analytics.layers.tables",
    "coordinate": "analytics.layers.tables",
    "estimate_window": "analytics.layers.tables",
    "Investigation": "analytics.investigation",
    "use": "analytics.notebooks",
}
#: Methods of `Investigation` that the workspace in use answers, as `analytics.NAME`.
OF_WORKSPACE: Final = (
    "ads",
    "alike",
    "changes",
    "countries",
    "decided",
    "edges",
    "evidence",
    "gds",
    "keyed",
    "members",
    "operations",
    "plot_network",
    "plot_score",
    "plot_timeline",
    "quotes",
    "refresh",
    "signals",
    "takedown",
)

__all__ = ["Investigation", "co_actions", "coordinate", "estimate_window", "use"]


def __getattr__(name: str) -> Any:
    if name in _FROM:
        return getattr(import_module(_FROM[name]), name)
    if name == "signals":
        # A package of that name, which is called like the other functions.
        return import_module("analytics.signals")
    if name in OF_WORKSPACE:
        return import_module("analytics.notebooks").METHODS[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*__all__, *OF_WORKSPACE})
