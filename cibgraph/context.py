"""What every command is given: the workspace, the settings, how to show progress, the way to the graph."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cibgraph.progress import Reporter
from cibgraph.workspace import SETTINGS_FILE, Workspace
from cypher.errors import CibError, UsageError

# Imported when used: `cib --help` must not wait for pydantic, Polars and the driver.
if TYPE_CHECKING:
    from cibgraph.settings import Settings
    from cypher.connection import ServerAddress
    from cypher.progress import Progress
    from cypher.session import Graph


@dataclass
class Context:
    """One invocation of `cib`.

    Attributes:
        folder: The folder given with `--workspace`; None to look upwards from here.
        verbose: Print tracebacks.
        progress: Called with stage, done and total; see `cypher.progress`.
        kept: What is still there when the command is interrupted now; told to the person.
        known_workspace: The workspace, once found.
        waiting: Told of the start of the embedded server instead of `progress`, once a command is at work.
        interrupted: Somebody wants it to stop. Libraries turn the KeyboardInterrupt into errors of their own
            (DuckDB raises a RuntimeError), so that an error's type does not tell.
    """

    folder: Path | None = None
    verbose: bool = False
    progress: Reporter = field(default_factory=Reporter)
    kept: str = "nothing was changed"
    known_workspace: Workspace | None = None
    waiting: Progress | None = None
    interrupted: bool = False

    def choose(self, folder: Path | None, *, quiet: bool, verbose: bool) -> None:
        """Take over the options of the group."""
        self.folder = folder
        self.verbose = verbose
        self.progress.quiet = quiet

    def say(self, text: str) -> None:
        """Print a note on stderr, unless told to be quiet."""
        self.progress.say(text)

    def workspace(self) -> Workspace:
        """Return the workspace.

        Raises:
            UsageError: There is none.
        """
        if self.known_workspace is None:
            if self.folder is None:
                self.known_workspace = Workspace.find(Path.cwd())
            elif (self.folder / SETTINGS_FILE).is_file():
                self.known_workspace = Workspace(self.folder.resolve())
            else:
                raise UsageError(
                    f"{self.folder} is no workspace: it has no {SETTINGS_FILE}",
                    f"Make one there: cib init {self.folder}",
                )
        return self.known_workspace

    def settings(self, **flags: dict[str, Any]) -> Settings:
        """Return the settings: cib.toml, overridden by the environment, overridden by flags.

        Args:
            **flags: By section, the settings given as flags; those that are None are left out.

        Raises:
            UsageError: A setting is unknown or its value is not allowed.
        """
        from cibgraph.settingsfile import read_settings

        return read_settings(self.workspace().settings_file, os.environ, flags)

    def address(self) -> ServerAddress:
        """Return the server to use: the configured one, or the embedded one, started if need be.

        Raises:
            UsageError: A server is configured without a password.
            ServerError: The embedded server cannot be started.
        """
        from cypher.connection import ServerAddress

        configured = self.settings().neo4j
        if configured.uri is None:
            from cibgraph.server import ensure_running

            return ensure_running(self.workspace().server, progress=self.waiting or self.progress).address
        password = os.environ.get("NEO4J_PASSWORD")
        if password is None:
            raise UsageError(
                f"no password for the Neo4j server at {configured.uri}",
                "Set the environment variable NEO4J_PASSWORD.",
            )
        return ServerAddress(configured.uri, configured.username, password, configured.database)

    def connect(self, *, need_gds: bool = False, read_only: bool = False) -> Graph:
        """Return a connection to the graph, whose schema is up to date unless the use is read-only.

        Raises:
            ServerError: The server is unreachable, refuses the password, or lacks GDS although `need_gds`.
        """
        from cypher.session import Graph

        graph = Graph.connect(self.address(), need_gds=need_gds)
        if not read_only:
            from cypher.migrations import migrate

            try:
                migrate(graph)
            except CibError:
                graph.close()
                raise
        return graph

    def connect_later(self, *, need_gds: bool = False) -> Graph:
        """Return a connection to the graph that is made when it is first used, as `connect` makes it.

        Meanwhile the embedded server starts, unless a first load may give it its first database. A configured
        server is connected to at once, so that a wrong password is told before any work.

        Raises:
            ServerError: As `connect`; or the embedded server cannot be installed.
        """
        settings = self.settings()
        if settings.neo4j.uri is not None:
            return self.connect(need_gds=need_gds)
        from cibgraph.server import launch
        from cibgraph.server.exchange import no_database
        from cibgraph.server.install import install
        from cypher.session import Graph

        home = self.workspace().server
        if settings.load.bulk_rows and no_database(home):
            install(self.progress)
        else:
            launch(home, progress=self.progress)
        return Graph.later(lambda: self.connect(need_gds=need_gds))


def place_of_workspace(folder: Path | None) -> tuple[ServerAddress, Path]:
    """Return the server of a workspace, started if need be, and the folder of its layers: for notebooks.

    Args:
        folder: The workspace; None for the one that holds the current folder.

    Raises:
        UsageError: There is none, or its settings are wrong.
        ServerError: The embedded server cannot be started.
    """
    context = Context(folder=folder)
    return context.address(), context.workspace().layers
