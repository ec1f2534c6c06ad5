"""Turns whatever went wrong into a message on stderr and an exit code."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click

from cibgraph.context import Context
from cibgraph.output import plain_lines
from cypher.errors import CibError

INTERRUPTED: Final = 130

_OS_HINTS: Final = {
    errno.ENOSPC: "Free some space, then run the same command again: it mends what is missing.",
    errno.EDQUOT: "Free some space, then run the same command again: it mends what is missing.",
    errno.EROFS: "The disk is read-only; use a workspace that can be written to.",
    errno.EACCES: "Use a folder that you may write to, or correct its permissions.",
    errno.EPERM: "Use a folder that you may write to, or correct its permissions.",
    errno.ENOENT: "Check the path.",
    errno.ENOTDIR: "Check the path: a part of it is a file, not a folder.",
    errno.EISDIR: "Check the path: it is a folder, not a file.",
    errno.EEXIST: "Check the path: a file is in the way.",
    errno.ENAMETOOLONG: "Choose a shorter name.",
    errno.EIO: "The disk may be failing; look at the system's log.",
    errno.EMFILE: "Raise the limit of open files (ulimit -n).",
}


def guarded(run: Callable[[], Any], context: Context) -> int:
    """Run the command line and return the exit code.

    Args:
        run: Returns the command's exit code, or anything that is no int for 0.
        context: Knows what an interrupted command has kept, and where a log can lie.
    """
    try:
        try:
            code = run()
            sys.stdout.flush()
            return code if isinstance(code, int) else 0
        except BaseException as error:
            context.progress.close()
            return _report(error, context)
    except BrokenPipeError:
        # The reader has gone (`cib query | head`): nobody is left to tell, and the flush at exit must not
        # complain.
        _silence_stdout()
        return 1


def _report(error: BaseException, context: Context) -> int:
    if isinstance(error, BrokenPipeError):
        raise error
    if isinstance(error, SystemExit):
        # How click itself ends on a broken pipe.
        return error.code if isinstance(error.code, int) else 1
    if context.interrupted or isinstance(error, KeyboardInterrupt | click.exceptions.Abort):
        _say(f"interrupted: {context.kept}")
        return INTERRUPTED
    if isinstance(error, click.ClickException):
        error.show()
        return error.exit_code
    if isinstance(error, CibError):
        _say(f"error: {error.message}", error.hint)
        return error.exit_code
    if isinstance(error, OSError) and error.errno in _OS_HINTS:
        where = f": {error.filename}" if error.filename else ""
        _say(f"error: {error.strerror or error}{where}", _OS_HINTS[error.errno])
        return 1
    _say(f"error: unexpected {type(error).__name__}: {_first_line(error)}", _keep_traceback(error, context))
    return 1


def _keep_traceback(error: BaseException, context: Context) -> str:
    """Write the traceback to a file and return a sentence that says where it is."""
    text = "".join(traceback.format_exception(error))
    if context.verbose:
        _say(text)
    name = f"error-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.log"
    folders = [Path(tempfile.gettempdir())]
    if context.known_workspace is not None:
        folders.insert(0, context.known_workspace.state / "logs")
    for folder in folders:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(f"{' '.join(sys.argv)}\n\n{text}", encoding="utf-8")
        except OSError:
            continue
        return f"This is a fault of cib. The details are in {folder / name}; please report them."
    return "This is a fault of cib. Run it with -v to see the details, and please report them."


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [""])[0][:300]


def _say(message: str, hint: str = "") -> None:
    """Print on stderr; what a message quotes from a file must not steer the terminal."""
    click.echo(plain_lines(message), err=True)
    if hint:
        click.echo(plain_lines(f"hint: {hint}"), err=True)


def _silence_stdout() -> None:
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return
