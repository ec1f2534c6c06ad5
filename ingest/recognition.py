"""Which profile a file is of: by its columns, or else by what stands in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cypher.errors import UsageError
from ingest.profiles import LOOKED_AT, Look, Profile, Side
from ingest.profiles.closest import closest
from ingest.reading import open_table
from ingest.tables import TABLES
from ingest.validation import validate


@dataclass(frozen=True)
class ByPosition:
    """A file whose columns are known by their position.

    Attributes:
        profile: Names them.
        table: What the rows are.
        titled: Whether the first row is a header nevertheless, whatever it says.
    """

    profile: Profile
    table: str
    titled: bool


def recognise(
    look: Look, profiles: Sequence[Profile], *, forced: bool
) -> tuple[Profile, str | Side] | ByPosition | None:
    """Return the profile that a file is of, and which table it is or completes; None if no profile fits.

    Args:
        look: The file.
        profiles: Asked in this order.
        forced: Whether somebody asked for the profile.

    Raises:
        UsageError: A profile knows the file by its name and finds a column missing.
    """
    reason: UsageError | None = None
    for profile in profiles:
        try:
            match = profile.recognise(look) or profile.side(look.columns)
        except UsageError as error:
            reason = error
            break
        if match is not None:
            return profile, match
    placed = _by_position(look, profiles, forced=forced)
    if placed is None and reason is not None:
        raise reason
    return placed


def _by_position(look: Look, profiles: Sequence[Profile], *, forced: bool) -> ByPosition | None:
    """Return a file as one without a header, if it is one.

    It is if its first row, read as a row like any other, is valid, and most of those that follow are. A
    profile that is asked for takes any other first row for a header that it passes over.
    """
    for profile in profiles:
        if profile.header is None or len(look.columns) != len(profile.header):
            continue
        try:
            first = next(
                (batch for batch in open_table(look.path, profile.header).batches if batch.rows), None
            )
        except UsageError:
            continue
        if first is None or not first.frame.height:
            continue
        rows = first.frame.head(LOOKED_AT)
        table = profile.recognise(Look(look.path, profile.header, rows.drop("line")))
        if table is None:
            continue
        valid = validate(profile.map(rows, table, {}), TABLES[table]).frame["line"].to_list()
        # A first row that is valid is no header, however bad those that follow are.
        bare = rows["line"][0] in valid
        if forced or (bare and 2 * len(valid) > rows.height):
            return ByPosition(profile, table, titled=not bare)
    return None


def strange(look: Look) -> str:
    """Return what is wrong with a file that no profile fits."""
    listed = ", ".join(look.columns[:40]) + (", …" if len(look.columns) > 40 else "")
    return f"{look.path}: no profile recognises its columns ({listed})"


def unrecognised(look: Look, profiles: Sequence[Profile]) -> tuple[str, str]:
    """Return what is wrong with a file that was named though no profile fits it, and how to mend it."""
    near = closest(look, profiles)
    close = f"; closest: {'; '.join(near)}" if near else ""
    named = "another kind of source with --as" if len(profiles) == 1 else "its kind with --as"
    return (
        strange(look) + close,
        f"Name {named} (cib load --list); or name the file after its table, such as posts.csv, with the"
        f" columns it requires (cib load --list canonical); or have a mapping drafted,"
        f" cib load --suggest {look.path}, and give that with --map.",
    )
