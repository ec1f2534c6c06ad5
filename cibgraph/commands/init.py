"""`cib init`: make a workspace."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from cibgraph.workspace import Workspace


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=".", metavar="[DIR]")
def init(folder: Path) -> None:
    r"""Make a workspace: a folder with a commented cib.toml.

    A cib.toml that is already there is left as it is.

    \b
    Examples:
      cib init .
      cib init investigation
    """
    if make_workspace(folder):
        click.echo(f"{folder}/cib.toml written: a workspace. Next: cib {_where(folder)}load FILES...")
    else:
        click.echo(f"{folder} is already a workspace; its cib.toml was left as it is.")


def make_workspace(folder: Path, inputs: Sequence[str] = ()) -> bool:
    """Make `folder` a workspace; return whether it was none before.

    Args:
        folder: Made if it is not there.
        inputs: What its `cib run` shall load.
    """
    from cibgraph.settingsfile import template

    workspace = Workspace(folder)
    workspace.state.mkdir(parents=True, exist_ok=True)
    # What the tool keeps, the server's password among it, must not slip into a repository.
    (workspace.state / ".gitignore").write_text("*\n", encoding="utf-8")
    try:
        with workspace.settings_file.open("x", encoding="utf-8") as file:
            file.write(template(inputs))
    except FileExistsError:
        return False
    return True


def _where(folder: Path) -> str:
    return "" if folder == Path() else f"-w {folder} "
