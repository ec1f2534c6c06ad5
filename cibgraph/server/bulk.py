"""Bulk import into the embedded server: another database, made by neo4j-admin, instead of the empty one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cibgraph.server import config, exchange
from cibgraph.server.admin import Imported, import_database
from cibgraph.server.life import ensure_running, replace_database
from cypher.errors import ServerError
from cypher.migrations import migrate
from cypher.progress import Progress, silent
from cypher.session import Graph
from ingest.bulk import ImportFailedError
from ingest.bulk_files import ImportFiles


class EmbeddedImport:
    """Does what `ingest.bulk.Importer` says, for the server of a workspace.

    Args:
        home: `.cib/server` of the workspace.
        say: Tells a person something.
    """

    def __init__(self, home: Path, say: Callable[[str], None]) -> None:
        self._home = home.absolute()
        self._say = say

    def say(self, text: str) -> None:
        """Tell a person which way is gone, and why."""
        self._say(text)

    def nothing_there(self) -> bool:
        """Return whether this server has never had a database."""
        return exchange.no_database(self._home)

    def refusal(self) -> str | None:
        """Return why this server cannot be given another database; None if it can."""
        if config.keeps_database_elsewhere(self._home):
            return f"{config.local_file(self._home)} keeps the database elsewhere"
        return None

    def replace(self, graph: Graph, files: ImportFiles, progress: Progress = silent) -> None:
        """Give the server a database of these files; see `Importer`."""
        wanted, log = Imported(files.nodes, files.ties), self._home / "logs" / "import.log"

        def make(home: Path, jars: Path) -> None:
            imported = import_database(home, jars, files.arguments(), files.folder, log, progress)
            if imported != wanted:
                raise ServerError(f"neo4j-admin imported {imported} of {wanted}", "Load again over Bolt.")

        try:
            address = replace_database(self._home, make, progress=progress).address
        except (ServerError, OSError) as error:
            graph.move(ensure_running(self._home, progress=progress).address)
            raise ImportFailedError(str(error), "The database is as it was before.") from error
        graph.move(address)
        size = graph.read("load/bulk_size")[0]
        migrate(graph)
        if size != {"nodes": wanted.nodes, "ties": wanted.relationships}:
            raise ImportFailedError(f"the server has {size} of {wanted}", "It may have its former database.")
