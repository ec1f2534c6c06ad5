"""A small world around one community, for signals to look at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from analytics import acting
from analytics import population as p
from analytics.population import Population
from analytics.signals.case import Case
from analytics.signals.trait import MEASURED, SHOWN

START = datetime(2018, 1, 1, tzinfo=UTC)
ACCOUNTS = [f"a{i}" for i in range(6)]
PAGES = [f"p{i}" for i in range(4)]


def frame(schema: pl.Schema, rows: Sequence[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame([{**dict.fromkeys(schema), **row} for row in rows], schema=schema)


def asset(key: str, **facts: Any) -> dict[str, Any]:
    kind = "page" if "p" in key else "account"
    return {"asset": key, "platform": "facebook", "kind": kind, "id": key, **facts}


def case(
    inside: dict[str, dict[str, Any]],
    *,
    admins: Sequence[tuple[str, str]] = (),
    uses: Sequence[tuple[str, str, str]] = (),
    ads: Sequence[dict[str, Any]] = (),
    edges: Sequence[tuple[str, str, str]] = (),
    objects: int = 5,
    outside: dict[str, Any] | None = None,
    activity: dict[str, dict[str, Any]] | None = None,
    ties: dict[str, int] | None = None,
    tied: Sequence[tuple[str, str, str]] = (),
) -> Case:
    """Members `inside` (key to facts) in community 0, among 200 ordinary accounts and Pages `oa…`, `op…`.

    Each of the `edges` inside stands for so many objects.
    """
    ordinary = [
        asset(f"o{kind}{i}", created_at=START + timedelta(days=7 * i), **(outside or {}))
        for kind in "ap"
        for i in range(200)
    ]
    assets = [asset(key, **facts) for key, facts in inside.items()] + ordinary
    usual = {"posts": 5, "first_at": START, "last_at": START, "weekend": 0, **(activity or {}).get("", {})}
    acted = [{"asset": row["asset"], **usual, **(activity or {}).get(row["asset"], {})} for row in assets]
    members = pl.DataFrame({"asset": list(inside)}).with_columns(community=pl.lit(0, pl.Int64))
    return Case(
        Population(
            frame(p.ASSETS, assets),
            frame(p.ADMINS, [{"account": a, "asset": b} for a, b in admins]),
            frame(p.IDENTIFIERS, [{"asset": a, "identifier": i, "kind": k} for a, i, k in uses]),
            frame(p.ADS, [{"ad": f"ad{i}", **ad} for i, ad in enumerate(ads)]),
            frame(acting.ACTIVITY, acted),
            frame(acting.ACTS, [{"asset": row["asset"], "acts": row["posts"]} for row in acted]),
            frame(p.TIES, [{"asset": key, "ties": n} for key, n in (ties or {}).items()]),
            pl.DataFrame(list(tied), schema=p.TIED, orient="row"),
        ),
        members,
        pl.DataFrame(
            list(edges), schema={"source": pl.String, "target": pl.String, "layer": pl.String}, orient="row"
        ).with_columns(objects=pl.lit(objects, pl.Int64), patient=pl.lit(value=False)),
        pl.Series([], dtype=pl.String),
    )


def only(measured: pl.DataFrame) -> dict[str, Any]:
    assert measured.height == 1
    assert measured.schema in (MEASURED, SHOWN)
    return measured.row(0, named=True)
