"""Presets: each plants what it says, and nothing but that tells its assets from others."""

from __future__ import annotations

from functools import cache

import polars as pl
import pytest
from click.testing import CliRunner

from cibgraph.main import cli
from ingest.simulate import PRESETS, build
from ingest.simulate.money import CURRENCIES
from ingest.tables import TABLES

Tables = dict[str, pl.DataFrame]
KEY = ["platform", "kind", "id"]
INVENTED = sorted(set(PRESETS) - {"background", "takedown-2019"})
#: What a preset says of its assets; everything else must be as with anybody.
SAID = {"verified", "confirmed_owner"}


@cache
def world(preset: str) -> Tables:
    return build(preset, background=1500, seed=11)


def members(tables: Tables, table: str) -> pl.DataFrame:
    """Return the rows of an asset table, with the operation that each belongs to, if any."""
    kind = table.removesuffix("s")
    truth = tables["truth"].filter(pl.col("kind") == kind)
    return tables[table].join(truth.select("platform", "id", "operation"), on=["platform", "id"], how="left")


def test_the_help_tells_of_every_preset() -> None:
    said = CliRunner().invoke(cli, ["simulate", "--help"]).output
    assert all(f"\n    {preset} " in said for preset in PRESETS), said


@pytest.mark.parametrize("preset", INVENTED)
def test_every_planted_asset_exists_once(preset: str) -> None:
    tables = world(preset)
    truth = tables["truth"]
    assert truth.select(KEY).is_unique().all()
    assert truth["operation"].n_unique() > 0
    rows = sum(members(tables, t).drop_nulls("operation").height for t in ("accounts", "pages", "groups"))
    assert rows == truth.height


@pytest.mark.parametrize("preset", [*INVENTED, "takedown-2019"])
def test_form_does_not_tell_planted_assets_from_others(preset: str) -> None:
    tables = world(preset)
    for table in ("accounts", "pages", "groups"):
        both = members(tables, table)
        for platform in both.drop_nulls("operation")["platform"].unique().to_list():
            here = both.filter(pl.col("platform") == platform)
            planted = here.filter(pl.col("operation").is_not_null())
            others = here.filter(pl.col("operation").is_null())
            assert others.height > planted.height / 10, (table, platform)
            lengths = [set(frame["id"].str.len_chars()) for frame in (planted, others)]
            assert lengths[0] <= lengths[1]
            for column in TABLES[table].names:
                if column in SAID:
                    continue
                a, b = (frame[column].null_count() / frame.height for frame in (planted, others))
                error = (max(b * (1 - b), 0.01) * (1 / planted.height + 1 / others.height)) ** 0.5
                assert abs(a - b) < 4.5 * error, (table, platform, column, a, b)
            # Neighbours in a file ordered by id are of one kind as often as chance has it.
            mixed = here.sort("id")["operation"].is_not_null()
            share = planted.height / here.height
            next_to = float((mixed & mixed.shift(-1)).sum()) / planted.height
            assert (
                abs(next_to - share) < 4.5 * (max(share, 0.01) / planted.height) ** 0.5 + 1 / planted.height
            )


def test_farms_like_in_lockstep_and_share_no_admin() -> None:
    tables = world("lockstep-farm")
    truth = tables["truth"].select("operation", account_id="id")
    assert tables["admins"].join(truth, on="account_id").is_empty()
    likes = tables["reactions"].join(truth, on="account_id")
    together = likes.group_by("operation", "target_id").agg(
        who=pl.col("account_id").n_unique(), spread=pl.col("at").quantile(0.9) - pl.col("at").quantile(0.1)
    )
    orders = together.filter(pl.col("who") > 10)
    assert set(orders["operation"]) == set(truth["operation"])
    assert orders.select((pl.col("spread") < pl.duration(minutes=20)).mean()).item() > 0.95
    # Each telephone has one account.
    devices = tables["identifiers"].filter(pl.col("kind") == "device")
    devices = devices.join(truth, left_on="asset_id", right_on="account_id")
    assert devices["value"].is_unique().all()


def test_copies_are_never_exact_and_hours_apart() -> None:
    tables = world("copy-paste")
    truth = tables["truth"].select("operation", author_id="id")
    posts = tables["posts"].join(truth, on="author_id")
    # What everybody says, and short answers, apart.
    own = posts.filter(pl.col("text").str.contains(r"\d+ \w+\.")).group_by("text").len()
    assert own["len"].max() == 1
    assert tables["admins"].join(truth, left_on="account_id", right_on="author_id").is_empty()
    # The words between the exchanged ends stay: that is the trace that is left.
    core = pl.col("text").str.extract(r"\. (\d+ \w+)\.")
    same = posts.group_by("operation", core=core).agg(
        n=pl.col("author_id").n_unique(),
        spread=pl.col("created_at").quantile(0.8) - pl.col("created_at").quantile(0.2),
    )
    copied = same.drop_nulls("core").filter(pl.col("n") > 5)
    assert set(copied["operation"]) == set(truth["operation"])
    assert copied.select((pl.col("spread") > pl.duration(hours=2)).mean()).item() > 0.8


