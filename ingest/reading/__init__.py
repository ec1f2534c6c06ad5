"""Files in any carried format to batches of text columns with line numbers."""

from ingest.reading.batches import Batch, Reading
from ingest.reading.files import (
    Found,
    content_hash,
    files_below,
    find_files,
    open_table,
    source_id,
    table_name,
)

__all__ = [
    "Batch",
    "Found",
    "Reading",
    "content_hash",
    "files_below",
    "find_files",
    "open_table",
    "source_id",
    "table_name",
]
