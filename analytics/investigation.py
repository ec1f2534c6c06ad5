"""An investigation in Python: what `cib` found, as pandas frames, plots and a graph projected in GDS.

import analytics

analytics.use("demo")                  # a workspace; without it, the one that the notebook lies in
analytics.operations()
analytics.members(1)                   # by rank, or by id
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import polars as pl

from analytics.results import Results, read_results
from cypher.connection import ServerAddress
from cypher.errors import CibError, UsageError
from cypher.session import Graph

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from cypher.gds import Projection

#: Whoever knows where workspaces lie says so under this name, since this package must not import them.
_FINDER: Final = "cibgraph.workspaces"
_HIDDEN: Final = ("candidate", "gone")

#: An operation's id, or its rank.
Chosen: TypeAlias = str | int


class Investigation:
    """What the last run found, read from the graph once and kept until `refresh`."""

    def __init__(self, graph: Graph, layers_dir: Path) -> None:
        """Take an open connection, and the folder with the evidence of the last detection."""
        self.graph = graph
        self.layers_dir = layers_dir

    @classmethod
    def of_workspace(cls, folder: str | Path | None = None) -> Investigation:
        """Open a workspace; its server is started if need be.

        Args:
            folder: The workspace; None for the one that holds the current folder.

        Raises:
            UsageError: There is none.
            ServerError: Its server cannot be reached or started.
        """
        address, layers_dir = place_of(folder)
        return cls(Graph.connect(address), layers_dir)

    @cached_property
    def results(self) -> Results:
        """Everything found, candidates below the alert threshold too, as Polars frames."""
        return read_results(self.graph, self.layers_dir, include_candidates=True)

    def refresh(self) -> None:
        """Read everything anew when it is next asked for."""
        self.__dict__.pop("results", None)

    def operations(self, *, candidates: bool = False) -> pd.DataFrame:
        """Return the operations by rank; columns as in `operations.csv`.

        Args:
            candidates: Also those below the alert threshold, and those decided on that are gone.
        """
        found = self.results.operations
        return frame(found if candidates else found.filter(~pl.col("status").is_in(_HIDDEN)))

    def members(self, operation: Chosen | None = None) -> pd.DataFrame:
        """Return members, of one operation or of all; columns as in `members.csv`."""
        return frame(self._of("members", operation))

    def edges(self, operation: Chosen | None = None) -> pd.DataFrame:
        """Return coordinated edges inside operations; columns as in `edges.csv`."""
        return frame(self._of("edges", operation))

    def signals(self, operation: Chosen | None = None) -> pd.DataFrame:
        """Return signals with their bits, whose sum is the score; columns as in `signals.csv`."""
        return frame(self._of("signals", operation))

    def evidence(self, operation: Chosen | None = None) -> pd.DataFrame:
        """Return the co-actions and shared things behind the edges; columns as in `evidence.csv`."""
        return frame(self._of("evidence", operation))

    def ads(self, operation: Chosen | None = None) -> pd.DataFrame:
        """Return the ads of operations; columns as in `ads.csv`."""
        return frame(self._of("ads", operation))

    def countries(self, operation: Chosen | None = None) -> pd.DataFrame:
        """Return how many members, administrators and ads each country has: `country`, `what`, `number`."""
        return frame(self._of("countries", operation))

    def changes(self, operation: Chosen | None = None) -> pd.DataFrame:
        """Return what became of each operation since the run before; columns as in `changes.csv`."""
        return frame(self._of("changes", operation))

    def decided(self, operation: Chosen | None = None) -> pd.DataFrame:
        """Return what analysts decided, the latest last: `verdict`, `at`, `by`, `note`."""
        return frame(self._of("decisions", operation))

    def quotes(self) -> pd.DataFrame:
        """Return the words of a post for each `object` of the evidence that is a text: `object`, `quote`."""
        return frame(self.results.quotes)

    def takedown(self, operation: Chosen) -> str:
        """Return the takedown summary of an operation, in the words of Meta's reports."""
        return str(self._of("details", operation)["summary"].item())

    def plot_score(self, operation: Chosen, axes: Axes | None = None) -> Axes:
        """Plot how the score adds up, signal by signal; needs matplotlib."""
        from analytics.plots import score

        return score(self.one(operation), axes)

    def plot_timeline(self, operation: Chosen) -> Figure:
        """Plot when members were created, acted together, and ads started; needs matplotlib."""
        from analytics.plots import timeline

        return timeline(self.one(operation))

    def plot_network(self, operation: Chosen, axes: Axes | None = None) -> Axes:
        """Plot who coordinates with whom, with members where the report has them; needs matplotlib."""
        from analytics.plots import network

        return network(self.one(operation), axes)

    @contextmanager
    def gds(self, query: str = "operations/project", **parameters: Any) -> Iterator[Projection]:
        """Project coordinated edges and ties into GDS, as community detection sees them, for a block.

        `projected.client` is the `GraphDataScience` client, `projected.handle` the graph that its algorithms
        take; relationships have the property `strength`.

        Args:
            query: Name of a library query that ends in `gds.graph.project`.
            **parameters: The query's own.

        Raises:
            CibError: There is nothing to project, or the server has no GDS.
        """
        from cypher.gds import projection

        with projection(self.graph, f"notebook-{os.getpid()}-{id(self)}", query, **parameters) as projected:
            if projected is None:
                raise CibError(
                    "there is nothing to project", "Load files and detect first: cib load, cib detect"
                )
            yield projected

    def alike(
        self, operation: Chosen, *, most: int = 10, least: int = 2, max_degree: int = 50
    ) -> pd.DataFrame:
        """Return the assets outside an operation that hold most of what one of its members holds.

        What an asset holds: its administrators and the Pages that it administers, members and followers in
        both directions, identifiers, and who paid for its ads. GDS compares the members with all others by
        the weighted Jaccard index; it is a lead, and no test against chance.

        Args:
            operation: By id or rank.
            most: Assets a member.
            least: Things that both must hold to be compared.
            max_degree: What more assets hold says nothing.

        Returns:
            `asset`, `name`, `kind`, `member`, `member_name`, `similarity`; the most alike first.

        Raises:
            UsageError: There is no such operation.
            CibError: No asset holds what another one holds, or the server has no GDS.
        """
        chosen = self._id(operation)
        with self.gds("operations/project_held", operation=chosen, max_degree=max_degree) as projected:
            return frame(projected.alike(least=least, most=most))

    def keyed(self, found: pd.DataFrame) -> pd.DataFrame:
        """Return what a GDS algorithm streamed with the `key` of the node that `nodeId` numbers."""
        keys = frame(self.graph.read_frame("operations/node_keys").select(nodeId="node", key="key"))
        return found.merge(keys, on="nodeId", how="left")

    def one(self, operation: Chosen) -> Results:
        """Return the results of one operation alone.

        Raises:
            UsageError: There is no such operation.
        """
        chosen = self._id(operation)
        tables: dict[str, Any] = {
            name: table.filter(operation_id=chosen)
            for name, table in vars(self.results).items()
            if isinstance(table, pl.DataFrame) and "operation_id" in table.columns
        }
        return dataclasses.replace(self.results, **tables)

    def _of(self, table: str, operation: Chosen | None) -> pl.DataFrame:
        found: pl.DataFrame = getattr(self.results, table)
        return found if operation is None else found.filter(operation_id=self._id(operation))

    def _id(self, operation: Chosen) -> str:
        column = "rank" if isinstance(operation, int) else "operation_id"
        found = self.results.operations.filter(pl.col(column) == operation)["operation_id"]
        if found.is_empty():
            known = ", ".join(self.results.operations["operation_id"].head(5).to_list())
            raise UsageError(
                f"there is no operation {operation!r}",
                f"The first are {known}; analytics.operations() lists them."
                if known
                else "Run `cib rank` first.",
            )
        return str(found.first())


def place_of(folder: str | Path | None) -> tuple[ServerAddress, Path]:
    """Return the server of a workspace, started if need be, and the folder of its layers.

    Args:
        folder: The workspace; None for the one that holds the current folder.

    Raises:
        UsageError: There is none.
        ServerError: Its server cannot be started.
    """
    finders = list(entry_points(group=_FINDER))
    if not finders:
        raise UsageError("nothing here knows where workspaces lie", "Install cibgraph: pip install cibgraph")
    find: Callable[[Path | None], tuple[ServerAddress, Path]] = finders[0].load()
    return find(None if folder is None else Path(folder))


def frame(table: pl.DataFrame) -> pd.DataFrame:
    """Return a Polars frame in pandas: counts stay whole where some are missing, lists stay lists."""
    import pandas as pd
    import pyarrow as pa

    whole = {pa.int64(): pd.Int64Dtype(), pa.uint32(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}
    found: pd.DataFrame = table.to_arrow().to_pandas(types_mapper=whole.get)
    for name, dtype in table.schema.items():
        if isinstance(dtype, pl.List):
            found[name] = table[name].to_list()
    return found
