"""Files to blocks of UTF-8 text: decompression with limits, byte order marks, binary files told apart."""

from __future__ import annotations

import codecs
import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, cast

import zstandard

from cypher.errors import CibError, UsageError

BLOCK: Final = 8 << 20

#: A compressed file that grows beyond both of these is taken for a decompression bomb.
MAX_RATIO: Final = 200
FREE_SIZE: Final = 256 << 20

_GZIP: Final = b"\x1f\x8b"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

#: Beginnings of files that are often named wrongly, and what to do about them.
_KNOWN: Final = (
    (b"PK\x03\x04", "a ZIP or XLSX file", "Unpack it, or save the sheet as CSV."),
    (b"PAR1", "a Parquet file", "Name it .parquet."),
    (b"%PDF", "a PDF", "Give a CSV, NDJSON or Parquet file."),
    (b"\xd0\xcf\x11\xe0", "an old Excel file", "Save the sheet as CSV."),
    (b"\x89PNG", "a picture", "Give a CSV, NDJSON or Parquet file."),
)


@contextmanager
def open_plain(path: Path) -> Iterator[IO[bytes]]:
    """Open a file for reading, decompressed if its first bytes say gzip or Zstandard.

    Raises:
        CibError: The compressed data are damaged, cut off, or grow beyond the limits.
        UsageError: The file cannot be opened.
    """
    try:
        with path.open("rb") as raw:
            head = raw.read(4)
            raw.seek(0)
            if head.startswith(_GZIP):
                yield cast(IO[bytes], gzip.GzipFile(fileobj=raw))
            elif head == _ZSTD:
                yield zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True)
            else:
                yield raw
    except (EOFError, zlib.error, gzip.BadGzipFile, zstandard.ZstdError) as error:
        raise CibError(
            f"{path}: the compressed data are damaged or cut off ({error})",
            "Fetch or compress the file again.",
        ) from error
    except (PermissionError, FileNotFoundError, IsADirectoryError) as error:
        raise UsageError(f"{path}: {error.strerror}", "Give a file that you may read.") from error


def plain_blocks(path: Path) -> Iterator[bytes]:
    """Yield a file's decompressed bytes in blocks of at most `BLOCK`.

    Raises:
        CibError: As `open_plain`.
    """
    limit = max(FREE_SIZE, path.stat().st_size * MAX_RATIO)
    size = 0
    with open_plain(path) as file:
        while block := file.read(BLOCK):
            size += len(block)
            if size > limit:
                raise CibError(
                    f"{path}: grows more than {MAX_RATIO}-fold when decompressed, as a bomb does",
                    "If you trust the file, decompress it yourself and load the plain file.",
                )
            yield block


def text_blocks(path: Path) -> Iterator[bytes]:
    """Yield a file's text as UTF-8 in blocks, without a byte order mark; UTF-16 with a mark is converted.

    Invalid UTF-8 passes through: the readers reject the rows that hold it.

    Raises:
        UsageError: The file is binary.
        CibError: As `open_plain`, or the UTF-16 is damaged.
    """
    decoder: codecs.IncrementalDecoder | None = None
    for number, block in enumerate(plain_blocks(path)):
        if number == 0:
            mark, encoding = next(((m, e) for m, e in _BOMS if block.startswith(m)), (b"", "utf-8"))
            block = block[len(mark) :]
            if encoding != "utf-8":
                decoder = codecs.getincrementaldecoder(encoding)()
            else:
                _refuse_binary(path, block)
        if decoder is not None:
            try:
                block = decoder.decode(block).encode()
            except UnicodeError as error:
                raise CibError(
                    f"{path}: is not the UTF-16 that its first bytes announce ({error})",
                    "Save it as UTF-8.",
                ) from error
        yield block


def _refuse_binary(path: Path, block: bytes) -> None:
    for magic, what, hint in _KNOWN:
        if block.startswith(magic):
            raise UsageError(f"{path}: is {what}, not text", hint)
    head = block[:8192]
    control = sum(head.count(byte) for byte in (*range(9), *range(14, 27), *range(28, 32)))
    if control > 8 + len(head) // 20:
        hint = "Give CSV, NDJSON or Parquet; UTF-16 needs a byte order mark."
        raise UsageError(f"{path}: is a binary file, not text", hint)
