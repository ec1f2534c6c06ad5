"""The sum of the signals: what one kind may bring, what speaks against, which candidates are kept."""

from __future__ import annotations

import math
import re
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.choosing import choose
from analytics.corrections import ONE_KIND, SAME_KIND
from analytics.exports.disarm import BY_SIGNAL
from analytics.ranking import rank
from analytics.scoring import measure_signals, price_of_search, score
from analytics.settings import RankSettings
from analytics.signals import SIGNALS
from analytics.signals.disclosed_payers import disclosed_payers
from analytics.signals.loosely_held import loosely_held
from analytics.signals.name_templates import name_templates
from analytics.signals.shared_sites import shared_sites
from analytics.weights import (
    ALERT_THRESHOLD,
    KIND_CAPS,
    LEAST_OF_A_KIND,
    LEAST_SEARCH,
    MOST_OF_ONE_KIND,
    SPEAKS_FROM,
    WEIGHTS,
)
from cypher.errors import UsageError
from cypher.session import Graph
from tests.analytics.made_case import ACCOUNTS, PAGES, START, case, only


def total(**facts: object) -> tuple[float, pl.DataFrame]:
    # Made one a day, so that each was a sitting of its own.
    inside = {
        key: {"created_at": START + timedelta(days=i), "picture": f"face{i // 2}"}
        for i, key in enumerate(ACCOUNTS)
    }
    edges = [(a, b, "co_url") for a in ACCOUNTS for b in ACCOUNTS if a < b]
    measured = measure_signals(case(inside, edges=edges, **facts), looked_at=1)  # type: ignore[arg-type]
    return score(measured)["score"][0], measured


@given(st.lists(st.floats(-20, 40), min_size=1), st.integers(0, 10_000))
def test_the_price_of_the_search_is_shared_by_all_who_reach_the_threshold(
    bits: list[float], unseen: int
) -> None:
    shown = pl.Series(sorted((round(one, 2) for one in bits), reverse=True))
    found, price = price_of_search(shown, shown.len() + unseen)
    paid = (shown - max(price, LEAST_SEARCH)).round(2)
    # Exactly k reach it (but for rounding); with none, each is held to what the best of all shows.
    assert found - 1 <= (paid >= ALERT_THRESHOLD - 0.01).sum()
    assert (paid >= ALERT_THRESHOLD + 0.01).sum() <= found
    assert price == round(math.log2((shown.len() + unseen) / found), 2)


def test_the_price_of_the_search_does_not_grow_with_the_data() -> None:
    world = pl.Series([20.0] * 10 + [13.0] * 5 + [9.0] * 2_385)
    alone = price_of_search(world, world.len())
    twenty = price_of_search(pl.concat([world] * 20).sort(descending=True), 20 * world.len())
    assert twenty == (20 * alone[0], alone[1]) == (300, 7.32)
    assert price_of_search(world.tail(2_385), 2_385) == (1, 11.22)


def test_every_signal_has_its_weight_kind_and_reason() -> None:
    assert [signal.__name__ for signal in SIGNALS] == sorted(
        WEIGHTS, key=[signal.__name__ for signal in SIGNALS].index
    )
    assert {weight.kind for weight in WEIGHTS.values()} == {*KIND_CAPS, "against"}
    assert all(weight.why and weight.cap > 0 for weight in WEIGHTS.values())
    against = {name for name, weight in WEIGHTS.items() if weight.kind == "against"}
    assert not any(BY_SIGNAL[name] for name in against)


def run_from_abroad(*events: str) -> dict[str, float]:
    """Return the lines of Pages that share all administrators, who are in another country."""
    inside = {key: {"history_events": events, "country": "IN"} for key in PAGES}
    abroad = {**inside, **{a: {"country": "PK"} for a in ACCOUNTS}}
    admins = [(a, page) for page in PAGES for a in ACCOUNTS]
    measured = measure_signals(
        case(abroad, admins=admins, outside={"history_events": ["created"]}), looked_at=1
    )
    lines = dict(measured.select("name", "bits").iter_rows())
    return {name: bits for name, bits in lines.items() if name not in ("search", "loosely_held")}


def test_no_single_kind_of_evidence_reaches_the_threshold() -> None:
    assert MOST_OF_ONE_KIND < ALERT_THRESHOLD
    # Run from abroad, by whom nobody declares: all of it concealment.
    lines = run_from_abroad("created")
    assert min(lines["foreign_admins"], lines["undeclared_control"]) > 0
    assert lines[ONE_KIND] < 0
    assert sum(lines.values()) == pytest.approx(MOST_OF_ONE_KIND)


