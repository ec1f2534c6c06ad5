"""Rankings of earlier runs, kept in the workspace: which operations there were, and who was in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from analytics.files import write_parquet
from cypher.errors import CibError, UsageError

#: What is kept of an operation; `alert` is false for candidates and for dismissed ones that are quiet.
OPERATIONS: Final[dict[str, pl.DataType]] = {
    "operation": pl.String(),
    "rank": pl.Int64(),
    "score": pl.Float64(),
    "alert": pl.Boolean(),
    "assets": pl.Int64(),
}
MEMBERS: Final[dict[str, pl.DataType]] = {
    "operation": pl.String(),
    "asset": pl.String(),
    "name": pl.String(),
    "role": pl.String(),
}
#: A run's folder bears its id, whatever that looks like.
_SAFE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True)
class Ranking:
    """What a run found.

    Attributes:
        run: Its id.
        operations: Columns `OPERATIONS`, candidates too.
        members: Columns `MEMBERS`.
    """

    run: str
    operations: pl.DataFrame
    members: pl.DataFrame


@dataclass(frozen=True)
class Rankings:
    """The rankings below a folder that has one folder a run."""

    folder: Path

    def keep(self, ranking: Ranking) -> None:
        """Keep a ranking.

        Raises:
            CibError: It cannot be written.
        """
        if not _SAFE.fullmatch(ranking.run):
            raise CibError(f"a run cannot be called {ranking.run!r}", "Letters, digits, dots and dashes.")
        folder = self.folder / ranking.run
        write_parquet(ranking.members.select(list(MEMBERS)), folder / "members.parquet")
        # Written last: a ranking is there when its operations are.
        write_parquet(ranking.operations.select(list(OPERATIONS)), folder / "operations.parquet")

    def runs(self) -> list[str]:
        """Return the runs whose ranking is kept, the oldest first; their ids sort by time."""
        return sorted(path.parent.name for path in self.folder.glob("*/operations.parquet"))

    def find(self, name: str) -> str:
        """Return the run of that id, or the only one whose id begins so.

        Raises:
            UsageError: There is none, or several.
        """
        runs = self.runs()
        found = [run for run in runs if run == name] or [run for run in runs if run.startswith(name)]
        if len(found) == 1:
            return found[0]
        known = ", ".join(runs[-5:]) or "none; rankings are kept from the first `cib rank` or `cib run` on"
        what = f"{len(found)} rankings begin with" if found else "there is no ranking of the run"
        raise UsageError(f"{what} {name!r}", f"The latest: {known}")

    def before(self, run: str) -> str | None:
        """Return the run that ranked last before this one; None: this is the first."""
        return max((one for one in self.runs() if one < run), default=None)

    def read(self, run: str) -> Ranking:
        """Return the ranking of a run.

        Raises:
            CibError: It is not there or cannot be read.
        """
        try:
            return Ranking(
                run,
                pl.read_parquet(self.folder / run / "operations.parquet").select(list(OPERATIONS)),
                pl.read_parquet(self.folder / run / "members.parquet").select(list(MEMBERS)),
            )
        except (pl.exceptions.PolarsError, OSError) as error:
            raise CibError(
                f"the ranking in {self.folder / run} cannot be read: {str(error).splitlines()[0]}",
                "Delete its two Parquet files; the other rankings stay.",
            ) from error
