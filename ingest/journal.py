"""How far the writing of the graph has come, so that one that was cut short goes on where it was.

The graph and the journal bear the same mark: a journal counts only for the graph that it tells of, and only
while the versions to be written are the same.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from ingest.store import Followed, Scope


class Journal:
    """Which stages are done, and the key up to which the one at hand is.

    Attributes:
        mark: What the sources in the graph bear while they are written.
        scope: What is written.
        resumed: Whether this goes on with a writing that was cut short.
    """

    def __init__(self, file: Path, scope: Scope, mark: str, stages: dict[str, Any], *, resumed: bool) -> None:
        self._file = file
        self._stages = stages
        self.mark, self.scope, self.resumed = mark, scope, resumed

    @classmethod
    def open(cls, file: Path, scope: Scope, followed: Mapping[str, Followed]) -> Self:
        """Return the journal of a writing that was cut short, if it is this one; else a new one.

        Args:
            file: Where it is kept.
            scope: What is to be written.
            followed: What the graph says of each source that it knows.
        """
        try:
            kept = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            kept = {}
        marks = {state.loading if (state := followed.get(s)) else None for s in scope.due_sources}
        if kept and kept["versions"] == _versions(scope) and marks == {kept["mark"]}:
            # What is left to do is as it was when the writing began: whether differences suffice, for one.
            scope = replace(scope, exact=kept["exact"], unknown=tuple(kept["unknown"]))
            return cls(file, scope, kept["mark"], kept["stages"], resumed=True)
        journal = cls(file, scope, secrets.token_hex(8), {}, resumed=False)
        journal._save()
        return journal

    def done(self, stage: str) -> bool:
        """Return whether a stage is done."""
        return bool(self._stages.get(stage, {}).get("done"))

    def after(self, stage: str) -> tuple[str, ...]:
        """Return the key up to which a stage is done; empty at its beginning."""
        return tuple(self._stages.get(stage, {}).get("after", ()))

    def reached(self, stage: str, key: tuple[str, ...]) -> None:
        """Record that a stage is done up to a key."""
        self._stages[stage] = {"after": list(key)}
        self._save()

    def finished(self, stage: str) -> None:
        """Record that a stage is done."""
        self._stages[stage] = {"done": True}
        self._save()

    def close(self) -> None:
        """Forget it: everything is written."""
        self._file.unlink(missing_ok=True)

    def _save(self) -> None:
        said = {
            "mark": self.mark,
            "exact": self.scope.exact,
            "unknown": list(self.scope.unknown),
            "versions": _versions(self.scope),
            "stages": self._stages,
        }
        part = self._file.with_suffix(".part")
        part.write_text(json.dumps(said) + "\n", encoding="utf-8")
        part.replace(self._file)


def _versions(scope: Scope) -> dict[str, list[list[Any]]]:
    """Return what tells one scope from another, in the types of JSON."""
    return {
        name: [[version.source, version.sequence] for version in versions]
        for name, versions in (("current", scope.current), ("due", scope.due), ("former", scope.former))
    }
