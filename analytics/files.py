"""Files that are either whole or not there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cypher.errors import CibError

if TYPE_CHECKING:
    import polars as pl


@contextmanager
def written(path: Path) -> Iterator[Path]:
    """Give a path beside `path` to write to; it takes the name `path` only when all went well.

    Raises:
        CibError: The folder cannot be made or the file cannot be written, e.g. no permission or a full disk.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield partial
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise CibError(
            f"cannot write {path}: {error.strerror or error}",
            "Choose a folder that you may write to, with enough space, and close the file if it is open.",
        ) from error


def write_parquet(frame: pl.DataFrame, path: Path) -> None:
    """Write a frame as Parquet; the file appears whole or not at all.

    Raises:
        CibError: The file cannot be written.
    """
    from polars.exceptions import ComputeError

    with written(path) as partial:
        try:
            frame.write_parquet(partial)
        except ComputeError as error:
            # A full disk is a missing folder's OSError in every format but this one.
            if "os error" not in str(error):
                raise
            raise OSError(str(error)) from error
