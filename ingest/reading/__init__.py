"""Files in any carried format to batches of text columns with line numbers."""

from ingest.reading.batches import Batch, NoRowsError, Reading
from ingest.reading.files import Found, check_there, content_hash, files_below, find_files, table_name
from ingest.reading.formats import open_table
from ingest.reading.places import folder_of, holds, id_of, identity, named, short_name, source_id

__all__ = [
    "Batch",
    "Found",
    "NoRowsError",
    "Reading",
    "check_there",
    "content_hash",
    "files_below",
    "find_files",
    "folder_of",
    "holds",
    "id_of",
    "identity",
    "named",
    "open_table",
    "short_name",
    "source_id",
    "table_name",
]
