"""Where a Neo4j server is, and what is told to a person when it cannot be used."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from typing import Final

import neo4j
from neo4j.exceptions import (
    AuthError,
    ClientError,
    ConfigurationError,
    DriverError,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
)

from cypher.errors import CibError, ServerError

#: The oldest server that speaks the Cypher of this package (5.26 is Neo4j's long-term release).
OLDEST_SERVER: Final = (5, 26)

# Deadlocks and the like are retried; the driver's warnings of each try are for those who ask for logs.
logging.getLogger("neo4j").addHandler(logging.NullHandler())

_SETTINGS_HINT: Final = (
    "Set NEO4J_URI, NEO4J_USERNAME and NEO4J_PASSWORD, or unset NEO4J_URI to use the embedded server."
)


@dataclass(frozen=True)
class ServerAddress:
    """A server and the credentials for it.

    Attributes:
        uri: `bolt://`, `neo4j://` (or their `+s`, `+ssc` forms) address.
        username: User to log in as.
        password: Never shown in the representation.
        database: Database to use; None for the user's home database.
    """

    uri: str
    username: str
    password: str = field(repr=False)
    database: str | None = None


def open_driver(address: ServerAddress, *, need_gds: bool = False) -> neo4j.Driver:
    """Open a driver and prove that it can be used: one log-in, one query.

    Raises:
        ServerError: The server is unreachable, refuses the log-in, is too old, lacks the database, or
            lacks GDS although `need_gds` is true.
    """
    if not re.match(r"(bolt|neo4j)(\+s|\+ssc)?://", address.uri):
        raise _no_address(address.uri)
    driver: neo4j.Driver | None = None
    try:
        driver = neo4j.GraphDatabase.driver(
            address.uri,
            auth=(address.username, address.password),
            connection_timeout=15.0,
            connection_acquisition_timeout=20.0,
            max_transaction_retry_time=30.0,
            # A notification (say, of a label not in the graph yet) would only be a warning on stderr.
            notifications_min_severity=neo4j.NotificationMinimumSeverity.OFF,
            telemetry_disabled=True,
        )
        # One log-in only: more tries with a wrong password run into the server's rate limit.
        check_version(driver.get_server_info().agent, address.uri)
        with driver.session(database=address.database) as session:
            session.run("RETURN 1").consume()
            if need_gds:
                _check_gds(session, address)
    except BaseException as error:
        if driver is not None:
            driver.close()
        if isinstance(error, Neo4jError | DriverError | ValueError | OSError):
            raise explain(error, address) from error
        raise
    return driver


def check_version(agent: str, uri: str) -> None:
    """Refuse servers that do not speak the Cypher of this package.

    Args:
        agent: What the server calls itself, e.g. `Neo4j/2026.08.1`; other agents are let through.
        uri: Named in the error.

    Raises:
        ServerError: The server is older than `OLDEST_SERVER`.
    """
    found = re.match(r"Neo4j/(\d+)\.(\d+)", agent)
    if found and (int(found[1]), int(found[2])) < OLDEST_SERVER:
        raise ServerError(
            f"the server at {uri} is {agent}, which is too old",
            f"Use Neo4j {OLDEST_SERVER[0]}.{OLDEST_SERVER[1]} or newer. {_SETTINGS_HINT}",
        )


def explain(error: BaseException, address: ServerAddress) -> CibError:
    """Turn what the driver raised into a message and a hint; the original stays its cause."""
    code = getattr(error, "code", None) or ""
    where = f"the Neo4j server at {address.uri}"
    if isinstance(error, CibError):
        return error
    if code.endswith("AuthenticationRateLimit"):
        return ServerError(
            f"{where} refuses log-ins for a moment, after too many with a wrong password",
            "Wait a few seconds, correct NEO4J_USERNAME and NEO4J_PASSWORD, and try again.",
        )
    if isinstance(error, AuthError):
        return ServerError(
            f"{where} refuses the password of user {address.username!r}",
            "Correct NEO4J_USERNAME and NEO4J_PASSWORD.",
        )
    if code.endswith(("DatabaseNotFound", "DatabaseUnavailable")):
        return ServerError(
            f"{where} has no database {address.database or '(default)'!r} that is online",
            "Correct NEO4J_DATABASE, or unset it to use the server's default.",
        )
    if isinstance(error, ConfigurationError):
        return _no_address(address.uri)
    if isinstance(error, ServiceUnavailable | SessionExpired | OSError):
        return ServerError(f"{where} does not answer: {_one_line(error)}", f"Is it running? {_SETTINGS_HINT}")
    if code.startswith("Neo.ClientError.Statement") and isinstance(error, ClientError):
        return CibError(
            f"the server refused a query: {_one_line(error)}", "Check the values given as parameters."
        )
    if isinstance(error, Neo4jError):
        return ServerError(
            f"{where} failed ({code}): {_one_line(error)}", "See the server's log for details."
        )
    return ServerError(f"cannot use {where}: {_one_line(error)}", _SETTINGS_HINT)


def _no_address(uri: str) -> ServerError:
    return ServerError(
        f"{uri!r} is not the address of a Neo4j server",
        "Set NEO4J_URI to one like bolt://localhost:7687 or neo4j+s://host.",
    )


def _check_gds(session: neo4j.Session, address: ServerAddress) -> None:
    try:
        session.run("RETURN gds.version()").consume()
    except ClientError as error:
        raise ServerError(
            f"the Neo4j server at {address.uri} has no Graph Data Science (GDS) plugin",
            "Install the plugin and allow it (dbms.security.procedures.unrestricted=gds.*), or unset "
            "NEO4J_URI to use the embedded server, which has it.",
        ) from error


def _one_line(error: BaseException) -> str:
    text = getattr(error, "message", None) or str(error) or type(error).__name__
    return " ".join(text.split())[:300]
