"""The one door for reads and the one door for writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from types import TracebackType
from typing import Any, Final, Self, TypeVar

import neo4j
import polars as pl
from neo4j.exceptions import ClientError, DriverError, Neo4jError

from cypher.connection import ServerAddress, explain, open_driver
from cypher.errors import CibError
from cypher.library import Query
from cypher.library import query as find_query
from cypher.rows import dicts, frame, in_lists, listed
from cypher.values import as_rows

#: Endings of the codes that say: this transaction is too large. The driver takes them for passing troubles.
_TOO_LARGE: Final = ("MemoryPoolOutOfMemoryError", "TransactionOutOfMemoryError", "OutOfMemoryError")
#: Records that the driver asks for at a time, and as many rows in lists as are worked on.
_RECORDS_AT_ONCE: Final = 1_000
_LISTS_AT_ONCE: Final = 20

_Taken = TypeVar("_Taken")


@dataclass(frozen=True)
class Counters:
    """What writes changed."""

    nodes_created: int = 0
    nodes_deleted: int = 0
    relationships_created: int = 0
    relationships_deleted: int = 0
    properties_set: int = 0
    labels_added: int = 0

    def __add__(self, other: Counters) -> Counters:
        return Counters(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Counters)))

    @classmethod
    def of(cls, summary: neo4j.ResultSummary) -> Counters:
        """Return the counters of one statement."""
        return cls(*(getattr(summary.counters, f.name) for f in fields(cls)))


class _TooLargeError(Exception):
    """The transaction outgrew the server's memory; not an error that the driver would retry."""


