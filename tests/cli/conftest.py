"""A workspace on the tests' server, a small dataset with one operation in it, and ways to call `cib`."""

import csv
import random
import subprocess
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cypher.connection import ServerAddress
from cypher.session import Graph
from tests.processes import clean_environment

#: The members of the planted operation, as ids of accounts.
PLANTED = tuple(f"p{number}" for number in range(8))


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """Accounts that post links when they like, among them eight that post the same ones within seconds."""
    draw = random.Random(1)
    folder = tmp_path / "data"
    folder.mkdir()
    others = [f"o{number}" for number in range(120)]
    start = datetime(2019, 3, 1, tzinfo=UTC)
    posts: list[tuple[str, str, datetime, str]] = []
    for account in others:
        for _ in range(6):
            at = start + timedelta(seconds=draw.randrange(30 * 86_400))
            posts.append((f"b{len(posts)}", account, at, f"https://news.example/{draw.randrange(60)}"))
    for wave in range(12):
        at = start + timedelta(days=2 * wave, seconds=draw.randrange(86_400))
        for account in PLANTED:
            when = at + timedelta(seconds=draw.randrange(20))
            posts.append((f"c{len(posts)}", account, when, f"https://front.example/{wave}"))
    write_csv(folder / "accounts.csv", ["id", "name"], ((a, f"Name of {a}") for a in (*others, *PLANTED)))
    write_csv(
        folder / "posts.csv",
        ["id", "author_kind", "author_id", "created_at", "text", "urls"],
        (
            (post, "account", account, at.isoformat(), f"text of {post}", url)
            for post, account, at, url in posts
        ),
    )
    pages = [(f"pg{number}", f"Page {number}", "IN") for number in range(6)]
    write_csv(folder / "pages.csv", ["id", "name", "country"], pages)
    write_csv(
        folder / "admins.csv",
        ["account_id", "asset_kind", "asset_id"],
        ((account, "page", page) for account in PLANTED[:3] for page, _, _ in pages[:4]),
    )
    return folder


@pytest.fixture
def server_environment(server_address: ServerAddress) -> dict[str, str]:
    """The environment in which `cib` uses the tests' server."""
    return clean_environment() | {
        "NEO4J_URI": server_address.uri,
        "NEO4J_USERNAME": server_address.username,
        "NEO4J_PASSWORD": server_address.password,
        **({"NEO4J_DATABASE": server_address.database} if server_address.database else {}),
    }


Cib = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def cib(tmp_path: Path, server_environment: dict[str, str], graph: Graph) -> Cib:
    """`cib`, as a process of its own, in a new workspace on the tests' server, whose graph is empty."""
    workspace = tmp_path / "workspace"

    def call(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "cibgraph", *map(str, arguments)],
            capture_output=True,
            text=True,
            cwd=workspace,
            env=server_environment | environment,
            timeout=300,
        )

    workspace.mkdir()
    assert call("init", ".").returncode == 0
    return call


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """The folder in which `cib` works."""
    return tmp_path / "workspace"


def write_csv(path: Path, header: list[str], rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
