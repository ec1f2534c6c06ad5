"""What an operation consists of."""

from __future__ import annotations

import polars as pl

from analytics import acting
from analytics import population as p
from analytics.population import Population
from analytics.profiles import profile


def test_an_ad_without_an_upper_bound_counts_with_its_lower_one() -> None:
    page = {"asset": "facebook:page:1", "platform": "facebook", "kind": "page", "id": "1"}
    ads = [
        {
            "asset": page["asset"],
            "ad": f"ad{lower}",
            "currency": "USD",
            "spend_lower": lower,
            "spend_upper": upper,
        }
        for lower, upper in ((1_000_000.0, None), (100.0, 199.0))
    ]
    population = Population(
        assets=pl.DataFrame([{**dict.fromkeys(p.ASSETS), **page}], schema=p.ASSETS),
        admins=pl.DataFrame(schema=p.ADMINS),
        identifiers=pl.DataFrame(schema=p.IDENTIFIERS),
        ads=pl.DataFrame([{**dict.fromkeys(p.ADS), **ad} for ad in ads], schema=p.ADS),
        activity=pl.DataFrame(schema=acting.ACTIVITY),
    )
    members = pl.DataFrame({"asset": [page["asset"]], "community": [0]})
    edges = pl.DataFrame(schema={"source": pl.String, "target": pl.String, "layer": pl.String})
    assert profile(population, members, edges)["ad_spend"].to_list() == [["USD 1000100-1000199"]]
