"""One source into staged tables: read, map, validate, stage, and account for every row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from cypher.progress import Progress, counting, tell_share
from ingest.actions import keyed
from ingest.parallel import mapped
from ingest.profiles import Side
from ingest.pseudonyms import PLAIN, Pseudonyms
from ingest.reading import Batch, open_table, short_name
from ingest.reading.streams import metered
from ingest.rejects import RejectFile
from ingest.rejects import frame as reject_frame
from ingest.report import TableReport
from ingest.sources import Source
from ingest.staging import Staged, StagingTable
from ingest.tables import TABLES
from ingest.validation import DATE_ONLY, Validated, validate

#: How many columns a note names.
_NAMED: Final = 60


@dataclass(frozen=True)
class Intake:
    """What a source's files gave.

    Attributes:
        staged: Staged tables by name.
        tables: The account of rows.
        notes: What a person should know.
    """

    staged: dict[str, Staged]
    tables: list[TableReport]
    notes: list[str]


class _Collector:
    """Valid rows of one table on their way to staging, rejects on their way to the file, and their count."""

    def __init__(
        self, source: Source, name: str, work: Path, rejected: RejectFile, pseudonyms: Pseudonyms
    ) -> None:
        self.table = TABLES[name]
        self.rows = self.refused = 0
        self.extra: set[str] = set()
        self._file = str(source.path)
        self._rejected = rejected
        self._pseudonyms = pseudonyms
        self._staging = StagingTable(work, name, source.profile.keys.get(name, self.table.key))

    def refuse(self, rejects: pl.DataFrame) -> None:
        """Set rows aside."""
        self._rejected.add(self._file, self.table.name, rejects)
        self.rows += rejects.height
        self.refused += rejects.height

    def add(self, checked: Validated) -> None:
        """Stage the valid rows and set the others aside."""
        self.refuse(checked.rejects)
        frame = self._pseudonyms.apply(self.table.name, checked.frame)
        self._staging.add(keyed(frame, self.table.name))
        self.rows += checked.frame.height
        self.extra.update(set(checked.frame.columns) - {*self.table.names, "line", DATE_ONLY})

    def abandon(self) -> None:
        """Stop staging, if it is under way."""
        self._staging.abandon()

    def finish(self, *, derived: bool) -> tuple[Staged | None, TableReport]:
        """Merge the duplicates; return the staged table, if it has rows, and its account."""
        staged = self._staging.finish()
        loaded, merged = (staged.loaded, staged.merged) if staged else (0, 0)
        return staged, TableReport(self.table.name, self.rows, loaded, merged, self.refused, derived)


def take_in(
    source: Source,
    work: Path,
    rejected: RejectFile,
    progress: Progress,
    pseudonyms: Pseudonyms = PLAIN,
) -> Intake:
    """Read, map, validate and stage a source.

    Args:
        source: What to read.
        work: Folder for the staged tables; must exist.
        rejected: Where rows go that are set aside.
        progress: Told rows done, under the stage `read <file>`.
        pseudonyms: What is hashed before anything is written.

    Raises:
        UsageError: A file cannot be read.
        TooManyRejectsError: More rows are rejected than the source may have; reading ends there and then.
        CibError: Damaged data.
    """
    rejected.guard(pseudonyms)
    profile = source.profile
    sides, side_reports = _sides(source, rejected)
    collectors = {source.table: _Collector(source, source.table, work, rejected, pseudonyms)}
    main = collectors[source.table]
    name = short_name(source.path)
    stage = f"read {name}"
    add = counting(stage, None, progress)
    reading = source.open()

    def check(read: tuple[Batch, float | None]) -> tuple[Batch, float | None, dict[str, Validated]]:
        """Map and validate a batch; the main table comes first."""
        batch, share = read
        rows = _with_all(batch.frame, reading.columns)
        checked = {source.table: validate(profile.map(rows, source.table, sides), TABLES[source.table])}
        valid = checked[source.table].frame.select("line")
        if valid.height < rows.height:
            rows = rows.join(valid, on="line", how="semi", maintain_order="left")
        for table, derived in profile.derive(rows, source.table).items():
            checked[table] = validate(derived, TABLES[table])
        return batch, share, checked

    with ExitStack() as running:
        running.callback(main.abandon)
        for batch, share, checked in mapped(check, _metered(source.path, reading.batches)):
            main.refuse(batch.rejects)
            for table, rows in checked.items():
                if table not in collectors:
                    collectors[table] = _Collector(source, table, work, rejected, pseudonyms)
                    running.callback(collectors[table].abandon)
                collectors[table].add(rows)
            tell_share(progress, stage, share)
            add(batch.rows)
            source.limit.check(name, rejected.count, None, rejected.refused)
        rows_in = main.rows + sum(report.rows_in for report in side_reports)
        source.limit.check(name, rejected.count, rows_in, rejected.refused)
        staged: dict[str, Staged] = {}
        reports: list[TableReport] = []
        for table, collector in collectors.items():
            done, report = collector.finish(derived=collector is not main)
            reports.append(report)
            if done:
                staged[table] = done
    notes = list(reading.notes)
    if not main.rows:
        notes.append("has a header and no rows")
    if main.extra:
        extra = sorted(main.extra)
        more = f" and {len(extra) - _NAMED:,} more" if len(extra) > _NAMED else ""
        notes.append(f"columns kept as properties: {', '.join(extra[:_NAMED])}{more}")
    return Intake(staged, [reports[0], *side_reports, *reports[1:]], notes)


def _with_all(frame: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    """Return rows with every column by which the file was recognised: objects of JSON may leave any out."""
    return frame.with_columns(
        pl.lit(None, pl.String).alias(name) for name in columns if name not in frame.columns
    )


def _metered(path: Path, batches: Iterator[Batch]) -> Iterator[tuple[Batch, float | None]]:
    """Yield batches, each with the part of the file that has been read by then."""
    with metered(path) as meter:
        for batch in batches:
            yield batch, meter.share


def _sides(source: Source, rejected: RejectFile) -> tuple[Mapping[str, pl.DataFrame], list[TableReport]]:
    """Read the files that complete a source, whole: look-up tables are small."""
    frames: dict[str, pl.DataFrame] = {}
    tables: list[TableReport] = []
    for side, path in source.sides.items():
        parts, rows, refused = [], 0, 0
        for batch in open_table(path).batches:
            good, bad = _complete(batch.frame, side)
            for rejects in (batch.rejects, bad):
                rejected.add(str(path), side.name, rejects)
                refused += rejects.height
            parts.append(good)
            rows += batch.rows
        whole = pl.concat(parts) if parts else pl.DataFrame(schema=dict.fromkeys(side.columns, pl.String))
        frames[side.name] = whole.unique(side.key, keep="last", maintain_order=True)
        loaded = frames[side.name].height
        tables.append(TableReport(side.name, rows, loaded, whole.height - loaded, refused))
    return frames, tables


def _complete(frame: pl.DataFrame, side: Side) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Split rows of a look-up table in those with a whole key and the rest, as rejects."""
    whole = frame.select(pl.all_horizontal(pl.col(side.key).is_not_null())).to_series()
    lines = frame.filter(~whole)["line"].to_list()
    reason = f"{' and '.join(side.key)} must be given"
    return frame.filter(whole).select(side.columns), reject_frame(
        [(line, None, None, reason) for line in lines]
    )
