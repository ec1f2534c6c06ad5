"""Applies the schema: `schema/V001__name.cypher` and on, each once, in order, recorded in the graph.

A migration is a file of schema statements, each ended by `;` at the end of its line. Every statement says
`IF NOT EXISTS`, so that a migration interrupted half-way is finished by the next run.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Final

from cypher.errors import CibError
from cypher.library import Query, names, query
from cypher.session import Graph

_MADE: Final = re.compile(r"CREATE [A-Z ]*(?:CONSTRAINT|INDEX) (\w+) IF NOT EXISTS")
_FILE: Final = re.compile(r"schema/V(\d{3})__(\w+)")


@dataclass(frozen=True)
class Migration:
    """One step of the schema.

    Attributes:
        version: From 1, without gaps.
        name: What the file is called after its version.
        checksum: SHA-256 of the statements.
        statements: In the order to run.
    """

    version: int
    name: str
    checksum: str
    statements: tuple[Query, ...]


def migrations() -> list[Migration]:
    """Return every migration of this release, in order."""
    found = []
    for path in names("schema"):
        if match := _FILE.fullmatch(path):
            whole = query(path)
            parts = [part.strip() for part in re.split(r";[ \t]*\n", whole.text)]
            statements = tuple(Query(path, whole.title, whole.description, {}, part) for part in parts)
            checksum = hashlib.sha256("\n".join(parts).encode()).hexdigest()
            found.append(Migration(int(match[1]), match[2], checksum, statements))
    return found


def schema_names() -> set[str]:
    """Return the names of all constraints and indexes that migrations make, their own record's among them."""
    statements = [statement.text for migration in migrations() for statement in migration.statements]
    found = (_MADE.search(text) for text in (*statements, query("schema/begin").text))
    return {match[1] for match in found if match}


def migrate(graph: Graph) -> list[str]:
    """Bring the database's schema up to this release and return the names of the migrations applied.

    Two runs at once are safe: every statement and every record is made once whoever comes first.

    Raises:
        CibError: The database has a migration that this release does not know, or knows otherwise.
        ServerError: The data break a constraint, or the user may not change the schema.
    """
    graph.write("schema/begin")
    known = {migration.version: migration for migration in migrations()}
    applied = {row["version"]: row for row in graph.read("schema/applied")}
    for version, row in applied.items():
        if version not in known:
            raise CibError(
                f"the database has schema migration {version} ({row['name']}), unknown to this release",
                "Upgrade cibgraph, or use a database of its own (NEO4J_DATABASE).",
            )
        if row["checksum"] != known[version].checksum:
            raise CibError(
                f"schema migration {version} ({row['name']}) was applied with other statements",
                "A published migration must not be edited: restore its file and add a new one.",
            )
    done = []
    for migration in migrations():
        if migration.version not in applied:
            for statement in migration.statements:
                graph.write(statement)
            graph.write(
                "schema/record",
                version=migration.version,
                name=migration.name,
                checksum=migration.checksum,
            )
            done.append(f"V{migration.version:03}__{migration.name}")
    if done:
        graph.write("schema/await_indexes")
    return done
