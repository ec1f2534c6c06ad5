from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from cibgraph.server import install as installing
from cibgraph.server.install import install, installed
from cibgraph.server.locked import Jar, jars, versions
from cypher.errors import ServerError

INSTALL = """
import sys
from cibgraph.server import install as installing
from cibgraph.server.locked import Jar
installing.MAVEN_CENTRAL_URL = sys.argv[1]
installing.jars = lambda: [Jar("lib", "org.example", name, "1", "", digest)
                           for name, digest in (pair.split("=") for pair in sys.argv[2:])]
print(installing.install())
"""


class Repository:
    """A Maven repository with two jars, on this machine.

    Attributes:
        jars: The locked ones.
        files: Content by path; what is missing is answered with 404.
        cut: Bytes that each answer falls short of what it announced.
        flowing: Cleared: answers stop half-way until it is set.
        asked: Times each path was asked for.
    """

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.jars: list[Jar] = []
        self.cut = 0
        self.flowing = threading.Event()
        self.flowing.set()
        self.asked: Counter[str] = Counter()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked[self.path] += 1
                content = outer.files.get(self.path)
                self.send_response(404 if content is None else 200)
                self.send_header("Content-Length", str(len(content or b"")))
                self.end_headers()
                if content:
                    half = len(content) // 2
                    self.wfile.write(content[:half])
                    self.wfile.flush()
                    outer.flowing.wait(30)
                    self.wfile.write(content[half : len(content) - outer.cut])

            def log_message(self, *arguments: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Repository]:
    """An empty cache, and a server of two jars to fill it from."""
    monkeypatch.setenv("CIB_CACHE_DIR", str(tmp_path / "Zwischenspeicher ü"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    repository = Repository()
    for name in ("one", "two"):
        content = name.encode() * 1000
        repository.jars.append(Jar("lib", "org.example", name, "1", "", hashlib.sha256(content).hexdigest()))
        repository.files["/" + repository.jars[-1].path.as_posix()] = content
    monkeypatch.setattr(installing, "jars", lambda: repository.jars)
    monkeypatch.setattr(installing, "MAVEN_CENTRAL_URL", repository.url)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    thread = threading.Thread(target=repository.server.serve_forever, args=(0.01,))
    thread.start()
    yield repository
    repository.flowing.set()
    repository.server.shutdown()
    repository.server.server_close()
    thread.join()


def _one(repository: Repository) -> str:
    return min(repository.files)


def test_installs_once(repository: Repository) -> None:
    told: list[tuple[int, int | None]] = []
    home = install(lambda stage, done, total: told.append((done, total)))
    assert told == [(0, 2), (1, 2), (2, 2)]
    assert sorted(path.name for path in (home / "lib").iterdir()) == ["one-1.jar", "two-1.jar"]
    assert install() == installed() == home
    shutil.rmtree(home)
    assert install() == home  # from what was downloaded
    assert set(repository.asked.values()) == {1}
    assert installing.verify() == []


def test_two_installs_at_once(repository: Repository) -> None:
    with ThreadPoolExecutor(2) as pool:
        homes = list(pool.map(lambda _: install(), range(2)))
    assert homes[0] == homes[1] == installed()
    assert set(repository.asked.values()) == {1}


def test_a_killed_install_is_mended_by_the_next(repository: Repository) -> None:
    repository.flowing.clear()
    pairs = [f"{jar.artifact}={jar.sha256}" for jar in repository.jars]
    killed = subprocess.Popen([sys.executable, "-c", INSTALL, repository.url, *pairs])
    while len(repository.asked) < 2:
        threading.Event().wait(0.02)
    killed.kill()
    killed.wait()
    repository.flowing.set()
    assert installed() is None
    shutil.copytree(installing.cache_dir(), installing.cache_dir() / "building-left")
    install()
    assert installing.verify() == []
    assert not list(installing.cache_dir().glob("building-*"))


@pytest.mark.parametrize("content", [b"one" * 999, b"0ne" * 1000], ids=["cut short", "tampered with"])
def test_a_wrong_jar_is_refused(repository: Repository, content: bytes) -> None:
    repository.files[_one(repository)] = content
    with pytest.raises(ServerError, match=r"one-1\.jar arrived with another content"):
        install()
    assert installed() is None
    assert not list(installing.cache_dir().rglob("one-1.jar*"))


def test_a_wrong_jar_in_the_cache_is_fetched_again(repository: Repository) -> None:
    path = installing.cache_dir() / "maven" / repository.jars[0].path
    path.parent.mkdir(parents=True)
    path.write_bytes(b"0ne")
    install()
    assert installing.verify() == []


def test_broken_downloads_are_tried_again(repository: Repository) -> None:
    repository.cut = 1
    with pytest.raises(ServerError, match="cannot download") as refused:
        install()
    assert "NEO4J_URI" in refused.value.hint
    assert max(repository.asked.values()) == 3
    repository.cut = 0
    install()


def test_a_repository_without_a_jar(repository: Repository) -> None:
    del repository.files[_one(repository)]
    with pytest.raises(ServerError, match=r"cannot download one-1\.jar.*404"):
        install()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_not_taken_for_a_network_fault(repository: Repository) -> None:
    part = installing.cache_dir() / "maven" / repository.jars[0].path
    part.parent.mkdir(parents=True)
    part.with_name(f"{part.name}.part").symlink_to("/dev/full")
    with pytest.raises(ServerError, match="No space left") as refused:
        install()
    assert "Free some space" in refused.value.hint


def test_an_installed_jar_that_was_changed_is_noticed(repository: Repository) -> None:
    jar = install() / "lib" / "one-1.jar"
    right = jar.read_bytes()
    jar.unlink()
    jar.write_bytes(b"0ne" * 1000)
    assert installing.verify() == ["one-1.jar"]
    jar.write_bytes(b"shorter or longer")
    assert installed() is None
    shutil.rmtree(jar.parent)
    assert (install() / "lib" / "one-1.jar").read_bytes() == right


def test_an_old_lock_file_is_no_hindrance(repository: Repository) -> None:
    installing.cache_dir().mkdir()
    lock = installing.cache_dir() / "install.lock"
    lock.touch()
    os.utime(lock, (0, 0))
    install()


def test_a_cache_that_cannot_be_written_to(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("CIB_CACHE_DIR", str(tmp_path / "file" / "cache"))
    with pytest.raises(ServerError, match="cannot be installed") as refused:
        install()
    assert "CIB_CACHE_DIR" in refused.value.hint


def test_every_locked_jar_has_a_checksum_and_serves_the_server() -> None:
    locked = jars()
    assert len({(jar.folder, jar.name) for jar in locked}) == len(locked)
    assert all(len(jar.sha256) == 64 for jar in locked)
    assert set(versions()) == {"neo4j", "gds"}
    assert not {"junit", "org.mockito", "org.hamcrest", "net.bytebuddy"} & {jar.group for jar in locked}
