"""`cib load --list`: the source profiles, and what each makes of its files."""

from __future__ import annotations

import click

from cibgraph.output import print_rows


def print_profiles(name: str | None, fmt: str) -> None:
    """Print all profiles with the tables they fill, or of one profile what each column is made of.

    Args:
        name: The profile to tell about; None for the list.
        fmt: `table`, `json` or `csv`.

    Raises:
        UsageError: There is no such profile.
    """
    from ingest.profiles import PROFILES
    from ingest.profiles.describe import prose
    from ingest.sources import chosen_profiles

    if name is None:
        rows = [
            {"profile": profile.name, "title": profile.title, "tables": list(profile.covers)}
            for _, profile in sorted(PROFILES.items())
        ]
        print_rows(rows, ("profile", "title", "tables"), fmt)
        return
    (profile,) = chosen_profiles(name)
    if fmt == "table":
        click.echo(f"{profile.name}: {profile.title}\n")
        click.echo(prose(profile) + "\n")
    print_rows(
        [
            {"table": table, "column": column, "made_of": text}
            for table, columns in profile.covers.items()
            for column, text in columns.items()
        ],
        ("table", "column", "made_of"),
        fmt,
    )
