"""`cib server`: the embedded Neo4j server of this workspace."""

from __future__ import annotations

from dataclasses import asdict

import click

from cibgraph.context import Context
from cibgraph.output import plain, print_json


@click.group()
def server() -> None:
    """Start, stop and look at the embedded Neo4j server.

    Commands that need it start it by themselves; it runs on until it is stopped.
    """


@server.command()
@click.pass_obj
def start(context: Context) -> None:
    """Start the server, if it does not run; the first start downloads it."""
    from cibgraph.server import ensure_running

    found = ensure_running(context.workspace().server, progress=context.progress)
    context.progress.close()
    click.echo(f"Neo4j runs at {found.address.uri} (process {found.pid}); Browser at {found.browser_url}")


@server.command()
@click.pass_obj
def stop(context: Context) -> None:
    """Stop the server; its data stay."""
    from cibgraph.server import stop as end

    click.echo("Neo4j was stopped." if end(context.workspace().server) else "Neo4j was not running.")


@server.command()
@click.option("--format", "fmt", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.pass_obj
def status(context: Context, fmt: str) -> None:
    """Tell whether the server runs, where, and since when."""
    from cibgraph.server import status as look

    found = look(context.workspace().server)
    if fmt == "json":
        print_json(asdict(found))
        return
    click.echo(f"state    {'running' if found.running else 'stopped'}")
    if found.running:
        click.echo(f"process  {found.pid}, up {_duration(found.uptime or 0)}")
        click.echo(f"bolt     {found.bolt}")
        click.echo(f"browser  {found.browser}")
    click.echo(f"version  Neo4j {found.neo4j}, GDS {found.gds}")
    click.echo(f"data     {found.data_bytes / 2**20:,.1f} MiB")


@server.command()
@click.option("--lines", "-n", type=click.IntRange(1), default=50, show_default=True, help="How many lines.")
@click.option("--follow", "-f", is_flag=True, help="Go on printing what is added, until ctrl-C.")
@click.pass_obj
def logs(context: Context, lines: int, follow: bool) -> None:
    """Print the end of the server's log."""
    from cibgraph import server as embedded

    home = context.workspace().server
    for line in embedded.follow(home, lines) if follow else embedded.log_tail(home, lines):
        click.echo(plain(line))


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"
