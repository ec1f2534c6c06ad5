"""Puts the server's jars into a cache that all workspaces of a user share; nothing unverified gets there."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Final

import requests
from filelock import FileLock, Timeout
from jgo.constants import MAVEN_CENTRAL_URL
from platformdirs import user_cache_dir

from cibgraph.server.locked import Jar, home_name, jars
from cypher.errors import ServerError
from cypher.progress import Progress, silent

_STAMP: Final = "verified.json"
_THREADS: Final = 8
_TRIES: Final = 3
#: Seconds to wait for another process that installs.
_PATIENCE: Final = 900
#: Seconds without a byte after which a download is tried again.
_SILENCE: Final = 30


def cache_dir() -> Path:
    """Return the shared cache: `CIB_CACHE_DIR`, or the platform's place for caches."""
    return Path(os.environ.get("CIB_CACHE_DIR") or user_cache_dir("cibgraph")).absolute()


def installed() -> Path | None:
    """Return the folder with `lib` and `plugins`, or None if it is not there whole.

    Compares names and sizes with what was verified when it was installed: some milliseconds. `verify` reads
    the jars again.
    """
    home = cache_dir() / home_name()
    try:
        sizes = json.loads((home / _STAMP).read_text("utf-8"))
        whole = bool(sizes) and all((home / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError, AttributeError, TypeError):
        return None
    return home if whole else None


def install(progress: Progress = silent) -> Path:
    """Return the folder with `lib` and `plugins`, downloading and verifying what is missing.

    Safe to interrupt at any moment and to run twice at once.

    Raises:
        ServerError: A jar cannot be downloaded or is not the locked one, or the cache cannot be written to.
    """
    if home := installed():
        return home
    cache = cache_dir()
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with FileLock(cache / "install.lock", timeout=_PATIENCE):
            return installed() or _build(cache, progress)
    except Timeout:
        raise ServerError(
            f"another process has been installing the server in {cache} for too long",
            "Wait until it is done, or end it, then run the command again.",
        ) from None
    except OSError as error:
        raise ServerError(
            f"the server cannot be installed in {cache}: {error.strerror or error}",
            "Free some space there, or set CIB_CACHE_DIR to a folder that you may write to.",
        ) from error


def verify() -> list[str]:
    """Return the names of installed jars whose content is not the locked one (reads all 200 MB)."""
    home = cache_dir() / home_name()
    with ThreadPoolExecutor(_THREADS) as pool:
        right = pool.map(lambda jar: _is_right(home / jar.folder / jar.name, jar), jars())
        return [jar.name for jar, good in zip(jars(), right, strict=True) if not good]


def _build(cache: Path, progress: Progress) -> Path:
    wanted = jars()
    downloads = cache / "maven"
    stage = "Installing Neo4j and GDS (once): files"
    progress(stage, 0, len(wanted))
    with _connections() as session, ThreadPoolExecutor(_THREADS) as pool:
        waiting = [pool.submit(_fetch, session, downloads, jar) for jar in wanted]
        try:
            for done, future in enumerate(as_completed(waiting), start=1):
                future.result()
                progress(stage, done, len(wanted))
        except BaseException:
            _cancel(waiting)
            raise
    for left in cache.glob("building-*"):  # by a process that died: we hold the lock
        shutil.rmtree(left, ignore_errors=True)
    building = Path(tempfile.mkdtemp(prefix="building-", dir=cache))
    sizes = {}
    for jar in wanted:
        target = building / jar.folder / jar.name
        target.parent.mkdir(exist_ok=True)
        _link(downloads / jar.path, target)
        sizes[f"{jar.folder}/{jar.name}"] = target.stat().st_size
    (building / _STAMP).write_text(json.dumps(sizes, indent=1), encoding="utf-8")
    home = cache / home_name()
    if home.exists():
        shutil.rmtree(home)
    return building.rename(home)


def _cancel(waiting: list[Future[None]]) -> None:
    for future in waiting:
        future.cancel()


def _connections() -> requests.Session:
    """Return a session that keeps a connection a thread, rather than open two a jar."""
    session = requests.Session()
    session.mount("https://", requests.adapters.HTTPAdapter(pool_maxsize=_THREADS))
    return session


def _fetch(session: requests.Session, downloads: Path, jar: Jar) -> None:
    """Have the jar in `downloads`; under its name there is only what is verified."""
    path = downloads / jar.path
    if _is_right(path, jar):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    for attempt in range(_TRIES):
        try:
            _download(session, f"{MAVEN_CENTRAL_URL}/{jar.path.as_posix()}", part)
            break
        except requests.RequestException as error:
            part.unlink(missing_ok=True)
            if attempt == _TRIES - 1:
                raise ServerError(
                    f"cannot download {jar.name}, a part of the embedded server: {error}",
                    "Check the connection to the internet (Maven Central; HTTPS_PROXY if needed) and run "
                    "the command again: it goes on where it stopped. Or use another server: set NEO4J_URI.",
                ) from error
            time.sleep(2**attempt)
    if not _is_right(part, jar):
        part.unlink()
        raise ServerError(
            f"{jar.name} arrived with another content than the locked one, and was deleted",
            "Somebody between here and Maven Central may have changed it. Try again on another network.",
        )
    part.replace(path)


def _download(session: requests.Session, url: str, target: Path) -> None:
    with session.get(url, stream=True, timeout=_SILENCE) as response, target.open("wb") as file:
        response.raise_for_status()
        for chunk in response.iter_content(2**18):
            file.write(chunk)


def _is_right(path: Path, jar: Jar) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == jar.sha256
    except OSError:
        return False


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
