"""Graph projections that estimate memory first and always drop themselves, and the algorithms run on them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import neo4j
import polars as pl
from graphdatascience import GraphDataScience

from cypher.connection import explain
from cypher.errors import CibError, ServerError
from cypher.session import Graph

#: Share of the server's heap that an algorithm may claim by its own estimate before we refuse to start it.
MAX_HEAP_SHARE = 0.8


@dataclass(frozen=True)
class Projection:
    """A graph in the GDS catalogue, for as long as its context lasts."""

    name: str
    nodes: int
    relationships: int
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

        Raises:
            ServerError: The estimate does not fit in the server's heap.
        """
        self._check_memory(
            self.client.leiden.estimate(self.handle, gamma=gamma, random_seed=seed, concurrency=1)
        )
        frame = self.client.leiden.stream(
            self.handle, relationship_weight_property="strength", gamma=gamma, random_seed=seed, concurrency=1
        )
        return pl.DataFrame(
            {"node": frame["nodeId"].to_numpy(), "community": frame["communityId"].to_numpy()},
            schema={"node": pl.Int64, "community": pl.Int64},
        )

    def links(self) -> pl.DataFrame:
        """Return each relationship once: `source` < `target` (node ids), `type`, `strength`."""
        frame = self.client.graph.relationship_property.stream(self.handle, "strength")
        both_ways = pl.DataFrame(
            {
                "source": frame["sourceNodeId"].to_numpy(),
                "target": frame["targetNodeId"].to_numpy(),
                "type": frame["relationshipType"].astype("str").to_list(),
                "strength": frame["propertyValue"].to_numpy(),
            },
            schema={"source": pl.Int64, "target": pl.Int64, "type": pl.String, "strength": pl.Float64},
        )
        return both_ways.filter(pl.col("source") < pl.col("target")).sort("source", "target", "type")

    def _check_memory(self, estimate: Any) -> None:
        if estimate.heap_percentage_min > MAX_HEAP_SHARE:
            raise ServerError(
                f"Leiden on {self.nodes:,} nodes and {self.relationships:,} relationships needs"
                f" {estimate.required_memory}, more than the server's heap can spare.",
                "Give the server more heap (server.memory.heap.max_size; of the embedded one in "
                ".cib/server/conf/local.conf, then cib server stop), or raise min_participation.",
            )


def project(graph: Graph, name: str, query: str, **parameters: Any) -> Projection | None:
    """Project with a query that ends in `gds.graph.project`; the caller drops the projection.

    Args:
        graph: An open connection.
        name: Name in the catalogue, which must be free.
        query: Name of the library query; receives `name` and the parameters.
        parameters: The query's own parameters.

    Returns:
        The projection, or None where there is nothing to project.

    Raises:
        CibError: The server fails or is gone, has no GDS, or the name is taken.
    """
    client = _client(graph)
    rows = graph.read(query, name=name, **parameters)
    summary = rows[0]["projected"] if rows else None
    if summary is None or not summary["nodeCount"]:
        return None
    with _explained(graph):
        handle = client.graph.get(name)
    return Projection(name, summary["nodeCount"], summary["relationshipCount"], client, handle)


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
