"""Prints the reference of all commands as Markdown: `python -m cibgraph.reference > docs/commands.md`."""

from __future__ import annotations

from collections.abc import Iterator

import click

from cibgraph.main import cli


def reference() -> str:
    """Return the help of `cib` and of every command below it, as one Markdown page."""
    parts = ["# Commands", "", "What `cib COMMAND --help` prints; made by `python -m cibgraph.reference`."]
    for name, help_text in _helps(cli, "cib", None):
        parts += ["", f"## {name}", "", "```text", help_text, "```"]
    return "\n".join(parts) + "\n"


def _helps(command: click.Command, name: str, parent: click.Context | None) -> Iterator[tuple[str, str]]:
    # A width of its own: the page must not depend on the terminal it was made in.
    context = click.Context(
        command, info_name=name.split()[-1], parent=parent, terminal_width=90, **command.context_settings
    )
    yield name, command.get_help(context).rstrip()
    if isinstance(command, click.Group):
        for part in command.list_commands(context):
            found = command.get_command(context, part)
            if found is not None and not found.hidden:
                yield from _helps(found, f"{name} {part}", context)


if __name__ == "__main__":
    click.echo(reference(), nl=False)
