from __future__ import annotations

import re

import pytest

from cypher.errors import UsageError
from cypher.library import literal, names, parse, query
from cypher.migrations import migrations
from cypher.session import Graph

EVERY = [name for name in names("") if not re.fullmatch(r"schema/V\d+__\w+", name)]


@pytest.mark.server
@pytest.mark.parametrize("name", EVERY)
def test_every_query_is_understood_by_the_server(graph: Graph, name: str) -> None:
    found = query(name)
    graph.driver.execute_query("EXPLAIN " + found.text, found.parameters)


@pytest.mark.server
def test_every_migration_is_understood_by_the_server(graph: Graph) -> None:
    for migration in migrations():
        for statement in migration.statements:
            graph.driver.execute_query("EXPLAIN " + statement.text)


def test_who_is_looked_up_by_key_is_looked_up_by_a_label_that_has_an_index() -> None:
    """Another label has none, so that each row of a batch scans all its nodes: quadratic in the data."""
    schema = "".join(statement.text for made in migrations() for statement in made.statements)
    indexed = set(re.findall(r"FOR \(n:(\w+)\) REQUIRE n\.(key|id) IS UNIQUE", schema))
    lookup = re.compile(r"\(\w*(?::\w+)*:(\w+) \{(key|id): (?:row\.|\$|\w+\})")
    found = {name: set(lookup.findall(query(name).text)) for name in EVERY}
    assert not {name: unknown for name, looked_up in found.items() if (unknown := looked_up - indexed)}
    assert len({by for looked_up in found.values() for by in looked_up}) > 10


def test_who_has_handed_a_page_over_is_one_and_the_same_everywhere() -> None:
    condition = re.compile(r"->\((\w+):Asset\) // Handed over: as in \S+ WHERE (NOT \(tie\.until .+?\}\))")
    asking = [query(name) for name in EVERY if "tie.until" in query(name).text]
    conditions = [condition.findall(" ".join(found.text.split())) for found in asking]
    assert len(asking) == 2
    assert conditions[0] == conditions[1]
    assert len(conditions[0]) == 1
    assert len({found.parameters["handover_days"] for found in asking}) == 1


def test_every_query_is_found_in_its_folder() -> None:
    folders = ("schema", "load", "layers", "operations", "audit", "browser")
    assert sorted(EVERY) == EVERY
    assert {name.split("/")[0] for name in EVERY} <= set(folders)
    assert len(names("load")) < len(EVERY)


def test_header_is_parsed() -> None:
    found = parse(
        "x",
        "// Title\n// Two lines\n// of prose.\n// :param limit => 25\n// :param name => 'a'\n"
        "MATCH (n {name: $name}) // costs $5\nWHERE n.x <> 'a$b' RETURN n LIMIT $limit;\n",
    )
    assert (found.title, found.description) == ("Title", "Two lines of prose.")
    assert found.parameters == {"limit": 25, "name": "a"}
    assert found.text.endswith("LIMIT $limit")


@pytest.mark.parametrize(
    "source",
    [
        "RETURN 1",
        "// Title only\n",
        "// T\nRETURN $undeclared",
        "// T\n// :param unused => 1\nRETURN 1",
        "// T\n// :param broken 1\nRETURN $broken",
        "// T\n// :param a => date()\nRETURN $a",
    ],
)
def test_malformed_files_are_refused(source: str) -> None:
    with pytest.raises(ValueError, match=r"^(x:|not a literal)"):
        parse("x", source)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        ("1.5", 1.5),
        ("true", True),
        ("null", None),
        ("'a'", "a"),
        ('"a"', "a"),
        ("['a', 'b']", ["a", "b"]),
    ],
)
def test_literals(text: str, value: object) -> None:
    assert literal(text) == value


@pytest.mark.parametrize("name", ["nothing/here", "../errors", "load/../load/ads", "/etc/passwd", ""])
def test_unknown_names_are_usage_errors(name: str) -> None:
    with pytest.raises(UsageError):
        query(name)


def test_near_names_are_offered() -> None:
    with pytest.raises(UsageError) as caught:
        query("load/acounts")
    assert "load/accounts" in caught.value.hint


def test_unknown_parameters_are_refused() -> None:
    with pytest.raises(UsageError, match="nonsense"):
        query("load/accounts").bind({"nonsense": 1})
