"""Where in a JSON text the rows lie: lines, one list, the list of each page of an answer, or one object."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import ijson

#: From the top to the rows: a name leads into the member of an object, None to every element of a list.
Path = tuple[str | None, ...]

#: The member in which answers of interfaces (Graph API and the like) hold their rows.
DATA: Final = "data"

#: How many lines are looked at.
_LINES: Final = 20

#: Not the one in C, which fails for good at a number such as 1e999999999.
_READER: Final = ijson.get_backend("python")

#: What the reader of events raises for text that is broken, cut off, or has a number that is too long.
_BROKEN: Final = (ijson.JSONError, ValueError, ArithmeticError, RecursionError)


@dataclass(frozen=True)
class Layout:
    """The shape of a JSON text.

    Attributes:
        path: Where the rows lie; empty if every value at the top is one.
        lines: Whether most of the first lines are one object each.
    """

    path: Path
    lines: bool


def find_layout(head: bytes) -> Layout:
    """Return the shape of a text, judged by its first bytes.

    An object is taken for a page, not a row, if it has no `id` and its `data` is a list of objects, or an
    object in which just one list of objects lies. The only object of a text is also taken for a page if
    no id of any kind and just one list of objects is in it, under whatever name.

    Args:
        head: The beginning of the text, as much as is at hand; may end anywhere.
    """
    first = head.lstrip().split(b"\n", _LINES)[:_LINES]
    whole = [line for line in first if _is_object(line)]
    lines = 2 * len(whole) > sum(map(bool, map(bytes.strip, first)))
    events = _events(whole[0] if lines else head)
    if next(events, ("", None))[0] == "start_array":
        inner = _page(_members(events), alone=False) if next(events, ("", None))[0] == "start_map" else None
        return Layout((None, *(inner or ())), lines=False)
    members = _members(events)
    alone = head.strip() == whole[0].strip() if lines else next(events, None) is None
    return Layout(_page(members, alone=alone) or (), lines)


def _is_object(line: bytes) -> bool:
    try:
        # As text: a number may have more digits than Python likes to read.
        return isinstance(json.loads(line, parse_int=str, parse_float=str), dict)
    except (ValueError, RecursionError):
        return False


def _events(head: bytes) -> Iterator[tuple[str, Any]]:
    try:
        yield from _READER.basic_parse(io.BytesIO(head), multiple_values=True)
    except _BROKEN:
        return


def _members(events: Iterator[tuple[str, Any]]) -> dict[str, Any]:
    """Return what the members of an object are, whose start has been read.

    Returns:
        By name: a dict for an object (that of `data` with its own members), `objects` for a list whose first
        element is one, `empty` for an empty list, `value` for anything else.
    """
    found: dict[str, Any] = {}
    name = ""
    for event, value in events:
        if event == "end_map":
            break
        if event == "map_key":
            name = value
        elif event == "start_map":
            found[name] = {}
            if name == DATA:
                found[name] = _members(events)
            else:
                _pass_over(events)
        elif event == "start_array":
            first = next(events, ("", None))[0]
            found[name] = {"start_map": "objects", "end_array": "empty"}.get(first, "value")
            if first != "end_array":
                _pass_over(events, 1 + first.startswith("start_"))
        else:
            found[name] = "value"
    return found


def _pass_over(events: Iterator[tuple[str, Any]], depth: int = 1) -> None:
    for event, _ in events:
        depth += event.startswith("start_") - event.startswith("end_")
        if not depth:
            return


def _page(members: dict[str, Any], *, alone: bool) -> Path | None:
    """Return where in an object its rows lie; None if it is a row itself."""
    if "id" in members:
        return None
    data = members.get(DATA)
    if data in ("objects", "empty"):
        return DATA, None
    if any(name.endswith("_id") for name in members):
        return None
    if isinstance(data, dict) and "id" not in data:
        lists = _lists(data)
        return (DATA, lists[0], None) if len(lists) == 1 else None
    lists = _lists(members)
    return (lists[0], None) if alone and len(lists) == 1 else None


def _lists(members: dict[str, Any]) -> list[str]:
    return [name for name, kind in members.items() if kind == "objects"]
