"""From files to the store, and from the store to the action log and the graph.

A source is staged and then kept in the store, whole or not at all. The action log and the graph follow the
store: whatever interrupts that, the next load goes on with it, and reads no file again for it.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import duckdb
import pyarrow.parquet as papq

from cypher.errors import CibError, UsageError
from cypher.progress import Progress, silent
from cypher.session import Counters, Graph
from ingest.actionlog import log_files, write_log
from ingest.bulk import Bulk, import_first
from ingest.derived import derive
from ingest.graph import finish, followed, project
from ingest.intake import take_in
from ingest.journal import Journal
from ingest.limits import NO_LIMIT, RejectLimit
from ingest.mixing import Held, refuse_mixing
from ingest.profiles import Profile
from ingest.pseudonyms import PLAIN, Pseudonyms
from ingest.reading import holds, id_of, identity, named, short_name
from ingest.rejects import RejectFile
from ingest.report import LoadReport, RemoveReport, SourceReport
from ingest.sources import Source, Sources, find_sources
from ingest.store import Store, Version

#: Raised when the same file must give other rows than before, so that no source counts as unchanged.
VERSION: Final = 3

#: Staged tables that become the action log, and are not kept besides.
_LOGGED: Final = ("posts", "reactions")
#: Folder of a version for its action log, until that is in its place.
_LOG: Final = "log"
#: How many sources an error names.
_NAMED: Final = 5


@dataclass(frozen=True)
class Places:
    """Where a workspace keeps what is loaded.

    Attributes:
        sources: The store: what each source says.
        actions: The action log.
        rejected: Rejected rows, a file a source.
    """

    sources: Path
    actions: Path
    rejected: Path

    def rejects(self, source: str) -> Path:
        """Return the file of a source's rejected rows."""
        return self.rejected / f"{source}.ndjson"


def load(
    paths: Sequence[Path] | Sources,
    *,
    graph: Graph,
    places: Places,
    run: str,
    profile: Profile | str | None = None,
    leave_out: Collection[Path] = (),
    limit: RejectLimit = NO_LIMIT,
    pseudonyms: Pseudonyms = PLAIN,
    bulk: Bulk | None = None,
    progress: Progress = silent,
) -> LoadReport:
    """Load files and folders into the graph and the action log.

    Every source that has changed is staged and kept in the store; then the graph is made to follow, in one
    go. What an earlier load did not end is ended too. The schema must be there already.

    Args:
        paths: Files and folders, or the sources that were found in them already.
        graph: Where assets and ties go; not used before every source is staged.
        places: Where everything else goes.
        run: Id of the run.
        profile: See `find_sources`, as `leave_out` and `limit`, which sources that were found have already.
        leave_out: Resolved paths that are passed over below the folders, such as results.
        limit: How many rows of each source may be rejected.
        pseudonyms: What is hashed before anything is written.
        bulk: When a first load goes by bulk import; None for never.
        progress: Told rows done, stage by stage.

    Raises:
        UsageError: A file is missing, unreadable, or not recognised, or sources stay that were loaded under
            other pseudonyms; nothing has been written.
        TooManyRejectsError: More rows of a source are rejected than may be; nothing of it is loaded.
        ServerError: The graph cannot be reached.
        CibError: Damaged data, or no room to write. The sources before it are loaded.
    """
    found = paths if isinstance(paths, Sources) else find_sources(paths, profile, leave_out, limit)
    with _room(places) as store, store.work() as work:
        known = store.newest()
        held = (Held(one.source, one.path, one.hashed) for one in known.values())
        refuse_mixing(held, {source.id for source in found.sources}, pseudonyms)
        for version in known.values():
            _publish(version, places)
        taken: list[tuple[Version, Source]] = []
        try:
            for source in found.sources:
                kept = known.get(source.id)
                if kept is None or not _same(kept, source, places, pseudonyms):
                    kept = _keep(source, store, work, places, pseudonyms, progress)
                else:
                    _check_again(kept, source, places)
                taken.append((kept, source))
        except CibError:
            _follow(graph, store, work, run, progress, bulk)
            raise
        _, due, way = _follow(graph, store, work, run, progress, bulk)
    reports = [_report(kept, source, places, unchanged=source.id not in due) for kept, source in taken]
    return LoadReport(reports, found.notes, way)


def remove(
    names: Sequence[str], *, graph: Graph, places: Places, run: str, progress: Progress = silent
) -> RemoveReport:
    """Take back what sources said, and nobody else says.

    Args:
        names: Ids of sources; paths of their files, which need not be there any more, of files that hold them
            (a ZIP, a workbook), or of folders; or names that they were loaded under.
        graph: Where assets and ties go from.
        places: Where everything else goes from.
        run: Id of the run.
        progress: Told rows done, stage by stage.

    Raises:
        UsageError: No such source; nothing has been taken back.
        ServerError: The graph cannot be reached.
        CibError: No room to write.
    """
    with _room(places) as store, store.work() as work:
        known = store.newest()
        found = [version for name in names for version in _find(name, known)]
        versions = list({version.source: version for version in found}.values())
        posts, actions = (
            sum(_rows(log_files(places.actions, version.source)[which]) for version in versions)
            for which in (0, 1)
        )
        # What an earlier load did not end is ended first, so that only what is taken back is counted.
        _follow(graph, store, work, run, progress)
        for version in versions:
            (empty := work / version.source).mkdir()
            facts = {"path": version.path, "removed": True, "loaded_at": datetime.now(UTC)}
            _publish(store.commit(version.source, empty, **facts), places)
            rejects = RejectFile(places.rejects(version.source))
            for file in (rejects.path, rejects.refused):
                file.unlink(missing_ok=True)
        counters, _, _ = _follow(graph, store, work, run, progress)
    return RemoveReport(
        {version.source: version.path for version in versions},
        counters.nodes_deleted, counters.relationships_deleted, posts, actions,
    )  # fmt: skip


