"""What every text format refuses in a row: bytes that are not UTF-8, and NUL."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingest.reading.records import Records

BAD_UTF8 = "not valid UTF-8 (byte {byte:#04x}); save the file as UTF-8, or name its --encoding"
NUL = "holds a NUL character"


def refuse_bad_bytes(records: Records) -> Records:
    """Return the records without those that hold NUL or invalid UTF-8, which join the broken ones."""
    refused: dict[int, str] = {}
    if b"\0" in records.data:
        where = np.flatnonzero(np.frombuffer(records.data, np.uint8) == 0)
        inside = np.searchsorted(records.ends, where, side="right")
        refused = dict.fromkeys(inside[inside < len(records.ends)].tolist(), NUL)
    if not _is_utf8(records.data):
        for index, (start, end) in enumerate(
            zip(records.starts.tolist(), records.ends.tolist(), strict=True)
        ):
            try:
                records.data[start:end].decode()
            except UnicodeDecodeError as error:
                refused[index] = BAD_UTF8.format(byte=records.data[start + error.start])
    if not refused:
        return records
    broken = [(int(records.lines[i]), records.text(i), reason) for i, reason in sorted(refused.items())]
    mask = np.ones(len(records.starts), np.bool_)
    mask[list(refused)] = False
    kept = records.keep(mask)
    return Records(kept.data, kept.starts, kept.ends, kept.lines, sorted([*records.broken, *broken]))


def _is_utf8(data: bytes) -> bool:
    """Whether all bytes are UTF-8, found by Arrow without making text of them."""
    offsets = pa.py_buffer(np.array([0, len(data)], np.int64))
    whole = pa.Array.from_buffers(pa.large_binary(), 1, [None, offsets, pa.py_buffer(data)])
    try:
        pc.cast(whole, pa.large_utf8())
    except pa.ArrowInvalid:
        return False
    return True
