"""Views of a made world: an outsider's, with gaps, with wrong labels; and how busy it is."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from cibgraph.main import cli
from cypher.errors import UsageError
from ingest.simulate import View, build
from ingest.simulate.viewing import INSIDER
from ingest.tables import TABLES
from ingest.validation import validate

Tables = dict[str, pl.DataFrame]
KEY = ["platform", "kind", "id"]


def made(view: View = INSIDER) -> Tables:
    return build("two-platforms", background=500, seed=2, view=view)


def test_an_outsider_sees_countries_and_no_admins() -> None:
    inside, outside = made(), made(View(outsider=True))
    assert not {"admins", "members", "links"} & set(outside)
    assert outside["page_admin_countries"].equals(inside["page_admin_countries"])
    assert set(outside["identifiers"]["kind"]) == {"domain", "website_host", "analytics_tag"}
    people = outside["accounts"].filter(pl.col("platform") == "facebook")
    assert people["created_at"].null_count() == people.height
    assert outside["truth"].equals(inside["truth"])
    closed = inside["groups"].filter(pl.col("privacy") == "closed")["id"].to_list()
    hidden = inside["posts"].filter(pl.col("surface_id").is_in(closed))
    assert hidden.height
    assert inside["posts"].height - outside["posts"].height == hidden.height
    acts = pl.concat(
        outside[table].select("platform", id=column)
        for table, column in (("posts", "author_id"), ("reactions", "account_id"))
    )
    shown = inside["accounts"].join(acts, on=["platform", "id"], how="semi")
    assert outside["accounts"]["id"].to_list() == shown["id"].to_list()
    assert shown.height < inside["accounts"].height


def test_gaps_spare_nothing_optional_and_nothing_required() -> None:
    whole, gappy = made(), made(View(missing=0.3))
    for name, table in TABLES.items():
        if name not in whole:
            continue
        assert gappy[name].height == whole[name].height
        for column in table.columns:
            there = whole[name][column.name].is_not_null()
            if not there.any():
                continue
            gone = (there & gappy[name][column.name].is_null()).sum() / there.sum()
            fixed = column.required or column.name in ("platform", *table.key)
            assert gone == pytest.approx(0.0 if fixed else 0.3, abs=0.0 if fixed else 3 * there.sum() ** -0.5)
        text = pl.read_csv(StringIO(gappy[name].write_csv()), infer_schema=False)
        checked = validate(text.with_columns(line=pl.int_range(pl.len(), dtype=pl.Int64)), table)
        assert checked.rejects.is_empty(), (name, checked.rejects.head(2).rows())


def test_wrong_labels_are_as_many_and_of_the_same_kinds() -> None:
    right, noisy = made()["truth"], made(View(label_noise=0.2))["truth"]
    wrong = noisy.join(right, on=["operation", *KEY], how="anti")
    assert 0.1 < wrong.height / right.height < 0.3
    assert wrong.join(right, on=KEY).is_empty()
    count = [frame.group_by("operation", "platform", "kind").len() for frame in (right, noisy)]
    assert count[0].sort(pl.all()).equals(count[1].sort(pl.all()))


def test_the_number_of_actions_is_about_what_was_asked() -> None:
    for actions in (30_000, 80_000):
        tables = build("background", background=2000, seed=1, actions=actions)
        assert tables["posts"].height + tables["reactions"].height == pytest.approx(actions, rel=0.15)


def test_a_share_beyond_one_is_explained(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="less than 1"):
        View(missing=1.0)
    done = CliRunner().invoke(cli, ["simulate", "--missing", "2", "--out", str(tmp_path)])
    assert done.exit_code == 2
    assert "--missing" in done.output
