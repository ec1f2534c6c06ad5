"""What a person is told when something goes wrong, and the exit code a script gets.

These live in the lowest package so that every layer can raise them and only the command line catches them.
"""

from __future__ import annotations

from typing import ClassVar


class CibError(Exception):
    """Something a user can cause or mend: what happened, where, and how to mend it.

    Args:
        message: What went wrong and where, in one sentence.
        hint: What to do about it; shown on its own line.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(CibError):
    """A wrong argument, setting or file name (exit code 2)."""

    exit_code = 2


class ServerError(CibError):
    """The Neo4j server cannot be reached, refuses the password, or lacks GDS (exit code 4)."""

    exit_code = 4


class LockedError(CibError):
    """Another run holds the workspace (exit code 5)."""

    exit_code = 5
