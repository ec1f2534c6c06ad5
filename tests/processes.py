"""`cib` as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def clean_environment() -> dict[str, str]:
    """This process's environment without what names a server or sets up `cib`."""
    return {name: text for name, text in os.environ.items() if not name.startswith(("NEO4J_", "CIB_"))}


def begin(workspace: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start `cib` in a workspace with a server of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "cibgraph", *arguments],
        cwd=workspace, env=clean_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
