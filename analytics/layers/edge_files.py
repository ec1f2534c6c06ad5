"""Edges and co-actions as files: CSV, JSON, Parquet, and edges as GraphML and GEXF for network tools."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Final

import duckdb

from analytics.files import written
from analytics.layers.log import quoted
from cypher.errors import UsageError

#: Kinds of files, by suffix.
TABLES: Final = {
    ".csv": "FORMAT csv, HEADER",
    ".csv.gz": "FORMAT csv, HEADER, COMPRESSION gzip",
    ".json": "FORMAT json, ARRAY true",
    ".ndjson": "FORMAT json",
    ".parquet": "FORMAT parquet, COMPRESSION zstd",
}
_NETWORKS: Final = (".graphml", ".gexf")
_XML: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
#: Lines that are held at once.
_LINES: Final = 50_000


def write_edges(database: duckdb.DuckDBPyConnection, relation: str, path: Path) -> None:
    """Write a table of edges; its suffix says how. The file appears whole or not at all.

    Args:
        database: Holds the table.
        relation: Its name.
        path: Ends in one of `TABLES`, `.graphml` or `.gexf`.

    Raises:
        UsageError: The suffix says nothing.
        CibError: The file cannot be written.
    """
    writers: dict[str, Callable[[duckdb.DuckDBPyConnection, str, Path], None]] = {
        ".graphml": _graphml,
        ".gexf": _gexf,
    }
    writer = writers.get(path.suffix)
    if writer is None:
        write_table(database, relation, path)
        return
    with written(path) as partial:
        writer(database, relation, partial)


def write_table(database: duckdb.DuckDBPyConnection, relation: str, path: Path) -> None:
    """Write a table in rows and columns; its suffix says how. The file appears whole or not at all.

    Times are RFC 3339 in UTC. In CSV a text that a spreadsheet would take for a formula gets an apostrophe.

    Raises:
        UsageError: The suffix says nothing.
        CibError: The file cannot be written.
    """
    check_suffix(path, networks=False)
    options = TABLES[suffix(path)]
    query = (
        f"FROM {relation}"
        if ".parquet" in path.suffixes
        else as_text(database, relation, csv="csv" in options)
    )
    with written(path) as partial:
        try:
            database.execute(f"COPY ({query}) TO {quoted(str(partial))} ({options})")
        except duckdb.IOException as error:
            # What concerns temporary files instead is told where the database is opened.
            if partial.name not in str(error):
                raise
            raise OSError(str(error).partition("\n")[0]) from error


def check_suffix(path: Path, *, networks: bool) -> None:
    """Refuse a name that does not say which format a file is to have.

    Raises:
        UsageError: It does not.
    """
    known = [*TABLES, *(_NETWORKS if networks else ())]
    if suffix(path) not in known:
        raise UsageError(
            f"{path}: its name does not say which format it is to have", f"It ends in {', '.join(known)}."
        )


def suffix(path: Path) -> str:
    """Return the end of a file's name that says its format."""
    return "".join(path.suffixes[-2:]) if path.suffix == ".gz" else path.suffix


def as_text(database: duckdb.DuckDBPyConnection, relation: str, *, csv: bool) -> str:
    """Return the SQL of a table with its times as RFC 3339, and in CSV no text that is a formula."""
    columns = []
    for name, kind, *_ in database.execute(f"DESCRIBE {relation}").fetchall():
        if str(kind).startswith("TIMESTAMP"):
            columns.append(f'{_time(name)} AS "{name}"')
        elif str(kind) == "VARCHAR" and csv:
            columns.append(
                rf"CASE WHEN regexp_matches({name}, '^[=+\-@\t\r]')"
                rf" AND NOT regexp_full_match({name}, '-?\d+')"
                f" THEN '''' || {name} ELSE {name} END AS \"{name}\""
            )
        else:
            columns.append(f'"{name}"')
    return f"SELECT {', '.join(columns)} FROM {relation}"  # noqa: S608


def _time(column: str) -> str:
    """Return the SQL of a time as RFC 3339, with a fraction of a second only where there is one."""
    local, day = f"({column} AT TIME ZONE 'UTC')", "%Y-%m-%dT%H:%M:%S"
    whole, part = f"strftime({local}, '{day}Z')", f"strftime({local}, '{day}.%fZ')"
    return f"CASE WHEN epoch_us({column}) % 1000000 = 0 THEN {whole} ELSE {part} END"