def test_what_a_page_was_is_another_kind_than_who_runs_it() -> None:
    lines, before = run_from_abroad("created", "renamed"), run_from_abroad("created")
    assert ONE_KIND not in lines
    assert sum(lines.values()) == pytest.approx(
        before["foreign_admins"] + before["undeclared_control"] + lines["renamed_pages"]
    )


def test_signals_of_a_kind_count_no_more_than_the_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KIND_CAPS, "concealment", 9.0)
    lines = run_from_abroad("created", "renamed")
    assert lines["foreign_admins"] + lines["undeclared_control"] > 9.0
    assert lines[f"{SAME_KIND}_concealment"] == pytest.approx(
        9.0 - lines["foreign_admins"] - lines["undeclared_control"]
    )


def test_two_kinds_count_each_for_itself() -> None:
    both, measured = total()
    assert ONE_KIND not in measured["name"].to_list()
    assert both == pytest.approx(measured["bits"].sum(), abs=0.005)
    assert both >= ALERT_THRESHOLD


def test_colleagues_who_share_a_telephone_and_post_in_step_are_no_alert() -> None:
    uses = [(a, f"{kind}:1", kind) for a in ACCOUNTS for kind in ("phone", "device")]
    edges = [(a, b, "co_url") for a in ACCOUNTS for b in ACCOUNTS if a < b]

    def lines(*pictures: str | None) -> dict[str, float]:
        inside = {a: {"picture": pictures[i % len(pictures)]} for i, a in enumerate(ACCOUNTS)}
        measured = measure_signals(case(inside, uses=uses, edges=edges), looked_at=1)
        return dict(measured.select("name", "bits").iter_rows())

    staff = lines(None)
    assert min(staff["shared_access"], staff["coordinated_activity"]) == 6.0
    assert sum(staff.values()) == pytest.approx(MOST_OF_ONE_KIND - LEAST_SEARCH)
    # But if they also hide who they are, all three count.
    farm = lines("one", "two", "three")
    assert ONE_KIND not in farm
    assert sum(farm.values()) == pytest.approx(6.0 + 6.0 + farm["copied_pictures"] - LEAST_SEARCH)


def test_a_weak_second_kind_lets_as_much_count_of_what_the_others_have_beyond_one_kind() -> None:
    for several in (6, 10):
        farm = [f"a{i}" for i in range(several)]
        inside = {a: {"created_at": START, "picture": f"face{i // 2}"} for i, a in enumerate(farm)}
        measured = measure_signals(case(inside, edges=[("a0", "a1", "co_url")]), looked_at=1)
        lines = dict(measured.select("name", "bits").iter_rows())
        second = lines["coordinated_activity"] + lines["apart_coordination"]
        assert 1 < second < LEAST_OF_A_KIND
        # As many pictures as pairs, and all made at once.
        made_up = min(KIND_CAPS["fabrication"], lines["creation_burst"] + lines["copied_pictures"])
        assert lines["copied_pictures"] == several / 2
        beyond = made_up + second - MOST_OF_ONE_KIND
        assert lines[ONE_KIND] == pytest.approx(-beyond * (1 - second / LEAST_OF_A_KIND), abs=0.006)
        # By hand it takes what the line itself says.
        why = measured.filter(name=ONE_KIND)["why"].item()
        assert [float(one) for one in re.findall(r"[\d.]+\d", why)] == [
            pytest.approx(one, abs=0.06)
            for one in (second, LEAST_OF_A_KIND, 100 * second / LEAST_OF_A_KIND, MOST_OF_ONE_KIND)
        ]


def test_a_class_that_made_its_accounts_at_its_school_is_no_alert(monkeypatch: pytest.MonkeyPatch) -> None:
    pupils = [f"a{i}" for i in range(12)]
    uses = [(a, f"device:{i % 2}", "device") for i, a in enumerate(pupils)]
    tasks = [(a, b, "co_url") for a in pupils for b in pupils if a < b]

    def lines(faces: int) -> tuple[dict[str, float], str]:
        inside = {
            a: {"created_at": START + timedelta(days=i), "picture": f"face{i // 2}" if i < 2 * faces else a}
            for i, a in enumerate(pupils)
        }
        measured = measure_signals(case(inside, uses=uses, edges=tasks), looked_at=1)
        why = measured.filter(name=ONE_KIND)["why"].to_list()
        return dict(measured.select("name", "bits").iter_rows()), "".join(why)

    school, why = lines(0)
    burst = school["creation_burst"]
    assert (burst, school["shared_access"], school["coordinated_activity"]) == (8.0, 6.0, 6.0)
    assert sum(school.values()) == pytest.approx(MOST_OF_ONE_KIND - LEAST_SEARCH)
    assert "(creation burst, coordination, infrastructure)" in why
    # Copied faces are what no class has a reason for: two say nothing yet, three all.
    for faces, speaks_from, share in ((2, SPEAKS_FROM, 0.0), (2, 1.0, 0.5), (3, SPEAKS_FROM, 1.0)):
        monkeypatch.setattr("analytics.corrections.SPEAKS_FROM", speaks_from)
        farm, why = lines(faces)
        assert farm["copied_pictures"] == faces
        beyond = burst + 6 + 6 + faces - MOST_OF_ONE_KIND
        assert farm.get(ONE_KIND, 0.0) == pytest.approx(-beyond * (1 - share))
        assert share != 0.5 or "more than 1.0, and in full from 3.0 on: 50.0%" in why


