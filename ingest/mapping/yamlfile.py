"""YAML as a mapping is written in it: plain data, every scalar the text that stands there, and its line.

Only mappings, lists and scalars are read. Aliases, tags and names given twice are refused, so that nothing is
executed, nothing grows when it is read, and nothing is overridden unseen. Scalars stay text, so that `007`,
`no` and `1:30` mean what they say.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from cypher.errors import UsageError

MAX_BYTES: Final = 1 << 20
MAX_DEPTH: Final = 12

#: What YAML itself takes plain values for; all stay the text that stands there.
_TAGS: Final = {"map", "seq", "str", "null", "bool", "int", "float", "timestamp", "value", "merge"}

#: A name or a number for each step from the top to a value.
Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Document:
    """What a file holds, and the line (from 1) of each value in it."""

    content: object
    lines: dict[Place, int]

    def line(self, place: Place) -> int:
        """Return the line of the value at `place`, or of what holds it where there is no such value."""
        while place not in self.lines:
            place = place[:-1]
        return self.lines[place]


def read_yaml(path: Path) -> Document:
    """Read a file.

    Raises:
        UsageError: It is missing, too large, not UTF-8, no YAML, or uses what is refused; says the line.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
        text = raw.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}", "Check the path of the mapping.") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text (byte {error.start})", "Save it as UTF-8.") from None
    if len(raw) > MAX_BYTES:
        raise UsageError(f"{path} is larger than {MAX_BYTES >> 20} MiB", "A mapping is a few dozen lines.")
    try:
        _check_events(text, path)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise _broken(path, error) from None
    lines: dict[Place, int] = {(): 1}
    return Document(None if node is None else _content(node, (), lines, path), lines)


def _check_events(text: str, path: Path) -> None:
    """Refuse what could grow or nest without end before anything is built of it."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise _refused(path, event.start_mark, "aliases (`*name`) are not read", "Write the value out.")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise _refused(
                    path, event.start_mark, f"nested deeper than {MAX_DEPTH}", "A mapping is flat."
                )
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _content(node: yaml.Node, place: Place, lines: dict[Place, int], path: Path) -> object:
    lines[place] = node.start_mark.line + 1
    if node.tag.removeprefix("tag:yaml.org,2002:") not in _TAGS:
        raise _refused(path, node.start_mark, f"the tag {node.tag} is not read", "Remove it.")
    if isinstance(node, yaml.ScalarNode):
        return None if node.tag.endswith(":null") else node.value
    if isinstance(node, yaml.SequenceNode):
        return [_content(item, (*place, index), lines, path) for index, item in enumerate(node.value)]
    found: dict[str, object] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise _refused(path, key.start_mark, "a name must be a text", "Put it in quotes.")
        if key.value in found:
            first = lines[*place, key.value]
            raise _refused(
                path, key.start_mark, f"{key.value!r} is there twice, first in line {first}", "Keep one."
            )
        found[key.value] = _content(value, (*place, key.value), lines, path)
        lines[*place, key.value] = key.start_mark.line + 1
    return found


def _refused(path: Path, mark: Any, what: str, hint: str) -> UsageError:
    line = mark.line + 1 if mark else 1
    return UsageError(f"{path}, line {line}: {what}", hint)


def _broken(path: Path, error: yaml.YAMLError) -> UsageError:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    context = getattr(error, "context", None)
    what = f"no valid YAML: {f'{context}, ' if context else ''}{problem}"
    hint = "Indent with spaces; put a text with `: `, `#` or a leading `{`, `[`, `*`, `@`, `%` in quotes."
    return _refused(path, mark, what, hint)
