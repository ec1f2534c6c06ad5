"""Operations keep their ids from run to run."""

from __future__ import annotations

import polars as pl
import pytest

from analytics.history.identity import identify


def members(**communities: str) -> pl.DataFrame:
    rows = [(asset, int(name[1:])) for name, assets in communities.items() for asset in assets]
    return pl.DataFrame(rows, schema={"asset": pl.String, "community": pl.Int64}, orient="row")


def earlier(**operations: str) -> pl.DataFrame:
    rows = [(asset, name) for name, assets in operations.items() for asset in assets]
    return pl.DataFrame(rows, schema={"asset": pl.String, "operation": pl.String}, orient="row")


def result(now: pl.DataFrame, before: pl.DataFrame) -> list[tuple[str, str]]:
    return [(row["operation"], row["status"]) for row in identify(now, before).iter_rows(named=True)]


def test_a_new_operation_gets_an_id_made_of_its_members() -> None:
    first = identify(members(c0="abc"), earlier())
    again = identify(members(c7="cba"), earlier())
    assert first["operation"][0].startswith("OP-")
    assert first["operation"][0] == again["operation"][0]
    assert first["status"][0] == "new"


@pytest.mark.parametrize(
    ("now", "status"), [("abcd", "unchanged"), ("abcde", "grown"), ("abc", "shrunk"), ("abcx", "grown")]
)
def test_the_id_lasts_while_the_members_do(now: str, status: str) -> None:
    assert result(members(c0=now), earlier(A="abcd")) == [("A", status)]


def test_a_merger_keeps_the_id_of_the_larger_part() -> None:
    assert result(members(c0="abcdexyz"), earlier(A="abcde", B="xyz")) == [("A", "merged")]


def test_a_split_keeps_the_id_in_the_larger_part() -> None:
    (first, first_status), (second, second_status) = result(
        members(c0="abcde", c1="xyz"), earlier(A="abcdexyz")
    )
    assert (first, first_status) == ("A", "split")
    assert second != "A"
    assert second_status == "split"


def test_no_two_communities_share_an_id() -> None:
    ids = identify(members(c0="abcd", c1="efgh", c2="ijkl"), earlier(A="abef", B="cdgh"))["operation"]
    assert ids.n_unique() == 3


def test_an_operation_that_outgrew_its_first_members_does_not_share_its_id_with_them() -> None:
    first = identify(members(c0="abc"), earlier())["operation"][0]
    now = identify(members(c0="abc", c1="defghi"), earlier(**{first: "abcdefghi"}))
    assert now["operation"].to_list()[1] == first
    assert now["operation"].n_unique() == 2
