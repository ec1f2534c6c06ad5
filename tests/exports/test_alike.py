"""Who is like the members of an operation: what GDS answers is what plain Python counts."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from pathlib import Path

import pytest

from analytics.investigation import Investigation
from cypher.session import Graph

from .made_graph import make, write

pytestmark = pytest.mark.server

#: What leads from whom to what; each is held both ways, but for identifiers.
Ties = set[tuple[str, str, str]]


@pytest.fixture
def found(graph: Graph, tmp_path: Path) -> Investigation:
    make(graph, tmp_path / "layers")
    return Investigation(graph, tmp_path / "layers")


def held(ties: Ties, max_degree: int) -> dict[str, dict[str, float]]:
    """Return the weight of each thing that each asset holds."""
    holders: dict[tuple[str, str], set[str]] = defaultdict(set)
    for source, how, target in ties:
        holders[target, how].add(source)
        if how != "USES":
            holders[source, how].add(target)
    things: dict[str, dict[str, float]] = defaultdict(dict)
    for (thing, _), assets in holders.items():
        if 2 <= len(assets) <= max_degree:
            for asset in assets:
                weight = math.log(7) / math.log(5 + len(assets))
                things[asset][thing] = max(weight, things[asset].get(thing, 0.0))
    return things


def jaccard(one: dict[str, float], other: dict[str, float]) -> float:
    things = one.keys() | other.keys()
    least, most = (
        sum(of(one.get(thing, 0.0), other.get(thing, 0.0)) for thing in things) for of in (min, max)
    )
    return least / most


def test_those_are_alike_that_plain_python_finds(found: Investigation) -> None:
    draw = random.Random(5)
    members = [":".join(row) for row in found.members(1)[["platform", "kind", "id"]].itertuples(index=False)]
    pages = [key for key in members if ":page:" in key] + [f"facebook:page:{n}" for n in range(3000, 3020)]
    accounts = [key for key in members if "facebook:account:" in key] + [
        f"facebook:account:{n}" for n in range(4000, 4030)
    ]
    ties: Ties = {(draw.choice(accounts), "ADMINISTERS", draw.choice(pages)) for _ in range(120)}
    ties |= {(draw.choice(accounts), "LIKES", draw.choice(pages)) for _ in range(120)}
    ties |= {(draw.choice(accounts + pages), "USES", f"device:{draw.randrange(12)}") for _ in range(60)}
    write(
        found.graph,
        "MERGE (a:Asset {key: row.key}) SET a:$(row.label)",
        [{"key": key, "label": "Page"} for key in pages]
        + [{"key": key, "label": "Account"} for key in accounts],
    )
    for how, label in (("ADMINISTERS", "Asset"), ("LIKES", "Asset"), ("USES", "Identifier")):
        write(
            found.graph,
            f"MATCH (a:Asset {{key: row.a}}) MERGE (b:{label} {{key: row.b}}) MERGE (a)-[:{how}]->(b)",
            [{"a": a, "b": b} for a, one, b in ties if one == how],
        )
    things = held(ties, max_degree=8)
    compared = {
        (other, member): jaccard(things[member], things[other])
        for member in set(members) & set(things)
        for other in set(things) - set(members)
        if min(len(things[member]), len(things[other])) >= 2
    }
    expected = {ends: similarity for ends, similarity in compared.items() if similarity}
    alike = found.alike(1, most=1000, max_degree=8)
    assert len(alike) > 100
    told = {(row.asset, row.member): row.similarity for row in alike.itertuples()}
    assert told == pytest.approx(expected)
    assert list(alike["similarity"]) == sorted(alike["similarity"], reverse=True)
    few = found.alike(1, most=1, least=4, max_degree=8)
    best = {
        member: max(
            similarity
            for (other, one), similarity in expected.items()
            if one == member and len(things[other]) >= 4
        )
        for member in few["member"]
    }
    assert dict(few[["member", "similarity"]].itertuples(index=False)) == pytest.approx(best)
    assert few["member"].is_unique


def test_nobody_is_like_those_who_hold_nothing(found: Investigation) -> None:
    found.graph.driver.execute_query(
        "MERGE (i:Identifier {key: 'i'}) CREATE (:Asset {key: 'a'})-[:USES]->(i)<-[:USES]-(:Asset {key: 'b'})"
    )
    alike = found.alike("OP-000002")
    assert list(alike.columns) == ["asset", "name", "kind", "member", "member_name", "similarity"]
    assert alike.empty
