"""Advertisements: who pays, in which currency, how much, and what is disclosed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from ingest.simulate.clock import DAY, END, Floats, Ints, at
from ingest.simulate.identifier_values import values
from ingest.simulate.world import Assets, Names, World
from ingest.simulate.writing import blank, texts

#: Units of a currency for one US dollar, rounded, turn of 2018 to 2019: what USD-equivalent means here.
PER_USD: Final = {
    "USD": 1.0,
    "PKR": 140.0,
    "INR": 70.0,
    "BDT": 84.0,
    "GBP": 0.8,
    "AED": 3.67,
    "IDR": 14_000.0,
    "BRL": 3.8,
    "NGN": 360.0,
    "EGP": 17.5,
    "EUR": 0.88,
    "JPY": 110.0,
}
CURRENCIES: Final = {
    "IN": "INR",
    "PK": "PKR",
    "BD": "BDT",
    "US": "USD",
    "GB": "GBP",
    "AE": "AED",
    "ID": "IDR",
    "BR": "BRL",
    "NG": "NGN",
    "EG": "EGP",
    "DE": "EUR",
    "JP": "JPY",
}


@dataclass(frozen=True)
class Bill:
    """What a set of ads costs and who is said to pay, one entry an ad; spend is in US dollars."""

    pages: Assets
    page: Ints
    spend: Floats
    currency: Names
    started: Ints
    payer: Names
    countries: Names


def advertise(world: World, bill: Bill, site: str | None = None, said: pl.Series | None = None) -> None:
    """Write ads down; spend is printed as a range about as wide as half the amount, as platforms print it.

    Args:
        world: Where.
        bill: What they cost.
        site: Where they all lead to; each Page's own if not given.
        said: What they say, one an ad; something of each Page's topic if not given.
    """
    rng, n = world.rng, len(bill.page)
    local = bill.spend * np.array([PER_USD[str(currency)] for currency in bill.currency])
    step = 10.0 ** np.floor(np.log10(np.maximum(local, 1.0))) / 4
    lower = np.floor(local / step) * step
    seen = (bill.spend * rng.uniform(150, 900, n)).astype(np.int64)
    ids = world.numbers("ad", n)
    topics = bill.pages.topics[bill.page]
    own = values("domain", world.numbers("thing", len(bill.pages))).gather(pl.Series(bill.page))
    host = pl.Series([site] * n) if site else own
    stopped = np.minimum(bill.started + (rng.integers(1, 30, n) * DAY), END)
    self_paid = pl.Series(bill.payer.tolist(), dtype=pl.String)
    world.data.add(
        "ads",
        {
            "id": ids,
            "page_id": bill.pages.ids[bill.page],
            "payer": self_paid,
            "currency": pl.Series(bill.currency.tolist(), dtype=pl.String),
            "spend_lower": lower,
            "spend_upper": lower + step,
            "impressions_lower": blank(pl.Series(seen), rng.random(n) < 0.2),
            "impressions_upper": seen * 2 + 100,
            "started_at": bill.started,
            "stopped_at": blank(pl.Series(stopped), rng.random(n) < 0.15),
            "created_at": bill.started,
            "text": texts(rng, topics) if said is None else said,
            "url": "https://" + host + "/" + pl.Series(ids % 9973).cast(pl.String),
            "countries": pl.Series(bill.countries.tolist(), dtype=pl.String),
            "disclaimer": "Paid for by " + self_paid,
        },
    )


def ordinary_ads(world: World, pages: Assets) -> None:
    """Let three Pages in twenty advertise: mostly in its own currency, often without saying who pays."""
    rng = world.rng
    page = np.repeat(
        np.arange(len(pages)), np.where(rng.random(len(pages)) < 0.15, rng.geometric(0.3, len(pages)), 0)
    )
    n = len(page)
    home = np.array([CURRENCIES[str(country)] for country in pages.countries], dtype=object)
    foreign = rng.random(len(pages)) < 0.2
    home[foreign] = np.array(["USD", "EUR"], dtype=object)[rng.integers(0, 2, int(foreign.sum()))]
    payer = pages.names[page]
    payer[rng.random(n) < 0.35] = None
    since = np.maximum(pages.created[page], at(2014, 6))
    started = since + (rng.random(n) * (END - DAY - since)).astype(np.int64)
    spend = rng.lognormal(3.2, 1.5, n)
    advertise(
        world, Bill(pages, page, spend, home[page], started, payer, pages.countries[page].astype(object))
    )
