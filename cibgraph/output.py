"""Prints rows on stdout: a table for people, JSON or CSV for programs."""

from __future__ import annotations

import csv
import json
import re
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, TypeVar

import click

FORMATS: Final = ("table", "json", "csv")

#: What could steer a terminal or turn text around: control characters, direction marks, line separators.
_STEERING: Final = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]+")
#: A text cell that begins like this would be taken for a formula by a spreadsheet.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")

#: Width of what has no end, such as a pipe.
_NO_END: Final = 10_000
#: A column of cells up to this length is never wrapped: ids, terms, times.
_SHORT: Final = 20

_F = TypeVar("_F", bound=Callable[..., Any])


def format_option(function: _F) -> _F:
    """Add `--format table|json|csv`, passed as `fmt`."""
    return click.option(
        "--format",
        "fmt",
        type=click.Choice(FORMATS),
        default="table",
        show_default=True,
        help="How to print.",
    )(function)


def set_option(function: _F) -> _F:
    """Add `--set NAME=VALUE`, which may be repeated, passed as `changes`."""
    return click.option(
        "--set", "changes", multiple=True, metavar="NAME=VALUE", help="Override a setting of cib.toml."
    )(function)


def print_rows(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], fmt: str) -> None:
    """Print rows with these columns on stdout.

    Args:
        rows: Values by column; a column that a row lacks is empty.
        columns: Which, in this order; underscores show as blanks in a table.
        fmt: `table`, `json` (a list of objects) or `csv`.
    """
    if fmt == "json":
        print_json([{name: row.get(name) for name in columns} for row in rows])
    elif fmt == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        # A program gets every character; a terminal must not obey them.
        cell = _shown_csv_cell if sys.stdout.isatty() else _csv_cell
        writer.writerows([cell(row.get(name)) for name in columns] for row in rows)
    else:
        _print_table(list(rows), columns)


def print_json(value: Any) -> None:
    """Print a value as JSON on stdout; what could steer a terminal is escaped."""
    text = json.dumps(value, indent=2, ensure_ascii=False, default=_json_value, allow_nan=False)
    click.echo(
        re.sub("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]", lambda m: f"\\u{ord(m[0]):04x}", text)
    )


def plain(text: str) -> str:
    """Return a text from the data, on one line, without anything that could steer a terminal."""
    return _STEERING.sub(" ", text)


def plain_lines(text: str) -> str:
    """Return a text of several lines, such as a message that names a file, without what steers a terminal."""
    return "\n".join(map(plain, text.split("\n")))


def print_wrapped(text: str, *, first: str = "", rest: str = "") -> None:
    """Print text on stdout, wrapped at a terminal's width; into a pipe it stays on its line.

    Args:
        text: What to print, on one line.
        first: Put before the first line.
        rest: Put before the others.
    """
    width = _width()
    wrapped = textwrap.wrap(text, width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)
    click.echo("\n".join(wrapped) if width < _NO_END else f"{first}{text}")


def _width() -> int:
    """Columns of the terminal, or so many that nothing wraps where stdout is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else _NO_END


def _print_table(rows: list[Mapping[str, Any]], columns: Sequence[str]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    numbers = {name for name in columns if all(isinstance(row.get(name), int | float | None) for row in rows)}
    cells = {name: [table_cell(row.get(name)) for row in rows] for name in columns}
    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    for name in columns:
        longest = max((len(cell) for cell in cells[name]), default=0)
        header = name.replace("_", " ")
        # Short cells keep their line; their header wraps instead.
        narrow = max(longest, *(len(word) for word in header.split())) if longest <= _SHORT else None
        table.add_column(
            header,
            justify="right" if rows and name in numbers else "left",
            overflow="fold",
            width=narrow if sys.stdout.isatty() else None,
        )
    for row in zip(*cells.values(), strict=True):
        table.add_row(*(Text(cell) for cell in row))
    console = Console(file=sys.stdout, width=_width(), highlight=False)
    with console.capture() as drawn:
        console.print(table)
    for line in drawn.get().splitlines():
        click.echo(line.rstrip())


def table_cell(value: Any) -> str:
    """Return a value as a person reads it: figures grouped, times without microseconds, lists with commas."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.2f}" if abs(value) >= 0.01 or value == 0 else f"{value:.2g}"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return ", ".join(table_cell(item) for item in value)
    if isinstance(value, dict):
        return plain(json.dumps(value, ensure_ascii=False, default=_json_value))
    return plain(str(value))


def _csv_cell(value: Any) -> Any:
    if isinstance(value, list | tuple):
        value = "|".join(str(_json_value(item)) for item in value)
    elif isinstance(value, dict):
        value = json.dumps(value, ensure_ascii=False, default=_json_value)
    elif isinstance(value, date):
        value = value.isoformat()
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _shown_csv_cell(value: Any) -> Any:
    cell = _csv_cell(value)
    return plain(cell) if isinstance(cell, str) else cell


def _json_value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else str(value)