@contextmanager
def _room(places: Places) -> Iterator[Store]:
    """Give the store; a disk that is full or closed to us becomes an error that says so."""
    try:
        for folder in (places.sources, places.actions):
            folder.mkdir(parents=True, exist_ok=True)
        yield Store(places.sources)
    except (OSError, duckdb.IOException) as error:
        reason = getattr(error, "strerror", None) or str(error)
        where = getattr(error, "filename", None) or places.sources
        raise CibError(
            f"{where}: {reason}",
            "Check that the disk has room and that you may write there; then load again.",
        ) from error


def _same(version: Version, source: Source, places: Places, pseudonyms: Pseudonyms) -> bool:
    """Return whether a source was taken in before as it is, and all that came of it is there."""
    if version.rules != VERSION or version.profile != source.profile.name:
        return False
    if version.hashed != pseudonyms.mark:
        return False
    logged = not version.logged or all(file.exists() for file in log_files(places.actions, source.id))
    rejected = any(table.rejected for table in version.tables)
    whole = logged and (not rejected or places.rejects(source.id).exists())
    return whole and version.sha256 == source.sha256()


def _check_again(version: Version, source: Source, places: Places) -> None:
    """Raise if a source that was loaded before has more rejected rows than may be by now."""
    rejected = sum(table.rejected for table in version.tables)
    rows = version.properties()["rows_in"]
    source.limit.check(short_name(source.path), rejected, rows, places.rejects(source.id), loaded=True)


def _keep(
    source: Source, store: Store, work: Path, places: Places, pseudonyms: Pseudonyms, progress: Progress
) -> Version:
    """Stage a source and make it the newest version in the store, with its action log in place."""
    sha256 = source.sha256()
    (staged := work / source.id).mkdir()
    with RejectFile(places.rejects(source.id)) as rejected:
        intake = take_in(source, staged, rejected, progress, pseudonyms)
        derive(staged)
        posts, reactions = (
            intake.staged[table].path if table in intake.staged else None for table in _LOGGED
        )
        log = write_log(
            staged / _LOG, source.id, posts=posts, reactions=reactions, work=staged, progress=progress
        )
    if log.undated:
        intake.notes.append(f"{log.undated} rows have a date without a time and so give no actions")
    logged = posts is not None or reactions is not None
    _clear(staged, {*intake.staged, "mentions", "payers"} - set(_LOGGED))
    version = store.commit(
        source.id, staged, path=str(source.path), place=identity(source.path),
        profile=source.profile.name, sha256=sha256, rules=VERSION, loaded_at=datetime.now(UTC),
        logged=logged, hashed=pseudonyms.mark, tables=intake.tables, notes=intake.notes,
    )  # fmt: skip
    _publish(version, places)
    return version


def _clear(staged: Path, tables: Collection[str]) -> None:
    """Delete what is not to be kept."""
    kept = {*(f"{table}.parquet" for table in tables), _LOG}
    for path in staged.iterdir():
        if path.name not in kept:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _publish(version: Version, places: Places) -> None:
    """Put the action log of a version in its place; that of a version without posts and reactions goes."""
    for new, file in zip(
        log_files(version.folder / _LOG, version.source),
        log_files(places.actions, version.source),
        strict=True,
    ):
        if new.exists():
            new.replace(file)
        elif not version.logged:
            file.unlink(missing_ok=True)


def _follow(
    graph: Graph, store: Store, work: Path, run: str, progress: Progress, bulk: Bulk | None = None
) -> tuple[Counters, frozenset[str], str]:
    """Make the graph follow the store, if it does not; return what changed, by which sources, and how."""
    known = {} if bulk and bulk.importer.nothing_there() else followed(graph)
    scope = store.scope(known)
    counters, way = Counters(), ""
    if scope.due:
        journal = Journal.open(store.folder / "journal.json", scope, known)
        imported = bulk and import_first(graph, journal, work, bulk, progress)
        # What the import has written is done in the journal.
        counters = (imported or Counters()) + project(graph, journal, work, progress)
        way = "bulk import" if imported else "bolt"
        finish(graph, scope, run)
        journal.close()
    store.settle()
    return counters, scope.due_sources, way


def _report(version: Version, source: Source, places: Places, *, unchanged: bool) -> SourceReport:
    rejects = places.rejects(source.id)
    return SourceReport(
        source.id, source.path, version.profile, version.sha256, unchanged=unchanged, tables=version.tables,
        rejected_file=rejects if any(table.rejected for table in version.tables) else None,
        notes=[] if unchanged else version.notes,
    )  # fmt: skip


def _find(name: str, known: dict[str, Version]) -> list[Version]:
    """Return the source of that id or name, or those that a path names or holds.

    Raises:
        UsageError: There is none.
    """
    if version := known.get(name) or known.get(id_of(named(name))):
        return [version]
    if found := [version for version in known.values() if holds(Path(name), version.place)]:
        return found
    some = [f"{version.source} ({version.path})" for version in list(known.values())[:_NAMED]]
    more = f" and {len(known) - _NAMED} more" if len(known) > _NAMED else ""
    raise UsageError(
        f"{name}: no source that was loaded has this id or path",
        f"Loaded are {', '.join(some)}{more}." if some else "Nothing is loaded.",
    )


def _rows(file: Path) -> int:
    return int(papq.read_metadata(file).num_rows) if file.exists() else 0