class Graph:
    """A connection to one database; a context manager that closes itself.

    Args:
        link: Makes the connection, when it is first used.
    """

    def __init__(self, link: Callable[[], tuple[neo4j.Driver, ServerAddress]]) -> None:
        self._link = link
        self._linked: tuple[neo4j.Driver, ServerAddress] | None = None

    @classmethod
    def connect(cls, address: ServerAddress, *, need_gds: bool = False) -> Self:
        """Connect and prove the connection with one query.

        Raises:
            ServerError: Unreachable, wrong password, no such database, too old, or no GDS though `need_gds`.
        """
        graph = cls(lambda: (open_driver(address, need_gds=need_gds), address))
        graph._connection()
        return graph

    @classmethod
    def later(cls, connect: Callable[[], Graph]) -> Self:
        """Return a connection that is made as `connect` says, when it is first used."""
        return cls(lambda: connect()._connection())

    @property
    def connected(self) -> bool:
        """Whether the connection is made."""
        return self._linked is not None

    @property
    def driver(self) -> neo4j.Driver:
        """The driver."""
        return self._connection()[0]

    @property
    def address(self) -> ServerAddress:
        """Where the server is."""
        return self._connection()[1]

    @property
    def database(self) -> str | None:
        """The database in use; None for the user's home database."""
        return self.address.database

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; closing twice is harmless."""
        if self._linked:
            self._linked[0].close()

    def move(self, address: ServerAddress) -> None:
        """Connect to where the server is after it was started again; everything else stays as it is.

        A connection that is not made yet is made when it is first used.

        Raises:
            ServerError: As `connect`.
        """
        if self._linked:
            driver = open_driver(address)
            self.close()
            self._linked = driver, address

    def read(self, query: str | Query, **parameters: Any) -> list[dict[str, Any]]:
        """Run a query of the library and return its rows; nodes become their properties, times Python's.

        Raises:
            CibError: The query is not there, a parameter is unknown, or the server fails.
        """
        return self._fetch(query, parameters, dicts)

    def read_frame(
        self, query: str | Query, schema: Mapping[str, pl.DataType] | None = None, **parameters: Any
    ) -> pl.DataFrame:
        """Run a query of the library and return its rows as a frame.

        With a schema rows come in lists, which takes an eighth of the driver's time and less of the server's
        (measured), in the same order. Where the schema tells every column's type, rows become columns
        batch by batch, so that a million of them are never held as Python's objects.

        Args:
            query: Name of the query.
            schema: Type of each column by name; what it leaves out is inferred from all rows. Give it where a
                result can be empty, since no type can be inferred from nothing.
            **parameters: Values that override the query's defaults.

        Raises:
            CibError: As `read`.
        """
        if not schema:
            return self._fetch(query, parameters, lambda result: frame(result, {}))
        try:
            return self._fetch(query, parameters, lambda result: listed(result, schema), listing=True)
        except CibError as error:
            if not isinstance(error.__cause__, _TooLargeError):
                raise
        # Lists are made in the server's memory; rows are not, where the query itself does not hold them.
        return self._fetch(query, parameters, lambda result: frame(result, schema))

    def write(self, query: str | Query, **parameters: Any) -> Counters:
        """Run a query of the library in one managed transaction.

        Raises:
            CibError: As `read`.
        """
        statement = query if isinstance(query, Query) else find_query(query)
        try:
            with self._session() as session:
                return session.execute_write(_run, statement.text, statement.bind(parameters))
        except ClientError as error:
            # `IF NOT EXISTS` can lose a race with a command that creates the same: then it exists.
            if (error.code or "").endswith("EquivalentSchemaRuleAlreadyExists"):
                return Counters()
            raise self._explain(error, statement) from error
        except (_TooLargeError, Neo4jError, DriverError, OSError) as error:
            raise self._explain(error, statement) from error

    def write_rows(
        self,
        query: str | Query,
        rows: pl.DataFrame | Iterable[pl.DataFrame],
        *,
        batch: int = 10_000,
        on_batch: Callable[[int], None] | None = None,
        **parameters: Any,
    ) -> Counters:
        """Run a query once for each batch of rows, given to it as the parameter `$rows`.

        A batch is one transaction: interrupted at any moment, whole batches are in the graph and a second run
        mends the rest, since all writes merge. A batch too large for the server's memory is halved, not
        repeated; deadlocks and broken connections are retried by the driver, with back-off.

        Args:
            query: Name of a query that begins with `UNWIND $rows AS row`.
            rows: Frames whose columns become the keys of each row (a struct: a map); an iterable is read one
                frame at a time.
            batch: Rows a transaction at most.
            on_batch: Told how many rows each finished batch had.
            **parameters: Values of the query's other parameters.

        Raises:
            CibError: As `read`.
        """
        statement = query if isinstance(query, Query) else find_query(query)
        bound = statement.bind({**parameters, "rows": []})
        total = Counters()
        try:
            with self._session() as session:
                for frame in [rows] if isinstance(rows, pl.DataFrame) else rows:
                    start = 0
                    while start < frame.height:
                        part = frame.slice(start, batch)
                        try:
                            total += session.execute_write(
                                _run, statement.text, {**bound, "rows": as_rows(part)}
                            )
                        except _TooLargeError:
                            if part.height == 1:
                                raise
                            batch = part.height // 2
                            continue
                        start += part.height
                        if on_batch is not None:
                            on_batch(part.height)
        except (_TooLargeError, Neo4jError, DriverError, OSError) as error:
            raise self._explain(error, statement) from error
        return total

    def _connection(self) -> tuple[neo4j.Driver, ServerAddress]:
        if self._linked is None:
            self._linked = self._link()
        return self._linked

    def _session(self, records: int = _RECORDS_AT_ONCE) -> neo4j.Session:
        return self.driver.session(database=self.database, fetch_size=records)

    def _fetch(
        self,
        query: str | Query,
        parameters: dict[str, Any],
        take: Callable[[neo4j.Result], _Taken],
        *,
        listing: bool = False,
    ) -> _Taken:
        statement = query if isinstance(query, Query) else find_query(query)
        bound = statement.bind(parameters)

        def run(transaction: neo4j.ManagedTransaction) -> _Taken:
            with _sized():
                text = statement.text
                if listing:
                    text = in_lists(text, transaction.run(f"EXPLAIN {text}", bound).keys())
                return take(transaction.run(text, bound))

        try:
            with self._session(_LISTS_AT_ONCE if listing else _RECORDS_AT_ONCE) as session:
                return session.execute_read(run)
        except (_TooLargeError, Neo4jError, DriverError, OSError) as error:
            raise self._explain(error, statement) from error

    def _explain(self, error: BaseException, statement: Query) -> CibError:
        if isinstance(error, _TooLargeError):
            return CibError(
                f"query {statement.name} needs more memory than the server allows one transaction",
                "Raise dbms.memory.transaction.total.max or server.memory.heap.max_size of the server "
                "(the embedded one: in .cib/server/conf/local.conf, then cib server stop).",
            )
        return explain(error, self.address)


def _run(transaction: neo4j.ManagedTransaction, text: str, parameters: dict[str, Any]) -> Counters:
    with _sized():
        return Counters.of(transaction.run(text, parameters).consume())


@contextmanager
def _sized() -> Iterator[None]:
    """Keep the driver from retrying a transaction that has no room: it would have none again."""
    try:
        yield
    except Neo4jError as error:
        if (error.code or "").endswith(_TOO_LARGE):
            raise _TooLargeError(error.message) from error
        raise
