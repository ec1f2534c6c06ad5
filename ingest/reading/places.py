"""Where bytes lie: a file, a member of a ZIP, or what stands in for one; and how they are opened.

A thing inside a file is named like a file below it, with `!`: `export.zip!posts.csv`, `book.xlsx!accounts`,
`export.zip!book.xlsx!accounts`. Such a path goes wherever a path of a file goes.
"""

from __future__ import annotations

import hashlib
import os
import stat
import zipfile
import zlib
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Final

from cypher.errors import CibError, UsageError

#: Stands between a file and what is inside.
INSIDE: Final = "!"

#: Stands for standard input among paths.
STDIN: Final = Path("-")

#: A compressed file that grows beyond both of these is taken for a decompression bomb.
MAX_RATIO: Final = 200
FREE_SIZE: Final = 256 << 20

#: A ZIP with more members than this is refused.
MAX_MEMBERS: Final = 2_000

#: Files on disk that stand in for what is not (standard input), by the path under which they are known, each
#: with what tells it from all others.
_STAND_INS: Final[dict[Path, tuple[Path, str]]] = {}


@contextmanager
def standing_in(shown: Path, file: Path, identity: str) -> Iterator[Path]:
    """For a while, let a path mean a file that lies elsewhere.

    Args:
        shown: The path under which the file is known to people.
        file: Where it lies.
        identity: What tells it from all other sources.
    """
    _STAND_INS[shown] = file, identity
    try:
        yield shown
    finally:
        del _STAND_INS[shown]


def on_disk(path: Path) -> Path:
    """Return the file that a path means, which stands in for another or not."""
    return _STAND_INS[path][0] if path in _STAND_INS else path


def split_inside(path: Path) -> tuple[Path, tuple[str, ...]]:
    """Return the file that a path leads to, as it was named, and the names inside, outermost first."""
    if INSIDE not in str(path) or on_disk(path).exists():
        return path, ()
    parts = str(path).split(INSIDE)
    for count in range(len(parts) - 1, 0, -1):
        outer = Path(INSIDE.join(parts[:count]))
        if on_disk(outer).is_file():
            return outer, tuple(parts[count:])
    return path, ()


def folder_of(path: Path) -> Path:
    """Return the folder in which a file lies, on disk or inside another file."""
    outer, inside = split_inside(path)
    if not inside:
        return path.parent
    return Path(INSIDE.join([str(outer), *inside[:-1], str(PurePosixPath(inside[-1]).parent)]))


def short_name(path: Path) -> str:
    """Return what a file is called among others: its name, and what leads to it inside another."""
    outer, inside = split_inside(path)
    return INSIDE.join([outer.name, *inside])


def innermost_name(path: Path) -> str:
    """Return the name of a file without any folder or outer file."""
    _, inside = split_inside(path)
    return PurePosixPath(inside[-1]).name if inside else path.name


def exists(path: Path) -> bool:
    """Return whether there is such a file or folder, or such a thing inside of one."""
    outer, inside = split_inside(path)
    if not inside:
        return on_disk(path).exists()
    return zipfile.is_zipfile(on_disk(outer))


def identity(path: Path) -> str:
    """Return what tells a file from all others: where it lies, and where in it a thing lies."""
    outer, inside = split_inside(path)
    place = _STAND_INS[outer][1] if outer in _STAND_INS else str(outer.resolve())
    return INSIDE.join([place, *inside])


def named(name: str) -> str:
    """Return the identity of what is told by a name, wherever it lies."""
    return f"name:{name}"


def holds(outer: Path, place: str) -> bool:
    """Return whether a file or folder is what has this identity, or holds it; both may be gone by now."""
    whole = identity(outer)
    return place == whole or place.startswith((f"{whole}{INSIDE}", f"{whole}{os.sep}"))


def source_id(path: Path) -> str:
    """Return the id of a file as a source: the same for the same place, whatever the content."""
    return id_of(identity(path))


def id_of(identity: str) -> str:
    """Return the id of the source that a text tells from all others."""
    return "SRC-" + hashlib.sha256(identity.encode(errors="surrogateescape")).hexdigest()[:12]


@dataclass(frozen=True)
class Raw:
    """An open file, before anything in it is decompressed.

    Attributes:
        file: Its bytes; can be sought.
        size: How many they are.
        packed: How many bytes of the file on disk they take.
    """

    file: IO[bytes]
    size: int
    packed: int


