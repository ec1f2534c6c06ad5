"""A first draft of a mapping, with what it was guessed from and what to check in comments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import yaml

from ingest.mapping.guess import Seen, columns_seen
from ingest.mapping.matching import Part, author, best_table, platform_of
from ingest.mapping.schema import has_time
from ingest.profiles.base import Look
from ingest.tables import TABLES

_SHOWN: Final = 40


def suggest(look: Look) -> str:
    """Return a commented draft of a mapping for files like this one, as YAML.

    It can be loaded where all required columns were guessed; where not, it says which are missing.
    """
    seen = columns_seen(look)
    main = best_table(look, seen)
    also = [part for part in (author(main, seen),) if part is not None]
    column, constant, why = platform_of(look, seen)
    platform = f"{_scalar(column) if column else f'{{value: {constant}}}'}  # {why}"
    lines = [
        f"# A draft of a mapping for files such as {_comment(look.path.name)}: check every line, then",
        "#   cib load --map THIS_FILE FILES",
        f"title: {_scalar(f'files such as {look.path.name}'[:100])}",
        f"table: {main.table}",
        *_columns(main, platform, ""),
    ]
    for part in also:
        lines += ["also:", f"  - table: {part.table}", *_columns(part, platform, "    ")]
    used = {one.reference for part in (main, *also) for one in part.taken.values()} | {column}
    lines += _left_over([one for one in seen if one.reference not in used])
    return "\n".join(lines) + "\n"


def _columns(part: Part, platform: str, indent: str) -> Iterator[str]:
    yield f"{indent}columns:"
    yield f"{indent}  platform: {platform}"
    for column in TABLES[part.table].columns:
        name = column.name
        if name == "platform":
            continue
        if name in part.taken:
            yield f"{indent}  {name}: {_rule(part.taken[name], column.type)}{_example(part.taken[name])}"
        elif name in part.constants:
            choices = f"or {', '.join(c for c in column.choices if c != part.constants[name])}"
            yield f"{indent}  {name}: {{value: {part.constants[name]}}}  # check; {choices}"
        elif name in part.missing:
            yield f"{indent}  # {name}: NAME_OF_COLUMN  # required: nothing looks like it"


def _rule(seen: Seen, kind: str) -> str:
    options: list[str] = []
    if kind == "time" and seen.unit and seen.unit != "seconds":
        options.append(f"unit: {seen.unit}")
    if kind == "time" and seen.formats:
        options.append(f"format: {_scalar(seen.formats[0])}")
        if "%z" not in seen.formats[0] and has_time(seen.formats[0]):
            options.append("zone: UTC")
    if kind in ("list", "countries") and seen.split:
        options.append(f"split: {_scalar(seen.split)}")
    name = _scalar(seen.reference)
    return f"{{{', '.join([f'column: {name}', *options])}}}" if options else name


def _example(seen: Seen) -> str:
    """Return a comment with a value, and with what else it could mean."""
    doubts = []
    if len(seen.formats) > 1:
        doubts.append(f"{' or '.join(seen.formats[1:3])} would fit as well")
    if seen.formats and "%z" not in seen.formats[0]:
        doubts.append("check the zone")
    if not seen.values:
        return "  # empty in the first rows"
    return "  # " + "; ".join([f"e.g. {_comment(seen.values[0])}", *doubts])


def _left_over(seen: Sequence[Seen]) -> Iterator[str]:
    if not seen:
        yield "# No column is left over."
        return
    yield "# Left over: kept as properties x_<name> of the table, unless named under `ignore: [...]`."
    for one in seen:
        example = f", e.g. {_comment(one.values[0])}" if one.values else ""
        yield f"#   {_comment(one.reference)}: {one.kind}{example}"


def _scalar(text: str) -> str:
    """Return a text as YAML writes it on one line, also inside braces."""
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.]*(?: [A-Za-z0-9_.]+)*", text) and text.lower() != "null":
        return text
    return yaml.dump(text, Dumper=yaml.SafeDumper, default_style='"', width=1 << 30).strip()


def _comment(text: str) -> str:
    """Return a text from the file as it may stand in a comment: short, one line, nothing that steers."""
    clean = re.sub(
        r"[^\x20-\x7e\u00a1-\u00ac\u00ae-\u1fff\u2c00-\ud7ff\uf900-\ufdcf\ufe30-\ufefe]+", " ", text
    )
    return clean[:_SHOWN] + ("..." if len(clean) > _SHOWN else "")
