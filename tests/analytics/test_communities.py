"""Refinement: who stays in a community, and when it falls apart."""

from __future__ import annotations

import polars as pl

from analytics.communities import refine


def nodes(**communities: str) -> pl.DataFrame:
    rows = [(key, int(name[1:])) for name, keys in communities.items() for key in keys]
    return pl.DataFrame(rows, schema={"asset": pl.String, "community": pl.Int64}, orient="row")


def links(*rows: tuple[str, str, float]) -> pl.DataFrame:
    """Upper-case letters are assets, lower-case ones things such as identifiers."""
    schema = {"source": pl.String, "target": pl.String, "type": pl.String, "strength": pl.Float64}
    return pl.DataFrame([(p[0], p[1], kind, s) for p, kind, s in rows], schema=schema, orient="row")


def triangle(keys: str) -> list[tuple[str, str, float]]:
    a, b, c = keys
    return [(a + b, "COORDINATED", 2.0), (a + c, "COORDINATED", 2.0), (b + c, "COORDINATED", 2.0)]


def found(node_frame: pl.DataFrame, rows: list[tuple[str, str, float]], least: int = 3) -> list[str]:
    kept = refine(node_frame, links(*rows), least)
    return (
        kept.group_by("community")
        .agg(pl.col("asset").sort().str.join(""))
        .sort("community")["asset"]
        .to_list()
    )


def test_a_household_member_is_let_go() -> None:
    rows = [*triangle("ABC"), ("Ax", "USES", 1.0), ("Dx", "USES", 1.0)]
    assert found(nodes(c0="ABCD"), rows) == ["ABC"]


def test_sharing_with_one_member_only_does_not_hold_however_much() -> None:
    rows = [*triangle("ABC"), *[(a + i, "USES", 1.0) for a in "AD" for i in "xy"]]
    assert found(nodes(c0="ABCD"), rows) == ["ABC"]


def test_sharing_with_several_members_holds() -> None:
    rows = [*triangle("ABC"), *[(a + "x", "USES", 1.0) for a in "ABD"]]
    assert found(nodes(c0="ABCD"), rows) == ["ABCD"]


def test_an_administrator_stays_with_the_page() -> None:
    assert found(nodes(c0="ABCD"), [*triangle("ABC"), ("DA", "ADMINISTERS", 0.5)]) == ["ABCD"]


def test_who_is_held_more_strongly_outside_is_let_go() -> None:
    rows = [*triangle("ABC"), *triangle("EFG"), ("CD", "COORDINATED", 1.0), ("DE", "COORDINATED", 1.5)]
    assert found(nodes(c0="ABCD", c1="EFG"), rows) == ["ABC", "EFG"]


def test_what_is_no_longer_joined_falls_apart() -> None:
    assert found(nodes(c0="ABCEFG"), [*triangle("ABC"), *triangle("EFG")]) == ["ABC", "EFG"]


def test_ties_alone_are_no_community() -> None:
    rows = [(a + i, "USES", 1.0) for a in "ABC" for i in "xy"]
    assert found(nodes(c0="ABC"), rows) == []


def test_too_few_are_no_community() -> None:
    assert found(nodes(c0="AB"), [("AB", "COORDINATED", 2.0)]) == []


def test_what_hangs_on_one_member_and_on_itself_is_no_part() -> None:
    # A runs her own Page P with her family D and E, who have Pages of their own: nobody of them coordinates.
    family = [
        (a + b, "ADMINISTERS", 1.0) for a, b in [("A", "P"), ("D", "P"), ("E", "P"), ("D", "Q"), ("E", "Q")]
    ]
    assert found(nodes(c0="ABCDEPQ"), [*triangle("ABC"), *family]) == ["ABC"]


def test_a_couple_that_shares_a_device_is_no_core() -> None:
    couple = [("DE", "COORDINATED", 1.0), ("AD", "USES", 0.5), ("Ax", "USES", 1.0), ("Dx", "USES", 1.0)]
    assert found(nodes(c0="ABCDE"), [*triangle("ABC"), *couple]) == ["ABC"]


def test_an_operator_brings_the_dormant_pages_too() -> None:
    pages = [("O" + page, "ADMINISTERS", 1.0) for page in "ABPQ"]
    assert found(nodes(c0="ABCOPQ"), [*triangle("ABC"), *pages]) == ["ABCOPQ"]


def test_one_member_at_an_address_ties_no_crowd_to_another() -> None:
    crowds = [*triangle("ABC"), *triangle("DEF")]
    together = [("Ax", "USES", 1.0), ("Bx", "USES", 1.0), ("Dx", "USES", 1.0)]
    assert found(nodes(c0="ABCDEF"), [*crowds, *together]) == ["ABC", "DEF"]
    assert found(nodes(c0="ABCDEF"), [*crowds, *together, ("Ex", "USES", 1.0)]) == ["ABCDEF"]
