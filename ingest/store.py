"""What each source says, kept apart: the truth of which the graph is a view.

    <folder>/<source>/<sequence>/source.json        path, profile, hash, account of rows
                                 accounts.parquet   the staged tables
                                 mentions.parquet   assets that a row names and no table of the source
                                 describes payers.parquet     who paid for which ad, under the key of a payer

A folder with a number is one version of a source. It appears whole, by one rename; from then on it is what
the source says. Numbers grow over the whole store, so that the newer of two sources is the one with the
larger number. An earlier version stays beside the newest until the graph follows, for what it said may have
to go from there; a source that is removed gets a last version without tables.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import polars as pl

from ingest.report import TableReport, tables_to_json

_FACTS: Final = "source.json"
_WORK: Final = ".work-"


@dataclass(frozen=True)
class Version:
    """One version of a source.

    Attributes:
        source: The source's id.
        sequence: Its place among all versions of the store.
        folder: Where its tables lie.
        path: The file as it was named.
        place: Where it lies, whatever the working folder; by this it is told from others.
        profile: Name of the profile that mapped it.
        sha256: Of the file, and of those beside it that complete it.
        rules: The loader's version: other rules give other rows.
        loaded_at: When it was taken in.
        removed: Whether this takes back everything that the source said.
        hashed: What is hashed in it, and with which key: the mark of its pseudonyms.
        logged: Whether it has posts or reactions, and so an action log.
        tables: The account of rows.
        notes: What a person should know of it.
        rows: Rows of each table here.
        columns: Of each table here, the columns that hold any value.
    """

    source: str
    sequence: int
    folder: Path
    path: str = ""
    place: str = ""
    profile: str = ""
    sha256: str = ""
    rules: int = 0
    loaded_at: datetime | None = None
    removed: bool = False
    hashed: str = ""
    logged: bool = False
    tables: list[TableReport] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)

    def properties(self) -> dict[str, Any]:
        """Return the properties of the source's node once the graph follows this version."""
        counts = {
            name: sum(getattr(table, name) for table in self.tables if not table.derived)
            for name in ("rows_in", "loaded", "merged", "rejected")
        }
        return {
            "path": self.path,
            "profile": self.profile,
            "sha256": self.sha256,
            "version": self.rules,
            "sequence": self.sequence,
            "loaded_at": self.loaded_at,
            "tables": tables_to_json(self.tables),
            "loading": None,
            **counts,
        }

    def file(self, table: str) -> Path:
        """Return where a table of this version lies."""
        return self.folder / f"{table}.parquet"


@dataclass(frozen=True)
class Scope:
    """Which versions make the graph, and what of it is still to be written.

    Attributes:
        current: The newest version of every source, without those that are removed.
        due: The newest versions that the graph does not follow yet, those of removed sources among them.
        former: Earlier versions of the sources that are due: the graph may hold what they said.
        exact: Whether the graph holds exactly what the sources said before, so that only differences matter.
        whole: Whether the graph holds nothing yet.
        unknown: Sources that are due and of which the graph holds a version that the store does not know:
            nobody can tell what that one said, but by asking the graph.
    """

    current: tuple[Version, ...]
    due: tuple[Version, ...]
    former: tuple[Version, ...] = ()
    exact: bool = True
    whole: bool = True
    unknown: tuple[str, ...] = ()

    @property
    def due_sources(self) -> frozenset[str]:
        """The ids of the sources that are due."""
        return frozenset(version.source for version in self.due)

    def rows(self) -> int:
        """Return how many rows, of tables that become nodes and ties, the due versions have."""
        return sum(sum(version.rows.values()) for version in self.due)


@dataclass(frozen=True)
class Followed:
    """What the graph says of a source.

    Attributes:
        sequence: The version that it follows; 0 before the first is there, None if nobody knows.
        loading: The mark of the writing that has not ended.
    """

    sequence: int | None
    loading: str | None = None


