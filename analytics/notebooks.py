"""The workspace that a notebook works in: what `import analytics` offers without naming one each time."""

from __future__ import annotations

import atexit
import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from analytics import OF_WORKSPACE
from analytics.investigation import Investigation

_in_use: list[Investigation] = []


def use(folder: str | Path | None = None) -> Investigation:
    """Use a workspace from now on, and return it.

    Args:
        folder: The workspace; None for the one that holds the current folder.

    Raises:
        UsageError: There is none.
        ServerError: Its server cannot be reached or started.
    """
    found = Investigation.of_workspace(folder)
    _leave()
    _in_use.append(found)
    return found


@atexit.register
def _leave() -> None:
    while _in_use:
        _in_use.pop().graph.close()


def in_use() -> Investigation:
    """Return the workspace in use; the one that holds the current folder, if none was chosen.

    Raises:
        UsageError: There is none.
        ServerError: Its server cannot be reached or started.
    """
    return _in_use[0] if _in_use else use()


def _of_workspace(name: str) -> Callable[..., Any]:
    method = getattr(Investigation, name)

    @functools.wraps(method)
    def call(*arguments: Any, **named: Any) -> Any:
        return getattr(in_use(), name)(*arguments, **named)

    return call


#: Methods of the workspace in use, as `analytics.NAME`.
METHODS: Final[dict[str, Callable[..., Any]]] = {name: _of_workspace(name) for name in OF_WORKSPACE}
