from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from cibgraph.server import install as installing
from cibgraph.server.install import install, installed
from cibgraph.server.locked import Jar, jars, versions
from cypher.errors import ServerError


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Jar]:
    """A cache of its own with a server of two jars, already downloaded."""
    cache = tmp_path / "Zwischenspeicher ü"
    monkeypatch.setenv("CIB_CACHE_DIR", str(cache))
    made = []
    for name in ("one", "two"):
        content = name.encode()
        jar = Jar("lib", "org.example", name, "1", "", hashlib.sha256(content).hexdigest())
        (cache / "maven" / jar.path).parent.mkdir(parents=True)
        (cache / "maven" / jar.path).write_bytes(content)
        made.append(jar)
    monkeypatch.setattr(installing, "jars", lambda: made)
    monkeypatch.setattr(installing.time, "sleep", lambda seconds: None)
    return made


def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)


def test_installs_from_the_cache_without_network(two: list[Jar], monkeypatch: pytest.MonkeyPatch) -> None:
    _no_network(monkeypatch)
    home = install()
    assert sorted(path.name for path in (home / "lib").iterdir()) == ["one-1.jar", "two-1.jar"]
    assert installed() == home
    assert installing.verify() == []


@pytest.mark.parametrize("content", [b"on", b"0ne"], ids=["cut short", "tampered with"])
def test_a_wrong_jar_is_never_installed(
    two: list[Jar], content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    _no_network(monkeypatch)
    path = installing.cache_dir() / "maven" / two[0].path
    path.write_bytes(content)
    with pytest.raises(ServerError, match=r"cannot download one-1\.jar") as refused:
        install()
    assert "NEO4J_URI" in refused.value.hint
    assert not path.exists()
    assert installed() is None


def test_an_installed_jar_that_was_changed_is_noticed(two: list[Jar]) -> None:
    jar = install() / "lib" / "one-1.jar"
    jar.unlink()
    jar.write_bytes(b"0ne")
    assert installing.verify() == ["one-1.jar"]
    jar.write_bytes(b"shorter or longer")
    assert installed() is None
    shutil.rmtree(jar.parent)
    assert (install() / "lib" / "one-1.jar").read_bytes() == b"one"


def test_every_locked_jar_has_a_checksum() -> None:
    locked = jars()
    assert len({(jar.folder, jar.name) for jar in locked}) == len(locked)
    assert all(len(jar.sha256) == 64 for jar in locked)
    assert set(versions()) == {"neo4j", "gds"}
