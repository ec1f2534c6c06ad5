"""`cib browser`: Neo4j Browser on the embedded server."""

from __future__ import annotations

import os
import sys
import webbrowser
from pathlib import Path

import click

from cibgraph.context import Context
from cypher.errors import UsageError


@click.command()
@click.option("--no-open", is_flag=True, help="Only print the address; open nothing.")
@click.option("--show-password", is_flag=True, help="Print the password even into a file or a pipe.")
@click.option(
    "--files",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Only write what is dragged into Browser: queries, style, parameters; and a dashboard for NeoDash.",
)
@click.pass_obj
def browser(context: Context, no_open: bool, show_password: bool, files: Path | None) -> None:
    r"""Open Neo4j Browser, and print its address, user and password.

    \b
    Examples:
      cib browser
      cib browser --no-open --show-password
      cib browser --files browser
    """
    from cibgraph.server import ensure_running
    from cibgraph.server.home import password_file

    if files is not None:
        _write_files(files)
        return
    configured = context.settings().neo4j.uri
    if configured is not None:
        raise UsageError(
            f"the workspace uses the server at {configured}, whose Browser only its owner knows",
            "Ask who runs it for its address; or unset NEO4J_URI to use the embedded server.",
        )
    home = context.workspace().server
    found = ensure_running(home, progress=context.progress)
    context.progress.close()
    shown = found.address.password if show_password or sys.stdout.isatty() else "(--show-password prints it)"
    click.echo(f"address   {found.browser_url}")
    click.echo(f"connect   {found.address.uri}")
    click.echo(f"user      {found.address.username}")
    click.echo(f"password  {shown}")
    click.echo(f"          also in {password_file(home)}")
    if not no_open and _has_display() and not webbrowser.open(found.browser_url):
        context.say("No web browser could be opened; open the address yourself.")


def _write_files(folder: Path) -> None:
    from cibgraph.browserkit import write_kit

    try:
        written = write_kit(folder)
    except OSError as error:
        raise UsageError(
            f"{folder} cannot be written to: {error.strerror}", "Choose another: cib browser --files DIR"
        ) from error
    for path in written:
        click.echo(path)


def _has_display() -> bool:
    if sys.platform in {"darwin", "win32"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