def test_two_odd_members_make_no_operation_of_colleagues() -> None:
    staff = [f"a{i}" for i in range(10)]
    uses = [(a, f"{kind}:1", kind) for a in staff for kind in ("phone", "device")]
    edges = [(a, b, "co_url") for a in staff for b in staff if a < b]
    # Of ten with a picture of their own four show that of another.
    inside = {a: {"picture": f"face{i // 2}" if i < 4 else a} for i, a in enumerate(staff)}
    measured = measure_signals(case(inside, uses=uses, edges=edges), looked_at=1)
    lines = dict(measured.select("name", "bits").iter_rows())
    assert 1 < lines["copied_pictures"] < LEAST_OF_A_KIND
    assert sum(lines.values()) == pytest.approx(MOST_OF_ONE_KIND - LEAST_SEARCH)


def test_a_neighbourhood_is_no_operation() -> None:
    chain = [(a, b, "shared_identifier") for a, b in [("a0", "a1"), ("a1", "a2"), ("a2", "a3")]]
    town = {f"a{i}": {} for i in range(12)}
    row = only(loosely_held(case(town, edges=chain)))
    assert row["value"] == pytest.approx(2 / 12)
    assert row["bits"] == pytest.approx(-WEIGHTS["loosely_held"].cap * 2 / 3, abs=0.01)
    assert only(loosely_held(case({key: {} for key in ACCOUNTS}, edges=chain)))["bits"] == 0.0
    # To look alike is not to coordinate.
    alike = [(a, b, "similar_name") for a in ACCOUNTS for b in ACCOUNTS if a < b]
    assert only(loosely_held(case({key: {} for key in ACCOUNTS}, edges=alike)))["value"] == 0.0
    # Who runs a coordinated Page, and whom a coordinated account runs, belongs to what coordinates.
    run = case(
        {key: {} for key in [*PAGES, "a0"]},
        admins=[("a0", page) for page in PAGES],
        edges=[(a, b, "co_url") for a in PAGES[:3] for b in PAGES[:3] if a < b],
    )
    assert only(loosely_held(run))["bits"] == 0.0


def test_names_of_one_pattern_with_digits() -> None:
    made = {key: {"name": f"Anna Meier{10000 + i}"} for i, key in enumerate(ACCOUNTS)}
    row = only(name_templates(case(made, outside={"name": "Anna Meier"})))
    assert row["value"] == 1.0
    assert row["bits"] == WEIGHTS["name_templates"].cap
    # Where the platform proposes such names to everybody, or they have no digits, they say nothing.
    usual = case(made, outside={"name": "Olga Petrova55555"})
    assert only(name_templates(usual))["bits"] < 2.0
    plain = case({key: {"name": "Anna Meier"} for key in ACCOUNTS}, outside={"name": "anna"})
    assert name_templates(plain)["bits"].sum() == 0.0


def test_a_tag_over_pages_that_nobody_runs_together() -> None:
    uses = [(page, "tag:1", "analytics_tag") for page in PAGES]
    uses += [(f"op{i}", f"tag:o{i}", "analytics_tag") for i in range(100)]
    inside = {key: {} for key in PAGES}
    assert only(shared_sites(case(inside, uses=uses)))["value"] == 1.0
    together = case(inside, uses=uses, admins=[("oa0", page) for page in PAGES])
    assert only(shared_sites(together))["value"] == 0.0
    owned = case({key: {"confirmed_owner": "A Ltd"} for key in PAGES}, uses=uses)
    assert only(shared_sites(owned))["value"] == 0.0


def test_a_kind_of_site_that_strangers_share_says_nothing() -> None:
    uses = [(page, "host:1", "website_host") for page in PAGES]
    uses += [(f"op{i}", f"host:cheap{i // 10}", "website_host") for i in range(100)]
    assert only(shared_sites(case({key: {} for key in PAGES}, uses=uses)))["value"] == 0.0


