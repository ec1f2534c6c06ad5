"""Joining: pieces of one operation become one, and strangers stay apart."""

from __future__ import annotations

import polars as pl

from analytics.joining import join_pieces

Link = tuple[str, str, str, float]


def clique(keys: str, strength: float = 3.0) -> list[Link]:
    return [(a, b, "COORDINATED", strength) for a in keys for b in keys if a < b]


def pieces(*groups: str) -> pl.DataFrame:
    rows = [(asset, i) for i, group in enumerate(groups) for asset in group]
    return pl.DataFrame(rows, schema={"asset": pl.String, "community": pl.Int64}, orient="row")


def joined(groups: tuple[str, ...], links: list[Link], suspected: list[int]) -> list[str]:
    schema = {"source": pl.String, "target": pl.String, "type": pl.String, "strength": pl.Float64}
    frame = pl.DataFrame(links, schema=schema, orient="row")
    found = join_pieces(pieces(*groups), frame, pl.Series(suspected, dtype=pl.Int64))
    return sorted(found.group_by("community").agg(pl.col("asset").sort().str.join(""))["asset"])


#: A world of other communities with links among themselves, against which chance is reckoned.
WORLD = ("MNO", "PQR", "STU")
WORLD_LINKS = [
    *clique("MNO"),
    *clique("PQR"),
    *clique("STU"),
    ("M", "P", "COORDINATED", 2.0),
    ("O", "S", "COORDINATED", 2.0),
]


def test_suspected_pieces_with_more_links_than_chance_are_joined() -> None:
    links = [
        *clique("ABC"),
        *clique("DEF"),
        *WORLD_LINKS,
        ("A", "D", "ADMINISTERS", 1.0),
        ("B", "E", "COORDINATED", 1.0),
    ]
    assert joined(("ABC", "DEF", *WORLD), links, [0, 1]) == ["ABCDEF", "MNO", "PQR", "STU"]


def test_what_is_not_suspected_is_never_joined() -> None:
    links = [
        *clique("ABC"),
        *clique("DEF"),
        *WORLD_LINKS,
        ("A", "D", "ADMINISTERS", 1.0),
        ("B", "E", "COORDINATED", 1.0),
    ]
    assert joined(("ABC", "DEF", *WORLD), links, [0]) == ["ABC", "DEF", "MNO", "PQR", "STU"]


def test_one_coordinated_edge_is_too_few() -> None:
    links = [*clique("ABC"), *clique("DEF"), *WORLD_LINKS, ("A", "D", "COORDINATED", 3.0)]
    assert "ABC" in joined(("ABC", "DEF", *WORLD), links, [0, 1])


def test_one_administrator_will_do_where_little_else_leaves_a_piece() -> None:
    ties = [("A", "D", "ADMINISTERS", 2.0)]
    links = [*clique("ABC"), *clique("DEF"), *WORLD_LINKS, *ties]
    assert "ABCDEF" in joined(("ABC", "DEF", *WORLD), links, [0, 1])
    elsewhere = [("A", "M", "COORDINATED", 5.0), ("D", "P", "COORDINATED", 5.0)]
    assert "ABC" in joined(("ABC", "DEF", *WORLD), [*links, *elsewhere], [0, 1])


def test_names_of_payers_join_nobody() -> None:
    payers = [(asset, f"payer{i}", "PAID", 1.0) for i in range(6) for asset in "AD"]
    links = [*clique("ABC"), *clique("DEF"), *WORLD_LINKS, *payers]
    assert "ABC" in joined(("ABC", "DEF", *WORLD), links, [0, 1])


def test_pieces_are_joined_in_chains() -> None:
    ties = [(a, b, "ADMINISTERS", 1.0) for a, b in ("AD", "BE", "DG", "EH")]
    links = [*clique("ABC"), *clique("DEF"), *clique("GHI"), *WORLD_LINKS, *ties]
    assert "ABCDEFGHI" in joined(("ABC", "DEF", "GHI", *WORLD), links, [0, 1, 2])


def test_an_asset_that_no_piece_could_hold_is_attached_to_the_whole() -> None:
    ties = [("A", "D", "ADMINISTERS", 1.0), ("B", "E", "ADMINISTERS", 1.0)]
    shared = [(asset, "device", "USES", 1.0) for asset in "AEX"]
    links = [*clique("ABC"), *clique("DEF"), *WORLD_LINKS, *ties, *shared]
    assert "ABCDEFX" in joined(("ABC", "DEF", *WORLD), links, [0, 1])


def test_one_or_two_who_are_in_both_crowds_make_no_operation_of_them() -> None:
    # Every key is one letter: a fan club of 25 and a franchise of 25, two of whose shops fans keep.
    fans, shops = "abcdefghijklmnopqrstuvwxy", "ABCDEFGHIJKLNVWXYZ1234567"
    crowds = [*clique(fans), *clique(shops)]
    keepers = [("a", "A", "ADMINISTERS", 2.0), ("b", "B", "ADMINISTERS", 2.0)]
    assert fans in joined((fans, shops, *WORLD), [*crowds, *WORLD_LINKS, *keepers], [0, 1])
    seam = [(a, b, "COORDINATED", 2.0) for a, b in zip("cde", "CDE", strict=True)]
    assert fans not in joined((fans, shops, *WORLD), [*crowds, *WORLD_LINKS, *keepers, *seam], [0, 1])


def test_who_serves_two_operations_is_a_member_of_both() -> None:
    # X spreads for both, each of which has twelve members of its own: that makes no operation of the two.
    first, second = "abcdefghijkl", "ABCDEFGHIJKL"
    serves = [("X", asset, "COORDINATED", 3.0) for asset in first + second]
    links = [*clique(first), *clique(second), *WORLD_LINKS, *serves]
    groups = (first + "X", second, *WORLD)
    both = sorted(["".join(sorted(second + "X")), "".join(sorted(first + "X")), *WORLD])
    assert sorted(joined(groups, links, [0, 1])) == both
    # Nobody says so of what is no operation, or of who knows a few of the others.
    assert second in joined(groups, links, [0])
    assert first + "X" not in joined((first, second + "X", *WORLD), links, [1])
    few = [link for link in links if link[0] != "X" or link[1] in first + "AB"]
    assert second in joined(groups, few, [0, 1])