class Store:
    """The versions of all sources of a workspace.

    Args:
        folder: Where they lie; made when something is kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def versions(self) -> dict[str, list[Version]]:
        """Return the versions of each source, the newest last; sources in the order of their newest."""
        found: dict[str, list[Version]] = {}
        for file in self.folder.glob(f"SRC-*/*/{_FACTS}"):
            found.setdefault(file.parent.parent.name, []).append(_read(file))
        for versions in found.values():
            versions.sort(key=lambda version: version.sequence)
        return dict(sorted(found.items(), key=lambda item: item[1][-1].sequence))

    def newest(self) -> dict[str, Version]:
        """Return the newest version of each source that is not removed."""
        last = {source: versions[-1] for source, versions in self.versions().items()}
        return {source: version for source, version in last.items() if not version.removed}

    @contextmanager
    def work(self) -> Iterator[Path]:
        """Give a folder for what is not finished; it is gone afterwards, and those of loads that died."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for left in self.folder.glob(f"{_WORK}*"):
            shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix=_WORK, dir=self.folder, ignore_cleanup_errors=True) as name:
            yield Path(name)

    def commit(self, source: str, staged: Path, **facts: Any) -> Version:
        """Make a folder the newest version of a source, whole or not at all.

        Args:
            source: The source's id.
            staged: Folder with its tables, on the store's file system; it is moved.
            **facts: The attributes of `Version` that are not found in the tables.
        """
        sequence = 1 + max((v[-1].sequence for v in self.versions().values()), default=0)
        rows: dict[str, int] = {}
        columns: dict[str, list[str]] = {}
        for file in sorted(staged.glob("*.parquet")):
            rows[file.stem], columns[file.stem] = _survey(file)
        said = {**facts, "sequence": sequence, "rows": rows, "columns": columns}
        (staged / _FACTS).write_text(json.dumps(said, default=_plain, indent=1) + "\n", encoding="utf-8")
        for file in staged.rglob("*"):
            _sync(file)
        _sync(staged)
        target = self.folder / source / f"{sequence:010}"
        target.parent.mkdir(exist_ok=True)
        staged.rename(target)
        _sync(target.parent)
        return _read(target / _FACTS)

    def scope(self, followed: Mapping[str, Followed]) -> Scope:
        """Return what makes the graph, and what of it is still to be written.

        Args:
            followed: What the graph says of each source that it knows.
        """
        kept = self.versions()
        due: list[str] = []
        unknown: list[str] = []
        exact = not any(state.loading for state in followed.values())
        for source, versions in kept.items():
            sequences, state = [version.sequence for version in versions], followed.get(source)
            if state == Followed(sequences[-1]) and not versions[-1].removed:
                continue
            due.append(source)
            exact &= sequences[:-1] == ([state.sequence] if state and state.sequence else [])
            if state and state.sequence not in (0, *sequences):
                unknown.append(source)
        if unknown:
            due = list(kept)
        current = tuple(versions[-1] for versions in kept.values() if not versions[-1].removed)
        former = tuple(version for source in due for version in kept[source][:-1])
        newest = tuple(kept[source][-1] for source in due)
        return Scope(current, newest, former, exact, not followed and not former, tuple(unknown))

    def settle(self) -> None:
        """Forget what is no longer needed once the graph follows: earlier versions, and removed sources."""
        for source, versions in self.versions().items():
            for version in versions if versions[-1].removed else versions[:-1]:
                # The facts go first: without them the folder is no version, wherever this is interrupted.
                (version.folder / _FACTS).unlink()
                shutil.rmtree(version.folder)
            if versions[-1].removed:
                shutil.rmtree(self.folder / source)
        for facts in self.folder.glob("SRC-*/*"):
            if not (facts / _FACTS).exists():
                shutil.rmtree(facts, ignore_errors=True)


def _read(file: Path) -> Version:
    facts = json.loads(file.read_text(encoding="utf-8"))
    facts["tables"] = [TableReport(**table) for table in facts.get("tables", [])]
    facts["loaded_at"] = datetime.fromisoformat(facts["loaded_at"])
    return Version(source=file.parent.parent.name, folder=file.parent, **facts)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, TableReport):
        return vars(value)
    return str(value)


def _survey(file: Path) -> tuple[int, list[str]]:
    """Return the number of rows and the names of the columns that hold any value."""
    frame = pl.scan_parquet(file)
    counts = frame.select(pl.len().alias(""), pl.all().count()).collect(engine="streaming").row(0, named=True)
    rows = counts.pop("")
    return rows, [name for name, count in counts.items() if count]


def _sync(path: Path) -> None:
    """Wait until a file or folder is on the disk: a rename must not overtake what it names."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