def test_who_says_who_pays() -> None:
    def told(*said: str | None, pages: int = len(PAGES)) -> tuple[float, float]:
        """Each of the Pages runs an ad for every payer that is given."""
        ads = [{"asset": page, "payer": payer} for page in PAGES[:pages] for payer in said]
        row = only(disclosed_payers(case({key: {} for key in PAGES}, ads=ads)))
        assert f"pays for {row['value']:.0%} of" in row["why"]
        return row["value"], row["bits"]

    cap = WEIGHTS["disclosed_payers"].cap
    assert told("payer:1", "payer:2") == (1.0, -cap)
    # A few ads say nothing wherever an agency buys many; who leaves one in six unsaid says too little.
    assert told(*["payer:1"] * 37, *[None] * 3) == (pytest.approx(0.925), pytest.approx(-cap / 2, abs=0.01))
    assert told("payer:1", None) == (0.5, 0.0)
    # Where few advertise it says little of the others.
    assert told("payer:1", pages=1) == (1.0, -cap / 2)


def test_of_candidates_that_overlap_the_best_is_kept() -> None:
    candidates = pl.DataFrame(
        [("a", 0, 1.0, False), ("b", 0, 1.0, False), ("c", 1, 1.0, False), ("d", 1, 1.0, False)]
        + [(key, 2, 0.2, False) for key in "abcd"]
        + [(key, 3, 5.0, False) for key in "ab"]
        + [(key, 4, 1.0, True) for key in "abcd"],
        schema={"asset": pl.String, "community": pl.Int64, "scale": pl.Float64, "patient": pl.Boolean},
        orient="row",
    )

    def kept(*scores: float) -> set[int]:
        table = pl.DataFrame({"community": [0, 1, 2, 3, 4], "score": [*scores, -9.0][:5], "shown": [0] * 5})
        found = choose(candidates, table, suspicion=3.0)
        assert found["asset"].is_unique().all()
        return set(found["community"])

    assert kept(1.0, 1.0, 9.0, 1.0) == {2}
    assert kept(5.0, 5.0, 4.0, 9.0) == {3, 1}
    assert kept(5.0, 5.0, 5.0, 5.0) == {0, 1}
    # Of two looks one is chosen, which costs the second one a bit.
    assert kept(5.0, 5.0, 5.0, 5.0, 6.0) == {0, 1}
    assert kept(5.0, 5.0, 5.0, 5.0, 6.5) == {4}


def test_of_candidates_as_good_the_one_whose_members_show_most_is_kept() -> None:
    sets = {0: "abcd", 1: "abcdefgh", 2: "abcdefghijklmnop", 3: "x"}
    candidates = pl.DataFrame(
        [(key, community, 1.0, False) for community, keys in sets.items() for key in keys],
        schema={"asset": pl.String, "community": pl.Int64, "scale": pl.Float64, "patient": pl.Boolean},
        orient="row",
    )

    def kept(*scores: float, shown: tuple[int, ...] = (4, 8, 8, 0)) -> set[int]:
        table = pl.DataFrame({"community": list(sets), "score": [*scores, 1.0], "shown": shown})
        return set(choose(candidates, table, suspicion=3.0)["community"]) - {3}

    # The part and the whole with strangers score as much as the whole, or a little more.
    assert kept(9.0, 9.0, 9.0) == {1}
    assert kept(11.0, 9.0, 11.0) == {1}
    # Many bits more are better, whoever shows them, and of what nobody suspects none is clear.
    assert kept(11.5, 9.0, 9.0) == {0}
    assert kept(2.5, 2.0, 2.0) == {0}
    # Four times the members, half of whom show something, are no clearer than a part that shows it all.
    assert kept(9.5, 9.0, 9.0, shown=(4, 4, 8, 0)) == {0}


def test_the_documented_weights_are_those_that_count() -> None:
    text = Path("docs/method.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)`(?: \\?\*)? \| (\w+ \|.+\|.*\| \S+) \|$", text, re.MULTILINE))
    for name, weight in WEIGHTS.items():
        kind, *_, prior, most = (cell.strip() for cell in rows[name].split("|"))
        told = (weight.kind, f"{weight.prior:.0%}", f"{weight.cap:g}")
        assert (kind, prior, most) == (told if kind != "against" else (told[0], "", f"-{told[2]}")), name
    for kind, most in KIND_CAPS.items():
        assert f"{most:g} ({kind})" in " ".join(text.split())


def test_layers_of_an_earlier_version_are_not_ranked(graph: Graph, tmp_path: Path) -> None:
    pl.DataFrame({"asset": ["a"], "community": [0]}).write_parquet(tmp_path / "communities.parquet")
    with pytest.raises(UsageError, match="earlier version"):
        rank(graph, actions_dir=tmp_path, layers_dir=tmp_path, settings=RankSettings(), run="RUN-1")
