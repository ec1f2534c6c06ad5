"""Verified Pages and their mutual likes: made files, and the real ones where they are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from ingest.intake import Intake

Canonical = Callable[..., dict[str, list[dict[str, Any]]]]


def test_edges_lead_to_pages_by_their_facebook_ids(canonical: Canonical) -> None:
    rows = canonical("musae_facebook")
    assert rows["pages"][1] == {
        "platform": "facebook",
        "id": "100000000000002",
        "name": "Ministry of Silly Walks: Министерство",
        "category": "government",
        "verified": True,
        "x_musae_id": "1",
        "line": 3,
    }
    assert [(row["source_id"], row["target_id"]) for row in rows["links"]] == [
        ("100000000000001", "100000000000002"),
        ("100000000000002", "100000000000003"),
        ("100000000000003", "100000000000003"),
        ("100000000000003", "musae/99"),
    ]
    assert {
        (row["source_kind"], row["target_kind"], row["type"], row["x_mutual"]) for row in rows["links"]
    } == {("page", "page", "likes", "true")}


def test_edges_alone_keep_their_numbers(canonical: Canonical) -> None:
    links = canonical("musae_facebook", "musae_facebook_edges.csv")["links"]
    assert (links[0]["source_id"], links[0]["target_id"]) == ("musae/0", "musae/1")


def test_every_real_page_and_edge_loads(
    taken_in: Callable[[list[Path]], list[Intake]], shared_data: Path
) -> None:
    pages, links = taken_in([shared_data / "musae_facebook"])
    assert [(t.table, t.rows_in, t.loaded) for t in pages.tables] == [("pages", 22_470, 22_470)]
    assert [(t.table, t.rows_in, t.loaded, t.rejected) for t in links.tables] == [
        ("links", 171_002, 171_002, 0),
        ("pages", 22_470, 22_470, 0),
    ]
    known = pl.read_parquet(pages.staged["pages"].path)["id"]
    edges = pl.read_parquet(links.staged["links"].path)
    assert edges["source_id"].is_in(known.implode()).all()
    assert edges["target_id"].is_in(known.implode()).all()
