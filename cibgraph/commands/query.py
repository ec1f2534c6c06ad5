"""`cib query`: the ready-made queries, and their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cibgraph.context import Context
from cibgraph.output import format_option, plain, print_rows
from cypher.errors import UsageError

if TYPE_CHECKING:
    from cypher.library import Query

#: Where the queries lie that are written for analysts.
_FOLDER = "browser"


@click.command()
@click.argument("name", required=False)
@click.option("--param", "parameters", multiple=True, metavar="NAME=VALUE", help="A value for the query.")
@click.option("--text", is_flag=True, help="Print the query itself, with its parameters; run nothing.")
@format_option
@click.pass_obj
def query(context: Context, name: str | None, parameters: tuple[str, ...], text: bool, fmt: str) -> None:
    r"""List the ready-made queries, or run one (read only).

    Left empty, the parameter `operation` is the one ranked first. Queries whose names end in `_drawn` are
    made for Neo4j Browser's graph view; here they give the names of the nodes.

    \b
    Examples:
      cib query
      cib query operations_ranked
      cib query operation_members --format csv
      cib query same_device_other_persona --param kinds=phone,device --param at_least=3
      cib query who_stands_near --text
    """
    from cypher.library import names

    if name is None:
        rows = []
        for path in names(_FOLDER):
            found = _find(path)
            given = ", ".join(f"{key}={value!r}" for key, value in found.parameters.items())
            rows.append({"name": path.removeprefix(f"{_FOLDER}/"), "title": found.title, "parameters": given})
        print_rows(rows, ("name", "title", "parameters"), fmt)
        return
    wanted = _find(name if "/" in name else f"{_FOLDER}/{name}")
    values = dict(_parse(wanted, given) for given in parameters)
    if text:
        given = "".join(f":param {key} => {value!r}\n" for key, value in wanted.bind(values).items())
        click.echo(f"// {wanted.title}\n{given}{wanted.text}")
        return
    with context.connect(read_only=True) as graph:
        answer = graph.read(wanted, **values)
    context.progress.close()
    if not answer:
        print_rows([], (), fmt)
        context.say(f"{plain(wanted.title)}: nothing found.")
        return
    if fmt != "json" and name.endswith("_drawn"):
        answer = [{column: _caption(value) for column, value in row.items()} for row in answer]
    print_rows(answer, list(answer[0]), fmt)


def _find(path: str) -> Query:
    """Return the query; an error names it as it was given, and the nearest of those that analysts run."""
    import difflib

    from cypher.library import names
    from cypher.library import query as find

    if path in names(""):
        return find(path)
    given = path.removeprefix(f"{_FOLDER}/")
    near = difflib.get_close_matches(
        given, [name.partition("/")[2] for name in names(_FOLDER)], n=3, cutoff=0.5
    )
    guess = f"Did you mean {' or '.join(near)}? " if near else ""
    raise UsageError(f"there is no query {given!r}", f"{guess}`cib query` lists them all.")


def _parse(wanted: Query, given: str) -> tuple[str, Any]:
    """Return the name and the value of a `NAME=VALUE`, of the type that the parameter's default has."""
    from cypher.library import literal

    name, equals, text = given.partition("=")
    if not equals or not name:
        raise click.BadParameter(f"{given!r} is not NAME=VALUE", param_hint="'--param'")
    wanted.bind({name: text})  # refuses a name that the query does not know
    default = wanted.parameters[name]
    if isinstance(default, str):
        return name, text
    try:
        value = literal(text)
    except ValueError:
        value = text
    if isinstance(default, list) and not isinstance(value, list):
        return name, [item for item in map(str.strip, text.split(",")) if item]
    if isinstance(default, int) and (not isinstance(value, int) or value < 0):
        raise UsageError(
            f"parameter {name} is a whole number, not {text!r}",
            f"Its default is {default}; for example --param {name}={default * 2}.",
        )
    return name, value


def _caption(value: Any) -> Any:
    """Return a node as its name, a path as the names of its nodes."""
    if isinstance(value, list):
        return " - ".join(str(_caption(item)) for item in value)
    if isinstance(value, dict):
        return next((value[key] for key in ("name", "key", "id", "layer") if value.get(key)), "")
    return value
