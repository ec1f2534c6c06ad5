"""A mapping as a source profile."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as ReadMapping
from pathlib import Path
from typing import Final

import polars as pl
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from cypher.errors import UsageError
from ingest.mapping.cells import cells, resolve, with_nested
from ingest.mapping.schema import CellRule, Mapping, TableRule, parse
from ingest.mapping.yamlfile import Document, Place, read_yaml
from ingest.profiles.base import Look, Profile
from ingest.tables import TABLES
from ingest.validation import REFUSED, extra_name

_HINT: Final = "docs/mapping.md has a worked example; `cib load --suggest FILE` writes a draft."
#: What pydantic says in words of Python.
_WORDS: Final = {
    "missing": "must be given",
    "dict_type": "must have names and values: write `name: value` below it",
    "model_type": "must have names and values: write `name: value` below it",
    "tuple_type": "must be a list: write one `- value` a line below it",
    "string_type": "must be a text",
    "bool_parsing": "must be true or false",
}


def read_mapping(path: Path) -> Profile:
    """Return the profile that a YAML file describes.

    Its name holds a digest of what the mapping says, so that files that were loaded by another version of it
    do not count as unchanged.

    Raises:
        UsageError: No such file, no YAML, or no mapping; says file, line and name.
    """
    document = read_yaml(path)
    if not isinstance(document.content, dict):
        raise UsageError(f"{path}: holds no mapping", _HINT)
    try:
        mapping = parse(document.content)
    except ValidationError as error:
        raise _explain(error, path, document) from None
    digest = hashlib.sha256(mapping.model_dump_json().encode()).hexdigest()[:8]
    return _Mapped(path, mapping).profile(f"{path.stem}@{digest}")


class _Mapped:
    """The functions of a profile, for one mapping."""

    def __init__(self, path: Path, mapping: Mapping) -> None:
        self.path = path
        self.mapping = mapping
        self.references = tuple(dict.fromkeys(name for rule in mapping.rules() for name in rule.references()))

    def profile(self, name: str) -> Profile:
        return Profile(
            name,
            self.mapping.title,
            self.recognise,
            self.map,
            derive=self.derive,
            covers=_covers(self.mapping),
        )

    def recognise(self, look: Look) -> str | None:
        """Return the main table of a file that has the columns.

        Raises:
            UsageError: It has some of them but lacks others.
        """
        missing = list(dict.fromkeys(self._missing(look.columns)))
        if not missing:
            return self.mapping.table
        if not any(resolve(name, look.columns) for name in self.references):
            return None
        raise UsageError(
            f"{look.path}: {self.path} names the column{'s' * (len(missing) > 1)} {', '.join(missing)}, "
            f"which the file does not have; it has {', '.join(look.columns)}",
            "Correct the name in the mapping or, if some files lack the column, add `optional: true` there.",
        )

    def _missing(self, columns: Sequence[str]) -> Iterator[str]:
        """Yield the references that a file with these columns lacks; of alternatives one is enough."""
        for rule in self.mapping.rules():
            lacking = [name for name in rule.references() if resolve(name, columns) is None]
            enough = len(lacking) < len(rule.references()) if rule.column else not lacking
            if lacking and not enough and not rule.optional:
                yield from lacking

    def map(self, batch: pl.DataFrame, _table: str, _sides: ReadMapping[str, pl.DataFrame]) -> pl.DataFrame:
        """Return the rows of the main table, and what nothing is made of as `x_<name>`."""
        frame, held = with_nested(batch, self.references)
        # Of a column of JSON only parts are taken, so the whole is kept as well.
        dealt_with = {*held.values(), *self.mapping.ignore, "line"}
        taken = set(self.mapping.columns)
        others = [
            pl.col(name).alias(_free(extra_name(name), taken))
            for name in batch.columns
            if name not in dealt_with
        ]
        return frame.select(*_columns(self.mapping, held), *others, "line")

    def derive(self, batch: pl.DataFrame, _table: str) -> ReadMapping[str, pl.DataFrame]:
        """Return the rows of the other tables whose required columns are there."""
        frame, held = with_nested(batch, self.references)
        made: dict[str, list[pl.DataFrame]] = {}
        for part in self.mapping.also:
            rows = frame.select(*_columns(part, held), "line")
            whole = pl.all_horizontal(pl.col(name).is_not_null() for name in TABLES[part.table].required)
            made.setdefault(part.table, []).append(rows.filter(whole))
        return {table: pl.concat(parts, how="diagonal") for table, parts in made.items()}


def _columns(part: TableRule, held: ReadMapping[str, str]) -> list[pl.Expr]:
    expressions: list[pl.Expr] = []
    for name, rule in part.columns.items():
        made = cells(rule, held)
        expressions.append(made.text.alias(name))
        if made.refused is not None:
            expressions.append(made.refused.alias(REFUSED.format(name)))
    return expressions


def _free(name: str, taken: set[str]) -> str:
    """Return a name that is not taken, and take it."""
    number, new = 2, name
    while new in taken:
        new, number = f"{name}_{number}", number + 1
    taken.add(new)
    return new


def _covers(mapping: Mapping) -> dict[str, dict[str, str]]:
    made: dict[str, dict[str, str]] = {}
    for part in (mapping, *mapping.also):
        columns = made.setdefault(part.table, {})
        for name, rule in part.columns.items():
            columns[name] = f"{columns[name]}; {_made_of(rule)}" if name in columns else _made_of(rule)
    return made


def _made_of(rule: CellRule) -> str:
    if rule.value is not None:
        return f"always {rule.value}"
    text = rule.template if rule.template is not None else ", or ".join(rule.references())
    how = [
        f"{name} {' or '.join(value) if isinstance(value, tuple) else value}"
        for name in ("regex", "split", "format", "zone", "unit")
        if (value := getattr(rule, name)) is not None
    ]
    return f"{text} ({', '.join(how)})" if how else text


def _explain(error: ValidationError, path: Path, document: Document) -> UsageError:
    told = []
    for detail in error.errors():
        place = _place(detail)
        told.append((document.line(place), ".".join(map(str, place)), _why(detail)))
    lines = [f"{path}, line {line}: {name + ': ' if name else ''}{why}" for line, name, why in sorted(told)]
    return UsageError("\n".join(dict.fromkeys(lines)), _HINT)


def _place(detail: ErrorDetails) -> Place:
    return (*detail["loc"], *detail.get("ctx", {}).get("place", ()))


def _why(detail: ErrorDetails) -> str:
    if detail["type"] == "extra_forbidden":
        place = detail["loc"]
        model = Mapping if len(place) == 1 else TableRule if place[-2:-1] == ("also",) else CellRule
        model = TableRule if len(place) == 3 and place[0] == "also" else model
        return f"there is no such entry; there are {', '.join(model.model_fields)}"
    return _WORDS.get(detail["type"], detail["msg"])