@contextmanager
def open_raw(path: Path) -> Iterator[Raw]:
    """Open a file or a member of a ZIP; what is inside of a workbook opens the workbook.

    Raises:
        UsageError: There is no such file, or it may not be read.
        CibError: A ZIP that is damaged or encrypted.
    """
    outer, inside = split_inside(path)
    try:
        archive = archive_at(outer) if inside else None
        if archive is not None:
            info = archive.members.found.get(inside[0])
            if info is None:
                raise UsageError(f"{path}: there is no such file in {outer}", "Check the name inside.")
            with archive.file.open(info) as member:
                yield Raw(member, info.file_size, info.compress_size)
            return
        with on_disk(outer).open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            yield Raw(file, size, size)
    except (zipfile.BadZipFile, EOFError, zlib.error) as error:
        raise CibError(
            f"{path}: the compressed data are damaged or cut off ({error})",
            "Fetch or compress the file again.",
        ) from error
    except NotImplementedError as error:
        raise CibError(f"{path}: cannot be unpacked ({error})", "Unpack the ZIP, then load that.") from error
    except (PermissionError, FileNotFoundError, IsADirectoryError) as error:
        raise UsageError(f"{path}: {error.strerror}", "Give a file that you may read.") from error


def is_archive(path: Path, file: IO[bytes]) -> bool:
    """Return whether an open file is a ZIP and no workbook."""
    start = file.read(4)
    file.seek(0)
    if start != b"PK\x03\x04" and start != b"PK\x05\x06":
        return False
    try:
        with zipfile.ZipFile(file) as archive:
            return not any(name.startswith("xl/workbook.") for name in archive.namelist())
    except zipfile.BadZipFile as error:
        raise CibError(f"{path}: is a damaged ZIP ({error})", "Fetch or compress the file again.") from error
    finally:
        file.seek(0)


@dataclass(frozen=True)
class Members:
    """What a ZIP holds.

    Attributes:
        found: Its files by name, `/` between folders.
        refused: Names of others, each with why it is passed over.
    """

    found: dict[str, zipfile.ZipInfo]
    refused: list[tuple[str, str]]


@dataclass(frozen=True)
class Archive:
    """An open ZIP and what is in it."""

    file: zipfile.ZipFile
    members: Members


#: ZIPs that are open, by file, time of change and size: to list one again for each of its members takes long.
_OPEN: Final[OrderedDict[tuple[str, int, int], Archive]] = OrderedDict()
_MOST_OPEN: Final = 4


def archive_at(path: Path) -> Archive | None:
    """Return the ZIP that a path leads to; None if it is none, or a workbook.

    Raises:
        CibError: Damaged or encrypted; or too many files, or too large ones for what they are packed in.
        OSError: It cannot be opened.
    """
    file = on_disk(path)
    known = file.stat()
    key = (str(file), known.st_mtime_ns, known.st_size)
    if key in _OPEN:
        return _OPEN[key]
    with file.open("rb") as opened:
        if not is_archive(path, opened):
            return None
    archive = zipfile.ZipFile(file)
    try:
        _OPEN[key] = Archive(archive, _members(path, archive, known.st_size))
    except CibError:
        archive.close()
        raise
    if len(_OPEN) > _MOST_OPEN:
        _OPEN.popitem(last=False)[1].file.close()
    return _OPEN[key]


def _members(path: Path, archive: zipfile.ZipFile, size: int) -> Members:
    """Return the files in a ZIP. Nothing is ever written under their names."""
    infos = [info for info in archive.infolist() if not info.is_dir()]
    total = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    locked = [info.filename for info in infos if info.flag_bits & 1]
    if locked:
        raise CibError(f"{path}: is encrypted ({locked[0]})", "Unpack it yourself, and load the folder.")
    if len(infos) > MAX_MEMBERS:
        raise CibError(f"{path}: holds more than {MAX_MEMBERS:,} files", "Unpack it, and load the folder.")
    # Members may lie about their packed size, or share bytes, so that the file's own counts, too.
    if total > max(FREE_SIZE, min(packed, size) * MAX_RATIO):
        raise CibError(
            f"{path}: grows more than {MAX_RATIO}-fold when unpacked, as a bomb does",
            "If you trust the file, unpack it yourself and load the folder.",
        )
    members = Members({}, [])
    for info in infos:
        pure = PurePosixPath(info.filename)
        name = str(pure)
        reason = _refusal(info, pure)
        if reason is None and any(part.startswith(".") or part == "__MACOSX" for part in pure.parts):
            continue
        if reason is None and name in members.found:
            reason = "is in it twice, so only the first is read"
        if reason is None:
            members.found[name] = info
        else:
            members.refused.append((info.filename, reason))
    return members


def _refusal(info: zipfile.ZipInfo, name: PurePosixPath) -> str | None:
    parts = str(name).replace("\\", "/").split("/")
    if name.is_absolute() or ".." in parts or (len(parts[0]) == 2 and parts[0].endswith(":")):
        return "leads out of the ZIP, so it is not read"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "is a link, so it is not read"
    if INSIDE in str(name) or any(ord(character) < 32 for character in info.orig_filename):
        return "has a name that no file should have, so it is not read"
    return None
