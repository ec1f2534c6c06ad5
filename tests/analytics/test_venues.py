"""Venues: what only suspects bring up ties them to each other; what the public visits too does not."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from analytics.attachment import POSTS_IN, VISITS
from analytics.joining import join_pieces
from analytics.venues import own_venues

AT = datetime(2019, 4, 1, tzinfo=UTC)
GROUP = "facebook:group:1"
LEFT, RIGHT = [f"left{i}" for i in range(10)], [f"right{i}" for i in range(10)]
PUBLIC = [f"p{i}" for i in range(80)]
SUSPECTS = pl.Series([*LEFT, *RIGHT])
KNOWN = pl.Series([*LEFT, *RIGHT, *PUBLIC, GROUP])


def log(folder: Path, sites: list[tuple[str, str]], groups: list[tuple[str, str]] = ()) -> Path:  # type: ignore[assignment]
    """Write an action log in which each (asset, page) and (asset, Group) is a post of its own."""
    acts = [("domain", page.split("/")[0], asset, AT, f"s{i}") for i, (asset, page) in enumerate(sites)]
    acts += [("url", f"https://{page}", asset, AT, f"s{i}") for i, (asset, page) in enumerate(sites)]
    names = ["kind", "object", "actor", "at", "post"]
    pl.DataFrame(acts, schema=names, orient="row").write_parquet(folder / "actions-SRC-1.parquet")
    posts = [(f"s{i}", asset, None, AT) for i, (asset, _) in enumerate(sites)]
    posts += [(f"g{i}", asset, group, AT) for i, (asset, group) in enumerate(groups)]
    schema = {"post": pl.String, "actor": pl.String, "surface": pl.String, "at": pl.Datetime("us", "UTC")}
    pl.DataFrame(posts, schema=schema, orient="row").write_parquet(folder / "posts-SRC-1.parquet")
    return folder


#: What everybody reads, so that it is known how often suspects are among those who link to a site.
NEWS = [(asset, f"news{i}.example") for i in range(5) for asset in [*PUBLIC[i::2], *LEFT[i::4], *RIGHT[i::4]]]
OWN = [(asset, "own.example") for asset in [*LEFT, *RIGHT]]


def visitors(found: pl.DataFrame, venue: str) -> set[str]:
    return set(found.filter(pl.col("target") == venue, pl.col("type") == VISITS)["source"])


def test_a_site_that_only_suspects_push_is_theirs_and_the_news_is_not(tmp_path: Path) -> None:
    found = own_venues(log(tmp_path, [*NEWS, *OWN]), SUSPECTS, KNOWN)
    assert set(found["target"]) == {"site:own.example"}
    assert visitors(found, "site:own.example") == {*LEFT, *RIGHT}


def test_who_goes_hardly_anywhere_else_comes_along_and_a_passer_by_does_not(tmp_path: Path) -> None:
    passing = [("p0", "own.example"), *[("fresh", "own.example")] * 3]
    found = own_venues(log(tmp_path, [*NEWS, *OWN, *passing]), SUSPECTS, KNOWN)
    assert visitors(found, "site:own.example") == {*LEFT, *RIGHT, "fresh"}


def test_where_suspects_are_most_of_the_data_a_few_that_meet_are_no_wonder(tmp_path: Path) -> None:
    few = [(asset, "small.example") for asset in LEFT[:3]]
    crowd = [(asset, "news0.example") for asset in [*LEFT, *RIGHT] for _ in range(3)]
    mostly = [(asset, f"blog{i}.example") for i in range(40) for asset in [*LEFT[i % 5 :], PUBLIC[i]]]
    found = own_venues(log(tmp_path, [*crowd, *mostly, *few]), SUSPECTS, KNOWN)
    assert "site:small.example" not in set(found["target"])


def test_a_group_in_which_only_they_post_comes_along(tmp_path: Path) -> None:
    posts = [(asset, GROUP) for asset in [*LEFT, *RIGHT]]
    public = [(asset, "facebook:group:2") for asset in [*PUBLIC, *LEFT[:4]]]
    folder = log(tmp_path, NEWS, [*posts, *public])
    found = own_venues(folder, SUSPECTS, KNOWN)
    assert set(found["target"]) == {GROUP}
    assert set(found.filter(pl.col("type") == POSTS_IN)["source"]) == {*LEFT, *RIGHT}
    unheard_of = own_venues(folder, SUSPECTS, KNOWN.filter(KNOWN != GROUP))
    assert set(unheard_of["type"]) == {VISITS}


def test_cells_that_share_nothing_but_their_site_are_one_operation(tmp_path: Path) -> None:
    rows = [(asset, i) for i, cell in enumerate((LEFT, RIGHT, PUBLIC[:8])) for asset in cell]
    pieces = pl.DataFrame(rows, schema={"asset": pl.String, "community": pl.Int64}, orient="row")
    cliques = [
        (a, b, "COORDINATED", 3.0) for cell in (LEFT, RIGHT, PUBLIC[:8]) for a in cell for b in cell if a < b
    ]
    schema = {"source": pl.String, "target": pl.String, "type": pl.String, "strength": pl.Float64}
    links = pl.DataFrame(cliques, schema=schema, orient="row")

    def wholes(sites: list[tuple[str, str]]) -> set[int]:
        venues = own_venues(log(tmp_path, [*NEWS, *sites]), SUSPECTS, KNOWN)
        joined = join_pieces(pieces, pl.concat([links, venues]), pl.Series([0, 1]))
        return set(joined.group_by("community").len()["len"])

    assert wholes(OWN) == {20, 8}
    # One of the right cell that strays there is not the cell.
    assert wholes([*OWN[:10], ("right0", "own.example")]) == {10, 8}


def test_guests_of_one_platform_who_have_no_page_in_common_stay_apart(tmp_path: Path) -> None:
    own = [(asset, f"tube.example/{asset[0]}{i}") for asset in [*LEFT, *RIGHT] for i in range(2)]
    found = own_venues(log(tmp_path, [*NEWS, *own]), SUSPECTS, KNOWN)
    assert visitors(found, "site:tube.example") == set(LEFT)
    assert visitors(found, "site:tube.example 1") == set(RIGHT)
