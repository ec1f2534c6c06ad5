"""Where the key of pseudonyms comes from: the environment, or a file that only its owner can read."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Collection, Mapping
from typing import Final

from cibgraph.server.files import write_private
from cibgraph.workspace import Workspace
from cypher.errors import CibError, UsageError
from ingest.pseudonyms import PLAIN, Pseudonyms

VARIABLE: Final = "CIB_PSEUDONYM_KEY"
#: A shorter key can be guessed (bytes).
MIN_LENGTH: Final = 16


def pseudonyms_of(workspace: Workspace, kinds: Collection[str], environment: Mapping[str, str]) -> Pseudonyms:
    """Return what is hashed, and with which key; a key is made when one is first needed.

    Args:
        workspace: Holds the key, unless the environment does.
        kinds: What is hashed; nothing if empty.
        environment: `CIB_PSEUDONYM_KEY`, if one key serves several workspaces.

    Raises:
        UsageError: The key is too short.
        CibError: It cannot be read or written.
    """
    if not kinds:
        return PLAIN
    return Pseudonyms(frozenset(kinds), _key(workspace, environment))


def export_key(workspace: Workspace, environment: Mapping[str, str]) -> bytes:
    """Return the key of redacted exports: one made of that of pseudonyms, so that neither tells the other.

    Args:
        workspace: Holds the key, unless the environment does.
        environment: `CIB_PSEUDONYM_KEY`, if one key serves several workspaces.

    Raises:
        UsageError: The key is too short.
        CibError: It cannot be read or written.
    """
    return hmac.digest(_key(workspace, environment), b"export", "sha256")


def _key(workspace: Workspace, environment: Mapping[str, str]) -> bytes:
    file = workspace.pseudonym_key
    where, key = VARIABLE, environment.get(VARIABLE, "")
    if not key:
        where = str(file)
        try:
            if not file.exists():
                write_private(file, secrets.token_hex(32) + "\n")
            file.chmod(0o600)  # It may have been copied here.
            key = file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "is no text"
            raise CibError(f"{file}: {reason}", f"Make it readable, or set {VARIABLE}.") from None
    if len(key.encode(errors="surrogateescape")) < MIN_LENGTH:
        raise UsageError(
            f"the key in {where} is shorter than {MIN_LENGTH} bytes",
            "For example, 64 hex digits: openssl rand -hex 32",
        )
    return key.encode(errors="surrogateescape")
