"""`cib`: the group of commands; each command's module is imported only when that command is called."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Any, Final

import click

from cibgraph.context import Context
from cibgraph.failures import guarded

#: Name and first line of the help, in the order of work. The command is `cibgraph.commands.<name>.<name>`.
COMMANDS: Final = {
    "demo": "Make, load, detect, rank and export a dataset with known operations.",
    "init": "Make a workspace: a folder with a commented cib.toml.",
    "load": "Load files or folders into the graph and the action log.",
    "coordinate": "Find coordinated edges straight from files: no workspace, no server.",
    "detect": "Find coordinated edges and the communities they join.",
    "rank": "Score and rank the operations, and list them.",
    "export": "Write the ranked operations to files.",
    "run": "Load, detect, rank and export as cib.toml says, for schedules.",
    "decide": "Confirm, dismiss or watch an operation.",
    "watch": "Watch assets: operations that touch them say so.",
    "diff": "Show what changed from one run to another.",
    "show": "Explain an operation, or what joins two assets.",
    "query": "List the ready-made queries, or run one (read only).",
    "simulate": "Write a dataset with known operations in it.",
    "evaluate": "Measure what was found against what was planted.",
    "server": "Start, stop and look at the embedded Neo4j server.",
    "browser": "Open Neo4j Browser, and print its address, user and password.",
    "doctor": "Check that this machine has what cib needs.",
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import and return a command; None when there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module = __import__(f"cibgraph.commands.{cmd_name}", fromlist=[cmd_name])
        command = getattr(module, cmd_name)
        if not isinstance(command, click.Command):
            raise TypeError(f"cibgraph.commands.{cmd_name}.{cmd_name} is no click command")
        return _keep_lines(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run; a failure becomes a message on stderr and an exit code, never a traceback."""
        context = extra.setdefault("obj", Context())

        def run() -> Any:
            return super(LazyGroup, self).main(args, prog_name, complete_var, standalone_mode=False, **extra)

        return sys.exit(guarded(run, context)) if standalone_mode else run()


def _keep_lines(command: click.Command) -> click.Command:
    """Return a command whose help has click's mark for 'do not re-wrap', which raw docstrings spell out."""
    command.help = (command.help or "").replace("\\b\n", "\b\n")
    return command


def _print_version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    from importlib.metadata import version

    click.echo(f"cib {version('cibgraph')}")
    ctx.exit()


@click.group(
    cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.option(
    "-w",
    "--workspace",
    envvar="CIB_WORKSPACE",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The workspace; otherwise the nearest folder, from here upwards, with a cib.toml.",
)
@click.option("-q", "--quiet", is_flag=True, help="No progress and no notes on stderr; errors only.")
@click.option("-v", "--verbose", is_flag=True, help="Also print the traceback of an unexpected error.")
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_print_version,
    help="Print the version and exit.",
)
@click.pass_context
def cli(ctx: click.Context, workspace: Path | None, quiet: bool, verbose: bool) -> None:
    r"""Find coordinated inauthentic operations: accounts, Pages, Groups and ads run by one hidden operator.

    \b
    Try it:         cib demo
    Your own data:  cib init .
                    cib load FILES...
                    cib detect
                    cib rank
                    cib export --format xlsx --out results

    Results go to stdout, progress and notes to stderr. Exit codes: 0 done, 1 failed, 2 wrong usage or
    settings, 3 done with rejected rows, 4 no server or no GDS, 5 workspace in use, 130 interrupted.
    """
    context: Context = ctx.obj
    context.choose(workspace, quiet=quiet, verbose=verbose)
    ctx.call_on_close(context.progress.close)


_keep_lines(cli)


def listen(context: Context) -> None:
    """Let ctrl-C and a request to terminate (SIGTERM) interrupt, and the invocation know of it."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        context.interrupted = True
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM):
        # A shell starts what runs in the background with ctrl-C ignored, which is to stay so.
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, stop)


def entry() -> None:
    """Start from the console script."""
    context = Context()
    listen(context)
    cli(obj=context)
