"""From files to the graph and the action log."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import duckdb

from cypher.errors import CibError
from cypher.progress import Progress, silent
from cypher.session import Graph
from ingest.actionlog import log_files, mentioned_assets, write_log
from ingest.graph import write_source, write_table
from ingest.intake import take_in
from ingest.limits import NO_LIMIT, RejectLimit
from ingest.profiles import Profile
from ingest.reading import short_name
from ingest.rejects import RejectFile
from ingest.report import LoadReport, SourceReport, tables_from_json, tables_to_json
from ingest.sources import Source, find_sources
from ingest.tables import TABLES

#: Raised when the same file must give other rows than before, so that no source counts as unchanged.
VERSION: Final = 3

_WORK: Final = ".staging-"


def load(
    paths: Sequence[Path],
    *,
    graph: Graph,
    actions_dir: Path,
    rejected_dir: Path,
    run: str,
    profile: Profile | str | None = None,
    leave_out: Collection[Path] = (),
    limit: RejectLimit = NO_LIMIT,
    progress: Progress = silent,
) -> LoadReport:
    """Load files and folders into the graph and the action log.

    Each source is read, staged and written by itself. A source counts as loaded only when everything of it is
    written: whatever interrupts a load, loading again mends it. The schema must be there already.

    Args:
        paths: Files and folders.
        graph: Where assets and ties go.
        actions_dir: Where the action log lies; made if it is not there.
        rejected_dir: Where rejected rows go, a file a source.
        run: Id of the run.
        profile: The profile to use, or its name; None to recognise it by the columns.
        leave_out: Resolved paths that are passed over below the folders, such as results.
        limit: How many rows of each source may be rejected.
        progress: Told rows done, stage by stage.

    Raises:
        UsageError: A file is missing, unreadable, or not recognised; nothing has been written.
        TooManyRejectsError: More rows of a source are rejected than may be; nothing of it is loaded.
        ServerError: The graph cannot be reached.
        CibError: Damaged data, or no room to write.
    """
    found = find_sources(paths, profile, leave_out, limit)
    try:
        actions_dir.mkdir(parents=True, exist_ok=True)
        for left in actions_dir.glob(f"{_WORK}*"):
            shutil.rmtree(left, ignore_errors=True)
        reports = []
        for source in found.sources:
            rejects = rejected_dir / f"{source.id}.ndjson"
            report = _unchanged(source, graph, actions_dir, rejects)
            if report is not None:
                _check_again(source, report, rejects)
            reports.append(report or _load(source, graph, actions_dir, rejects, run, progress))
    except (OSError, duckdb.IOException) as error:
        reason = getattr(error, "strerror", None) or str(error)
        where = getattr(error, "filename", None) or actions_dir
        raise CibError(
            f"{where}: {reason}",
            "Check that the disk has room and that you may write there; then load again.",
        ) from error
    return LoadReport(reports, found.notes)


def _check_again(source: Source, report: SourceReport, rejects: Path) -> None:
    """Raise if a source that was loaded before has more rejected rows than may be by now."""
    rejected = report.rejected + report.rejected_derived
    source.limit.check(short_name(source.path), rejected, report.rows_in, rejects, loaded=True)


def _unchanged(source: Source, graph: Graph, actions_dir: Path, rejects: Path) -> SourceReport | None:
    """Return the report of a source that was loaded before as it is and whose outputs are all there."""
    known = graph.read("load/source_state", source=source.id)
    if not known or known[0]["version"] != VERSION or known[0]["profile"] != source.profile.name:
        return None
    sha256 = source.sha256()
    tables = tables_from_json(known[0]["tables"])
    loaded = {table.table for table in tables if table.loaded}
    logged = not loaded & {"posts", "reactions"} or all(
        file.exists() for file in log_files(actions_dir, source.id)
    )
    rejected = sum(table.rejected for table in tables)
    if known[0]["sha256"] != sha256 or not logged or (rejected and not rejects.exists()):
        return None
    return SourceReport(
        source.id, source.path, source.profile.name, sha256, unchanged=True, tables=tables,
        rejected_file=rejects if rejected else None,
    )  # fmt: skip


def _load(
    source: Source, graph: Graph, actions_dir: Path, rejects: Path, run: str, progress: Progress
) -> SourceReport:
    sha256 = source.sha256()
    with (
        tempfile.TemporaryDirectory(prefix=_WORK, dir=actions_dir) as folder,
        RejectFile(rejects) as rejected,
    ):
        work = Path(folder)
        intake = take_in(source, work, rejected, progress)
        # Until everything is written the source has no hash, so that a load cut short is done again.
        write_source(graph, source=source.id, run=run, path=str(source.path), sha256=None)
        for table in TABLES:
            if table in intake.staged:
                write_table(
                    graph, table, intake.staged[table].path, source=source.id, run=run, progress=progress
                )
        posts, reactions = (
            intake.staged[table].path if table in intake.staged else None for table in ("posts", "reactions")
        )
        mentioned = mentioned_assets(work, posts=posts, reactions=reactions)
        if mentioned is not None:
            write_table(graph, "assets", mentioned, source=source.id, run=run, progress=progress)
        log = write_log(
            actions_dir, source.id, posts=posts, reactions=reactions, work=work, progress=progress
        )
    if log.undated:
        intake.notes.append(f"{log.undated} rows have a date without a time and so give no actions")
    report = SourceReport(
        source.id, source.path, source.profile.name, sha256, unchanged=False, tables=intake.tables,
        rejected_file=rejects if rejected.count else None, notes=intake.notes,
    )  # fmt: skip
    write_source(
        graph, source=source.id, run=run, path=str(source.path), profile=source.profile.name, sha256=sha256,
        version=VERSION, loaded_at=datetime.now(UTC), tables=tables_to_json(intake.tables), **report.totals(),
    )  # fmt: skip
    return report
