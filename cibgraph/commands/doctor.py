"""`cib doctor`: is all there that cib needs?"""

from __future__ import annotations

from dataclasses import asdict

import click

from cibgraph.context import Context
from cibgraph.output import plain, print_json
from cypher.errors import UsageError


@click.command()
@click.option("--format", "fmt", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.pass_obj
def doctor(context: Context, fmt: str) -> int:
    """Check that this machine has what cib needs.

    Nothing is started or changed. Exit code 0: all well, or warnings only; 1: something fails; 4: the
    server does.
    """
    from cibgraph.server.checkup import check

    home = other = None
    try:
        home = context.workspace().server
    except UsageError:
        if context.folder is not None:
            raise
    if home is not None and context.settings().neo4j.uri is not None:
        other = context.address()
    findings = list(check(home, other))
    if fmt == "json":
        print_json([{k: v for k, v in asdict(finding).items() if k != "server"} for finding in findings])
    else:
        for finding in findings:
            click.echo(f"{finding.level:<5} {finding.name:<15} {plain(finding.found)}")
            if finding.hint:
                click.echo(f"{'':<22}{plain(finding.hint)}")
    failed = [finding for finding in findings if finding.level == "fail"]
    return 4 if any(finding.server for finding in failed) else 1 if failed else 0
