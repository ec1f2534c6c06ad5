"""The workspace: one folder that holds the settings, the embedded server, the action log and the runs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cypher.errors import UsageError

if TYPE_CHECKING:
    from analytics.memory import Memory

SETTINGS_FILE = "cib.toml"


@dataclass(frozen=True)
class Workspace:
    """Where everything lies, relative to the folder that holds `cib.toml`."""

    root: Path

    @property
    def settings_file(self) -> Path:
        """The file with the settings."""
        return self.root / SETTINGS_FILE

    @property
    def state(self) -> Path:
        """All that the tool keeps for itself."""
        return self.root / ".cib"

    @property
    def lock_file(self) -> Path:
        """Held while a command writes."""
        return self.state / "lock"

    @property
    def server(self) -> Path:
        """Home of the embedded server."""
        return self.state / "server"

    @property
    def sources(self) -> Path:
        """What each source says."""
        return self.state / "sources"

    @property
    def pseudonym_key(self) -> Path:
        """The key with which identifiers and payers are hashed; never part of anything that is shared."""
        return self.state / "pseudonym.key"

    @property
    def memory(self) -> Memory:
        """What is remembered of operations: decisions, watched assets, rankings."""
        from analytics.memory import Memory

        return Memory(self.state)

    @property
    def actions(self) -> Path:
        """The action log."""
        return self.state / "actions"

    @property
    def layers(self) -> Path:
        """Edges and evidence of the last detection."""
        return self.state / "layers"

    @property
    def runs(self) -> Path:
        """One folder a run."""
        return self.state / "runs"

    @property
    def rejected(self) -> Path:
        """Rows set aside, for a person to mend."""
        return self.root / "rejected"

    @classmethod
    def find(cls, start: Path) -> Workspace:
        """Return the workspace that holds `start`: the nearest folder upwards with a `cib.toml`.

        Raises:
            UsageError: No folder from `start` upwards has one.
        """
        start = start.resolve()
        for folder in (start, *start.parents):
            if (folder / SETTINGS_FILE).is_file():
                return cls(folder)
        raise UsageError(
            f"{start} is not in a workspace (no {SETTINGS_FILE} here or above).", "Make one here: cib init ."
        )
