"""Prints rows on stdout: a table for people, JSON or CSV for programs."""

from __future__ import annotations

import csv
import json
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, TypeVar

import click

FORMATS: Final = ("table", "json", "csv")

#: What could steer a terminal or turn text around: control characters, direction marks, line separators.
_STEERING: Final = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]+")
#: A text cell that begins like this would be taken for a formula by a spreadsheet.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")

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
        writer.writerows([_csv_cell(row.get(name)) for name in columns] for row in rows)
    else:
        _print_table(list(rows), columns)


def print_json(value: Any) -> None:
    """Print a value as JSON on stdout; what could steer a terminal is escaped."""
    text = json.dumps(value, indent=2, ensure_ascii=False, default=_json_value, allow_nan=False)
    click.echo(
        re.sub("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]", lambda m: f"\\u{ord(m[0]):04x}", text)
    )


def plain(text: str) -> str:
    """Return a text from the data without anything that could steer a terminal."""
    return _STEERING.sub(" ", text)


def _print_table(rows: list[Mapping[str, Any]], columns: Sequence[str]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    numbers = {name for name in columns if all(isinstance(row.get(name), int | float | None) for row in rows)}
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        table.add_column(
            name.replace("_", " "), justify="right" if rows and name in numbers else "left", overflow="fold"
        )
    for row in rows:
        table.add_row(*(Text(table_cell(row.get(name))) for name in columns))
    # Into a pipe, a row stays on its line however long it is.
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 10_000
    console = Console(file=sys.stdout, width=width, highlight=False)
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


def _json_value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else str(value)
