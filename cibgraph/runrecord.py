"""The record of a run: what went in, how, with which versions, what came out, how long it took."""

from __future__ import annotations

import hashlib
import json
import platform
import secrets
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from cibgraph.workspace import Workspace
from ingest.reading import files_below

#: Packages whose version can change a result.
_PACKAGES: Final = ("cibgraph", "duckdb", "graphdatascience", "neo4j", "numpy", "polars", "scipy")


@dataclass
class RunRecord:
    """One execution of a command that writes, kept in `.cib/runs/<run>/run.json`.

    Attributes:
        folder: Where run.json lies.
        data: What it says; `inputs` are all sources that the workspace has loaded up to then.
    """

    folder: Path
    data: dict[str, Any] = field(repr=False)

    @property
    def run(self) -> str:
        """The run's id; ids sort by time."""
        return str(self.data["run"])

    @classmethod
    def begin(
        cls, workspace: Workspace, command: str, settings: dict[str, Any], versions: dict[str, str]
    ) -> RunRecord:
        """Start a record, and close those of runs that died: who calls holds the workspace, so none lives."""
        records = read_records(workspace)
        for earlier in records:
            if earlier.data["status"] == "running":
                earlier.finish("interrupted", None)
        started = datetime.now(UTC)
        run = f"RUN-{started:%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"
        record = cls(
            workspace.runs / run,
            {
                "run": run,
                "command": command,
                "status": "running",
                "exit_code": None,
                "started_at": started.isoformat(),
                "finished_at": None,
                "versions": versions,
                "seed": settings.get("detect", {}).get("seed"),
                "settings": settings,
                "files": {},
                "inputs": records[0].data["inputs"] if records else [],
                "stages": [],
                "outputs": [],
            },
        )
        record.save()
        return record

    @contextmanager
    def stage(self, name: str) -> Iterator[dict[str, Any]]:
        """Time a stage; what the block puts in the dictionary is kept with the seconds."""
        told: dict[str, Any] = {"name": name}
        started = time.perf_counter()
        try:
            yield told
        finally:
            told["seconds"] = round(time.perf_counter() - started, 3)
            self.data["stages"].append(told)
            self.save()

    def add_inputs(self, sources: Iterable[dict[str, Any]]) -> None:
        """Record sources that were loaded; a source loaded by an earlier run is replaced, others stay."""
        known = {source["source"]: source for source in self.data["inputs"]}
        known |= {source["source"]: source for source in sources}
        self.data["inputs"] = [known[name] for name in sorted(known)]

    def drop_inputs(self, sources: Collection[str]) -> None:
        """Record that sources were taken back."""
        self.data["inputs"] = [known for known in self.data["inputs"] if known["source"] not in sources]

    def add_outputs(self, paths: Iterable[Path]) -> None:
        """Record files that were written, with their SHA-256."""
        for path in paths:
            self.data["outputs"].append(
                {"path": str(path.resolve()), "bytes": path.stat().st_size, "sha256": sha256(path)}
            )

    def outputs_intact(self) -> bool:
        """Whether every file the run wrote is still there as it was."""
        return all(
            Path(output["path"]).is_file() and sha256(Path(output["path"])) == output["sha256"]
            for output in self.data["outputs"]
        )

    def finish(self, status: str, exit_code: int | None) -> None:
        """Close the record: `complete`, `failed` or `interrupted`."""
        self.data |= {
            "status": status,
            "exit_code": exit_code,
            "finished_at": datetime.now(UTC).isoformat(),
        }
        self.save()

    def save(self) -> None:
        """Write run.json, whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        part = self.folder / "run.json.part"
        part.write_text(
            json.dumps(self.data, indent=2, ensure_ascii=False, default=str) + "\n", encoding="utf-8"
        )
        part.replace(self.folder / "run.json")


def changes(
    earlier: RunRecord, *, files: Mapping[str, str], settings: Mapping[str, Any], versions: Mapping[str, str]
) -> list[str]:
    """Return why the results of an earlier run cannot stand for a run now; nothing if they can.

    Args:
        earlier: The latest record of the workspace.
        files: SHA-256 of every input file, by path.
        settings: As in run.json.
        versions: As in run.json, of what is known without the server.
    """
    data = earlier.data
    if data["command"] != "run":
        return [f"`cib {data['command']}` has run since"]
    if data["status"] != "complete":
        return ["the last run was not completed"]
    found = []
    before = data["files"]
    if different := sum(before.get(path) != files.get(path) for path in before.keys() | files.keys()):
        found.append(f"{different} input file{'s' * (different > 1)} changed")
    if data["settings"] != settings:
        found.append("settings changed")
    if not versions.items() <= data["versions"].items():
        found.append("versions changed")
    if not earlier.outputs_intact():
        found.append("exported files are missing or were edited")
    return found


def read_records(workspace: Workspace) -> list[RunRecord]:
    """Return the records of all runs, the latest first; an unreadable one is left out."""
    found = []
    for file in workspace.runs.glob("RUN-*/run.json"):
        try:
            found.append(RunRecord(file.parent, json.loads(file.read_text(encoding="utf-8"))))
        except ValueError:
            continue
    return sorted(found, key=lambda record: str(record.data["started_at"]), reverse=True)


def package_versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that results depend on."""
    return {"python": platform.python_version(), **{name: version(name) for name in _PACKAGES}}


def hash_files(paths: Iterable[Path], leave_out: Collection[Path] = ()) -> dict[str, str]:
    """Return the SHA-256 of every file given or below a folder given, by its path; see `files_below`."""
    return {str(file.resolve()): sha256(file) for path in paths for file in files_below(path, leave_out)}


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
