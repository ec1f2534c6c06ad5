"""Which of the named files are sources, of which profile, and what to say about the rest."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from cypher.errors import UsageError
from ingest.limits import NO_LIMIT, RejectLimit
from ingest.profiles import LOOKED_AT, PROFILES, Look, Profile, Side
from ingest.reading import (
    NoRowsError,
    Reading,
    content_hash,
    find_files,
    folder_of,
    identity,
    open_table,
    source_id,
)
from ingest.recognition import ByPosition, recognise, strange, unrecognised
from ingest.tables import ANSWERS, TABLES


@dataclass(frozen=True)
class Source:
    """A file to load.

    Attributes:
        id: Stays the same while the file stays where it is.
        path: As it was named.
        profile: Maps its rows.
        table: The canonical table that they are.
        sides: The files beside it that complete it, by what they are.
        header: Names of the columns by position, where the file has none or others.
        titled: Whether its first row is a header nevertheless.
        limit: How many of its rows may be rejected.
    """

    id: str
    path: Path
    profile: Profile
    table: str
    sides: dict[Side, Path] = field(default_factory=dict)
    header: tuple[str, ...] | None = None
    titled: bool = False
    limit: RejectLimit = NO_LIMIT

    def open(self) -> Reading:
        """Open the file for reading.

        Raises:
            UsageError: It cannot be read.
            CibError: Damaged data.
        """
        if self.header is None or not self.titled:
            return open_table(self.path, self.header)
        reading = open_table(self.path)
        names = dict(zip(reading.columns, self.header, strict=True))
        batches = (replace(batch, frame=batch.frame.rename(names)) for batch in reading.batches)
        passed = f"its first row is taken for a header: {', '.join(reading.columns)}"
        return Reading(self.header, batches, (*reading.notes, passed))

    def sha256(self) -> str:
        """Return the SHA-256 of the file and those that complete it."""
        return content_hash([self.path, *self.sides.values()])


@dataclass(frozen=True)
class Sources:
    """Sources in the order in which they are loaded, and what to say about files that are none."""

    sources: list[Source]
    notes: list[str]


def find_sources(
    paths: Sequence[Path],
    profile: Profile | str | None = None,
    leave_out: Collection[Path] = (),
    limit: RejectLimit = NO_LIMIT,
) -> Sources:
    """Return the sources among files and folders, assets before what ties them together.

    Args:
        paths: Files and folders.
        profile: The profile to use, or its name; None to recognise it by the columns.
        leave_out: Resolved paths that are passed over below the folders.
        limit: How many rows of each source may be rejected.

    Raises:
        UsageError: Nothing to load, a named file that no profile recognises, an unknown profile, or a file
            that cannot be read at all.
        CibError: Damaged compressed data.
    """
    profiles = chosen_profiles(profile)
    found = find_files(paths, leave_out)
    named = {identity(path) for path in paths}
    notes = [f"{path}: ignored, not a format of tables" for path in found.ignored] + list(found.notes)
    sources: list[Source] = []
    sides: list[tuple[Path, Profile, Side]] = []
    both: list[tuple[Path, Profile, Side]] = []
    for path in found.files:
        try:
            look = look_at(path)
        except NoRowsError as error:
            if identity(path) in named:
                raise
            notes.append(error.message)
            continue
        match = recognise(look, profiles, forced=profile is not None)
        if match is None:
            if identity(path) in named:
                raise UsageError(*unrecognised(look, profiles))
            # A folder may be full of what is no source: what to do about each is told when it is named.
            notes.append(f"{strange(look)}; ignored")
        elif isinstance(match, ByPosition):
            place = source_id(path)
            header = match.profile.header
            sources.append(Source(place, path, match.profile, match.table, {}, header, match.titled))
        elif isinstance(match[1], Side):
            sides.append((path, match[0], match[1]))
        elif match[1] in ANSWERS:
            notes.append(f"{path}: for evaluation only, not loaded")
        else:
            sources.append(Source(source_id(path), path, match[0], match[1]))
            if side := match[0].side(look.columns):
                both.append((path, match[0], side))
    for spare in [
        source for source in sources if _is_spare(source, sources) and identity(source.path) not in named
    ]:
        sources.remove(spare)
        notes.append(
            f"{spare.path}: the same rows as {spare.profile.spare_of} beside it, not loaded unless named"
        )
    for path, owner, side in sides:
        if not _attach(sources, path, owner, side):
            what = f"completes a file of {owner.name} beside it, which is not among the files"
            notes.append(f"{path}: {what}; not loaded")
    whole = {path for path, _, _ in both}
    for path, owner, side in both:
        _attach([source for source in sources if source.path not in whole], path, owner, side)
    if not sources:
        raise UsageError(
            "nothing to load: " + "; ".join(notes), "Give at least one table, such as posts.csv."
        )
    order = list(TABLES)
    sources.sort(key=lambda source: order.index(source.table))
    return Sources([replace(source, limit=limit) for source in sources], notes)


def chosen_profiles(chosen: Profile | str | None) -> list[Profile]:
    """Return the profile that is given, the one of that name, or all of them.

    Raises:
        UsageError: There is no such profile.
    """
    if isinstance(chosen, Profile):
        return [chosen]
    if chosen is not None and chosen not in PROFILES:
        raise UsageError(f"there is no profile {chosen!r}", f"Profiles: {', '.join(PROFILES)}.")
    return [PROFILES[chosen]] if chosen else list(PROFILES.values())


def look_at(path: Path) -> Look:
    """Return what profiles recognise a file by.

    Raises:
        UsageError: It cannot be read.
        CibError: Damaged compressed data.
    """
    reading = open_table(path)
    first = next((batch.frame for batch in reading.batches if batch.frame.height), None)
    rows = pl.DataFrame(schema=dict.fromkeys(reading.columns, pl.String)) if first is None else first
    return Look(path, reading.columns, rows.drop("line", strict=False).head(LOOKED_AT))


def _is_spare(source: Source, sources: Sequence[Source]) -> bool:
    return any(
        other.profile.name == source.profile.spare_of and folder_of(other.path) == folder_of(source.path)
        for other in sources
    )


def _attach(sources: Sequence[Source], path: Path, profile: Profile, side: Side) -> bool:
    """Give a side to the sources that it completes, which lie beside it; say whether there are any."""
    beside = [
        source
        for source in sources
        if source.profile is profile and folder_of(source.path) == folder_of(path)
    ]
    for source in beside:
        source.sides[side] = path
    return bool(beside)
