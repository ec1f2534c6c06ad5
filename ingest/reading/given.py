"""What a command is given to read: standard input, and files under names of their own."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Final

from cypher.errors import UsageError
from ingest.reading.places import INSIDE, STDIN, named, on_disk, split_inside, standing_in
from ingest.reading.streams import encoded

_SHOWN: Final = Path("stdin")
_LONGEST: Final = 200


@contextmanager
def given(
    paths: Sequence[Path], stdin: IO[bytes], *, name: str | None = None, encoding: str | None = None
) -> Iterator[list[Path]]:
    """For a while, have everything that was given as paths that can be read, again and again.

    Args:
        paths: Files and folders; `-` is standard input, which is kept in a temporary file meanwhile.
        stdin: Standard input.
        name: What tells the one file that is given from all others, wherever it lies. Without one, standard
            input is told by its content.
        encoding: Of texts without a byte order mark, instead of UTF-8.

    Yields:
        The paths; standard input is called by its name, or `stdin`.

    Raises:
        UsageError: A name for several files or a folder, no such encoding, or nothing on standard input.
    """
    if name is not None:
        _check_name(name, paths)
    with ExitStack() as stack:
        stack.enter_context(encoded(encoding))
        found: list[Path] = []
        for path in dict.fromkeys(paths):
            if path == STDIN:
                path = stack.enter_context(_spooled(stdin, name))
            elif name is not None:
                stack.enter_context(standing_in(path, path, named(name)))
            found.append(path)
        yield found


def _check_name(name: str, paths: Sequence[Path]) -> None:
    if not name.strip() or len(name) > _LONGEST or INSIDE in name or not name.isprintable():
        raise UsageError(f"--name {name!r} is no name", f"Give up to {_LONGEST} letters, without {INSIDE!r}.")
    if len(paths) != 1 or on_disk(paths[0]).is_dir() or split_inside(paths[0])[1]:
        raise UsageError(
            "--name names one source, and other than one file is given", "Give one file, or `-`."
        )


@contextmanager
def _spooled(stdin: IO[bytes], name: str | None) -> Iterator[Path]:
    if stdin.isatty():
        raise UsageError("`-` is standard input, and nothing is piped into it", "Pipe a file into cib load.")
    digest = hashlib.sha256()
    with tempfile.TemporaryDirectory(prefix="cib-stdin-") as folder:
        file = Path(folder) / "stdin"
        with file.open("wb") as out:
            while block := stdin.read(1 << 20):
                digest.update(block)
                out.write(block)
        identity = named(name) if name is not None else f"stdin:{digest.hexdigest()}"
        with standing_in(Path(name) if name is not None else _SHOWN, file, identity) as shown:
            yield shown
