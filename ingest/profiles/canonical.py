"""The canonical dataset: files named after their tables.

Every table is optional. A file is known by its name (`posts.csv`, `posts-001.ndjson.gz`) and must have the
columns that its table requires; where the name says nothing it is known by its columns, for tables that
require at least three. Names of columns may be written with capitals and with spaces for `_`. Columns that no
table knows are kept as properties, with `x_` before their name.

[Loading data](../loading.md) says how cells are read; everything else is mapped onto these tables by a
profile of its own or by a mapping.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from cypher.errors import UsageError
from ingest.profiles.base import Look, Profile
from ingest.reading import table_name
from ingest.tables import ANSWERS, TABLES

#: A file whose name says nothing is known by its columns only if the table requires at least so many.
_TELLING = 3


def _names(columns: Sequence[str]) -> dict[str, str]:
    """Return the canonical spelling of each column: lower case, `_` for spaces."""
    renamed = {name: name.strip().lower().replace(" ", "_") for name in columns}
    return renamed if len(set(renamed.values())) == len(renamed) else {name: name for name in columns}


def recognise(look: Look) -> str | None:
    """Return the table that the file is, by its name or else by its columns.

    Raises:
        UsageError: The name is a table's but a required column is missing.
    """
    found = set(_names(look.columns).values())
    named = table_name(look.path)
    for answers in ANSWERS.values():
        if named == answers.name or set(answers.required) <= found:
            return answers.name
    if named in TABLES:
        missing = [name for name in TABLES[named].required if name not in found]
        if missing:
            raise UsageError(
                f"{look.path}: {named} needs the column{'s' * (len(missing) > 1)} {', '.join(missing)};"
                f" found {', '.join(look.columns) or 'none'}",
                f"The columns of {named}: {', '.join(TABLES[named].names)}.",
            )
        return named
    fitting = [
        table for table in TABLES.values() if len(table.required) >= _TELLING and set(table.required) <= found
    ]
    fitting.sort(key=lambda table: len(found & set(table.names)), reverse=True)
    return fitting[0].name if fitting else None


def _map(batch: pl.DataFrame, _table: str, _sides: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    return batch.rename(_names(batch.columns))


PROFILE = Profile(
    "canonical",
    "the tables of the canonical dataset",
    recognise,
    _map,
    covers={name: {column: column for column in table.names} for name, table in TABLES.items()},
)
