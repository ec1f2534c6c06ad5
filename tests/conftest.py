"""What tests share: one real Neo4j server a process, and an empty graph a test."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from cypher.connection import ServerAddress
from cypher.migrations import migrate
from cypher.session import Graph

#: One run is as good as the next; `--hypothesis-profile=deep` looks further, and elsewhere each time.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("deep", max_examples=2_000, deadline=None)
settings.load_profile("same")

#: A database with anything in it is wiped only if a test run before this one left its mark there.
MARK = "DisposableByTests"


@pytest.fixture(scope="session", autouse=True)
def _ctrl_c_works() -> None:
    """A test run started in the background has ctrl-C ignored, and would hand that down to every command."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def server_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerAddress]:
    """The server of NEO4J_URI if that is set, else an embedded one for this session."""
    if uri := os.environ.get("NEO4J_URI"):
        yield ServerAddress(
            uri,
            os.environ.get("NEO4J_USERNAME", "neo4j"),
            os.environ.get("NEO4J_PASSWORD", ""),
            os.environ.get("NEO4J_DATABASE"),
        )
        return
    from cibgraph import server

    home = tmp_path_factory.mktemp("server")
    yield server.ensure_running(home).address
    server.stop(home)


@pytest.fixture(scope="session")
def _connection(server_address: ServerAddress) -> Iterator[Graph]:
    with Graph.connect(server_address) as graph:
        marked, other = (
            graph.driver.execute_query(f"MATCH (n) WHERE {what} RETURN count(n)").records[0][0]
            for what in (f"n:{MARK}", f"NOT n:{MARK}")
        )
        if other and not marked:
            pytest.exit(f"{server_address.uri} holds data and is not marked as disposable: not touched", 2)
        graph.driver.execute_query(f"MERGE (:{MARK})")
        yield graph


@pytest.fixture
def graph(_connection: Graph) -> Graph:
    """A connection to an empty database with the schema applied."""
    _connection.driver.execute_query(f"MATCH (n) WHERE NOT n:Migration AND NOT n:{MARK} DETACH DELETE n")
    migrate(_connection)
    return _connection


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real datasets: CIB_SHARED_DATA, or `shared/data` beside the checkout."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("CIB_SHARED_DATA") or beside)
    if not folder.is_dir():
        pytest.skip("no real datasets here: set CIB_SHARED_DATA")
    return folder


@pytest.fixture
def nobody(tmp_path: Path) -> Iterator[None]:
    """Root may write anywhere: as root, be somebody else for a while."""
    if os.geteuid() != 0:
        yield
        return
    for folder in [tmp_path, *tmp_path.parents][:4]:  # the test's, the worker's, the run's, pytest's
        folder.chmod(folder.stat().st_mode | 0o055)
    os.seteuid(65534)
    yield
    os.seteuid(0)