def test_hijacked_pages_had_another_life() -> None:
    tables = world("hijacked-pages")
    pages = members(tables, "pages").drop_nulls("operation").select("operation", page_id="id")
    renamed = tables["page_history"].filter(pl.col("event") == "renamed").join(pages, on="page_id")
    assert renamed.height / pages.height > 0.8
    # New admins come after old posts.
    first = tables["posts"].join(pages, left_on="author_id", right_on="page_id")
    first = first.group_by(asset_id="author_id").agg(pl.col("created_at").min())
    since = tables["admins"].drop_nulls("since").join(first, on="asset_id")
    assert (since["since"] > since["created_at"]).mean() > 0.65  # type: ignore[operator]


def test_buyers_hide_who_pays_for_many_ads() -> None:
    tables = world("ad-buyers")
    pages = members(tables, "pages").drop_nulls("operation").select("operation", page_id="id")
    ads = tables["ads"].join(pages, on="page_id", how="left")
    planted, others = ads.drop_nulls("operation"), ads.filter(pl.col("operation").is_null())
    assert planted["page_id"].n_unique() == pages.height
    assert planted["payer"].null_count() / planted.height > others["payer"].null_count() / others.height
    assert planted["text"].n_unique() < planted.height / 3


def test_careful_fronts_share_a_tag_or_a_host_and_nothing_else() -> None:
    tables = world("careful")
    truth = tables["truth"].select("operation", asset_id="id")
    used = tables["identifiers"].join(truth, on="asset_id")
    shared = used.filter(pl.len().over("kind", "value") > 1)
    assert set(shared["kind"]) == {"analytics_tag", "website_host"}
    assert shared.group_by("kind", "value").agg(pl.col("operation").n_unique())["operation"].max() == 1
    admins = tables["admins"].join(truth, on="asset_id")
    assert admins["account_id"].is_unique().all()
    posts = tables["posts"].join(truth, left_on="author_id", right_on="asset_id")
    own = posts.filter(pl.col("text").str.contains(r"\d+ \w+\."))
    assert own["text"].is_unique().all()


def test_tasks_cross_platforms_and_so_do_ordinary_people() -> None:
    tables = world("two-platforms")
    truth = tables["truth"].select("platform", "operation", author_kind="kind", author_id="id")
    posts = tables["posts"].join(truth, on=["platform", "author_kind", "author_id"], how="left")
    images = posts.drop_nulls("image_hashes").group_by("image_hashes")
    seen = images.agg(pl.col("platform").n_unique(), pl.col("operation").first())
    assert seen.filter(pl.col("platform") > 1)["operation"].null_count() > 20
    assert seen.filter(pl.col("platform") > 1)["operation"].n_unique() == 4


def test_what_operations_share_innocent_people_share_too() -> None:
    tables = world("background")
    groups = set(tables["lookalikes"]["kind_of_group"])
    assert {
        "newsroom",
        "franchise",
        "agency",
        "web studio",
        "news feed",
        "fan club",
        "day of action",
    } <= groups
    shared = tables["identifiers"].filter(pl.len().over("kind", "value") > 1)
    kinds = {"ip", "device", "phone", "payment", "website_host", "analytics_tag", "domain"}
    assert kinds <= set(shared["kind"])
    pictures = tables["accounts"]["profile_image_hash"].drop_nulls()
    assert pictures.is_duplicated().mean() > 0.05  # type: ignore[operator]
    assert {"created", "renamed", "merged"} == set(tables["page_history"]["event"])
    pages, ads = tables["pages"], tables["ads"]
    assert ads["payer"].null_count() / ads.height > 0.2
    home = ads.join(pages.select("country", page_id="id"), on="page_id").drop_nulls("country")
    foreign = home["currency"] != home["country"].replace_strict(CURRENCIES)
    assert 0.02 < foreign.mean() < 0.4  # type: ignore[operator]
    # Posts by a clock, at the quarter hours.
    minute = tables["posts"].filter(pl.col("author_kind") == "page")["created_at"].dt.strftime("%M:%S")
    assert minute.is_in(["00:00", "15:00", "30:00", "45:00"]).mean() > 0.1  # type: ignore[operator]


def test_personas_have_friends_and_join_in_what_goes_viral() -> None:
    tables = world("copy-paste")
    truth = tables["truth"].select("operation", source_id="id")
    friends = tables["links"].filter(pl.col("type") == "friend")
    with_friends = friends.join(truth, on="source_id")["source_id"].n_unique()
    assert with_friends / truth.height > 0.7
    films = tables["posts"].filter(pl.col("urls").str.contains("video.example"))
    assert films.join(truth, left_on="author_id", right_on="source_id").height > 0
