"""The jars that make up the server, as the lock files name them."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

LOCKS: Final = Path(__file__).parent / "lock"

#: Lock by folder of the server's home: Neo4j itself, and its plugin.
FOLDERS: Final = {"lib": "neo4j", "plugins": "gds"}


@dataclass(frozen=True)
class Jar:
    """One jar of a lock.

    Attributes:
        folder: `lib` or `plugins`.
        sha256: Of its content, in hex.
    """

    folder: str
    group: str
    artifact: str
    version: str
    classifier: str
    sha256: str

    @property
    def name(self) -> str:
        """File name."""
        return "-".join(part for part in (self.artifact, self.version, self.classifier) if part) + ".jar"

    @property
    def path(self) -> Path:
        """Where a Maven repository keeps it."""
        return Path(*self.group.split("."), self.artifact, self.version, self.name)


def jars() -> list[Jar]:
    """Return every jar of both locks."""
    return [
        Jar(
            folder,
            entry["groupId"],
            entry["artifactId"],
            entry["version"],
            entry.get("classifier", ""),
            entry["sha256"],
        )
        for folder, lock in FOLDERS.items()
        for entry in tomllib.loads((LOCKS / lock / "jgo.lock.toml").read_text("utf-8"))["dependencies"]
    ]


def versions() -> dict[str, str]:
    """Return the versions of `neo4j` and `gds`."""
    found = {(jar.group, jar.artifact): jar.version for jar in jars()}
    return {"neo4j": found["org.neo4j.app", "neo4j-server"], "gds": found["org.neo4j.gds", "proc"]}


def home_name() -> str:
    """Return a name that is another for every other set of jars."""
    text = "\n".join(sorted(f"{jar.folder}/{jar.name} {jar.sha256}" for jar in jars()))
    version = versions()
    return f"neo4j-{version['neo4j']}-gds-{version['gds']}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