def _xml(value: str) -> str:
    """Return the SQL of a text as XML holds it; characters that XML forbids are replaced."""
    forbidden = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{FFFE}\x{FFFF}]"
    safe = f"regexp_replace({value}, '{forbidden}', chr(65533), 'g')"
    for letter, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        safe = f"replace({safe}, '{letter}', '{name}')"
    return f"replace(replace(replace({safe}, chr(9), '&#9;'), chr(10), '&#10;'), chr(13), '&#13;')"


def _attributes(database: duckdb.DuckDBPyConnection, relation: str) -> list[tuple[str, str, str]]:
    """Return of each attribute of an edge its name, its type in XML, and the SQL of its value."""
    found = []
    for name, kind, *_ in database.execute(f"DESCRIBE {relation}").fetchall():
        if name in ("source", "target"):
            continue
        if str(kind).startswith("TIMESTAMP"):
            found.append((name, "string", _time(name)))
        elif str(kind) == "VARCHAR":
            found.append((name, "string", _xml(name)))
        else:
            xml = {"BIGINT": "long", "BOOLEAN": "boolean"}.get(str(kind), "double")
            found.append((name, xml, f"{name}::VARCHAR"))
    return found


def _graphml(database: duckdb.DuckDBPyConnection, relation: str, path: Path) -> None:
    attributes = _attributes(database, relation)
    data = "".join(
        f" || coalesce('<data key=\"{name}\">' || {value} || '</data>', '')" for name, _, value in attributes
    )
    with path.open("w", encoding="utf-8") as file:
        file.write(
            '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
        )
        for name, kind, _ in attributes:
            file.write(f'<key id="{name}" for="edge" attr.name="{name}" attr.type="{kind}"/>\n')
        file.write('<graph edgedefault="undirected">\n')
        _write_lines(database, file, _nodes(relation, "'<node id=\"' || {} || '\"/>'"))
        ends = f"'<edge source=\"' || {_xml('source')} || '\" target=\"' || {_xml('target')} || '\">'"
        _write_lines(database, file, f"SELECT {ends}{data} || '</edge>' FROM {relation}")  # noqa: S608
        file.write("</graph>\n</graphml>\n")


def _gexf(database: duckdb.DuckDBPyConnection, relation: str, path: Path) -> None:
    attributes = [one for one in _attributes(database, relation) if one[0] != "weight"]
    data = "".join(
        f" || coalesce('<attvalue for=\"{place}\" value=\"' || {value} || '\"/>', '')"
        for place, (_, _, value) in enumerate(attributes)
    )
    with path.open("w", encoding="utf-8") as file:
        file.write(
            f'{_XML}<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">\n'
            '<graph defaultedgetype="undirected" mode="static">\n<attributes class="edge" mode="static">\n'
        )
        for place, (name, kind, _) in enumerate(attributes):
            file.write(f'<attribute id="{place}" title="{name}" type="{kind}"/>\n')
        file.write("</attributes>\n<nodes>\n")
        _write_lines(
            database, file, _nodes(relation, "'<node id=\"' || {0} || '\" label=\"' || {0} || '\"/>'")
        )
        file.write("</nodes>\n<edges>\n")
        ends = (
            f"'<edge id=\"' || row_number() OVER () || '\" source=\"' || {_xml('source')} || '\" target=\"'"
            f" || {_xml('target')} || '\" weight=\"' || weight || '\"><attvalues>'"
        )
        _write_lines(database, file, f"SELECT {ends}{data} || '</attvalues></edge>' FROM {relation}")  # noqa: S608
        file.write("</edges>\n</graph>\n</gexf>\n")


def _nodes(relation: str, form: str) -> str:
    name = form.format(_xml("name"))
    return (
        f"SELECT {name} FROM (SELECT source AS name FROM {relation} UNION SELECT target FROM {relation})"  # noqa: S608
        " ORDER BY name"
    )


def _write_lines(database: duckdb.DuckDBPyConnection, file: IO[str], query: str) -> None:
    for lines in _chunks(database.execute(query)):
        file.write("\n".join(lines) + "\n")


def _chunks(answer: duckdb.DuckDBPyConnection) -> Iterator[list[str]]:
    while rows := answer.fetchmany(_LINES):
        yield [line for (line,) in rows]
