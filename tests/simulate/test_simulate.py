"""Made datasets: the published counts, the same bytes again, and rows that hold together."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner

from cibgraph.main import cli
from cypher.errors import UsageError
from ingest.simulate import build, simulate
from ingest.simulate.money import PER_USD
from ingest.simulate.numbering import Numbering
from ingest.simulate.presets import takedown
from ingest.tables import TABLES
from ingest.validation import validate

Tables = dict[str, pl.DataFrame]
KEY = ["platform", "kind", "id"]
SHARED = Path(os.environ.get("CIB_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))


@pytest.fixture(scope="module")
def world() -> Tables:
    return build("takedown-2019", background=1200, seed=5)


def planted(world: Tables, operation: str, table: str) -> pl.DataFrame:
    kind = table.removesuffix("s")
    truth = world["truth"].filter(pl.col("operation").str.starts_with(operation), pl.col("kind") == kind)
    return world[table].join(truth, on=["platform", "id"])


def counts(world: Tables, operation: str) -> tuple[int, int, int, int]:
    accounts = planted(world, operation, "accounts")
    instagram = accounts.filter(pl.col("platform") == "instagram").height
    pages, groups = (planted(world, operation, table).height for table in ("pages", "groups"))
    return pages, accounts.height - instagram, groups, instagram


def test_the_networks_have_their_published_sizes(world: Tables) -> None:
    for plan in takedown.OPERATIONS:
        assert counts(world, plan.operation) == (plan.pages, plan.accounts, plan.groups, plan.instagram)
    assert counts(world, "IN-SPAM") == (227, 94, 0, 0)
    assert world["truth"]["id"].n_unique() == world["truth"].height == 103 + 687 + 15 + 321


def test_the_own_figures_are_those_of_the_takedown() -> None:
    path = SHARED / "takedown_2019-04-01.json"
    if not path.is_file():
        pytest.skip("shared data not present (CIB_SHARED_DATA)")
    figures = {network["id"]: network for network in json.loads(path.read_text("utf-8"))["networks"]}
    for plan in takedown.OPERATIONS:
        network = figures[plan.operation]
        assert plan.ads is not None
        own = {
            "fb_pages": plan.pages,
            "fb_accounts": plan.accounts,
            "fb_groups": plan.groups,
            "ig_accounts": plan.instagram,
            "page_followers": plan.page_followers,
            "group_members": plan.group_members,
            "ig_followers": plan.instagram_followers,
            "ad_spend_usd_equiv": plan.ads.usd,
            "currencies": [currency for currency, _ in plan.ads.currencies],
            "first_ad": "{}-{:02d}".format(*plan.ads.first),
            "last_ad": "{}-{:02d}".format(*plan.ads.last),
        }
        assert own == {name: network.get(name) for name in own}
    assert figures["IN-SPAM"]["fb_pages"] == takedown.SPAM_PAGES
    assert figures["IN-SPAM"]["fb_accounts"] == takedown.SPAM_ACCOUNTS


def test_followers_and_members_sum_to_the_published_figures(world: Tables) -> None:
    for plan in takedown.OPERATIONS:
        instagram = planted(world, plan.operation, "accounts").filter(pl.col("platform") == "instagram")
        assert planted(world, plan.operation, "pages")["followers"].sum() == plan.page_followers
        assert planted(world, plan.operation, "groups")["members"].sum() == (plan.group_members or 0)
        assert instagram["followers"].sum() == (plan.instagram_followers or 0)


def test_ads_keep_to_the_published_months_currencies_and_sums(world: Tables) -> None:
    for plan in takedown.OPERATIONS:
        assert plan.ads is not None
        pages = planted(world, plan.operation, "pages")
        ads = world["ads"].filter(pl.col("page_id").is_in(pages["id"].to_list()))
        first, last = ads["started_at"].min(), ads["started_at"].max()
        assert isinstance(first, datetime)
        assert isinstance(last, datetime)
        assert (first.year, first.month) == plan.ads.first
        assert (last.year, last.month) == plan.ads.last
        assert set(ads["currency"]) == {currency for currency, _ in plan.ads.currencies}
        rate = ads["currency"].replace_strict(PER_USD)
        lower, upper = (float((ads[name] / rate).sum()) for name in ("spend_lower", "spend_upper"))
        assert lower <= plan.ads.usd <= upper
        assert upper - lower < plan.ads.usd / 2
        made = ads.join(pages, left_on="page_id", right_on="id", suffix="_page").drop_nulls("created_at_page")
        assert (made["started_at"] > made["created_at_page"]).all()


def test_same_arguments_give_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        simulate("two-platforms", background=300, seed=seed, out_dir=tmp_path / name)
    files = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert "lookalikes.csv" in files
    assert all((tmp_path / "a" / f).read_bytes() == (tmp_path / "b" / f).read_bytes() for f in files)
    assert (tmp_path / "a" / "posts.csv").read_bytes() != (tmp_path / "c" / "posts.csv").read_bytes()


def test_everything_that_is_named_exists(world: Tables) -> None:
    assets = pl.concat(
        world[table].select("platform", pl.lit(table.removesuffix("s")).alias("kind"), "id")
        for table in ("accounts", "pages", "groups")
    )
    posts = world["posts"].select("platform", pl.lit("post").alias("kind"), "id")
    known = pl.concat([assets, posts])
    named = [
        ("admins", pl.lit("account"), "account_id"),
        ("admins", pl.col("asset_kind"), "asset_id"),
        ("members", pl.lit("account"), "account_id"),
        ("members", pl.lit("group"), "group_id"),
        ("identifiers", pl.col("asset_kind"), "asset_id"),
        ("links", pl.col("source_kind"), "source_id"),
        ("links", pl.col("target_kind"), "target_id"),
        ("posts", pl.col("author_kind"), "author_id"),
        ("posts", pl.col("surface_kind"), "surface_id"),
        ("posts", pl.lit("post"), "repost_of"),
        ("posts", pl.lit("post"), "reply_to"),
        ("reactions", pl.lit("account"), "account_id"),
        ("reactions", pl.col("target_kind"), "target_id"),
        ("ads", pl.lit("page"), "page_id"),
        ("page_history", pl.lit("page"), "page_id"),
        ("page_admin_countries", pl.lit("page"), "page_id"),
        ("truth", pl.col("kind"), "id"),
        ("lookalikes", pl.col("kind"), "id"),
    ]
    for table, kind, column in named:
        rows = world[table].filter(pl.col(column).is_not_null())
        keys = rows.select("platform", kind.alias("kind"), pl.col(column).alias("id"))
        assert keys.height, (table, column)
        assert keys.join(known, on=KEY, how="anti").is_empty(), (table, column)


def test_the_loader_would_reject_no_row(tmp_path: Path) -> None:
    simulate("takedown-2019", background=300, seed=6, out_dir=tmp_path)
    for name, table in TABLES.items():
        batch = pl.read_csv(tmp_path / f"{name}.csv", infer_schema=False).with_row_index("line")
        checked = validate(batch.with_columns(pl.col("line").cast(pl.Int64)), table)
        assert checked.rejects.is_empty(), (name, checked.rejects.head(3).rows())
        assert checked.frame.height == batch.height


def test_times_are_in_the_period(world: Tables) -> None:
    start, end = datetime(2018, 10, 1, tzinfo=UTC), datetime(2019, 4, 1, tzinfo=UTC)
    assert world["posts"]["created_at"].is_between(start, end, closed="left").all()
    assert world["reactions"]["at"].is_between(start, end, closed="left").all()
    reposts = world["posts"].join(world["posts"], left_on="repost_of", right_on="id", suffix="_first")
    assert (reposts["created_at"] >= reposts["created_at_first"]).all()


def test_spam_rings_share_no_admin_identifier_or_site(world: Tables) -> None:
    spam = world["truth"].filter(pl.col("operation").str.starts_with("IN-SPAM"))
    assert spam["operation"].n_unique() == takedown.SPAM_RINGS
    ring = spam.select("platform", "kind", "id", "operation")
    used = world["identifiers"].join(ring, left_on=["platform", "asset_kind", "asset_id"], right_on=KEY)
    admins = world["admins"].join(ring, left_on=["platform", "asset_kind", "asset_id"], right_on=KEY)
    for frame, key in ((used, ["kind", "value"]), (admins, ["account_id"])):
        assert frame.height
        assert frame.group_by(key).agg(pl.col("operation").n_unique())["operation"].max() == 1


def test_every_planted_asset_is_tied_to_its_operation(world: Tables) -> None:
    """Each shares an admin, an identifier, a copied text, picture or link with another, or is reposted."""
    author = [pl.col("author_kind").alias("kind"), pl.col("author_id").alias("id")]
    posts, admins = world["posts"], world["admins"]
    traces = [
        posts.select("platform", *author, pl.col(c).alias("trace")) for c in ("text", "image_hashes", "urls")
    ]
    front = [pl.col("asset_kind").alias("kind"), pl.col("asset_id").alias("id")]
    traces += [
        admins.select("platform", *front, pl.col("account_id").alias("trace")),
        admins.select("platform", pl.lit("account").alias("kind"), id="account_id", trace="account_id"),
        world["identifiers"].select("platform", *front, pl.col("value").alias("trace")),
        posts.select("platform", *author, pl.col("repost_of").alias("trace")),
        posts.select("platform", *author, pl.col("id").alias("trace")),
    ]
    tied = (
        pl.concat(traces)
        .drop_nulls("trace")
        .unique()
        .join(world["truth"], on=KEY)
        .filter(pl.len().over("operation", "trace") > 1)
    )
    assert world["truth"].join(tied, on=KEY, how="anti").is_empty()


def test_operations_are_not_handed_over(world: Tables) -> None:
    """The platform sees devices, each of a few personas; no other trace is on all, none shouts by volume."""
    personas = planted(world, "IN-INC", "accounts")
    shared = (
        world["identifiers"]
        .filter(pl.len().over("kind", "value") > 1)
        .join(personas, left_on="asset_id", right_on="id", how="semi")
    )
    devices = shared.filter(pl.col("kind") == "device").group_by("value").len()["len"]
    assert devices.max() <= 25  # type: ignore[operator]
    for kind in ("phone", "ip"):
        some = shared.filter(pl.col("kind") == kind)["asset_id"].n_unique() / personas.height
        assert 0.2 < some < 0.95, kind
    posts = world["posts"].filter(pl.col("author_kind") == "account")
    mine = posts.filter(pl.col("author_id").is_in(personas["id"].to_list()))
    others = posts.join(world["truth"], left_on="author_id", right_on="id", how="anti")
    assert mine.height / personas.height < 4 * others.height / others["author_id"].n_unique()


def test_pure_background_has_nothing_to_find() -> None:
    world = build("background", background=1000, seed=2)
    assert "truth" not in world
    kinds = set(world["lookalikes"]["kind_of_group"])
    assert {"newsroom", "franchise", "agency"} <= kinds
    shared = world["identifiers"].group_by("kind", "value").len().filter(pl.col("len") > 1)
    assert {"ip", "device", "phone", "analytics_tag", "payment", "website_host"} <= set(shared["kind"])
    ordinary = sum(world[table].height for table in ("accounts", "pages", "groups"))
    assert 1000 <= ordinary < 1200


def test_an_operation_without_background_can_be_made() -> None:
    assert counts(build("takedown-2019", background=0, seed=1), "PK-ISPR") == (24, 57, 7, 15)


def test_parquet_says_the_same_as_csv(tmp_path: Path) -> None:
    simulate("ad-buyers", background=200, seed=8, out_dir=tmp_path, fmt="parquet")
    posts = pl.read_parquet(tmp_path / "posts.parquet")
    assert posts.equals(
        build("ad-buyers", background=200, seed=8)["posts"].with_columns(
            pl.col("urls", "hashtags", "image_hashes").str.split("|")
        )
    )


def test_a_wrong_preset_is_explained(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no preset 'takedown'"):
        simulate("takedown", background=10, seed=1, out_dir=tmp_path)


def test_the_command_says_what_it_made(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["simulate", "--background", "200", "--out", str(tmp_path / "data")])
    assert done.exit_code == 0
    assert "operation PK-ISPR" in done.output
    assert (tmp_path / "data" / "truth.csv").is_file()


def test_numbers_are_given_once_each_and_in_no_order() -> None:
    numbers = Numbering(np.random.default_rng(1), 5, 1000)
    drawn = np.concatenate([numbers.draw(600), numbers.draw(400)])
    assert sorted(drawn.tolist()) == list(range(5, 1005))
    assert abs(np.corrcoef(drawn, np.arange(1000))[0, 1]) < 0.1
