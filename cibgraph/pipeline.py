"""The work of the commands that write: under the lock, on record, stage by stage."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cibgraph.accounts import COUNTS
from cibgraph.context import Context
from cibgraph.failures import INTERRUPTED
from cibgraph.inputs import own_files
from cibgraph.lock import locked
from cibgraph.pseudonymkey import export_key, pseudonyms_of
from cibgraph.runrecord import RunRecord, package_versions
from cibgraph.server.bulk import EmbeddedImport
from cibgraph.settings import Settings
from cibgraph.stopwatch import Stopwatch, peak_memory
from cibgraph.workspace import Workspace
from cypher.errors import CibError, ServerError
from cypher.progress import step
from cypher.session import Graph
from ingest.bulk import Bulk
from ingest.loader import Places, load, remove
from ingest.reading import identity
from ingest.report import LoadReport, RemoveReport
from ingest.sources import Sources

# The stages of analysis are slow to import, and a command that loads needs none of them.
if TYPE_CHECKING:
    from analytics.detection import DetectReport
    from analytics.ranking import RankReport
    from analytics.results import Results

#: A command's exit code when some rows were rejected.
ROWS_REJECTED: Final = 3


@dataclass
class Job:
    """A command at work: the workspace held, the graph connected when it is used, the run on record."""

    context: Context
    workspace: Workspace
    settings: Settings
    graph: Graph
    record: RunRecord
    watch: Stopwatch
    exit_code: int = 0

    @contextmanager
    def _stage(self, name: str) -> Iterator[dict[str, Any]]:
        """Keep on record what a stage did, and where its time went."""
        self.watch.restart()
        with self.record.stage(name) as told:
            try:
                yield told
            finally:
                steps = self.watch.steps()
                used = round(sum(step["processor_seconds"] for step in steps), 3)
                told |= {"processor_seconds": used, "peak_memory_mib": peak_memory(), "steps": steps}

    @property
    def places(self) -> Places:
        """Where the workspace keeps what is loaded."""
        return Places(self.workspace.sources, self.workspace.actions, self.workspace.rejected)

    def load(self, paths: Sequence[Path] | Sources) -> LoadReport:
        """Load files and folders, or what was found in them; rows rejected make the exit code 3."""
        self.context.kept = (
            "what was loaded so far is kept; run the same command again, it mends what is missing"
        )
        with self._stage("load") as told:
            report = load(
                paths,
                graph=self.graph,
                places=self.places,
                run=self.record.run,
                leave_out=own_files(self.workspace, self.settings),
                limit=self.settings.load.limit,
                pseudonyms=pseudonyms_of(self.workspace, self.settings.load.pseudonymise, os.environ),
                bulk=self._bulk(),
                progress=self.watch,
            )
            told |= {**totals(report), "way": report.way}
            self.record.add_inputs(
                {**source, "path": identity(Path(source["path"]))} for source in report.as_dict()["sources"]
            )
            self.tell_graph()
        if report.rejected or report.rejected_derived:
            self.exit_code = ROWS_REJECTED
        return report

    def _bulk(self) -> Bulk | None:
        """Return when a first load goes by bulk import; None where the server is not our own."""
        if self.settings.neo4j.uri is not None:
            return None
        return Bulk(EmbeddedImport(self.workspace.server, self.context.say), self.settings.load.bulk_rows)

    def remove(self, names: Sequence[str]) -> RemoveReport:
        """Take back what sources said and nobody else says."""
        self.context.kept = "what was taken back so far stays so; run the same command again for the rest"
        with self._stage("remove") as told:
            report = remove(
                names,
                graph=self.graph,
                places=self.places,
                run=self.record.run,
                progress=self.watch,
            )
            told |= report.as_dict()
        self.record.drop_inputs(report.sources)
        self.tell_graph()
        return report

    def detect(self, *, full: bool = False) -> DetectReport:
        """Find coordinated edges and communities; `full` takes no layer over from the last time."""
        from analytics.detection import detect

        self.context.kept = "what was loaded is kept; run `cib detect` or `cib run` again for whole results"
        with self._stage("detect") as told:
            report = detect(
                self.graph,
                actions_dir=self.workspace.actions,
                layers_dir=self.workspace.layers,
                settings=self.settings.detect,
                run=self.record.run,
                full=full,
                progress=self.watch,
            )
            told |= {"edges": report.edges, "communities": report.communities, "assets": report.assets}
            told |= {"full": full, "taken_over": list(report.taken_over)}
        if report.taken_over:
            self.context.say(f"layers in which nothing can have changed: {', '.join(report.taken_over)}")
        return report

    def rank(self) -> RankReport:
        """Score and rank the operations."""
        from analytics.ranking import rank

        self.context.kept = "the detection is kept; run `cib rank` or `cib run` again for whole results"
        with self._stage("rank") as told:
            report = rank(
                self.graph,
                actions_dir=self.workspace.actions,
                layers_dir=self.workspace.layers,
                settings=self.settings.rank,
                run=self.record.run,
                progress=self.watch,
            )
            told |= {"scored": report.looked_at, "operations": report.alerts.height}
        return report

    def results(self, *, include_candidates: bool = False) -> Results:
        """Read the ranked operations from the graph."""
        from analytics.rejected import rejected_files
        from analytics.results import read_results

        return read_results(
            self.graph,
            self.workspace.layers,
            include_candidates=include_candidates,
            rejected=rejected_files(self.workspace.rejected),
        )

    def export(
        self, formats: Iterable[str], out: Path, *, include_candidates: bool = False
    ) -> tuple[list[Path], Results]:
        """Write the operations to files; return their paths, and what was read for them, never redacted."""
        from analytics.exports import export
        from analytics.exports.options import Options
        from analytics.exports.redaction import redacted

        self.context.kept = "the ranking is kept; run `cib export` or `cib run` again for whole files"
        out.mkdir(parents=True, exist_ok=True)
        written: list[Path] = []
        with self._stage("export") as told:
            with step(self.watch, "Export: results are read"):
                results = self.results(include_candidates=include_candidates)
            chosen, shown = self.settings.export, results
            if chosen.redact:
                shown = redacted(results, export_key(self.workspace, os.environ))
            how = Options(tlp=chosen.tlp, bom=chosen.bom, links=chosen.links)
            for fmt in formats:
                with step(self.watch, f"Export {fmt}"):
                    written += export(shown, fmt, out, how)
            told["files"] = len(written)
        self.record.add_outputs(written)
        return written, results

    def tell_graph(self) -> None:
        """Write this run's node, so that exports and analysts see where results come from.

        From then on the record says which server it is.
        """
        data = self.record.data
        data["versions"] = versions(self.graph)
        inputs = {
            source["source"]: {name: source[name] for name in ("path", "sha256", *COUNTS)}
            for source in data["inputs"]
        }
        self.graph.write(
            "load/run",
            run=self.record.run,
            properties={
                "command": data["command"],
                "started_at": datetime.fromisoformat(data["started_at"]),
                "finished_at": data["finished_at"] and datetime.fromisoformat(data["finished_at"]),
                "version": data["versions"]["cibgraph"],
                "versions": json.dumps(data["versions"]),
                "settings": json.dumps(data["settings"]),
                "inputs": json.dumps(inputs),
            },
        )


@contextmanager
def hold(context: Context, command: str, *, need_gds: bool = False, later: bool = False) -> Iterator[Graph]:
    """Hold the workspace and connect; `later`: when the graph is first used.

    Raises:
        LockedError: Another process holds the workspace.
        ServerError: No server, or one without GDS although `need_gds`.
    """
    connect = context.connect_later if later else context.connect
    with locked(context.workspace(), command), connect(need_gds=need_gds) as graph:
        yield graph


@contextmanager
def on_record(context: Context, command: str, graph: Graph, settings: Settings) -> Iterator[Job]:
    """Keep a record of what the block does, whatever becomes of it."""
    record = RunRecord.begin(
        context.workspace(), command, settings.model_dump(mode="json"), package_versions()
    )
    work = Job(context, context.workspace(), settings, graph, record, Stopwatch(context.progress))
    context.waiting = work.watch
    try:
        if graph.connected:
            work.tell_graph()
        yield work
        record.finish("complete", work.exit_code)
        work.tell_graph()
    except BaseException as error:
        if context.interrupted or isinstance(error, KeyboardInterrupt):
            record.finish("interrupted", INTERRUPTED)
        else:
            record.finish("failed", error.exit_code if isinstance(error, CibError) else 1)
        raise
    context.progress.close()


@contextmanager
def job(
    context: Context, command: str, *, need_gds: bool = False, later: bool = False, **flags: dict[str, Any]
) -> Iterator[Job]:
    """Hold the workspace, connect and keep a record: what a command that writes does its work in.

    Args:
        context: The invocation.
        command: For the record, and for whoever finds the workspace held.
        need_gds: Whether the server must have GDS.
        later: Whether the graph is connected when it is first used, for work that begins without it.
        **flags: Settings given as flags, by section.

    Raises:
        LockedError: Another process holds the workspace.
        ServerError: No server, or one without GDS although `need_gds`.
    """
    settings = context.settings(**flags)
    with (
        hold(context, command, need_gds=need_gds, later=later) as graph,
        on_record(context, command, graph, settings) as work,
    ):
        yield work


def versions(graph: Graph) -> dict[str, str]:
    """Return the versions of all that results depend on: Python, packages, Neo4j, and GDS if it is there."""
    server = graph.read("operations/versions")
    try:
        server += graph.read("operations/gds_version")
    except ServerError:
        raise
    except CibError:
        # A server without GDS can be loaded into and exported from.
        pass
    return package_versions() | {row["name"]: row["version"] for row in server}


def totals(report: Any) -> dict[str, int]:
    """Return the rows in, loaded, merged and rejected of a load report or one of its sources."""
    return {name: getattr(report, name) for name in COUNTS}
