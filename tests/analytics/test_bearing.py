"""Who bears one name claims a relation in the open, and counts as one where members are counted."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from analytics.bearing import one_name, words_of
from analytics.scoring import measure_signals, score
from analytics.signals.case import Case
from analytics.weights import ALERT_THRESHOLD
from tests.analytics.made_case import START, case

CITIES = ["Lagos", "Recife", "Multan", "Boston", "Surat", "Kano", "Natal", "Austin", "Pune", "Belem"]


def as_one(names: dict[str, str | None], elsewhere: dict[str, str]) -> dict[str, str]:
    """Return what each of `names` (members, all of one kind) counts as."""
    assets = pl.DataFrame(
        [(key, "account", name) for key, name in (names | elsewhere).items()],
        schema={"asset": pl.String, "kind": pl.String, "name": pl.String},
        orient="row",
    )
    members = pl.DataFrame({"asset": list(names)}).with_columns(community=pl.lit(0, pl.Int64))
    return dict(one_name(members, words_of(assets)).select("asset", "as_one").iter_rows())


def test_a_word_that_is_the_communitys_own_is_one_name() -> None:
    strangers = {f"o{i}": f"Anna Meier {i}" for i in range(400)}
    club = {f"a{i}": f"Team Belvora {city}" for i, city in enumerate(CITIES)} | {"b": "Olga Ray", "c": None}
    found = as_one(club, strangers)
    assert {found[f"a{i}"] for i in range(10)} == {"name:belvora"}
    assert (found["b"], found["c"]) == ("b", "c")
    # Written together, in another script or with a year after it, it is the same name.
    written = {"a0": "BelvoraFan", "a1": "Belvora1999", "a2": "Белвора Омск"}
    assert set(as_one(written, strangers).values()) == {"name:belvora"}
    # A piece of a brand does not hold most of it; what everybody is called is nobody's name.
    others = {f"p{i}": f"Belvora {i}" for i in range(4)}
    assert set(as_one({key: club[key] for key in ("a0", "a1", "a2")}, strangers | others).values()) == {
        "name:belvora"
    }
    common = {f"a{i}": f"Anna {city}" for i, city in enumerate(CITIES)}
    assert as_one(common, strangers) == {key: key for key in common}
    # Data of one operator alone have nothing that tells a brand from a subject.
    few = dict(list(strangers.items())[:90])
    assert as_one(club, few) == {key: key for key in club}
    # Two of one rare name are kin.
    assert as_one({"a0": "Ugo Zambrotti", "a1": "Ada Zambrotti"}, strangers) == {"a0": "a0", "a1": "a1"}


def fans(names: list[str]) -> Case:
    """Accounts that act in step, show a few pictures, were made in a fortnight, and have numbered names."""
    inside = {
        f"a{i}": {"name": name, "picture": f"star{i % 2}", "created_at": START + timedelta(days=99, hours=i)}
        for i, name in enumerate(names)
    }
    edges = [(a, b, "co_url") for a in inside for b in inside if a < b]
    return case(inside, edges=edges, outside={"name": "Olga Petrova", "picture": None})


def test_a_fan_club_is_no_alert_and_the_same_traces_under_strangers_names_are() -> None:
    open_ones = measure_signals(fans([f"Belvora {city}{1990 + i}" for i, city in enumerate(CITIES)]), 1)
    assert score(open_ones)["score"][0] < ALERT_THRESHOLD
    strangers = ["Ada", "Bo", "Cleo", "Dan", "Eva", "Finn", "Gus", "Hal", "Ida", "Jan"]
    hidden = measure_signals(
        fans([f"{first} {city}{1990}" for first, city in zip(strangers, CITIES, strict=True)]), 1
    )
    assert score(hidden)["score"][0] >= ALERT_THRESHOLD
    lines = [dict(one.select("name", "bits").iter_rows()) for one in (open_ones, hidden)]
    for signal in ("coordinated_activity", "copied_pictures", "creation_burst", "name_templates"):
        assert lines[0][signal] < lines[1][signal], signal
    told = [dict(one.select("name", "why").iter_rows())["copied_pictures"] for one in (open_ones, hidden)]
    assert "not counted are 10 who show a picture of what members are named after" in told[0]
    assert told[1].startswith("10 of 10 members")
    assert "not counted" not in told[1]
