"""Which files are input: those that the settings name, and none that `cib` wrote itself."""

from __future__ import annotations

from pathlib import Path

from cibgraph.runrecord import read_records
from cibgraph.settings import Settings
from cibgraph.workspace import Workspace
from cypher.errors import UsageError


def own_files(workspace: Workspace, settings: Settings) -> set[Path]:
    """Return the files and folders that `cib` itself wrote: no input, even in a folder that is one."""
    outputs = {
        Path(output["path"]) for record in read_records(workspace) for output in record.data["outputs"]
    }
    folders = workspace.rejected, workspace.root / settings.export.out
    return outputs | {folder.resolve() for folder in folders}


def input_paths(workspace: Workspace, settings: Settings) -> list[Path]:
    """Return the files and folders that `[inputs] paths` names, relative to the workspace.

    Raises:
        UsageError: None are named, or one names nothing that is there.
    """
    found: list[Path] = []
    for name in settings.inputs.paths:
        path = workspace.root / Path(name).expanduser()
        if any(character in name for character in "*?["):
            matches = sorted(Path(path.anchor).glob(str(path.relative_to(path.anchor))))
        else:
            matches = [path] if path.exists() else []
        if not matches:
            raise UsageError(
                f"{workspace.settings_file}: [inputs] paths names {name!r}, which is not there",
                f"It is looked for as {path}.",
            )
        found += matches
    if not found:
        raise UsageError(
            f"{workspace.settings_file}: [inputs] paths is empty, so there is nothing to load",
            'Name files or folders there, e.g. paths = ["data"]; or in the command: cib load FILES.',
        )
    return found
