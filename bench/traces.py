"""Which traces make an alert: `python -m bench traces`, for "what a careful operator must do" in the docs.

Made operations of some assets, half Pages and half accounts, who all show the named traces, stand among 400
ordinary ones that show none, and are scored with the least price of the search. Nothing is searched for: it
is what an operation would score if it were found.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any, Final

import polars as pl

from analytics import acting
from analytics import population as p
from analytics.population import Population
from analytics.scoring import measure_signals, score
from analytics.signals.case import Case
from analytics.weights import ALERT_THRESHOLD

SIZES: Final = (10, 30, 100)
_START: Final = datetime(2018, 1, 1, tzinfo=UTC)
_EDGES: Final = pl.Schema(
    {"source": pl.String(), "target": pl.String(), "layer": pl.String(), "objects": pl.Int64()}
)


@dataclass
class Operation:
    """What is known of an operation's assets.

    Attributes:
        pages: Its Pages.
        accounts: Its accounts.
        facts: More columns of assets.
        admins: Pairs of account and Page.
        uses: Triples of asset, identifier and kind.
        edges: Coordinated edges.
        payers: Of each Page's ads, `None` where nobody is named.
        currency: Of the ads.
    """

    pages: list[str]
    accounts: list[str]
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    admins: list[tuple[str, str]] = field(default_factory=list)
    uses: list[tuple[str, str, str]] = field(default_factory=list)
    edges: list[tuple[str, str, str, int]] = field(default_factory=list)
    payers: list[str | None] = field(default_factory=list)
    currency: str = "PKR"

    def tell(self, assets: list[str], **facts: Any) -> None:
        """Add columns to assets."""
        for asset in assets:
            self.facts.setdefault(asset, {}).update(facts)

    def join(self, layer: str, assets: list[str]) -> None:
        """Add an edge to each of the next five, round and round."""
        self.edges += [
            (min(one, other), max(one, other), layer, 5)
            for i, one in enumerate(assets)
            for step in range(1, min(5, (len(assets) - 1) // 2) + 1)
            if (other := assets[(i + step) % len(assets)]) != one
        ]


def _administrators(made: Operation) -> None:
    made.admins += [
        (made.accounts[(i + step) % len(made.accounts)], page)
        for i, page in enumerate(made.pages)
        for step in (0, 1)
    ]
    made.join("shared_admin", made.pages)


def _devices(made: Operation) -> None:
    made.uses += [
        (account, f"{kind}:{i // 5}", kind)
        for i, account in enumerate(made.accounts)
        for kind in ("device", "phone")
    ]
    made.join("shared_identifier", made.accounts)


def _sites(made: Operation) -> None:
    made.uses += [
        (page, f"{kind}:x", kind) for page in made.pages for kind in ("website_host", "analytics_tag")
    ]
    made.join("shared_identifier", made.pages)


def _copied_ads(made: Operation) -> None:
    made.payers = ["payer:x"]
    made.join("shared_creative", made.pages)


def _foreign_money(made: Operation) -> None:
    made.payers = made.payers or ["payer:x", None]
    made.currency = "INR"


def _undisclosed(made: Operation) -> None:
    made.payers = [None]


def _abroad(made: Operation) -> None:
    made.tell(made.pages, admin_countries=["IN"], admin_country_counts=[2])


def _pictures(made: Operation) -> None:
    for i, asset in enumerate(made.pages + made.accounts):
        made.tell([asset], picture=f"face:{i // 2}")


#: Traces by name; those of the first group make coordinated edges.
TRACES: Final[dict[str, Callable[[Operation], None]]] = {
    "posts in step": lambda made: made.join("co_url", made.pages + made.accounts),
    "reworded copies, in step": lambda made: made.join("co_similar_text", made.pages + made.accounts),
    "administrators in common": _administrators,
    "devices and phones in common": _devices,
    "host and tag in common": _sites,
    "copied ads, payers named": _copied_ads,
    "foreign admins": _abroad,
    "burst of creation": lambda made: made.tell(made.accounts, created_at=_START + timedelta(days=99)),
    "copied pictures": _pictures,
    "renamed Pages": lambda made: made.tell(made.pages, history_events=["created", "renamed"]),
    "foreign currency": _foreign_money,
    "payers undisclosed": _undisclosed,
}
MAKE_EDGES: Final = list(TRACES)[:6]


def bits(traces: tuple[str, ...], size: int) -> float:
    """Return the score of an operation of `size` assets, all of whom show the traces, in bits."""
    made = Operation([f"p{i}" for i in range(size // 2)], [f"a{i}" for i in range(size // 2)])
    for trace in traces:
        TRACES[trace](made)
    return float(score(measure_signals(_case(made), looked_at=1))["score"][0])


def _case(made: Operation) -> Case:
    ordinary = {f"o{kind}{i}": _START + timedelta(days=7 * i) for kind in "ap" for i in range(200)}
    own = {key: _START + timedelta(days=31 * i) for i, key in enumerate([*made.pages, *made.accounts])}
    assets = [
        {
            "asset": key, "platform": "facebook", "kind": "page" if "p" in key else "account", "id": key,
            "created_at": at, "country": "PK", "picture": f"own:{key}", "verified": False,
            "history_events": ["created"] if "p" in key else None,
            "admin_countries": ["PK"] if "p" in key else None,
            "admin_country_counts": [1] if "p" in key else None,
        } | made.facts.get(key, {})
        for key, at in (own | ordinary).items()
    ]  # fmt: skip
    uses = made.uses + [(key, f"{kind}:{key}", kind) for key in ordinary for kind in _kinds(key)]
    ads = [(page, payer, made.currency) for page in made.pages for payer in made.payers]
    ads += [(key, f"payer:{key}", "PKR") for key in ordinary if "p" in key]
    acted = [
        {"asset": row["asset"], "posts": 5, "first_at": _START, "last_at": _START, "weekend": 0}
        for row in assets
    ]
    return Case(
        Population(
            _frame(p.ASSETS, assets),
            pl.DataFrame(made.admins, schema=p.ADMINS, orient="row"),
            pl.DataFrame(uses, schema=p.IDENTIFIERS, orient="row"),
            _frame(
                p.ADS,
                [
                    {
                        "asset": key,
                        "ad": f"ad:{number}",
                        "payer": payer,
                        "currency": currency,
                        "countries": ["PK"],
                    }
                    for number, (key, payer, currency) in enumerate(ads)
                ],
            ),
            _frame(acting.ACTIVITY, acted),
            _frame(acting.ACTS, [{"asset": row["asset"], "acts": row["posts"]} for row in acted]),
        ),
        pl.DataFrame({"asset": list(own)}).with_columns(community=pl.lit(0, pl.Int64)),
        pl.DataFrame(sorted(set(made.edges)), schema=_EDGES, orient="row"),
        pl.Series([], dtype=pl.String),
    )


def _kinds(asset: str) -> tuple[str, ...]:
    return ("website_host", "analytics_tag") if "p" in asset else ("device", "phone")


def _frame(schema: pl.Schema, rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame([{**dict.fromkeys(schema), **row} for row in rows], schema=schema)


def main(arguments: list[str]) -> None:
    """Print the score of each trace alone and which pairs make an alert, by size."""
    argparse.ArgumentParser(prog="python -m bench traces", description=__doc__).parse_args(arguments)
    print(f"{'trace':28}" + "".join(f"{size:>8}" for size in SIZES))
    for trace in TRACES:
        print(f"{trace:28}" + "".join(f"{bits((trace,), size):8.1f}" for size in SIZES))
    pairs = [pair for pair in combinations(TRACES, 2) if pair[0] in MAKE_EDGES]
    told = {pair: [bits(pair, size) for size in SIZES] for pair in pairs}
    print()
    for place, size in enumerate(SIZES):
        reach = sum(one[place] >= ALERT_THRESHOLD for one in told.values())
        print(f"at {size} assets {reach} of {len(pairs)} pairs with one that makes edges are an alert")
    print("\nthose that do not at any size:")
    for pair, one in told.items():
        if max(one) < ALERT_THRESHOLD:
            print(f"  {' + '.join(pair):60}" + "".join(f"{value:8.1f}" for value in one))
