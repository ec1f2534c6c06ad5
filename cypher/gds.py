"""Graph projections that estimate memory first and always drop themselves, and the algorithms run on them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final

import neo4j
import polars as pl
from graphdatascience import GraphDataScience

from cypher.connection import explain
from cypher.errors import CibError, ServerError
from cypher.session import Graph

#: Share of the server's heap that projection and algorithm may claim by their own estimates.
MAX_HEAP_SHARE: Final = 0.8


_COMMUNITIES: Final = pl.Schema({"node": pl.Int64(), "community": pl.Int64()})
_LINKS: Final = pl.Schema(
    {"source": pl.Int64(), "target": pl.Int64(), "type": pl.String(), "strength": pl.Float64()}
)
#: Of assets that are like the members of an operation, the most alike first.
ALIKE: Final = pl.Schema(
    {
        "asset": pl.String(),
        "name": pl.String(),
        "kind": pl.String(),
        "member": pl.String(),
        "member_name": pl.String(),
        "similarity": pl.Float64(),
    }
)


@dataclass(frozen=True)
class Projection:
    """A graph in the GDS catalogue, for as long as its context lasts."""

    name: str
    nodes: int
    relationships: int
    graph: Graph
    client: GraphDataScience
    handle: Any

    def leiden(self, *, gamma: float, seed: int) -> pl.DataFrame:
        """Return the Leiden community of every node (Traag, Waltman and van Eck 2019, weighted modularity).

        One thread and a seed, so that equal projections give equal communities.

        Args:
            gamma: Resolution; larger gives smaller communities.
            seed: Random seed.

        Returns:
            Columns `node` (Int64, the database's id) and `community` (Int64).
        """
        return self.graph.read_frame(
            "operations/projected_leiden", _COMMUNITIES, name=self.name, gamma=gamma, seed=seed
        )

    def links(self) -> pl.DataFrame:
        """Return each relationship once: `source` < `target` (node ids), `type`, `strength`."""
        links = self.graph.read_frame("operations/projected_links", _LINKS, name=self.name)
        return links.sort("source", "target", "type")

    def alike(self, *, least: int, most: int) -> pl.DataFrame:
        """Return who of others holds most of what a member holds; of `operations/project_held`.

        Args:
            least: Things that both must hold to be compared.
            most: Others a member.

        Returns:
            Columns `ALIKE`: the weighted Jaccard index of what the two hold.
        """
        if not {"Member", "Other"} <= set(self.handle.node_labels()):
            return pl.DataFrame(schema=ALIKE)
        return self.graph.read_frame(
            "operations/projected_alike", ALIKE, name=self.name, least=least, most=most
        )


def project(graph: Graph, name: str, query: str, **parameters: Any) -> Projection | None:
    """Project with a query that ends in `gds.graph.project`; the caller drops the projection.

    What it and the algorithm need is estimated before, by the query named `<query>_memory`.

    Args:
        graph: An open connection.
        name: Name in the catalogue, which must be free.
        query: Name of the library query; receives `name` and the parameters.
        parameters: The query's own parameters.

    Returns:
        The projection, or None where there is nothing to project.

    Raises:
        ServerError: The estimate does not fit in the server's heap.
        CibError: The server fails or is gone, has no GDS, or the name is taken.
    """
    client = _client(graph)
    _check_memory(graph, f"{query}_memory")
    rows = graph.read(query, name=name, **parameters)
    summary = rows[0]["projected"] if rows else None
    if summary is None or not summary["nodeCount"]:
        return None
    with _explained(graph):
        handle = client.graph.get(name)
    return Projection(name, summary["nodeCount"], summary["relationshipCount"], graph, client, handle)


def _check_memory(graph: Graph, query: str) -> None:
    for size in graph.read(query):
        if size["needed"] > MAX_HEAP_SHARE * size["heap"]:
            raise ServerError(
                f"a projection of {size['nodes']:,} assets and shared things with"
                f" {size['relationships']:,} edges and ties needs {_mib(size['needed'])} of the server's"
                f" heap; of its {_mib(size['heap'])} it may take {MAX_HEAP_SHARE:.0%}",
                "Give the server more heap (server.memory.heap.max_size; of the embedded one in"
                " .cib/server/conf/local.conf, then cib server stop), or have fewer edges: raise"
                " min_participation or min_objects, or look at fewer layers.",
            )


def _mib(size: int) -> str:
    return f"{size / 2**20:,.0f} MiB"


def drop(graph: Graph, name: str) -> None:
    """Drop a projection, if it is there.

    Raises:
        CibError: The server fails or is gone.
    """
    with _explained(graph):
        _client(graph).graph.drop(name, fail_if_missing=False)


@contextmanager
def projection(graph: Graph, name: str, query: str, **parameters: Any) -> Iterator[Projection | None]:
    """Project as `project` does, for a block; drop the projection whatever happens.

    The name carries the run's id, so that two runs never collide.

    Raises:
        CibError: As `project`, and what the server says of algorithms run in the block.
    """
    try:
        with _explained(graph):
            yield project(graph, name, query, **parameters)
    finally:
        # A server that is gone has no projections left; whatever failed before must not be covered up.
        with suppress(CibError):
            drop(graph, name)


def _client(graph: Graph) -> GraphDataScience:
    return GraphDataScience(graph.driver, database=graph.address.database, arrow=False, show_progress=False)


@contextmanager
def _explained(graph: Graph) -> Iterator[None]:
    """Explain errors of what the GDS client asks for, which does not go through the session."""
    try:
        yield
    except (neo4j.exceptions.DriverError, neo4j.exceptions.Neo4jError) as error:
        raise explain(error, graph.address) from error
