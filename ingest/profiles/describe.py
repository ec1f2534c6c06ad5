"""What the profiles say of themselves, for people: in lists, in help, and in docs/sources."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from dataclasses import replace

import ingest.profiles
from cypher.errors import UsageError
from ingest.profiles.base import Look, Profile


def prose(profile: Profile) -> str:
    """Return the docstring of the module that declares a profile, in Markdown."""
    declaring = []
    for found in pkgutil.walk_packages(ingest.profiles.__path__, "ingest.profiles."):
        module = importlib.import_module(found.name)
        if any(value is profile for value in vars(module).values()):
            declaring.append(module)
    # Others may import it, to share its columns.
    declaring.sort(key=lambda module: not module.__name__.endswith(f".{profile.name}"))
    return inspect.cleandoc(declaring[0].__doc__ or "") if declaring else ""


def telling_columns(profile: Profile, look: Look) -> tuple[str, ...]:
    """Return the columns of a file without any one of which it is not recognised as what it is.

    Where one of several columns is enough, none of them is among them.
    """
    whole = _match(profile, look)
    return tuple(column for column in look.columns if _match(profile, _without(look, column)) != whole)


def _without(look: Look, column: str) -> Look:
    columns = tuple(name for name in look.columns if name != column)
    return replace(look, columns=columns, rows=look.rows.drop(column, strict=False))


def _match(profile: Profile, look: Look) -> object:
    try:
        return profile.recognise(look) or profile.side(look.columns)
    except UsageError:  # Says which column is missing.
        return None
