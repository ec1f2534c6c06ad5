"""Files to blocks of UTF-8 text: decompression with limits, byte order marks, binary files told apart."""

from __future__ import annotations

import codecs
import gzip
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, cast

import zstandard

from cypher.errors import CibError, UsageError
from ingest.reading.places import FREE_SIZE, MAX_RATIO, on_disk, open_raw, split_inside

BLOCK: Final = 8 << 20

_GZIP: Final = b"\x1f\x8b"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # Before UTF-16, whose mark it begins with.
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

#: Beginnings of files that are often named wrongly, and what to do about them.
_KNOWN: Final = (
    (b"PK\x03\x04", "a ZIP or XLSX file", "Name it .zip or .xlsx."),
    (b"PAR1", "a Parquet file", "Name it .parquet."),
    (b"%PDF", "a PDF", "Give a CSV, NDJSON or Parquet file."),
    (b"\xd0\xcf\x11\xe0", "an old Excel file", "Save the sheet as CSV."),
    (b"\x89PNG", "a picture", "Give a CSV, NDJSON or Parquet file."),
    (b"<!DOCTYPE html", "a web page", "Save the data themselves, as CSV or JSON."),
    (b"<html", "a web page", "Save the data themselves, as CSV or JSON."),
)


#: The encodings of texts without a byte order mark, of which the last one counts; of UTF-8, which is read if
#: there is none, bad rows are rejected.
_ENCODINGS: Final[list[str]] = []


@contextmanager
def encoded(name: str | None) -> Iterator[None]:
    """For a while, read texts without a byte order mark in another encoding than UTF-8.

    Raises:
        UsageError: There is no such encoding.
    """
    try:
        known = codecs.lookup(name).name if name else None
    except (LookupError, ValueError):
        raise UsageError(f"there is no encoding {name!r}", "For example: windows-1252, latin-1.") from None
    if known is None or known == "utf-8":
        yield
        return
    _ENCODINGS.append(known)
    try:
        yield
    finally:
        _ENCODINGS.pop()


def encoding_in_use() -> str | None:
    """Return the encoding of `encoded`, if there is one."""
    return _ENCODINGS[-1] if _ENCODINGS else None


@dataclass
class Meter:
    """How much of a file has been read.

    Attributes:
        done: Bytes, as they lie on disk.
        size: How many there are.
    """

    done: int = 0
    size: int = 0

    @property
    def share(self) -> float | None:
        """Return the part that has been read, from 0 to 1; None before anything was measured."""
        return min(self.done / self.size, 1.0) if self.size else None


_METERS: Final[dict[Path, Meter]] = {}


@contextmanager
def metered(path: Path) -> Iterator[Meter]:
    """For a while, measure how much of a file has been read."""
    _METERS[path] = meter = Meter()
    try:
        yield meter
    finally:
        del _METERS[path]


def plain_blocks(path: Path) -> Iterator[bytes]:
    """Yield a file's bytes in blocks of at most `BLOCK`, decompressed if the first say gzip or Zstandard.

    Raises:
        CibError: The compressed data are damaged, cut off, or grow beyond the limits.
        UsageError: The file cannot be opened.
    """
    size = 0
    with open_raw(path) as raw:
        limit = max(FREE_SIZE, raw.packed * MAX_RATIO)
        file = _decompressed(raw.file)
        try:
            while block := file.read(BLOCK):
                size += len(block)
                if size > limit:
                    raise CibError(
                        f"{path}: grows more than {MAX_RATIO}-fold when decompressed, as a bomb does",
                        "If you trust the file, decompress it yourself and load the plain file.",
                    )
                # Asked for at every block: the header is read before anybody measures.
                if meter := _METERS.get(path):
                    meter.done, meter.size = raw.file.tell(), raw.size
                yield block
        except (gzip.BadGzipFile, zstandard.ZstdError, EOFError, zlib.error) as error:
            raise CibError(
                f"{path}: the compressed data are damaged or cut off ({error})",
                "Fetch or compress the file again.",
            ) from error


def _decompressed(raw: IO[bytes]) -> IO[bytes]:
    head = raw.read(4)
    raw.seek(0)
    if head.startswith(_GZIP):
        return cast(IO[bytes], gzip.GzipFile(fileobj=raw))
    if head == _ZSTD:
        return zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True)
    return raw


def start_of(path: Path, size: int) -> bytes:
    """Return a file's first bytes, decompressed: `size` of them or a few more, fewer if it is shorter.

    Raises:
        CibError: As `plain_blocks`.
    """
    return _first(plain_blocks(path), size)


def start_of_text(path: Path, size: int) -> bytes:
    """As `start_of`, of what `text_blocks` yields."""
    return _first(text_blocks(path), size)


def _first(blocks: Iterator[bytes], size: int) -> bytes:
    start = b""
    for block in blocks:
        start += block
        if len(start) >= size:
            break
    return start


@contextmanager
def plain_file(path: Path) -> Iterator[Path]:
    """Have a file's decompressed bytes as a file on disk, for readers that must have one.

    Raises:
        CibError: As `plain_blocks`.
    """
    file = on_disk(path)
    if not split_inside(path)[1] and not start_of_raw(path).startswith((_GZIP, _ZSTD)):
        yield file
        return
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "plain"
        with target.open("wb") as out:
            for block in plain_blocks(path):
                out.write(block)
        yield target


def start_of_raw(path: Path) -> bytes:
    """Return the first 4 bytes of a file as it lies on disk."""
    with open_raw(path) as raw:
        return raw.file.read(4)


def text_blocks(path: Path) -> Iterator[bytes]:
    """Yield a file's text as UTF-8 in blocks, without a byte order mark; UTF-16 and UTF-32 are converted.

    What has no mark is converted from the encoding of `encoded`, if there is one. Otherwise invalid UTF-8
    passes through: the readers reject the rows that hold it.

    Raises:
        UsageError: The file is binary.
        CibError: As `plain_blocks`, or it is not in the encoding.
    """
    decoder: codecs.IncrementalDecoder | None = None
    encoding = "utf-8"
    for number, block in enumerate(plain_blocks(path)):
        if number == 0:
            mark, encoding = next(
                ((mark, named) for mark, named in _BOMS if block.startswith(mark)),
                (b"", encoding_in_use() or "utf-8"),
            )
            block = block[len(mark) :]
            if encoding != "utf-8":
                decoder = codecs.getincrementaldecoder(encoding)()
            if not encoding.startswith(("utf-16", "utf-32")):
                _refuse_binary(path, block)
        yield block if decoder is None else _decode(path, decoder, encoding, block)
    if decoder is not None:
        yield _decode(path, decoder, encoding, b"", final=True)


def _decode(
    path: Path, decoder: codecs.IncrementalDecoder, encoding: str, block: bytes, *, final: bool = False
) -> bytes:
    try:
        return decoder.decode(block, final).encode()
    except UnicodeError as error:
        raise CibError(
            f"{path}: is not {encoding} throughout ({error})",
            "Save it as UTF-8, or name its encoding with --encoding.",
        ) from error


def _refuse_binary(path: Path, block: bytes) -> None:
    for magic, what, hint in _KNOWN:
        if block.startswith(magic):
            raise UsageError(f"{path}: is {what}, not text", hint)
    head = block[:8192]
    control = sum(head.count(byte) for byte in (*range(9), *range(14, 27), *range(28, 32)))
    if control > 8 + len(head) // 20:
        hint = "Give CSV, NDJSON or Parquet; UTF-16 needs a byte order mark, or --encoding."
        raise UsageError(f"{path}: is a binary file, not text", hint)
