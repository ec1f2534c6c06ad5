"""Makes the lock files anew: `python -m cibgraph.server.relock [FOLDER]`, after a change of a `jgo.toml`.

FOLDER keeps what is downloaded, for the next time.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from jgo.env import EnvironmentBuilder, EnvironmentSpec
from jgo.maven import MavenContext

from cibgraph.server.locked import FOLDERS, LOCKS


def relock(downloads: Path) -> None:
    """Resolve each `jgo.toml` and write its lock."""
    builder = EnvironmentBuilder(context=MavenContext(repo_cache=downloads))
    for name in FOLDERS.values():
        lock = builder.resolve_lockfile(EnvironmentSpec.load(LOCKS / name / "jgo.toml"))
        lock.save(LOCKS / name / "jgo.lock.toml")
        sys.stderr.write(f"{name}: {len(lock.dependencies)} jars\n")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        relock(Path(sys.argv[1] if len(sys.argv) > 1 else scratch))
