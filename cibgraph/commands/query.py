"""`cib query`: the ready-made queries, and their answers."""

from __future__ import annotations

from typing import Any

import click

from cibgraph.context import Context
from cibgraph.output import format_option, plain, print_rows

#: Where the queries lie that are written for analysts.
_FOLDER = "browser"


@click.command()
@click.argument("name", required=False)
@click.option("--param", "parameters", multiple=True, metavar="NAME=VALUE", help="A value for the query.")
@format_option
@click.pass_obj
def query(context: Context, name: str | None, parameters: tuple[str, ...], fmt: str) -> None:
    r"""List the ready-made queries, or run one (read only).

    \b
    Examples:
      cib query
      cib query operations_ranked
      cib query operations_ranked --param limit=5 --format csv
    """
    from cypher.library import names
    from cypher.library import query as find

    if name is None:
        rows = []
        for path in names(_FOLDER):
            found = find(path)
            given = ", ".join(f"{key}={value!r}" for key, value in found.parameters.items())
            rows.append({"name": path.removeprefix(f"{_FOLDER}/"), "title": found.title, "parameters": given})
        print_rows(rows, ("name", "title", "parameters"), fmt)
        return
    wanted = find(name if "/" in name else f"{_FOLDER}/{name}")
    with context.connect(read_only=True) as graph:
        answer = graph.read(wanted, **dict(_parse(text) for text in parameters))
    context.progress.close()
    if answer:
        print_rows(answer, list(answer[0]), fmt)
    else:
        print_rows([], (), fmt)
        context.say(f"{plain(wanted.title)}: nothing found.")


def _parse(text: str) -> tuple[str, Any]:
    """Return the name and the value of a `NAME=VALUE`; a value that is no literal is a text."""
    from cypher.library import literal

    name, equals, value = text.partition("=")
    if not equals or not name:
        raise click.BadParameter(f"{text!r} is not NAME=VALUE", param_hint="'--param'")
    try:
        return name, literal(value)
    except ValueError:
        return name, value
