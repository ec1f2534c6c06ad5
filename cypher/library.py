"""Finds a query by its name and checks what its file declares.

A query is one `.cypher` file in this package: a header, then one statement.

    // Title of the query
    // A sentence or more on what it gives.
    // :param limit => 25
    MATCH ...

A parameter's default is a literal as Neo4j Browser's `:param` takes it, so that a header can be pasted there.
"""

from __future__ import annotations

import ast
import difflib
import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

from cypher.errors import UsageError

_ROOT: Final = files("cypher")
_NAME: Final = re.compile(r"[A-Za-z0-9_]+(/[A-Za-z0-9_]+)*")
_PARAMETER: Final = re.compile(r"^:param\s+([A-Za-z_]\w*)\s*=>\s*(.+)$")
#: Strings and comments, which may hold a `$` that is no parameter.
_NOT_CODE: Final = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|//[^\n]*|/\*.*?\*/""", re.DOTALL)


@dataclass(frozen=True)
class Query:
    """One statement and what its file says of it.

    Attributes:
        name: Path below this package without suffix, e.g. `browser/operations_ranked`.
        title: First line of the header.
        description: The lines between the title and the parameters, joined by spaces.
        parameters: Default of each parameter, in the order declared.
        text: The statement.
    """

    name: str
    title: str
    description: str
    parameters: dict[str, Any]
    text: str

    def bind(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return the parameters to run with: the defaults, overridden by `values`.

        Raises:
            UsageError: `values` names a parameter that the query does not have.
        """
        unknown = sorted(values.keys() - self.parameters.keys())
        if unknown:
            known = ", ".join(self.parameters) or "none"
            raise UsageError(
                f"query {self.name} has no parameter {', '.join(unknown)}", f"Its parameters: {known}."
            )
        return {**self.parameters, **values}


@cache
def query(name: str) -> Query:
    """Return the query of that name, e.g. `load/accounts`.

    Raises:
        UsageError: There is no such query.
        ValueError: The file's header is malformed, or does not declare exactly the parameters that are used.
    """
    file = _ROOT.joinpath(*name.split("/")[:-1], name.rsplit("/", 1)[-1] + ".cypher")
    if not _NAME.fullmatch(name) or not file.is_file():
        near = difflib.get_close_matches(name, names(""), n=3)
        raise UsageError(f"there is no query {name!r}", f"Did you mean {' or '.join(near)}?" if near else "")
    return parse(name, file.read_text(encoding="utf-8"))


@cache
def names(folder: str) -> list[str]:
    """Return the sorted names of all queries below a folder of this package; `""` for all."""
    start = _ROOT.joinpath(*folder.split("/")) if folder else _ROOT
    return sorted(_walk(start, f"{folder}/" if folder else "")) if start.is_dir() else []


def parse(name: str, source: str) -> Query:
    """Parse the text of a `.cypher` file.

    Raises:
        ValueError: No title, no statement, a malformed parameter, or parameters declared and used differ.
    """
    header: list[str] = []
    lines = source.splitlines()
    while lines and lines[0].startswith("//"):
        header.append(lines.pop(0)[2:].strip())
    text = "\n".join(lines).strip().removesuffix(";").rstrip()
    if not header or not header[0] or header[0].startswith(":") or not text:
        raise ValueError(f"{name}: needs a title and a statement")
    parameters: dict[str, Any] = {}
    prose: list[str] = []
    for line in header[1:]:
        if not line.startswith(":"):
            prose.append(line)
        elif found := _PARAMETER.match(line):
            parameters[found[1]] = literal(found[2])
        else:
            raise ValueError(f"{name}: malformed parameter line {line!r}")
    used = set(re.findall(r"\$([A-Za-z_]\w*)", _NOT_CODE.sub(" ", text)))
    if used != parameters.keys():
        raise ValueError(f"{name}: declares parameters {sorted(parameters)} but uses {sorted(used)}")
    return Query(name, header[0], " ".join(filter(None, prose)), parameters, text)


def literal(text: str) -> Any:
    """Return the value of a Cypher literal: number, string, `true`, `false`, `null`, a list or a map of them.

    Raises:
        ValueError: It is none of these.
    """
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        pass
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError) as error:
        raise ValueError(f"not a literal: {text}") from error


def _walk(folder: Traversable, prefix: str) -> list[str]:
    found: list[str] = []
    for entry in folder.iterdir():
        if entry.is_dir():
            found += _walk(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(".cypher"):
            found.append(prefix + entry.name.removesuffix(".cypher"))
    return found
