"""The watchlist: assets that analysts want to hear of, kept in the workspace."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from analytics.files import written
from cypher.errors import CibError
from cypher.session import Graph

#: `asset` is a key; `source` names the file that it came from; `since` is when, RFC 3339 in UTC.
WATCHED: Final[dict[str, pl.DataType]] = dict.fromkeys(("asset", "note", "source", "since"), pl.String())
#: A watched asset that an operation touches; `member` is false where it is only tied to a member.
TOUCHED: Final[dict[str, pl.DataType]] = {
    "operation": pl.String(),
    "asset": pl.String(),
    "name": pl.String(),
    "note": pl.String(),
    "member": pl.Boolean(),
}
#: Watched assets that a sentence names.
_NAMED: Final = 3


@dataclass(frozen=True)
class Watchlist:
    """The file with the watched assets; who writes to it holds the workspace."""

    path: Path

    def read(self) -> pl.DataFrame:
        """Return the watched assets, columns `WATCHED`, by key.

        Raises:
            CibError: The file cannot be read.
        """
        if not self.path.is_file():
            return pl.DataFrame(schema=WATCHED)
        try:
            return pl.read_ndjson(self.path, schema=WATCHED)
        except (pl.exceptions.PolarsError, OSError) as error:
            raise CibError(
                f"{self.path} cannot be read: {str(error).splitlines()[0]}",
                "Delete it, and watch your files again: cib watch FILE",
            ) from error

    def add(self, assets: pl.DataFrame, source: str, *, now: dt.datetime | None = None) -> int:
        """Watch assets (`asset`, `note`); return how many were not watched before.

        Of one that is watched already the note is replaced, if a new one is given.
        """
        before = self.read()
        fresh = assets.unique("asset", keep="last").join(before, on="asset", how="anti")
        since = (now or dt.datetime.now(dt.UTC)).isoformat(timespec="seconds")
        notes = assets.unique("asset", keep="last").select("asset", new="note")
        kept = (
            before.join(notes, on="asset", how="left")
            .with_columns(note=pl.coalesce("new", "note"))
            .select(list(WATCHED))
        )
        more = fresh.with_columns(source=pl.lit(source), since=pl.lit(since)).select(list(WATCHED))
        self._write(pl.concat([kept, more]))
        return fresh.height

    def remove(self, assets: pl.DataFrame) -> int:
        """Watch these assets (`asset`) no more; return how many of them were watched."""
        before = self.read()
        kept = before.join(assets, on="asset", how="anti")
        self._write(kept)
        return before.height - kept.height

    def _write(self, assets: pl.DataFrame) -> None:
        with written(self.path) as partial:
            assets.sort("asset").write_ndjson(partial)


def mark(graph: Graph, watchlist: Watchlist) -> pl.DataFrame:
    """Mark the watched assets that the graph has; return which operations touch them, columns `TOUCHED`."""
    graph.write("operations/unwatch")
    graph.write_rows("operations/watch", watchlist.read().select("asset", "note", "source", "since"))
    return graph.read_frame("operations/touched", TOUCHED).sort(
        "operation", "member", "asset", descending=[False, True, False]
    )


def say_touched(touched: pl.DataFrame) -> dict[str, str]:
    """Return for each operation that touches a watched asset a sentence; what is quoted may name persons.

    Args:
        touched: Columns `TOUCHED`, members first.
    """
    said: dict[str, list[str]] = {}
    for (operation, member), assets in touched.group_by("operation", "member", maintain_order=True):
        names = [_named(row) for row in assets.head(_NAMED).iter_rows(named=True)]
        more = f" and {assets.height - _NAMED:,} more" if assets.height > _NAMED else ""
        how = "Holds" if member else "Is tied to"
        plural = "s" if assets.height > 1 else ""
        said.setdefault(str(operation), []).append(
            f"{how} {assets.height:,} watched asset{plural}: {', '.join(names)}{more}."
        )
    return {operation: " ".join(sentences) for operation, sentences in said.items()}


def _named(row: dict[str, str | None]) -> str:
    name, note = row["name"], row["note"]
    text = quoted(f"{row['asset']} {name}" if name else str(row["asset"]))
    return f"{text} ({quoted(note)})" if note else text


def quoted(text: str) -> str:
    """Return a text from outside in quotation marks, which nothing within it can end."""
    return f"“{' '.join(text.translate({0x201C: None, 0x201D: None}).split())}”"
