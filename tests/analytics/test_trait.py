"""The log-likelihood that turns a trait into bits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import log2

import polars as pl
import pytest

from analytics.population import ADMINS, ASSETS, IDENTIFIERS, Population
from analytics.signals.case import Case
from analytics.signals.trait import MINORITY, ODD, PRIOR_WEIGHT, Trait, measure
from analytics.weights import WEIGHTS, Weight

TRAIT = Trait("trait", sentence="{k} of {n} ({share}), elsewhere {background}")
WEIGHT = Weight(kind="fabrication", prior=0.1, cap=50.0, per_asset=10.0, why="a test")


@pytest.fixture(autouse=True)
def _weighed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(WEIGHTS, "trait", WEIGHT)


def values(having: int, lacking: int, unknown: int, prefix: str) -> pl.DataFrame:
    has = [True] * having + [False] * lacking + [None] * unknown
    return pl.DataFrame(
        {"asset": [f"{prefix}{i}" for i in range(len(has))], "has": pl.Series(has, dtype=pl.Boolean)}
    )


def case(
    inside: pl.DataFrame,
    *others: pl.DataFrame,
    suspected: pl.DataFrame | None = None,
    admins: Sequence[tuple[str, str]] = (),
) -> Case:
    """A case in which `inside` is community 0, and each of `others` a further one."""
    members = pl.concat(
        [frame.select("asset", community=pl.lit(i, pl.Int64)) for i, frame in enumerate((inside, *others))]
    )
    nothing = pl.DataFrame()
    run = pl.DataFrame(list(admins), schema=ADMINS, orient="row")
    population = Population(
        pl.DataFrame(schema=ASSETS), run, pl.DataFrame(schema=IDENTIFIERS), nothing, nothing
    )
    doubted = suspected["asset"] if suspected is not None else pl.Series([], dtype=pl.String)
    return Case(population, members, nothing, doubted)


def test_bits_are_a_log_likelihood_ratio_less_the_price_of_its_rate() -> None:
    inside, outside = values(6, 4, 0, "in"), values(20, 980, 0, "out")
    row = measure(TRAIT, pl.concat([inside, outside]), case(inside)).row(0, named=True)
    p = (20 + PRIOR_WEIGHT * 0.1) / (1000 + PRIOR_WEIGHT)
    q = (6 + p) / 11
    assert row["background"] == pytest.approx(p)
    assert row["value"] == pytest.approx(0.6)
    ratio = 6 * log2(q / p) + 4 * log2((1 - q) / (1 - p))
    assert row["bits"] == pytest.approx(ratio - log2(11) / 2, abs=0.005)


@pytest.mark.parametrize(("having", "lacking"), [(2, 16), (3, 30), (5, 75)])
def test_what_a_few_of_many_show_does_not_add_up_over_signals(having: int, lacking: int) -> None:
    inside, outside = values(having, lacking, 0, "in"), values(200, 9800, 0, "out")
    row = measure(TRAIT, pl.concat([inside, outside]), case(inside)).row(0, named=True)
    assert row["value"] > 3 * row["background"]
    assert row["bits"] < 1.5


def test_a_trait_of_all_is_as_telling_as_its_cap_in_a_small_operation_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(WEIGHTS, "trait", replace(WEIGHT, prior=0.02, cap=6.0, per_asset=2.0))
    inside = values(3, 0, 0, "in")
    row = measure(TRAIT, pl.concat([inside, values(20, 980, 0, "out")]), case(inside)).row(0, named=True)
    assert row["bits"] == 6.0


def test_an_operation_cannot_set_its_own_background() -> None:
    inside, outside = values(500, 0, 0, "in"), values(0, 500, 0, "out")
    row = measure(TRAIT, pl.concat([inside, outside]), case(inside)).row(0, named=True)
    assert row["background"] < 0.01
    assert row["bits"] == WEIGHT.cap


def test_what_is_suspected_is_no_background() -> None:
    inside, other, outside = values(5, 5, 0, "in"), values(300, 0, 0, "bad"), values(20, 980, 0, "out")
    everything = pl.concat([inside, other, outside])
    naive = measure(TRAIT, everything, case(inside)).row(0, named=True)
    fair = measure(TRAIT, everything, case(inside, suspected=other)).row(0, named=True)
    assert fair["background"] < naive["background"]
    assert fair["bits"] > naive["bits"]


def test_what_forms_communities_is_compared_with_communities() -> None:
    inside, rival, outside = values(5, 5, 0, "in"), values(50, 50, 0, "rival"), values(0, 1000, 0, "out")
    everything = pl.concat([inside, rival, outside])
    formative = replace(TRAIT, formative=True)
    row = measure(formative, everything, case(inside, rival)).row(0, named=True)
    assert row["background"] == pytest.approx((50 + PRIOR_WEIGHT * 0.1) / (100 + PRIOR_WEIGHT))


def test_unknown_members_weigh_nothing_but_lower_the_completeness() -> None:
    outside = values(20, 980, 0, "out")
    known, half = values(3, 3, 0, "in"), values(3, 3, 6, "in")
    full = measure(TRAIT, pl.concat([known, outside]), case(known)).row(0, named=True)
    partly = measure(TRAIT, pl.concat([half, outside]), case(half)).row(0, named=True)
    assert partly["bits"] == full["bits"]
    assert (partly["known"], partly["eligible"]) == (6, 12)


def test_nothing_known_says_so_and_gives_no_bits() -> None:
    inside = values(0, 0, 5, "in")
    row = measure(TRAIT, pl.concat([inside, values(5, 5, 0, "out")]), case(inside)).row(0, named=True)
    assert (row["bits"], row["value"], row["why"]) == (0.0, None, "not known")


def test_a_rate_below_the_background_is_no_evidence() -> None:
    inside = values(1, 19, 0, "in")
    row = measure(TRAIT, pl.concat([inside, values(500, 500, 0, "out")]), case(inside)).row(0, named=True)
    assert row["bits"] == 0.0


@pytest.mark.parametrize(("having", "most"), [(1, 2.0), (2, 4.0), (30, 6.0)])
def test_bits_are_capped_by_asset_and_by_signal(
    having: int, most: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(WEIGHTS, "trait", replace(WEIGHT, prior=0.001, cap=6.0, per_asset=2.0))
    inside = values(having, 0, 0, "in")
    row = measure(TRAIT, pl.concat([inside, values(0, 10_000, 0, "out")]), case(inside)).row(0, named=True)
    assert row["bits"] == most


def test_what_few_members_show_stands_beside_the_others() -> None:
    inside, outside = values(10, 90, 0, "in"), values(0, 10_000, 0, "out")
    row = measure(TRAIT, pl.concat([inside, outside]), case(inside)).row(0, named=True)
    assert row["bits"] == pytest.approx(WEIGHT.cap * 0.1 / MINORITY)


def test_what_is_known_of_few_members_says_little_of_all() -> None:
    inside, outside = values(3, 0, 57, "in"), values(0, 10_000, 0, "out")
    row = measure(TRAIT, pl.concat([inside, outside]), case(inside)).row(0, named=True)
    assert row["bits"] == pytest.approx(WEIGHT.cap * 3 / 60 / ODD, abs=0.01)


def test_data_cannot_set_a_background_above_the_ceiling(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(WEIGHTS, "trait", replace(WEIGHT, ceiling=0.15))
    inside, outside = values(9, 1, 0, "in"), values(900, 100, 0, "out")
    row = measure(TRAIT, pl.concat([inside, outside]), case(inside)).row(0, named=True)
    assert row["background"] == 0.15
    assert row["bits"] > 0


def test_data_cannot_set_a_background_below_the_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    inside, outside = values(3, 17, 0, "in"), values(0, 10_000, 0, "out")
    everything = pl.concat([inside, outside])
    assert measure(TRAIT, everything, case(inside)).row(0, named=True)["bits"] > 2
    monkeypatch.setitem(WEIGHTS, "trait", replace(WEIGHT, floor=0.15))
    row = measure(TRAIT, everything, case(inside)).row(0, named=True)
    assert (row["background"], row["bits"]) == (0.15, 0.0)


def test_what_one_person_does_with_all_of_his_pages_is_one_decision() -> None:
    inside, outside = values(6, 0, 0, "in"), values(20, 980, 0, "out")
    both = pl.concat([inside, outside])
    few = [(f"person{i % 2}", f"in{i}") for i in range(4)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(WEIGHTS, "trait", replace(WEIGHT, per_asset=1.0))
        # Two people run four of the six, of the others it is not known.
        assert measure(TRAIT, both, case(inside, admins=few))["bits"][0] == 4.0
        assert measure(TRAIT, both, case(inside))["bits"][0] == 6.0
