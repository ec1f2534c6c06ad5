"""JSON in any shape: a list of objects, pages that each hold one, one object, or one object a line."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from cypher.errors import CibError, UsageError
from ingest.reading.batches import Batch, NoRowsError, Reading
from ingest.reading.documents import UnbalancedError, split_documents
from ingest.reading.layout import Layout, find_layout
from ingest.reading.ndjson import object_batches, read_ndjson
from ingest.reading.streams import start_of_text, text_blocks

#: How much of a text tells its shape (bytes).
_HEAD: Final = 1 << 20


def read_json(path: Path) -> Reading:
    """Open a JSON or NDJSON file. A row is an object of the innermost list of rows; see `find_layout`.

    Numbers keep their digits; arrays and objects stay JSON text. `line` is the line of an object that has one
    of its own, else the number of the row.

    Raises:
        NoRowsError: Empty.
        UsageError: Binary, or no JSON objects.
        CibError: Damaged or cut off, or as `ingest.reading.ndjson.read_ndjson`.
    """
    head = start_of_text(path, _HEAD)
    layout = find_layout(head)
    if layout.lines and not layout.path:
        return read_ndjson(path)
    if head.lstrip()[:1] not in (b"[", b"{"):
        if not head.strip():
            raise NoRowsError(f"{path}: is empty", "Give a list of objects, or one object a line.")
        raise UsageError(f"{path}: is no JSON", "Give a list of objects, or one object a line.")
    batches = _batches(path, layout)
    first = next(batches, None)
    if first is None:
        raise NoRowsError(f"{path}: is empty: no object is in it", "Give a list of objects.")
    columns = tuple(name for name in first.frame.columns if name != "line")
    return Reading(columns, itertools.chain([first], batches))


def _batches(path: Path, layout: Layout) -> Iterator[Batch]:
    try:
        yield from object_batches(path, split_documents(text_blocks(path), layout.path))
    except UnbalancedError as error:
        raise CibError(f"{path}: is damaged or cut off: {error}", "Fetch the file again.") from error
