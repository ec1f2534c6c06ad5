from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from cibgraph.server import config, exchange

PARTS = ("databases/neo4j", "transactions/neo4j")


def put(folder: Path, content: str) -> None:
    for part in PARTS:
        (folder / part).mkdir(parents=True)
        (folder / part / "store").write_text(content)


def found(home: Path) -> list[str]:
    return [(home / "data" / part / "store").read_text() for part in PARTS]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A server that stands still, with its database, and another one made beside it."""
    put(tmp_path / "data", "former")
    put(exchange.begin(tmp_path) / "data", "new")
    return tmp_path


def test_a_database_that_is_not_approved_is_dropped(home: Path) -> None:
    assert not exchange.settle(home)
    assert found(home) == ["former", "former"]
    assert not exchange.incoming(home).exists()


def test_a_part_that_is_missing_is_not_approved(home: Path) -> None:
    (exchange.incoming(home) / "data" / PARTS[1] / "store").unlink()
    (exchange.incoming(home) / "data" / PARTS[1]).rmdir()
    with pytest.raises(FileNotFoundError):
        exchange.approve(home)
    assert not exchange.settle(home)
    assert found(home) == ["former", "former"]


@pytest.mark.parametrize("renames", range(5))
@pytest.mark.parametrize(("then", "content"), [(exchange.forget, "new"), (exchange.revert, "former")])
def test_an_exchange_goes_on_wherever_it_was_interrupted(
    home: Path, renames: int, then: Callable[[Path], None], content: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange.approve(home)
    rename, left = Path.rename, [None] * renames

    def rename_some(path: Path, target: Path) -> Path:
        if not left:
            raise KeyboardInterrupt
        left.pop()
        return rename(path, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", rename_some)
        if renames < 4:
            with pytest.raises(KeyboardInterrupt):
                exchange.settle(home)
    assert exchange.settle(home)
    assert found(home) == ["new", "new"]
    assert exchange.settle(home)
    then(home)
    assert found(home) == [content, content]
    assert not exchange.incoming(home).exists()


def test_a_home_without_a_database_gets_one(tmp_path: Path) -> None:
    put(exchange.begin(tmp_path) / "data", "new")
    exchange.approve(tmp_path)
    assert exchange.settle(tmp_path)
    assert found(tmp_path) == ["new", "new"]


def test_whether_there_is_a_database(home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert not exchange.no_database(home)
    new = tmp_path_factory.mktemp("new")
    assert exchange.no_database(new)
    config.write_settings(new, 1, 2)
    put(exchange.begin(new) / "data", "new")
    assert exchange.no_database(new)
    exchange.approve(new)
    assert not exchange.no_database(new)
    exchange.forget(new)
    assert exchange.no_database(new)
    config.local_file(new).write_text("server.directories.data=/elsewhere\n")
    assert not exchange.no_database(new)


def test_an_import_whose_command_was_killed_is_ended(home: Path) -> None:
    argument = exchange.report_argument(exchange.incoming(home))
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", argument]) as left:
        assert psutil.pid_exists(left.pid)
        exchange.begin(home)
        assert left.wait(10) != 0
