"""Files that have broken loaders, made by hand, each with what must become of it."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import polars as pl

MIB: Final = 1 << 20


@dataclass(frozen=True)
class Bad:
    """A file and what must become of it.

    Attributes:
        name: Of the file.
        data: Makes its bytes.
        rows: Rows in, loaded, rejected (the rest is merged); None if it is refused as a whole.
        told: Part of the error, or of the reason of a rejected row.
        kept: Values that must come back exactly, in the column `name` or `id` or `text`.
    """

    name: str
    data: Callable[[], bytes]
    rows: tuple[int, int, int] | None
    told: str = ""
    kept: tuple[str, ...] = ()


def _text(text: str, encoding: str = "utf-8") -> Callable[[], bytes]:
    return lambda: text.encode(encoding)


def _zip(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def _parquet(frame: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    frame.write_parquet(out)
    return out.getvalue()


HEAD: Final = "id,author_kind,author_id,created_at,text\n"
AT: Final = "2019-04-01T12:00:00Z"
HOSTILE_NAMES: Final = (
    "\u202egnp.exe",
    "zero\u200bwidth",
    "=cmd|' /C calc'!A0",
    "e\u0301",
    "\U0001f468\u200d\U0001f469",
)
#: What could make a careless regular expression go over it again and again.
GREEDY: Final = ("@a " * 200_000, "#" * 500_000, "http://" * 100_000)
LONG_IDS: Final = ("007", "00012345678901234567", "12345678901234567890", "9007199254740993")

CORPUS: Final = (
    Bad("cut.csv.gz", lambda: gzip.compress(b"id,name\n" + b"1,a\n" * 9_999)[:-20], None, "cut off"),
    Bad(
        "accounts.csv", lambda: b"id,name\n1,caf\xe9\n2,caf\xc3\xa9\n3,x\n", (3, 2, 1), "UTF-8", ("café", "x")
    ),
    Bad("accounts.csv", lambda: b"\xef\xbb\xbfid,name\n1,a\n", (1, 1, 0), kept=("1",)),
    Bad("accounts.csv", _text("id,name\n1,Ж\n", "utf-16"), (1, 1, 0), kept=("Ж",)),
    Bad("accounts.csv", _text("id,name\n1,Ж\n", "utf-32"), (1, 1, 0), kept=("Ж",)),
    Bad("accounts.csv", lambda: b"id,name\n1,a\0b\n2,c\n", (2, 1, 1), "NUL", ("c",)),
    Bad("accounts.csv", _text('id,name\n1,"never closed\n2,b\n3,c\n'), (3, 2, 1), "never closed", ("b", "c")),
    Bad("accounts.csv", lambda: b"id,name\n1," + b"x" * 5 * MIB + b"\n2,b\n", (2, 1, 1), "longer", ("b",)),
    Bad("accounts.csv", lambda: b'id,name\n1,"' + b'a"",\n' * MIB + b'"\n2,b\n', (2, 1, 1), "longer", ("b",)),
    Bad("accounts.csv", lambda: b"id,name\n1," + b"," * MIB + b"\n2,b\n", (2, 1, 1), "cells", ("b",)),
    Bad(
        "accounts.csv",
        lambda: b"id," + b",".join(b"c%d" % i for i in range(100_000)) + b"\n1" + b",x" * 100_000,
        None,
        "columns",
    ),
    Bad("accounts.csv", _text("id,name,name,,line\n1,a,b,c,d\n"), (1, 1, 0), kept=("a",)),
    Bad(
        "accounts.csv",
        _text("id,followers\n1,1e309\n2,-1\n3,99999999999999999999\n4,5\n"),
        (4, 1, 3),
        "whole number",
    ),
    Bad(
        "ads.csv",
        _text("id,page_id,currency,spend_lower\n1,2,USD,1e309\n2,2,USD,nan\n3,2,USD,1\n"),
        (3, 1, 2),
        "amount",
    ),
    Bad(
        "posts.csv",
        _text(f"{HEAD}1,page,2,0000-00-00,\n2,page,2,0000-00-00 00:00:00,\n3,page,2,{AT},\n"),
        (3, 1, 2),
        "no such date",
    ),
    Bad(
        "posts.csv",
        _text(
            f"{HEAD}1,page,2,2019-02-29,\n2,page,2,1554120000000,\n3,page,2,99999999999,\n4,page,2,{AT},\n"
        ),
        (4, 1, 3),
    ),
    Bad("accounts.csv", _text("id\n" + "\n".join(LONG_IDS) + "\n"), (4, 4, 0), kept=LONG_IDS),
    Bad(
        "accounts.ndjson",
        _text("".join(f'{{"id": {i}}}\n' for i in LONG_IDS[2:])),
        (2, 2, 0),
        kept=LONG_IDS[2:],
    ),
    Bad(
        "accounts.csv",
        _text("id,name\n" + "".join(f'{i},"{n}"\n' for i, n in enumerate(HOSTILE_NAMES))),
        (5, 5, 0),
        kept=HOSTILE_NAMES,
    ),
    Bad(
        "accounts.ndjson",
        _text('{"id": "1", "name": "\\ud800"}\n{"id": "2", "name": "b"}\n'),
        (2, 1, 1),
        "JSON",
        ("b",),
    ),
    Bad("accounts.ndjson", lambda: b'{"id": "1", "name": "\xed\xa0\x80"}\n{"id": "2"}\n', (2, 1, 1), "UTF-8"),
    Bad("accounts.ndjson", _text('{"id": "1", "name": "a\\u0000b"}\n{"id": "2"}\n'), (2, 1, 1), "NUL"),
    Bad(
        "accounts.ndjson",
        _text('{"id": "1", "followers": 1e309}\n{"id": "2", "followers": 1E+2}\n{"id": "3"}\n'),
        (3, 2, 1),
        "whole number",
    ),
    Bad(
        "accounts.ndjson",
        lambda: b'{"id": 1, "name": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001 + b'\n{"id": 2}\n',
        (2, 1, 1),
    ),
    Bad("accounts.json", lambda: b"[" * 500_000, None),
    Bad(
        "accounts.ndjson",
        lambda: b"".join(b'{"id": %d, "c%d": 1}\n' % (i, i) for i in range(2_000)),
        None,
        "names",
    ),
    Bad("accounts.csv.gz", lambda: gzip.compress(b"id,name\n1," + b"x" * 300 * MIB), None, "bomb"),
    Bad("accounts.csv.gz", lambda: gzip.compress(b"\0" * 300 * MIB), None, "binary"),
    Bad("all.zip", lambda: _zip(**{"accounts.csv": b"id\n" + b"x" * 300 * MIB}), None, "bomb"),
    Bad("all.zip", lambda: _zip(**{"../../accounts.csv": b"id\n1\n"}), None, "leads out of the ZIP"),
    Bad("accounts.parquet", lambda: _parquet(pl.DataFrame({"id": ["1"]}))[:-9], None, "Parquet"),
    Bad(
        "accounts.parquet",
        lambda: _parquet(pl.DataFrame({"id": [b"\xff\xfe", b"2"]})),
        (2, 2, 0),
        kept=("fffe", "2"),
    ),
    Bad("accounts.csv", lambda: b"", None, "empty"),
    Bad("accounts.csv", lambda: b"\xef\xbb\xbf\r\n\r\n", None, "empty"),
    Bad("accounts.csv", _text("id,name\n"), (0, 0, 0)),
    Bad("accounts.csv", lambda: b"id,name\r1,a\r2,b\r", (2, 2, 0), kept=("a", "b")),
    Bad("accounts.csv", lambda: b"id,name\r\n1,a\n2,b\r\n\n3,c", (3, 3, 0), kept=("a", "b", "c")),
    Bad(
        "accounts.csv",
        _text("id,__order,x_date_only,__reason_id,'; DROP TABLE--,\\\n1,a,b,c,d,e\n"),
        (1, 1, 0),
        kept=("1",),
    ),
    Bad(
        "posts.csv",
        _text(HEAD + "".join(f"{i},page,2,{AT},{text}\n" for i, text in enumerate(GREEDY))),
        (3, 3, 0),
    ),
)
